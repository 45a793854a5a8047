"""What other designs would see, imagined from a table's own changes.

Each change of an imagined table is one of the table's own, of random sign and moved along the
genes: so neighbours are as alike as they are, and what genes have in common with those that they
touch is gone. Of replicates a part is common to both halves, as large as their noise leaves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foldcast.evaluation.bin_pairs import COMPARTMENT, CONTACT, BinPairs
from foldcast.evaluation.change_together import change_together
from foldcast.evaluation.expression_changes import ACROSS, MEANS, Changes, changes_of
from foldcast.evaluation.gene_nodes import GeneNodes
from foldcast.evaluation.gene_pairs import GenePairs
from foldcast.evaluation.neighbour_innovations import (
    FIRST_ORIGIN,
    LEAST_TIMES,
    innovations,
    seen_along_neighbours,
)
from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.power.noise_of_samples import SampleNoise

WIDE = 2 * 1.6449  # deviations between the ends of a 90 % interval


@dataclass(frozen=True, order=True)
class Design:
    """A design of an experiment.

    Attributes:
        times: number of them, as far apart as the table's own.
        replicates: samples of each time.
        depth: reads of a sample, in units of the table's own.
    """

    times: int
    replicates: int
    depth: float = 1.0

    @property
    def samples(self) -> int:
        """Number of all samples."""
        return self.times * self.replicates


@dataclass(frozen=True)
class SeenTogether:
    """The effect of contact that would be seen with 80 % power.

    Attributes:
        value: in the correlation of two genes' real changes, per doubling of contact; NaN where
            none of any size would be seen.
        low, high: 95 % Monte Carlo interval.
    """

    value: float
    low: float
    high: float


UNKNOWN = SeenTogether(np.nan, np.nan, np.nan)


def weighed(
    designs: Sequence[Design],
    own: Design,
    noise: SampleNoise,
    nodes: GeneNodes,
    sampled: np.ndarray,
    pairs: BinPairs | None,
    graph: GenePairs,
    base: CourseForecasts,
    *,
    genes: int | None,
    shifts: int,
    planted: int,
    seed: int,
) -> pd.DataFrame:
    """What each design would see, one row each: genes, times, replicates, depth, samples, own
    (whether it is the table's own), change_together with _low and _high, help_to_forecast (by how
    many deviations of a gene's real innovation for one of its neighbours'), interval_width (log2,
    between the ends of a 90 % interval of the next mean, at the median gene).

    Args:
        designs: of three times or more.
        own: the table's.
        noise: of its samples.
        nodes: its expressed genes.
        sampled: [samples] the time of each.
        pairs: of bins with these genes; None where no map is known.
        graph: pairs of the genes that are forecast.
        base: forecasts of these, one step on.
        genes: how many expressed genes, those that are forecast in proportion; None: as many as
            there are.
        shifts, planted, seed: as `change_together` has them.
    """
    together = [UNKNOWN] * len(designs)
    if pairs is not None and len(pairs.one):
        taken = more_genes(pairs.bins, genes, np.random.default_rng(seed))
        wide = BinPairs(pairs.maps, pairs.times, pairs.bins[taken], pairs.nearest, pairs.farthest)
        changes = changes_of(nodes.values, sampled, MEANS, nodes.lengths)
        assert changes is not None, "three times or more"
        times = np.unique(sampled)
        begins = float(times[0]), float(np.diff(times).mean())
        columns = changes.halves[0][taken]
        together = seen_together(wide, columns, designs, noise, begins, shifts, planted, seed)
    n_genes = genes or len(nodes.table)
    numbers = sorted({design.times for design in designs})
    known = innovations(base)[:, FIRST_ORIGIN:]
    if not known.any():  # too few times to forecast
        known = np.random.default_rng(seed).normal(size=(len(known), max(numbers)))
    neighbours = dict.fromkeys(numbers, np.nan)
    if len(graph.pairs):
        found = seen_of_neighbours(graph, known, numbers, n_genes / len(nodes.table), shifts, seed)
        neighbours = dict(zip(numbers, found, strict=True))
    deviations = base.deviations[:, np.isfinite(base.deviations).any(axis=0)]
    width = WIDE * float(np.nanmedian(deviations[:, -1])) if deviations.size else np.nan
    anchor = noise.predictive_variance(own.times, own.replicates)
    rows = []
    for design, seen in zip(designs, together, strict=True):
        of = design.times, design.replicates, design.depth
        real = noise.real_share_of_innovations(*of)
        rows.append(
            {
                "genes": n_genes,
                "times": design.times,
                "replicates": design.replicates,
                "depth": design.depth,
                "samples": design.samples,
                "own": design == own,
                "change_together": seen.value,
                "change_together_low": seen.low,
                "change_together_high": seen.high,
                "help_to_forecast": neighbours[design.times] / real,
                "interval_width": width * np.sqrt(noise.predictive_variance(*of) / anchor),
            }
        )
    return pd.DataFrame(rows)


def more_genes(bins: np.ndarray, n: int | None, rng: np.random.Generator) -> np.ndarray:
    """Rows of genes to have n in bins, along the genome; genes are taken twice where they have to.

    Args:
        bins: [genes] bin of each; -1 in none.
        n: None takes every gene in a bin once.
    """
    placed = np.flatnonzero(bins >= 0)
    n = len(placed) if n is None else n
    whole, rest = divmod(n, len(placed))
    chosen = [placed] * whole + [rng.choice(placed, rest, replace=False)]
    rows = np.concatenate(chosen)
    return rows[np.argsort(bins[rows], kind="stable")]


def imagined(columns: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """[genes, n] changes: each one of the columns [genes, changes], moved along the genes."""
    n_genes, n_columns = columns.shape
    made = [
        rng.choice([-1.0, 1.0])
        * np.roll(columns[:, rng.integers(n_columns)], rng.integers(n_genes))
        for _ in range(n)
    ]
    return np.stack(made, axis=1)


def seen_together(
    pairs: BinPairs,
    changes: np.ndarray,
    designs: Sequence[Design],
    noise: SampleNoise,
    begins: tuple[float, float],
    shifts: int,
    planted: int,
    seed: int = 1,
) -> list[SeenTogether]:
    """The effect of contact that each design would see, beside that of compartments.

    Args:
        pairs: of bins with genes.
        changes: [genes, changes] of the table, of the genes of ``pairs``.
        designs: of three times or more.
        noise: of the table's samples.
        begins: the first time, and how far it is to the next.
        shifts, planted, seed: as `change_together` has them.
    """
    rng = np.random.default_rng(seed)
    most = max(design.times for design in designs) - 1
    # All designs share them, so that they differ by no chance.
    common, *halves = (imagined(changes, most, rng) for _ in range(3))
    panels: list[Changes] = []
    first = []
    for design in designs:
        first.append(len(panels))
        panels += _panels(common, halves, design, noise, begins)
    kinds = CONTACT, COMPARTMENT
    found = change_together(pairs, panels, kinds, shifts, seed, planted, told=[CONTACT])
    seen = []
    for design, at in zip(designs, first, strict=True):
        effect = found[at][0]
        real = noise.real_share(design.replicates, design.depth)
        # More than what is real cannot be in common.
        value = effect.seen / real if effect.seen_share <= real else np.nan
        seen.append(SeenTogether(value, effect.seen_low / real, effect.seen_high / real))
    return seen


def _panels(
    common: np.ndarray,
    halves: Sequence[np.ndarray],
    design: Design,
    noise: SampleNoise,
    begins: tuple[float, float],
) -> list[Changes]:
    """The means of a design and, where a "yes" must be confirmed, its halves."""
    n = design.times - 1
    half = max(design.replicates / 2, 0.5)
    real = noise.real_share(half, design.depth)
    made = [np.sqrt(real) * common[:, :n] + np.sqrt(1 - real) * own[:, :n] for own in halves]
    at = begins[0] + begins[1] * np.arange(n)
    together = (made[0] + made[1]) / np.sqrt(2 * (1 + real))
    panels = [Changes.cleaned(MEANS, [together], at)]
    if design.replicates > 1:
        panels.append(Changes.cleaned(ACROSS, made, at))
    return panels


def seen_of_neighbours(
    graph: GenePairs,
    innovations: np.ndarray,
    times: Sequence[int],
    copies: float,
    others: int,
    seed: int = 1,
) -> list[float]:
    """The effect of neighbours' innovations that would be seen with so many times; NaN with fewer
    than six.

    Args:
        graph: pairs of genes.
        innovations: [genes, times] those of the table, without times that have none.
        copies: how many genes, in units of the graph's own; other genes have graphs like it.
        others, seed: as `help_to_forecast` has them.
    """
    rng = np.random.default_rng(seed)
    wide, rows = _copied(graph, copies, rng)
    drawn = imagined(innovations[rows], max(times), rng)
    found = []
    for n in times:
        at = np.minimum(np.arange(n), len(wide.map_at) - 1)
        here = GenePairs(wide.pairs, wide.weights, wide.map_at[at], wide.chroms, wide.positions)
        enough = n >= LEAST_TIMES and len(here.pairs)
        known = drawn[:, :n] - drawn[:, :n].mean(axis=0)
        found.append(seen_along_neighbours(known, here, others, seed) if enough else np.nan)
    return found


def _copied(
    graph: GenePairs, copies: float, rng: np.random.Generator
) -> tuple[GenePairs, np.ndarray]:
    """A graph of so many copies of the genes, on chromosomes of their own, and rows of the genes;
    of the last copy as many genes as are left."""
    n = len(graph.chroms)
    pairs, weights, chroms = [], [], []
    rows: list[np.ndarray] = []
    for copy in range(int(np.ceil(copies))):
        count = round(n * min(copies - copy, 1.0))
        chosen = np.sort(rng.choice(n, count, replace=False))
        place = np.full(n, -1)
        place[chosen] = sum(len(one) for one in rows) + np.arange(count)
        ends = place[graph.pairs]
        whole = (ends >= 0).all(axis=1)
        pairs.append(ends[whole])
        weights.append(graph.weights[whole])
        chroms.append([f"{chrom}.{copy}" for chrom in graph.chroms[chosen]])
        rows.append(chosen)
    taken = np.concatenate(rows)
    wide = GenePairs(
        np.concatenate(pairs), np.concatenate(weights), graph.map_at,
        np.concatenate(chroms), graph.positions[taken],
    )  # fmt: skip
    return wide, taken
