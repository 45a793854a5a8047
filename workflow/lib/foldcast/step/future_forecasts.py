"""Forecasts of the future, the times after the last one, with intervals.

Forecasts of several steps are iterated: what is forecast for a time is taken as its value when the
next is forecast, and the last time's graph and embedding are kept.

Intervals are split conformal (Lei et al. 2018): errors of the same model's one-step forecasts from
past origins, each divided by its gene's scale, are pooled over genes; their quantile times the
gene's scale is half an interval. A gene's scale is its root mean squared error, drawn towards the
panel's as if by `PRIOR` more errors. Errors of several steps are taken to add up as those of a
random walk: half an interval grows with the square root of the horizon.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from foldcast.step.step_series import base_forecasts
from foldcast.step.windows import Series

PRIOR = 3.0
FEWEST = 4  # errors per gene from which intervals are made


def iterate(
    series: Series,
    base: str,
    steps: int,
    interval: float,
    one_step: Callable[[Series], np.ndarray],
) -> np.ndarray:
    """[genes, steps]: forecasts of the ``steps`` times after the last one.

    Args:
        base: the recipe of the series' base forecast.
        interval: Δt of each step, in the unit of the times.
        one_step: from a series to the forecast [genes] of the time after its last one.
    """
    future = []
    for _ in range(steps):
        series = replace(series, next_interval=interval)
        future.append(one_step(series))
        values = np.concatenate([series.values, future[-1][:, None]], axis=1)
        series = replace(
            series,
            values=values,
            times=np.append(series.times, series.times[-1] + interval),
            base=base_forecasts(values, base),
            embedding=np.concatenate([series.embedding, series.embedding[-1:]]),
            graphs=[*series.graphs, series.graphs[-1]],
        )
    return np.stack(future, axis=1)


@dataclass(frozen=True)
class Intervals:
    """Half an interval around a one-step forecast, per gene, and how past intervals fared.

    half_width: [genes] log2.
    coverage: [origins] share of genes within their intervals, each origin's made from the errors
        of all the others.
    coverage_past: [origins - FEWEST] the same, made from the errors of earlier origins only.

    With too few origins there are no intervals (NaN) and no coverage (empty).
    """

    half_width: np.ndarray
    coverage: np.ndarray
    coverage_past: np.ndarray


def calibrate(errors: np.ndarray, level: float) -> Intervals:
    """Intervals that hold ``level`` of forecasts, from past one-step errors [genes, origins]."""
    n_genes, n_origins = errors.shape
    if n_origins <= FEWEST:
        none = np.empty(0)
        return Intervals(np.full(n_genes, np.nan), coverage=none, coverage_past=none)

    def covered(origin: np.integer, others: np.ndarray) -> float:
        return float((np.abs(errors[:, origin]) <= half_width(errors[:, others], level)).mean())

    every = np.arange(n_origins)
    return Intervals(
        half_width=half_width(errors, level),
        coverage=np.array([covered(k, every[every != k]) for k in every]),
        coverage_past=np.array([covered(k, every[:k]) for k in every[FEWEST:]]),
    )


def half_width(errors: np.ndarray, level: float) -> np.ndarray:
    """[genes] from errors [genes, origins].

    An error's scale is made without that error, so that it is as surprising as a new one would be.
    The rank of the quantile counts origins, not genes: errors of one origin share its surprises.
    """
    n_origins = errors.shape[1]
    squares = errors**2
    without = (squares.sum(axis=1, keepdims=True) - squares) / (n_origins - 1)
    surprise = np.abs(errors) / _scale(without, n_origins - 1)
    rank = min(1.0, level * (n_origins + 1) / n_origins)
    quantile = np.quantile(surprise, rank, method="higher")
    return quantile * _scale(squares.mean(axis=1), n_origins)


def growth(horizons: np.ndarray, interval: float, past_intervals: np.ndarray) -> np.ndarray:
    """How much wider intervals are at each horizon (1, 2, …) than one past step's.

    The square root of the number of steps, or of the time in past steps if that is more.
    """
    return np.sqrt(horizons * max(1.0, interval / float(np.mean(past_intervals))))


def _scale(mean_squares: np.ndarray, n: int) -> np.ndarray:
    """Root mean square of each gene [genes, …], drawn towards the panel's mean square."""
    panel = mean_squares.mean(axis=0, keepdims=True)
    drawn = (n * mean_squares + PRIOR * panel) / (n + PRIOR)
    return np.sqrt(np.maximum(drawn, np.finfo(float).tiny))
