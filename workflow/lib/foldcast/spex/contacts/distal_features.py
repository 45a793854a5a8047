"""The 3D block: outputs of Beluga at the places that touch each TSS, weighted and summed.

A place is a bin of the contact maps. Its outputs are the sum over its 200-bp windows; they are
computed once, for all genes, all feature sets and all runs (`feature_cache`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from scipy.sparse import csc_matrix

from foldcast.spex.contacts.tss_contacts import LOCAL, Contacts, read_feature_sets
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.features.local_features import SHIFTS
from foldcast.spex.features.window_sharing import STEP, WINDOW, stretch_length

BLOCK = 4096  # windows whose outputs are in memory at a time, and that a kill loses at most
SUM = "sum"  # name of a place's row in the cache
SHARE = 4  # a block takes at most this part of the working memory
# Windows between two places up to which they are one stretch: to begin anew costs as much.
GAP = 6
CENTRES, MEAN = "centres", "mean"
SIDES = 2


@dataclass(frozen=True)
class Grid:
    """Where windows are: number w begins at ``origin + 200 * w`` bp.

    Attributes:
        resolution: of places, bp.
        length: of the chromosome, bp; a place is cut there.
        windows: `centres`: a place has a window around the centre of each of its 200-bp parts;
            `start`: it has the window around its start, as many times as it has such parts.
    """

    resolution: int
    length: int
    windows: str = CENTRES

    @property
    def origin(self) -> int:
        """Published: the window [p - 999, p + 1000] around p, from 1 and closed."""
        return -WINDOW // 2 + (STEP // 2 if self.windows == CENTRES else 0)

    def first(self, start: np.ndarray) -> np.ndarray:
        """Number of the first window of places."""
        return start // STEP

    def count(self, start: np.ndarray) -> np.ndarray:
        """Windows of places that differ."""
        return self.parts(start) if self.windows == CENTRES else np.ones_like(start)

    def parts(self, start: np.ndarray) -> np.ndarray:
        """Windows of places, those that are one and the same included."""
        if self.windows != CENTRES:
            return np.full_like(start, self.resolution // STEP)
        inside = -(-(self.length - start) // STEP)
        return np.clip(inside, 1, self.resolution // STEP)


def place_windows(start: int, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """First bases of a place's windows (bp, maybe negative), and how often each counts."""
    where = np.array([start])
    first, count, parts = (int(of(where)[0]) for of in (grid.first, grid.count, grid.parts))
    return grid.origin + STEP * np.arange(first, first + count), np.full(count, parts // count)


@dataclass(frozen=True)
class Stretch:
    """Successive windows, and the places ``[places.start, places.stop)`` that they are of."""

    window: int
    windows: int
    places: range


@dataclass(frozen=True)
class FeatureSet:
    """Weights [genes · 2, places] of a feature set: rows 2g (downstream), 2g + 1 (upstream)."""

    weights: csc_matrix
    mask: np.ndarray
    local: np.ndarray  # genes that have sums over their local windows instead


@dataclass(frozen=True)
class Plan:
    """What a chromosome's block is made of.

    places: starts of all bins that any feature set touches, bp, ascending.
    """

    genes: list[str]
    grid: Grid
    places: np.ndarray
    feature_sets: dict[str, FeatureSet]
    attrs: dict


def add_block(
    file: h5py.File, feature_sets: dict[str, FeatureSet], places: slice, sums: np.ndarray
) -> None:
    """Add what places weigh to the rows of each feature set; one feature set at a time.

    Args:
        file: of datasets ``<feature set>/x`` [genes, 2 · outputs].
        places: those that follow each other in the plan.
        sums: outputs over all their windows, [places, outputs], float64.
    """
    for name, feature_set in feature_sets.items():
        part = feature_set.weights[:, places]
        if part.nnz:
            genes = np.unique(part.indices // SIDES)
            rows = (genes[:, None] * SIDES + np.arange(SIDES)).ravel()
            added = part.tocsr()[rows] @ sums
            values = file[f"{name}/x"][genes] + added.reshape(len(genes), -1)
            file[f"{name}/x"][genes] = values.astype(np.float32)


def plan_of(paths: Sequence[str | Path], chrom: str, length: int) -> Plan:
    """Read the contacts of all sources of a run on one chromosome.

    Args:
        length: of the chromosome, bp.
    """
    contacts: dict[str, Contacts] = {}
    genes: list[str] = []
    attrs: dict = {}
    for path in paths:
        feature_sets, ids, settings = read_feature_sets(path, chrom)
        if contacts and (ids != genes or settings != attrs):
            raise ValueError(f"{path} is of other genes or options than {paths[0]}")
        genes, attrs = ids, settings
        contacts |= feature_sets
    grid = Grid(int(attrs["resolution"]), length, str(attrs["windows"]))
    starts = [feature_set.start for feature_set in contacts.values()]
    places = np.unique(np.concatenate(starts)) if starts else np.empty(0, np.int64)
    feature_sets_of = {
        name: _feature_set(each, places, grid, attrs) for name, each in contacts.items()
    }
    return Plan(genes, grid, places, feature_sets_of, attrs)


def _feature_set(contacts: Contacts, places: np.ndarray, grid: Grid, attrs: dict) -> FeatureSet:
    """A feature set's weights; of `mean`, divided by their sum and the windows of their places."""
    n_genes = len(contacts.indptr) - 1
    local = ~contacts.touched if attrs["without"] == LOCAL else np.zeros(n_genes, bool)
    used = ~local[contacts.gene]
    gene, start, weight = contacts.gene[used], contacts.start[used], contacts.weight[used]
    row = gene * SIDES + contacts.side[used]
    if attrs["aggregate"] == MEAN:
        total = np.bincount(row, weight * grid.parts(start), minlength=SIDES * n_genes)
        weight = weight / total[row]
    column = np.searchsorted(places, start)
    shape = (SIDES * n_genes, len(places))
    weights = csc_matrix((weight.astype(np.float32), (row, column)), shape=shape)
    return FeatureSet(weights, np.bincount(gene, minlength=n_genes) > 0, local)


def blocks_of(places: np.ndarray, grid: Grid, most: int) -> list[list[Stretch]]:
    """Places in order, as stretches of windows, in blocks of up to ``most`` windows."""
    first, count = grid.first(places), grid.count(places)
    last = first + count
    blocks: list[list[Stretch]] = []
    room = 0
    for p in range(len(places)):
        joined = p > 0 and first[p] - last[p - 1] <= GAP
        if joined and last[p] - last[p - 1] <= room:
            room -= int(last[p] - last[p - 1])
            old = blocks[-1][-1]
            windows = int(last[p]) - old.window
            blocks[-1][-1] = Stretch(old.window, windows, range(old.places.start, p + 1))
            continue
        if joined or count[p] > room:
            blocks.append([])
            room = max(most, int(count[p]))
        room -= int(count[p])
        blocks[-1].append(Stretch(int(first[p]), int(count[p]), range(p, p + 1)))
    return blocks


def most_windows(memory_mb: int, outputs: int) -> int:
    """Windows of a block: their outputs, and the double sums over places, stay within a share."""
    return int(np.clip(memory_mb * 10**6 // SHARE // (outputs * 16), 1, BLOCK))


def place_sums(
    network: Beluga,
    genome: Genome,
    chrom: str,
    grid: Grid,
    starts: np.ndarray,
    most: int,
    reverse_complement: bool,
) -> np.ndarray:
    """Outputs of places, summed over their windows that differ: [places, outputs], float32.

    Args:
        network: Beluga.
        genome, chrom: where the sequence is read.
        grid: of the windows.
        starts: of the places, bp, ascending.
        most: windows of a stretch at most, where a place has no more.
        reverse_complement: whether both strands are read and averaged.
    """
    stretches = [stretch for block in blocks_of(starts, grid, most) for stretch in block]
    first, count = grid.first(starts), grid.count(starts)
    sums = np.empty((len(starts), network.outputs), dtype=np.float32)
    for windows in sorted({stretch.windows for stretch in stretches}):
        alike = [stretch for stretch in stretches if stretch.windows == windows]
        at_once = network.at_once(windows)
        for k in range(0, len(alike), at_once):
            batch = alike[k : k + at_once]
            codes = np.stack([read_stretch(genome, chrom, grid, each) for each in batch])
            outputs = network.windows(codes, reverse_complement=reverse_complement)
            for stretch, values in zip(batch, outputs, strict=True):
                for p in stretch.places:
                    at = first[p] - stretch.window
                    sums[p] = values[at : at + count[p]].sum(axis=0, dtype=float)
    return sums


def read_stretch(genome: Genome, chrom: str, grid: Grid, stretch: Stretch) -> np.ndarray:
    """Codes of a stretch, unknown past the ends of the chromosome."""
    start = grid.origin + STEP * stretch.window
    return genome.fetch(chrom, start, start + stretch_length(stretch.windows))


def local_sums(path: str | Path, genes: list[str], aggregate: str) -> np.ndarray:
    """Outputs over the local windows of each gene, twice: [genes, 2 · outputs]; as published.

    Args:
        path: ``local/<chrom>.h5``.
    """
    with h5py.File(path) as file:
        if list(file["genes"].asstr()[:]) != genes:
            raise ValueError(f"{path} is of other genes")
        total = file["total"][:]
    windows = len(SHIFTS) if aggregate == MEAN else 1
    return np.tile(total / np.float32(windows), SIDES)
