"""Forecasts of times for which there are no data yet, with intervals, and the tables of both.

The base forecaster and its members forecast several steps directly. What only knows one step is
iterated: its forecast of a time is taken as the value when it forecasts the next.

Intervals of all of them are the base forecaster's: the local level's deviation at each horizon,
stretched to the errors that the forecaster made in the past; a network's to those one step ahead.

A gene is forecast to change where its interval leaves out the level that it has now, freed of noise
(the local level's). Its last value is no measure of that: most of what is forecast to come back
from there is noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.forecast_intervals import stretches
from foldcast.forecast.replicated_course import ReplicatedCourse

CALLED = {1: "up", -1: "down", 0: "no"}  # as tables have it
COVERAGE = ["level", "coverage", "lowest", "highest", "origins", "mean_width"]


@dataclass(frozen=True)
class Beyond:
    """Forecasts of the times after the last one.

    Attributes:
        predicted, half: [genes, steps] forecasts, and half of the width of their intervals.
        past, past_half: [genes, times] those of one step from each time of the course.
        level: [genes] the level of each gene now, as the local level sees it.
    """

    predicted: np.ndarray
    half: np.ndarray
    past: np.ndarray
    past_half: np.ndarray
    level: np.ndarray


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
    half, past_half = stretch[-1] * deviations, stretch * found[0].deviations
    return Beyond(predicted, half, past, past_half, found[0].local_level[:, -1])


def called_changes(predicted: np.ndarray, half: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Where an interval leaves out the level: 1 where it lies above it, -1 below, 0 elsewhere.

    Args:
        predicted, half: forecasts, and half of the width of their intervals; NaN calls nothing.
        level: what the genes' levels were when the forecasts were made.
    """
    change = predicted - level
    return np.where(np.abs(change) > half, np.sign(change), 0).astype(int)


def future_table(genes: pd.Index, course: ReplicatedCourse, beyond: Beyond) -> pd.DataFrame:
    """A row per gene and horizon."""
    n_genes, steps = beyond.predicted.shape
    now, level = course.means[:, -1:], beyond.level[:, None]
    called = called_changes(beyond.predicted, beyond.half, level)
    words = pd.Series(called.ravel()).map(CALLED)
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
            "level": np.repeat(level, steps),
            "forecast_to_change": words.where(np.isfinite(beyond.half.ravel())),
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
