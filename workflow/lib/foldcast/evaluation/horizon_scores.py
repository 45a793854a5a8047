"""Scores of forecasts several steps ahead: skill, quantiles, and coverage of intervals.

Each horizon by the same protocol: forecasts from the origins, of the values so many steps later,
against persistence and the local level at that horizon. Intervals of scores are those of the test
over origins, and there are none below 6 origins for each step ahead.

The quantiles of a forecast are the ends of its intervals: the local level's deviation at that
horizon, stretched to the errors that the forecaster made in the past
(`foldcast.forecast.forecast_intervals`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foldcast.evaluation.forecast_scores import direction_accuracy
from foldcast.evaluation.origin_tests import OriginTest, ratio_test
from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.forecast_intervals import stretches

# Quantiles 0.05, 0.10, …, 0.95 are the median and the ends of intervals of 0.1, 0.2, …, 0.9.
WITHIN = tuple(step / 10 for step in range(1, 10))
COVERAGE = {"coverage_50": 0.5, "coverage_80": 0.8, "coverage_90": 0.9, "coverage_95": 0.95}
METRICS = (
    "mse", "skill", "skill_over_local_level", "direction_accuracy", "crps", *COVERAGE,
)  # fmt: skip


@dataclass(frozen=True)
class HorizonScore:
    """A score at one horizon.

    Attributes:
        value: the mean over genes and origins (and seeds), or the share that is saved of another's.
        test: of the value over origins; None where they are too few.
        lowest, highest: of single origins, for coverage; NaN elsewhere.
        n_origins: how many it rests on.
    """

    value: float
    test: OriginTest | None
    lowest: float
    highest: float
    n_origins: int

    @classmethod
    def of(
        cls, above: np.ndarray, below: np.ndarray, horizon: int, ranged: bool = False
    ) -> "HorizonScore":
        """The mean of ``above`` [seeds, origins] over that of ``below`` [origins]."""
        each = above.mean(axis=0)
        value = float(each.mean() / below.mean())
        lowest, highest = (each.min(), each.max()) if ranged else (np.nan, np.nan)
        test = ratio_test(above, below, horizon)
        return cls(value, test, float(lowest), float(highest), len(each))


def horizon_scores(
    base: CourseForecasts, values: np.ndarray, origins: Sequence[int]
) -> dict[str, HorizonScore]:
    """Every score of one forecaster at one horizon.

    Args:
        base: the base forecaster's forecasts at that horizon: its deviations are stretched, and
            its local level is what is to be beaten.
        values: [seeds, genes, times] forecasts from each time; NaN where none was made.
        origins: those of the protocol; those count that have a time so far on.

    Returns:
        `METRICS` by name; none of quantiles and coverage where no origin has intervals.
    """
    horizon, means = base.horizon, base.course.means
    at = np.array([k for k in origins if k + horizon < means.shape[1]])
    observed = means[:, at + horizon]

    def squared(forecasts: np.ndarray) -> np.ndarray:
        return ((forecasts[..., at] - observed) ** 2).mean(axis=-2)

    went = [
        direction_accuracy(own[:, at] - means[:, at], observed - means[:, at]) for own in values
    ]
    errors, still, level = squared(values), squared(means), squared(base.local_level)
    even = np.ones(len(at))
    found = {
        "mse": HorizonScore.of(errors, even, horizon),
        "skill": HorizonScore.of(still - errors, still, horizon),
        "skill_over_local_level": HorizonScore.of(level - errors, level, horizon),
        "direction_accuracy": HorizonScore.of(
            np.stack([one.above for one in went]), went[0].below, horizon
        ),
    }
    known = np.isfinite(base.deviations[:, at]).all(axis=0)
    if not known.any():
        return found
    losses, held = [], []
    for own in values:
        half = stretches(base.course, own, base.deviations, [*WITHIN, *COVERAGE.values()], horizon)
        half = half[:, None, at[known]] * base.deviations[:, at[known]]
        missed = (observed - own[:, at])[:, known]
        losses.append(quantile_loss(missed, half[: len(WITHIN)]).mean(axis=0))
        held.append((np.abs(missed) <= half[len(WITHIN) :]).mean(axis=1))
    even = np.ones(known.sum())
    found["crps"] = HorizonScore.of(np.stack(losses), even, horizon)
    for name, share in zip(COVERAGE, np.stack(held, axis=1), strict=True):
        found[name] = HorizonScore.of(share, even, horizon, ranged=True)
    return found


def quantile_loss(missed: np.ndarray, half: np.ndarray) -> np.ndarray:
    """CRPS as the mean pinball loss over the quantiles 0.05, 0.10, …, 0.95.

    As an integral over quantiles the CRPS is about twice that.

    Args:
        missed: […] observed less forecast, which is the median.
        half: [9, …] half of the width of the intervals of `WITHIN`.

    Returns:
        […], in the unit of the values.
    """
    total = np.abs(missed) / 2
    for level, width in zip(WITHIN, half, strict=True):
        for quantile, off in (((1 + level) / 2, missed - width), ((1 - level) / 2, missed + width)):
            total += np.maximum(quantile * off, (quantile - 1) * off)
    return total / (2 * len(WITHIN) + 1)
