"""Forecasts of the future, the times after the last one, by a network.

Forecasts of several steps are iterated: what is forecast for a time is taken as its value when the
next is forecast, and the last time's graph and embedding are kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.baselines import causal_forecasts
from foldcast.forecast.corrected_bases import NO_BASE, STACK
from foldcast.step.windows import Series

BaseOf = Callable[[np.ndarray], np.ndarray | None]


def base_beyond(base: str, found: Sequence[CourseForecasts]) -> BaseOf:
    """The base of a series that grows: from values [genes, times] to its forecasts.

    The base forecaster goes on directly, from the data and not from what the network forecast.

    Args:
        base: `stack`, a recipe of `causal_forecasts`, or `none`.
        found: the base forecaster's forecasts of the course with the design of later times.
    """
    if base == NO_BASE:
        return lambda values: None
    if base != STACK:
        return lambda values: causal_forecasts(values, base)
    direct = np.concatenate([found[0].stack, *(one.stack[:, -1:] for one in found[1:])], axis=1)
    return lambda values: direct[:, : values.shape[1]]


def iterate(
    series: Series,
    base_of: BaseOf,
    steps: int,
    interval: float,
    one_step: Callable[[Series], np.ndarray],
) -> np.ndarray:
    """[genes, steps]: forecasts of the ``steps`` times after the last one.

    Args:
        base_of: from values to the base's forecasts (`base_beyond`).
        interval: Δt of each step, in the unit of the times.
        one_step: from a series to the forecast [genes] of the time after its last one.
    """
    future = []
    series = replace(series, base=base_of(series.values))
    for _ in range(steps):
        series = replace(series, next_interval=interval)
        future.append(one_step(series))
        values = np.concatenate([series.values, future[-1][:, None]], axis=1)
        series = replace(
            series,
            values=values,
            times=np.append(series.times, series.times[-1] + interval),
            base=base_of(values) if len(future) < steps else None,
            embedding=np.concatenate([series.embedding, series.embedding[-1:]]),
            graphs=[*series.graphs, series.graphs[-1]],
        )
    return np.stack(future, axis=1)
