"""The forecast that a network corrects, as the config names it."""

import numpy as np

from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.baselines import causal_forecasts
from foldcast.forecast.replicated_course import ReplicatedCourse

NO_BASE, STACK = "none", "stack"


def base_forecasts(course: ReplicatedCourse, base: str) -> np.ndarray | None:
    """One-step forecasts from each time, [genes, times].

    Args:
        course: means and design.
        base: `stack`, a recipe of `causal_forecasts`, or `none`.

    Returns:
        None where the level itself is to be forecast.
    """
    if base == NO_BASE:
        return None
    if base == STACK:
        return forecast_course(course)[0].stack
    return causal_forecasts(course.means, base)
