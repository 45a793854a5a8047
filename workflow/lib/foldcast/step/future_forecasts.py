"""Forecasts of several steps by a network, of the future or from an origin in the past.

They are iterated: what is forecast for a time is taken as its value when the next is forecast, and
the graph and embedding of the time that they are made at are kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.baselines import causal_forecasts
from foldcast.forecast.corrected_bases import NO_BASE, STACK
from foldcast.step.fitted_networks import Fit, forecast
from foldcast.step.windows import Series

BaseOf = Callable[[np.ndarray], np.ndarray | None]
OneStep = Callable[[Series], np.ndarray]


def base_beyond(base: str, found: Sequence[CourseForecasts], origin: int = -1) -> BaseOf:
    """The base of a series that grows: from values [genes, times] to its forecasts.

    The base forecaster goes on directly, from the data and not from what the network forecast.

    Args:
        base: `stack`, a recipe of `causal_forecasts`, or `none`.
        found: the base forecaster's forecasts of the course, for as many horizons as are iterated.
        origin: the last time with data, as `found` counts times.
    """
    if base == NO_BASE:
        return lambda values: None
    if base != STACK:
        return lambda values: causal_forecasts(values, base)
    near, *far = [one.stack[:, : origin + 1 or None] for one in found]
    direct = np.concatenate([near, *(one[:, -1:] for one in far)], axis=1)
    return lambda values: direct[:, : values.shape[1]]


def up_to(series: Series, origin: int) -> Series:
    """What is known of a series at an origin."""
    known = slice(origin + 1)
    return replace(
        series,
        values=series.values[:, known],
        times=series.times[known],
        base=None if series.base is None else series.base[:, known],
        embedding=series.embedding[known],
        graphs=series.graphs[known],
    )


def forecast_from(
    fitted: Fit,
    series: Series,
    base: str,
    found: Sequence[CourseForecasts],
    origins: Sequence[int],
) -> list[np.ndarray]:
    """Forecasts from origins in the past of times that were measured since.

    Args:
        fitted: at the first of the origins or before.
        series: the whole of it; from an origin nothing after it is seen but when times are.
        base: what the network corrects; it has none where the series has none.
        found: the base forecaster's forecasts of the same course, for each horizon.
        origins: in order.

    Returns:
        For each horizon, 1 first, [genes, origins]: those with a time so far ahead.
    """
    n_times = len(series.times)
    made: list[list[np.ndarray]] = [[] for _ in found]
    for origin in origins:
        ahead = series.times[origin : min(origin + len(found), n_times - 1) + 1]
        base_of = base_beyond(base if series.base is not None else NO_BASE, found, origin)
        each = iterate(up_to(series, origin), base_of, np.diff(ahead).tolist(), next_of(fitted))
        for forecasts, one in zip(made, each.T, strict=False):
            forecasts.append(one)
    return [np.reshape(one, (-1, len(series.values))).T for one in made]


def next_of(fitted: Fit) -> OneStep:
    """From a series to the network's forecast [genes] of the time after its last one."""
    return lambda series: forecast(fitted, series, [len(series.times) - 1])[0]


def iterate(
    series: Series,
    base_of: BaseOf,
    intervals: Sequence[float],
    one_step: OneStep,
) -> np.ndarray:
    """[genes, steps]: forecasts of the times after the last one.

    Args:
        base_of: from values to the base's forecasts (`base_beyond`).
        intervals: Δt of each step, one at least, in the unit of the times.
        one_step: from a series to the forecast [genes] of the time after its last one.
    """
    series = replace(series, base=base_of(series.values), next_interval=intervals[0])
    future = [one_step(series)]
    for before, after in pairwise(intervals):
        values = np.concatenate([series.values, future[-1][:, None]], axis=1)
        series = replace(
            series,
            values=values,
            times=np.append(series.times, series.times[-1] + before),
            base=base_of(values),
            embedding=np.concatenate([series.embedding, series.embedding[-1:]]),
            graphs=[*series.graphs, series.graphs[-1]],
            next_interval=after,
        )
        future.append(one_step(series))
    return np.stack(future, axis=1)
