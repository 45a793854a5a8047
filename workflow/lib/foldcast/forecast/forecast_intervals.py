"""Intervals of forecasts: a filter's deviations, stretched to the errors that the panel made."""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from foldcast.forecast.replicated_course import START, ReplicatedCourse


def half_widths(
    course: ReplicatedCourse,
    forecasts: np.ndarray,
    deviations: np.ndarray,
    level: float,
    horizon: int = 1,
) -> np.ndarray:
    """Half of the width of the interval about each forecast.

    Deviations are multiplied by the quantile of |error| / deviation over genes and past origins.
    With few of these the quantile is taken further out, since the next origin may be a bad one.

    Args:
        course: means and design.
        forecasts: [genes, times] from each time.
        deviations: [genes, times] standard deviations; NaN where there are none.
        level: share of values that the interval is to hold.
        horizon: steps ahead.

    Returns:
        [genes, times]; NaN where there are no deviations.
    """
    return stretches(course, forecasts, deviations, level, horizon) * deviations


def stretches(
    course: ReplicatedCourse,
    forecasts: np.ndarray,
    deviations: np.ndarray,
    level: float | Sequence[float],
    horizon: int = 1,
) -> np.ndarray:
    """By what the deviations from each time are multiplied.

    Args:
        course: means and design.
        forecasts: [genes, times] from each time; NaN where none was made.
        deviations: [genes, times] standard deviations; NaN where there are none.
        level: share of values that the intervals are to hold; or several.
        horizon: steps ahead.

    Returns:
        [times], or [levels, times]; NaN where nothing but persistence is forecast.
    """
    levels = np.asarray(level, float)
    errors = np.abs(course.means[:, horizon:] - forecasts[:, :-horizon])
    ratios = errors / deviations[:, :-horizon]
    found = np.full((*levels.shape, course.n_times), np.nan)
    past, n_past = np.empty(0), 0
    for origin in course.origins(horizon):
        if origin - horizon >= START:
            newest = ratios[:, origin - horizon]
            newest = np.sort(newest[np.isfinite(newest)])
            n_past += newest.size > 0
            past = np.concatenate([past, newest])
            # Merges the two, which are in order already; quantiles of what is in order take less.
            past.sort(kind="stable")
        further = 1 - (1 - levels) * n_past / (n_past + 1)
        found[..., origin] = np.quantile(past, further) if n_past else ndtri((1 + levels) / 2)
    return found
