"""Forecasts of times for which there are no data yet, with intervals, and the tables of both.

The base forecaster and its members forecast several steps directly. What only knows one step is
iterated: its forecast of a time is taken as the value when it forecasts the next.

Intervals of all of them are the base forecaster's: the local level's deviation at each horizon,
stretched to the errors that the forecaster made in the past.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foldcast.forecast.base_forecaster import ROWS, CourseForecasts, forecast_course
from foldcast.forecast.forecast_intervals import half_widths, stretches
from foldcast.forecast.replicated_course import ReplicatedCourse

COVERAGE = ["level", "coverage", "lowest", "highest", "origins", "mean_width"]


@dataclass(frozen=True)
class Beyond:
    """Forecasts of the times after the last one.

    Attributes:
        predicted, half: [genes, steps] forecasts, and half of the width of their intervals.
        past, past_half: [genes, times] those of one step from each time of the course.
    """

    predicted: np.ndarray
    half: np.ndarray
    past: np.ndarray
    past_half: np.ndarray


def with_later(course: ReplicatedCourse, steps: int, interval: float | None) -> ReplicatedCourse:
    """The course with the design of the times that are asked for.

    Args:
        steps: how many times.
        interval: between them; None takes the last one of the course. As many samples are taken
            for granted at each as at the last time.
    """
    step = interval or float(course.times[-1] - course.times[-2])
    later = course.times[-1] + step * np.arange(1, steps + 1)
    return replace(
        course,
        times=np.append(course.times, later),
        samples=np.append(course.samples, np.full(steps, course.samples[-1])),
    )


def baseline_beyond(
    course: ReplicatedCourse,
    name: str,
    recipe: Callable[[np.ndarray], np.ndarray] | None,
    steps: int,
    level: float,
) -> Beyond:
    """Forecasts by a baseline.

    Args:
        course: with the design of later times (`with_later`).
        name: of the base forecaster or a member of it, or of the recipe.
        recipe: from means [genes, times] to one-step forecasts [genes, times], where it is one.
        steps: how many times.
        level: share of values that the intervals are to hold.
    """
    found = forecast_course(course, steps)
    if name in ROWS:
        own = [one.by_name()[name] for one in found]
        widths = [
            half_widths(course, forecasts, one.deviations, level, one.horizon)
            for forecasts, one in zip(own, found, strict=True)
        ]
        predicted, half = (np.stack([one[:, -1] for one in all_]).T for all_ in (own, widths))
        return Beyond(predicted, half, own[0], widths[0])
    assert recipe is not None
    values = course.means
    past = recipe(values)
    for _ in range(steps):
        values = np.concatenate([values, recipe(values)[:, -1:]], axis=1)
    return with_intervals(course, found, past, values[:, -steps:], level)


def with_intervals(
    course: ReplicatedCourse,
    found: Sequence[CourseForecasts],
    past: np.ndarray,
    predicted: np.ndarray,
    level: float,
) -> Beyond:
    """Intervals for forecasts that were iterated from one-step ones.

    Args:
        course: with the design of later times.
        found: the base forecaster's forecasts of it, for as many horizons as were iterated.
        past: [genes, times] one-step forecasts from each time; NaN where none was made.
        predicted: [genes, steps] forecasts of the times after the last one.
        level: share of values that the intervals are to hold.
    """
    stretch = stretches(course, past, found[0].deviations, level)
    deviations = np.stack([one.deviations[:, -1] for one in found], axis=1)
    return Beyond(predicted, stretch[-1] * deviations, past, stretch * found[0].deviations)


def future_table(genes: pd.Index, course: ReplicatedCourse, beyond: Beyond) -> pd.DataFrame:
    """A row per gene and horizon."""
    n_genes, steps = beyond.predicted.shape
    now = course.means[:, -1:]
    return pd.DataFrame(
        {
            "gene": np.repeat(genes, steps),
            "horizon": np.tile(np.arange(1, steps + 1), n_genes),
            "target_time": np.tile(course.times[course.n_times :], n_genes),
            "predicted": beyond.predicted.ravel(),
            "low": (beyond.predicted - beyond.half).ravel(),
            "high": (beyond.predicted + beyond.half).ravel(),
            "last": np.repeat(now, steps),
            "change": (beyond.predicted - now).ravel(),
        }
    )


def coverage_table(
    course: ReplicatedCourse, beyond: Beyond, origins: Sequence[int], level: float
) -> pd.DataFrame:
    """How often the values after past origins were within intervals made from what was before.

    Empty where no interval could be made.
    """
    at = np.asarray(origins, int)
    missed = np.abs(course.means[:, at + 1] - beyond.past[:, at])
    half = beyond.past_half[:, at]
    known = np.isfinite(missed).any(axis=0) & np.isfinite(half).any(axis=0)
    if not known.any():
        return pd.DataFrame(columns=COVERAGE)
    held = (missed <= half)[:, known].mean(axis=0)
    width = 2 * float(np.nanmean(half[:, known]))
    row = (level, held.mean(), held.min(), held.max(), int(known.sum()), width)
    return pd.DataFrame([row], columns=COVERAGE)
