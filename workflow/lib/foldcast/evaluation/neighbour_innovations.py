"""Do neighbours' last innovations help to forecast a gene's next?

An innovation is what the base forecast did not foresee, in units of the deviation that it gave,
less the panel's mean: without that any graph would seem to help, since neighbours stand for the
panel. Whether the innovations of a gene's neighbours say something of its next one, beyond its own
last one, is held against the same graph on other genes: other pairs of the same chromosomes and
distances, or, where genes are many, the graph moved along the genes of its chromosomes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import norm

from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.forecast_stack import FurtherForecasts, stack
from foldcast.forecast.replicated_course import START
from foldcast.graph.rewiring import FEW, distance_class

SIZE, POWER = 0.05, 0.80
OTHERS = 999
MANY_GENES = 1_000  # from which on the graph is moved along the genes
FIRST_ORIGIN = START + 1  # its innovation is the first; the next one is the first that is scored
LEAST_TIMES = FIRST_ORIGIN + 2


@dataclass(frozen=True)
class GenePairs:
    """Pairs of genes in contact.

    Attributes:
        pairs: [pairs, 2] genes, each pair once.
        weights: [pairs, maps] contact; 0 where a map does not have the pair.
        map_at: [times] the map of each time.
        chroms, positions: [genes] of all genes; position in bp.
    """

    pairs: np.ndarray
    weights: np.ndarray
    map_at: np.ndarray
    chroms: np.ndarray
    positions: np.ndarray


@dataclass(frozen=True)
class NeighbourEffect:
    """What neighbours' last innovations do to forecasts.

    Attributes:
        value: by how many standard deviations a gene's next innovation is higher where the mean
            of its neighbours' last ones is higher by one.
        low, high: 95 % interval, as wide as graphs on other genes say.
        p: one-sided, the share of these with as large an effect.
        seen: the effect that is seen (p ≤ 0.05) with 80 % power.
        gain: in skill over persistence of the stack with them as a column, on genes with
            neighbours.
        kept: mean share of pairs that the other graphs have too.
    """

    value: float
    low: float
    high: float
    p: float
    seen: float
    gain: float
    kept: float
    n_genes: int
    n_pairs: int
    n_origins: int
    n_others: int


def innovations(base: CourseForecasts) -> np.ndarray:
    """[genes, times] standardised, less the panel's mean; 0 where there is no forecast yet.

    Args:
        base: forecasts of a course, one step on.
    """
    course = base.course
    found = np.zeros(course.means.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = (course.means[:, 1:] - base.stack[:, :-1]) / base.deviations[:, :-1]
    known = np.isfinite(errors)
    known[:, :START] = False
    errors = np.where(known, errors, 0)
    mean = errors.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    found[:, 1:] = np.where(known, errors - mean, 0)
    return found


def help_to_forecast(
    base: CourseForecasts, graph: GenePairs, others: int = OTHERS, seed: int = 1
) -> NeighbourEffect | None:
    """Whether the graph's neighbours help.

    Args:
        base: forecasts of a course, one step on.
        graph: pairs of the course's genes.
        others: how many graphs on other genes.
        seed: of these.

    Returns:
        None where there are no pairs, or fewer than six times.
    """
    n_times = base.course.n_times
    if not len(graph.pairs) or n_times < LEAST_TIMES:
        return None
    known = innovations(base)
    means, degrees = neighbour_means(graph, known, graph.pairs)
    own = _score(known, means, degrees)
    rng = np.random.default_rng(seed)
    scores, kept = [], []
    there = _codes(graph.pairs, len(known))
    for pairs in _on_other_genes(graph, others, rng):
        real = pairs[:, 0] >= 0
        scores.append(_score(known, *neighbour_means(graph, known, pairs)))
        kept.append(np.isin(_codes(pairs[real], len(known)), there).sum() / len(pairs))
    slope, unit = own
    shuffled = np.array([value * scale for value, scale in scores])
    error = 1 / unit if unit else np.inf
    width = float(np.quantile(np.abs(shuffled), 1 - SIZE)) * error
    needed = np.quantile(shuffled, 1 - SIZE) + norm.ppf(POWER) * shuffled.std()
    return NeighbourEffect(
        slope,
        slope - width,
        slope + width,
        float((1 + (shuffled >= slope * unit).sum()) / (1 + others)),
        float(needed * error),
        gain(base, means, degrees),
        float(np.mean(kept)),
        int((degrees > 0).any(axis=1).sum()),
        len(graph.pairs),
        n_times - 1 - FIRST_ORIGIN,
        others,
    )


def neighbour_means(
    graph: GenePairs, values: np.ndarray, pairs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """[genes, times] weighted means of the neighbours' values at each time, and weights.

    Args:
        values: [genes, times].
        pairs: [pairs, 2] genes in place of the graph's own; -1 where a pair is left out.
    """
    real = pairs[:, 0] >= 0
    one, two = pairs[real].T
    ends = np.concatenate([one, two]), np.concatenate([two, one])
    means, degrees = np.zeros((2, *values.shape))
    for at in range(graph.weights.shape[1]):
        weights = np.tile(graph.weights[real, at], 2)
        matrix = csr_array((weights, ends), shape=(len(values), len(values)))
        here = graph.map_at == at
        degree = matrix.sum(axis=1)
        sums = matrix @ values[:, here]
        means[:, here] = sums / np.where(degree > 0, degree, 1)[:, None]
        degrees[:, here] = degree[:, None]
    return means, degrees


def gain(base: CourseForecasts, means: np.ndarray, degrees: np.ndarray) -> float:
    """In skill of the stack with the column over that without, on genes with neighbours."""
    course = base.course
    added = means * np.nan_to_num(base.deviations)
    column = FurtherForecasts(
        "neighbours", (base.stack + added)[None], base.stack[None], FIRST_ORIGIN
    )
    members = [base.local_level, base.trends, base.panel_ridge]
    mixed = stack(course, members, [column.correction(1)])[0]
    scored = slice(FIRST_ORIGIN, course.n_times - 1)
    truth = course.means[:, FIRST_ORIGIN + 1 :]
    use = (degrees[:, scored] > 0) & np.isfinite(truth)

    def error(forecast: np.ndarray) -> float:
        return float(((truth - forecast[:, scored])[use] ** 2).sum())

    still = error(course.last_seen())
    return (error(base.stack) - error(mixed)) / still if still else 0.0


def _score(values: np.ndarray, means: np.ndarray, degrees: np.ndarray) -> tuple[float, float]:
    """Slope of the next innovation on the neighbours' last, and one over its error were all
    independent; what a gene's own last innovation says is taken out of both."""
    scored = slice(FIRST_ORIGIN, values.shape[1] - 1)
    use = degrees[:, scored] > 0
    last, around = values[:, scored][use], means[:, scored][use]
    following = values[:, FIRST_ORIGIN + 1 :][use]
    square = last @ last
    if square:
        around = around - (around @ last / square) * last
        following = following - (following @ last / square) * last
    size = around @ around
    spread = np.sqrt((following**2).mean()) if len(following) else 0.0
    if not size or not spread:
        return 0.0, 0.0
    return float(around @ following / size), float(np.sqrt(size) / spread)


