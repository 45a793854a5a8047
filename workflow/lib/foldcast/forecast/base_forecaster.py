"""The base forecaster: local levels, trends and shared dynamics, stacked, with intervals.

It is a baseline, the base that networks correct, and the forecast where nothing earns more. Of
what comes after an origin it knows when the next samples are taken and how many, nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foldcast.forecast.forecast_intervals import half_widths
from foldcast.forecast.forecast_stack import FurtherForecasts, stack
from foldcast.forecast.local_level import local_level
from foldcast.forecast.matern_trends import matern_trends
from foldcast.forecast.panel_ridge import panel_ridge
from foldcast.forecast.replicated_course import ReplicatedCourse

MEMBERS = ("local_level", "trends", "panel_ridge")
ROWS = (*MEMBERS, "stack")  # as tables of baselines name them


@dataclass(frozen=True)
class CourseForecasts:
    """Forecasts of a course from each of its times, at one horizon.

    Forecasts are [genes, times]: entry (g, k) is for time k + horizon, made from times ≤ k. Before
    the fourth time, and where the target's design is not given, they are persistence, without a
    deviation, an interval or weights.

    Attributes:
        horizon: steps ahead.
        local_level, trends, panel_ridge: forecasts of the members. The local level is also what a
            gene's level is thought to be now.
        stack: the forecast.
        deviations: [genes, times] standard deviation of the next mean, as the local level sees it.
        columns: names of the stack's columns.
        weights: [times, columns].
    """

    course: ReplicatedCourse
    horizon: int
    local_level: np.ndarray
    trends: np.ndarray
    panel_ridge: np.ndarray
    stack: np.ndarray
    deviations: np.ndarray
    columns: tuple[str, ...]
    weights: np.ndarray

    def by_name(self) -> dict[str, np.ndarray]:
        """The forecasts of the members and of the stack."""
        return {name: getattr(self, name) for name in ROWS}

    def half_widths(self, level: float) -> np.ndarray:
        """Half of the width of intervals that hold a share ``level`` of values: [genes, times]."""
        return half_widths(self.course, self.stack, self.deviations, level, self.horizon)


def forecast_course(
    course: ReplicatedCourse, horizons: int = 1, further: Sequence[FurtherForecasts] = ()
) -> list[CourseForecasts]:
    """Forecasts from every time of a course: one entry for each horizon, 1 first.

    Args:
        course: means and design; with later times it is forecast beyond its end.
        horizons: how many steps ahead, at most.
        further: forecasters that enter the stack beside its own members.
    """
    levels = local_level(course, horizons)
    trends = matern_trends(course, horizons)
    columns = (*MEMBERS, *(other.name for other in further))
    found: list[CourseForecasts] = []
    for horizon, (level, trend) in enumerate(zip(levels, trends, strict=True), start=1):
        ridge = panel_ridge(course, level.means, horizon)
        forecasts, weights = stack(
            course,
            [level.means, trend, ridge],
            [other.correction(horizon) for other in further],
            horizon,
            found[-1].weights if found else None,
        )
        found.append(
            CourseForecasts(
                course, horizon, level.means, trend, ridge, forecasts, level.deviations,
                columns, weights,
            )
        )  # fmt: skip
    return found
