"""Any cooler → one map in the genome's names, with balancing weights."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import bioframe
import cooler
import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.hic.balancing import Balance, check_neighbours, store_weights
from foldcast.hic.cooler_checks import sound_pixels
from foldcast.hic.map_sources import unreadable
from foldcast.hic.map_writing import store_map
from foldcast.hic.raw_counts import are_whole
from foldcast.hic.raw_maps import raw_map
from foldcast.job import log
from foldcast.resources.chromosomes import nuclear_name


@dataclass(frozen=True)
class Chromosomes:
    """Which chromosomes of a map are kept: their names in the map → their names in the genome."""

    kept: dict[str, str]
    dropped: list[str]


def import_map(
    source: str | Path,
    resolution: int,
    sizes: pd.Series,
    target: str | Path,
    balance: Balance,
    threads: int = 1,
    bins: str | Path | None = None,
) -> None:
    """Write one map of ``source`` as a cooler in the genome's chromosome names, balanced.

    Chromosomes stay in the order of the source; those that the genome lacks, and the
    mitochondrion, are left out, and that is logged. The same source gives the same bytes.

    Args:
        source: a .cool or .mcool file, of schema 1 to 3, a .hic file, or a HiC-Pro matrix.
        resolution: bin size in bp.
        sizes: lengths (bp) of the genome's chromosomes, by name.
        target: the .cool file to write.
        balance: how to balance a map that brings no usable weights.
        threads: processes that balance.
        bins: the BED file of a HiC-Pro matrix.

    Raises:
        InputError: not a map, another assembly, no contacts, resolution missing.
    """
    with raw_map(source, resolution, bins, target) as clr:
        _import(clr, source, sizes, target, balance, threads)


def _import(
    clr: cooler.Cooler,
    source: str | Path,
    sizes: pd.Series,
    target: str | Path,
    balance: Balance,
    threads: int,
) -> None:
    chromosomes = match_chromosomes(clr, sizes, source)
    if chromosomes.dropped:
        log.info("left out, not in the genome or not nuclear: %s", first_few(chromosomes.dropped))
    if any(name != own for name, own in chromosomes.kept.items()):
        log.info("named as the genome's: %s", first_few(map(" → ".join, chromosomes.kept.items())))
    absent = [name for name in sizes.index if name not in chromosomes.kept.values()]
    if absent:
        log.info("the map has no contacts of %s", first_few(absent))

    bins = clr.bins()[["chrom", "start", "end"]][:]
    kept = _kept_bins(clr, chromosomes)
    bins = bins[kept].reset_index(drop=True)
    bins["chrom"] = bins["chrom"].astype(str).map(chromosomes.kept)

    def weigh(made: cooler.Cooler) -> None:
        _check_contacts(made.info["sum"], clr, source)
        store_weights(made, clr, kept, balance, source, threads)

    pixels = _pixels(clr, kept, source)
    store_map(target, bins, pixels, clr.pixels()[:0]["count"].dtype, weigh)


class Counted(NamedTuple):
    """What there is between the chromosomes that are kept.

    total: contacts.
    silent: the chromosomes (as the genome names them) without any.
    whole: whether all values are whole numbers, as raw counts are.
    between: chrom, bin1, bin2 (bins of a chromosome from 0), count, between the bins asked about.
    """

    total: float
    silent: list[str]
    whole: bool
    between: pd.DataFrame


def count_contacts(
    clr: cooler.Cooler,
    chromosomes: Chromosomes,
    source: str | Path,
    bins: Mapping[str, Collection[int]] = MappingProxyType({}),
    balance: Balance = Balance(),  # noqa: B008
) -> Counted:
    """Contacts between the chromosomes that are kept; reads every pixel, as the import does.

    Args:
        clr: the user's map.
        chromosomes: as `match_chromosomes` gives them.
        source: the map's file, for messages.
        bins: chromosome of the genome → bins between which all contacts are wanted.
        balance: how the import will balance it.

    Raises:
        InputError: no contacts, or too few to balance; pixels that are not as they should be, a
            damaged file.
    """
    kept = _kept_bins(clr, chromosomes)
    names = clr.bins()["chrom"][:].astype(str)[kept].map(chromosomes.kept).to_numpy(str)
    within = _numbers_within(names)
    wanted = np.zeros(len(names), bool)
    for name, numbers in bins.items():
        wanted |= (names == name) & np.isin(within, list(numbers))
    touched, total, whole = np.zeros(kept.sum(), bool), 0.0, True
    neighbours = np.zeros(len(touched), int)
    between = [pd.DataFrame({"chrom": [], "bin1": [], "bin2": [], "count": []})]
    for piece in _pixels(clr, kept, source):
        one, two, count = piece["bin1_id"], piece["bin2_id"], piece["count"]
        touched[one] = touched[two] = True
        far = two - one >= balance.ignore_diags
        for side in (one, two):
            neighbours += np.bincount(side[far], minlength=len(neighbours))
        total += float(count.sum())
        whole = whole and are_whole(count)
        at = wanted[one] & wanted[two]
        one, two, count = one[at], two[at], count[at]
        cis = names[one] == names[two]
        of = {"chrom": names[one[cis]], "bin1": within[one[cis]], "bin2": within[two[cis]]}
        if cis.any():
            between.append(pd.DataFrame({**of, "count": count[cis]}))
    _check_contacts(total, clr, source)
    check_neighbours(neighbours, clr, kept, balance, source)
    silent = [name for name in dict.fromkeys(names) if not touched[names == name].any()]
    found = between[-1] if len(between) < 3 else pd.concat(between[1:], ignore_index=True)
    return Counted(total, silent, whole, found)


def match_chromosomes(clr: cooler.Cooler, sizes: pd.Series, source: str | Path) -> Chromosomes:
    """Match a map's chromosomes with the genome's, with or without ``chr``; lengths must agree.

    Args:
        clr: the user's map.
        sizes: lengths (bp) of the genome's chromosomes, by name.
        source: the map's file, for messages.

    Raises:
        InputError: no name in common, or a length differs (another assembly).
    """
    kept, dropped = {}, []
    bins = clr.bins()[["chrom", "end"]][:]
    # Some tools leave the name of a chromosome whose bins they took away.
    last = bins.groupby(bins["chrom"].astype(str))["end"].max()
    for name in (name for name in clr.chromnames if name in last):
        if own := nuclear_name(name, sizes.index):
            kept[name] = own
        else:
            dropped.append(name)
    if not kept:
        raise InputError(
            source,
            place="chromosomes",
            found=first_few(clr.chromnames),
            expected=f"names of the genome: {first_few(sizes.index)}",
            remedy="give a map of this genome, or set `genome` to the map's",
        )
    # Some tools write wrong lengths beside right bins: both must fit.
    wrong = [
        f"{name} has {clr.chromsizes[name]:,} bp"
        + (f" (bins end at {last[name]:,})" if last[name] != clr.chromsizes[name] else "")
        + f", {kept[name]} of the genome {sizes[kept[name]]:,}"
        for name in kept
        if not clr.chromsizes[name] == last[name] == sizes[kept[name]]
    ]
    if wrong:
        guess = assembly_of(clr.chromsizes)
        raise InputError(
            source,
            place=f"{len(wrong)} of {len(kept)} chromosomes",
            found="; ".join(wrong[:3]) + (f" (lengths of {guess})" if guess else ""),
            expected="the lengths of the genome's chromosomes",
            remedy="give map, sizes and annotation of one assembly",
        )
    return Chromosomes(kept, dropped)


def assembly_of(lengths: pd.Series) -> str | None:
    """The assembly, of those that bioframe holds, that has all these chromosome lengths."""
    lengths = lengths.rename(lambda name: f"chr{str(name).removeprefix('chr')}")
    for seqinfo in bioframe.assemblies_available()["seqinfo"]:
        assembly = seqinfo.split(".")[0]
        known = bioframe.assembly_info(assembly).chromsizes
        shared = lengths.index.intersection(known.index)
        if len(shared) and (lengths[shared] == known[shared]).all():
            return assembly
    return None


def _numbers_within(names: np.ndarray) -> np.ndarray:
    """Each bin's number within its chromosome, from 0; a chromosome's bins stand together."""
    first = np.ones(len(names), bool)
    first[1:] = names[1:] != names[:-1]
    starts = np.flatnonzero(first)
    return np.arange(len(names)) - starts[np.cumsum(first) - 1]


def _kept_bins(clr: cooler.Cooler, chromosomes: Chromosomes) -> np.ndarray:
    return clr.bins()["chrom"][:].astype(str).isin(list(chromosomes.kept)).to_numpy()


def _check_contacts(total: float, clr: cooler.Cooler, source: str | Path) -> None:
    if not total > 0:
        raise InputError(
            source,
            place=f"resolution {clr.binsize:,} bp",
            found="no contacts between the chromosomes of the genome",
            expected="a map with contacts",
            remedy="give another map",
        )


def _pixels(
    clr: cooler.Cooler, kept: np.ndarray, source: str | Path
) -> Iterator[dict[str, np.ndarray]]:
    """The pixels between bins that are kept, under their new numbers."""
    new_ids = np.where(kept, np.cumsum(kept) - 1, -1)
    try:
        for bin1, bin2, counts in sound_pixels(clr, source):
            bin1, bin2 = new_ids[bin1], new_ids[bin2]
            used = (bin1 >= 0) & (bin2 >= 0) & (counts > 0)
            yield {"bin1_id": bin1[used], "bin2_id": bin2[used], "count": counts[used]}
    except OSError as error:
        raise unreadable(source, error) from error