def _codes(pairs: np.ndarray, n_genes: int) -> np.ndarray:
    return np.sort(pairs, axis=1) @ [n_genes, 1]


def _on_other_genes(
    graph: GenePairs, others: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Pairs [pairs, 2] in place of the graph's own."""
    if len(graph.chroms) >= MANY_GENES:
        for _ in range(others):
            yield _moved(graph, rng)
        return
    candidates, group = _candidates(graph)
    old = _groups_of(graph, graph.pairs)
    degree = np.bincount(graph.pairs.ravel(), minlength=len(graph.chroms)) + FEW
    weight = np.log(degree[candidates]).sum(axis=1)
    wanted = np.bincount(old, minlength=group.max() + 1)
    by_group = np.argsort(old, kind="stable")
    starts = np.searchsorted(group, np.arange(len(wanted)))
    for _ in range(others):
        order = np.lexsort((-(weight + rng.gumbel(size=len(weight))), group))
        rank = np.arange(len(group)) - starts[group[order]]
        chosen = order[rank < wanted[group[order]]]
        chosen = chosen[np.lexsort((rng.random(len(chosen)), group[chosen]))]
        pairs = np.empty_like(graph.pairs)
        pairs[by_group] = candidates[chosen]
        yield pairs


def _moved(graph: GenePairs, rng: np.random.Generator) -> np.ndarray:
    """The pairs moved along the genes of each chromosome, turned round in half of the cases; -1
    for those across an end."""
    pairs = np.full_like(graph.pairs, -1)
    for chrom in np.unique(graph.chroms[graph.pairs[:, 0]]):
        genes = np.flatnonzero(graph.chroms == chrom)
        genes = genes[np.argsort(graph.positions[genes], kind="stable")]
        rank = np.empty(len(graph.chroms), int)
        rank[genes] = np.arange(len(genes))
        here = np.flatnonzero(graph.chroms[graph.pairs[:, 0]] == chrom)
        old = rank[graph.pairs[here]]
        new = (old + rng.integers(len(genes))) % len(genes)
        whole = np.abs(np.diff(new)) == np.abs(np.diff(old))
        if rng.random() < 0.5:
            new = len(genes) - 1 - new
        pairs[here] = np.where(whole, genes[new], -1)
    return pairs


def _groups_of(graph: GenePairs, pairs: np.ndarray) -> np.ndarray:
    """Chromosome and class of distance of pairs, as one number."""
    chrom = np.unique(graph.chroms, return_inverse=True)[1]
    apart = np.abs(np.diff(graph.positions[pairs], axis=1)[:, 0])
    return chrom[pairs[:, 0]] * 64 + np.minimum(distance_class(apart), 63)


def _candidates(graph: GenePairs) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of the graph's genes of one chromosome, at distances that it has; their groups,
    ascending."""
    tied = np.unique(graph.pairs)
    one, two = np.triu_indices(len(tied), k=1)
    pairs = np.stack([tied[one], tied[two]], axis=1)
    pairs = pairs[graph.chroms[pairs[:, 0]] == graph.chroms[pairs[:, 1]]]
    group = _groups_of(graph, pairs)
    use = np.isin(group, _groups_of(graph, graph.pairs))
    order = np.argsort(group[use], kind="stable")
    return pairs[use][order], group[use][order]
