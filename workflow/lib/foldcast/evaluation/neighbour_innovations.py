"""Do neighbours' last innovations help to forecast a gene's next?

An innovation is what the base forecast did not foresee, in units of the deviation that it gave,
less the panel's mean: without that any graph would seem to help, since neighbours stand for the
panel. Whether the innovations of a gene's neighbours say something of its next one, beyond its own
last one, is held against the same graph on other genes: other pairs of the same chromosomes and
distances, or, where genes are many, the graph moved along the genes of its chromosomes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from foldcast.evaluation.gene_pairs import (
    GenePairs,
    means_of_neighbours,
    neighbour_means,
    on_other_genes,
    pair_codes,
)
from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.forecast_stack import FurtherForecasts, stack
from foldcast.forecast.replicated_course import START

SIZE, POWER = 0.05, 0.80
OTHERS = 999
PLANTED = 100  # graphs on other genes along which effects are planted
GRID = np.linspace(0, 3, 16)  # planted effects, in units of what an error without one promises
FIRST_ORIGIN = START + 1  # its innovation is the first; the next one is the first that is scored
LEAST_TIMES = FIRST_ORIGIN + 2


@dataclass(frozen=True)
class NeighbourEffect:
    """What neighbours' last innovations do to forecasts.

    Attributes:
        value: by how many standard deviations a gene's next innovation is higher where the mean
            of its neighbours' last ones is higher by one.
        low, high: 95 % interval, as wide as graphs on other genes say.
        p: one-sided, the share of these with as large an effect.
        seen: the effect that is seen (p ≤ 0.05) with 80 % power, counted over effects planted in
            the innovations along graphs on other genes: what spreads from gene to gene widens the
            error too. NaN where none of three times the size that the error promises is.
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
    slope, unit = _score(known, means, degrees)
    against = _against_others(known, graph, others, np.random.default_rng(seed))
    error = 1 / unit if unit else np.inf
    centred = np.abs(against.statistics - against.statistics.mean())
    width = float(np.quantile(centred, 1 - SIZE)) / against.own_spread * error
    return NeighbourEffect(
        slope,
        slope - width,
        slope + width,
        float((1 + (against.statistics >= slope * unit).sum()) / (1 + others)),
        _seen(known, graph, against, error),
        gain(base, means, degrees),
        against.share,
        int((degrees > 0).any(axis=1).sum()),
        len(graph.pairs),
        n_times - 1 - FIRST_ORIGIN,
        others,
    )


def seen_along_neighbours(
    known: np.ndarray, graph: GenePairs, others: int = OTHERS, seed: int = 1
) -> float:
    """The effect that would be seen with 80 % power; NaN where none would.

    Args:
        known: [genes, times] innovations.
        graph: pairs of these genes.
        others: how many graphs on other genes.
        seed: of these.
    """
    unit = _score(known, *neighbour_means(graph, known, graph.pairs))[1]
    against = _against_others(known, graph, others, np.random.default_rng(seed))
    return _seen(known, graph, against, 1 / unit if unit else np.inf)


@dataclass(frozen=True)
class _OtherGraphs:
    """Graphs on other genes.

    Attributes:
        statistics: [graphs].
        planted: pairs of those along which effects are planted.
        share: of the pairs that two graphs have in common.
    """

    statistics: np.ndarray
    planted: list[np.ndarray]
    share: float

    @property
    def own_spread(self) -> float:
        """Their spread as part of that of the graph itself, of which they have pairs."""
        return float(np.sqrt(1 - self.share**2))

    @property
    def needed(self) -> float:
        """By how much a statistic has to be above their mean to be seen; a graph that has a share
        of the pairs too has as much of the effect."""
        centred = self.statistics - self.statistics.mean()
        return float(np.quantile(centred, 1 - SIZE) / (1 - self.share))


def _against_others(
    known: np.ndarray, graph: GenePairs, others: int, rng: np.random.Generator
) -> _OtherGraphs:
    statistics, kept = [], []
    planted: list[np.ndarray] = []
    there = pair_codes(graph.pairs, len(known))
    for pairs in on_other_genes(graph, others, rng):
        real = pairs[:, 0] >= 0
        slope, unit = _score(known, *neighbour_means(graph, known, pairs))
        statistics.append(slope * unit)
        if len(planted) < PLANTED:
            planted.append(pairs)
        kept.append(np.isin(pair_codes(pairs[real], len(known)), there).sum() / len(pairs))
    return _OtherGraphs(np.array(statistics), planted, min(float(np.mean(kept)), 1 - 1e-9))


def _seen(known: np.ndarray, graph: GenePairs, against: _OtherGraphs, error: float) -> float:
    """The effect that is found of 80 % of graphs along which it is planted.

    Args:
        known: [genes, times] innovations.
        error: of a slope, were all independent.
    """
    # What would be seen if an effect widened no error.
    promised = against.needed + ndtri(POWER) * against.statistics.std() / against.own_spread
    effects = promised * error * GRID
    if not np.isfinite(effects).all():
        return np.nan
    found = np.array([_statistics(known, graph, pairs, effects) for pairs in against.planted])
    # They vary less than their own graph would, whose pairs they have in part.
    mean = found.mean(axis=0)
    found = mean + (found - mean) / against.own_spread - against.statistics.mean()
    needed = against.needed
    power = np.maximum.accumulate((found >= needed).mean(axis=0))
    after = int(np.argmax(power >= POWER))
    # None is seen, or nothing is: where other graphs are the graph itself.
    if after == 0:
        return np.nan
    part = (POWER - power[after - 1]) / (power[after] - power[after - 1])
    return float(effects[after - 1] + part * (effects[after] - effects[after - 1]))


def _statistics(
    known: np.ndarray, graph: GenePairs, pairs: np.ndarray, effects: np.ndarray
) -> list[float]:
    """Of a graph, for each effect: of innovations to each of which the neighbours' last ones are
    added."""
    operators = list(means_of_neighbours(graph, pairs))
    planted = np.repeat(known[..., None], len(effects), axis=2)
    around = np.zeros_like(planted)
    for time, at in enumerate(graph.map_at):
        if time > START + 1:
            planted[:, time] += effects * around[:, time - 1]
        around[:, time] = operators[at][0] @ planted[:, time]
    degrees = np.stack([operators[at][1] for at in graph.map_at], axis=1)
    scores = (_score(planted[..., k], around[..., k], degrees) for k in range(len(effects)))
    return [slope * unit for slope, unit in scores]


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
