"""What each TSS touches in a map: the places on either side of it, with their weights.

Distances are signed, along the chromosome. By default they go from the TSS to the middle of the
other bin; as published (`tss_bin: round`), from the TSS rounded to a multiple of the bin size to
the start of the other bin.
"""

from dataclasses import dataclass, fields, replace
from pathlib import Path

import h5py
import numpy as np

from foldcast.hdf5_files import new_hdf5

DOWNSTREAM, UPSTREAM = 0, 1  # rows of the 3D block, as published
RAW, OBSERVED_OVER_EXPECTED = "raw", "observed_over_expected"
ROUND, LOCAL, DISTANCE = "round", "local", "distance"


@dataclass(frozen=True)
class Options:
    """How contacts are taken and used: `spex.<run>.contacts` of the config."""

    value: str = OBSERVED_OVER_EXPECTED
    weighting: str = "contact"
    min_distance: int = 20_000
    max_distance: int | None = 1_000_000
    strongest: int | None = 20
    tss_bin: str = "floor"
    windows: str = "centres"
    without: str = "zeros"
    aggregate: str = "sum"


@dataclass(frozen=True)
class Contacts:
    """Contacts of the genes of one chromosome, those of gene g at indptr[g]:indptr[g + 1].

    indptr: [G + 1]; start: [n], of the other bin, bp, ascending within a gene;
    side: [n], 1 upstream and 0 downstream of the TSS; weight: [n] float32.
    degree: [G, 2], how many upstream and downstream, before the strongest are chosen.
    touched: [G], whether the TSS's bin has any contact on the chromosome, near ones included.
    """

    indptr: np.ndarray
    start: np.ndarray
    side: np.ndarray
    weight: np.ndarray
    degree: np.ndarray
    touched: np.ndarray

    @property
    def gene(self) -> np.ndarray:
        """Gene of each contact, [n]."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))


FIELDS = tuple(field.name for field in fields(Contacts))


def tss_bins(tss: np.ndarray | np.int64, resolution: int, how: str) -> np.ndarray:
    """Bin of each TSS (0-based, bp): the one that it lies in, or its rounded 1-based position's."""
    if how == ROUND:
        return np.asarray(np.rint((tss + 1) / resolution)).astype(np.int64)
    return np.asarray(tss // resolution)


def distances(
    start: np.ndarray, tss: np.ndarray | np.int64, resolution: int, how: str
) -> np.ndarray:
    """Signed distance (bp) of bins from TSS; see the module."""
    if how == ROUND:
        return start - tss_bins(tss, resolution, how) * float(resolution)
    # From the middle of the TSS's base, so that both strands are treated alike.
    return start + resolution / 2 - (tss + 0.5)


def within(distance: np.ndarray, options: Options) -> np.ndarray:
    """Which distances count as distal."""
    far = np.abs(distance)
    return (far >= options.min_distance) & (far <= (options.max_distance or np.inf))


def sides(distance: np.ndarray, strand: np.ndarray) -> np.ndarray:
    """1 where a place is upstream of the TSS, else 0."""
    return np.where(strand == "+", distance < 0, distance >= 0).astype(np.int8)


def weights_of(value: np.ndarray, weighting: str) -> np.ndarray:
    """Weights of contacts: their values, 1 / distance with distance = 1 / √value, or all 1."""
    if weighting == "equal":
        return np.ones(len(value), np.float32)
    return (np.sqrt(value) if weighting == DISTANCE else value).astype(np.float32)


def degrees(gene: np.ndarray, side: np.ndarray, n_genes: int) -> np.ndarray:
    """Number of contacts upstream and downstream of each gene, [G, 2]."""
    upstream, downstream = (
        np.bincount(gene[side == each], minlength=n_genes) for each in (UPSTREAM, DOWNSTREAM)
    )
    return np.stack([upstream, downstream], axis=1)


def indptr_of(gene: np.ndarray, n_genes: int) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(np.bincount(gene, minlength=n_genes))])


def write_feature_sets(
    path: str | Path,
    genes: dict[str, list[str]],
    feature_sets: dict[str, dict[str, Contacts]],
    resolution: int,
    options: Options,
) -> None:
    """Write ``contacts/<source>.h5``: /{chrom}/genes, /{chrom}/{feature set}/{`Contacts`}.

    Args:
        genes: ids by chromosome; feature_sets: by chromosome and name.
    """
    with new_hdf5(path) as file:
        limits = {key: getattr(options, key) for key in ("windows", "without", "aggregate")}
        file.attrs.update({"resolution": resolution, **limits})
        for chrom, ids in genes.items():
            group = file.create_group(chrom)
            group.create_dataset("genes", data=ids, dtype=h5py.string_dtype(), track_times=False)
            for feature_set, contacts in feature_sets[chrom].items():
                for name in FIELDS:
                    values = getattr(contacts, name)
                    group.create_dataset(f"{feature_set}/{name}", data=values, track_times=False)


def read_feature_sets(path: str | Path, chrom: str) -> tuple[dict[str, Contacts], list[str], dict]:
    """The feature sets of one chromosome by name, its genes, and the file's attributes.

    A chromosome without genes has the feature sets of the others, empty.
    """
    with h5py.File(path) as file:
        attrs = dict(file.attrs)
        if chrom not in file:
            names = {name for each in file.values() for name in each} - {"genes"}
            return {name: _no_contacts() for name in sorted(names)}, [], attrs
        group = file[chrom]
        feature_sets = {
            name: Contacts(**{field: group[name][field][:] for field in FIELDS})
            for name in group
            if name != "genes"
        }
        return feature_sets, list(group["genes"].asstr()[:]), attrs


def _no_contacts() -> Contacts:
    numbers, flags = np.empty(0, np.int64), np.empty(0, bool)
    weight, degree = numbers.astype(np.float32), numbers.reshape(0, 2)
    return Contacts(np.zeros(1, np.int64), numbers, numbers, weight, degree, flags)


def reweighted(contacts: Contacts, start: np.ndarray, weight: np.ndarray) -> Contacts:
    """The same numbers of contacts with other places; sorted by place within each gene."""
    order = np.lexsort((start, contacts.gene))
    return replace(contacts, start=start[order], side=contacts.side[order], weight=weight[order])


def own_share(contacts: Contacts, control: Contacts) -> float:
    """Share of control contacts' partners that are the gene's own; 0 where there are none."""
    own, other = (set(zip(each.gene, each.start, strict=True)) for each in (contacts, control))
    return len(own & other) / max(len(other), 1)
