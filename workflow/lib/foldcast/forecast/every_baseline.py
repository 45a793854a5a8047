"""Every baseline, the base forecaster and its members among them, from every origin."""

from collections.abc import Sequence

import numpy as np

from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.baselines import RECIPES, causal_forecasts
from foldcast.forecast.mlp_on_lags import NAME, mlp_on_lags


def every_baseline(base: CourseForecasts, origins: Sequence[int]) -> dict[str, np.ndarray]:
    """Name → one-step forecasts [genes, origins].

    Args:
        base: forecasts of the course, one step ahead; its course has no gaps.
        origins: those of the protocol.
    """
    values = base.course.means
    forecasts = {recipe: causal_forecasts(values, recipe) for recipe in RECIPES}
    forecasts |= {NAME: mlp_on_lags(values), **base.by_name()}
    return {name: own[:, origins] for name, own in forecasts.items()}
