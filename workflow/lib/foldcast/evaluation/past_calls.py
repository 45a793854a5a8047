"""Genes that were forecast to change in the past: how many there were, and whether they did.

A call is made from what was known at its origin: the interval leaves out the level that the gene
had then (`foldcast.forecast.beyond_the_data.called_changes`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from foldcast.evaluation.forecast_scores import STILL
from foldcast.evaluation.origin_tests import ROUNDING, SIZE, enough_origins, standard_error
from foldcast.forecast.base_forecaster import CourseForecasts
from foldcast.forecast.beyond_the_data import called_changes


@dataclass(frozen=True)
class PastCalls:
    """What became of the genes that were forecast to change.

    Attributes:
        calls: how many there were, over genes and origins.
        n_origins: of how many origins they could be made.
        right: share of them whose value later lay on the called side of the level; chance: 0.5.
        low, high: 95 % interval of ``right`` over origins; NaN where those with calls are too few,
            or all calls went the same way.
        direction: share of them whose change since the last value went as forecast.
        direction_local_level: the same calls, as the local level alone would have had them.
    """

    calls: int
    n_origins: int
    right: float
    low: float
    high: float
    direction: float
    direction_local_level: float


def past_calls(
    base: CourseForecasts, forecasts: np.ndarray, half: np.ndarray, origins: Sequence[int]
) -> PastCalls:
    """The calls of one forecaster at one horizon.

    Args:
        base: the base forecaster's forecasts at that horizon.
        forecasts: [genes, times] from each time; NaN where none was made.
        half: [genes, times] half of the width of their intervals (`half_widths`).
        origins: those of the protocol; those count that have a time so far on.
    """
    horizon, course = base.horizon, base.course
    at = np.array([k for k in origins if k + horizon < course.n_times])
    at = at[np.isfinite(half[:, at]).any(axis=0)]
    level, last, after = base.local_level[:, at], course.means[:, at], course.means[:, at + horizon]
    called = called_changes(forecasts[:, at], half[:, at], level)
    each = np.abs(called).sum(axis=0)

    def share(foretold: np.ndarray, since: np.ndarray) -> np.ndarray:
        """[origins]: how many of the calls went as foretold; a half where nothing was."""
        went, told = (np.sign(x) * (np.abs(x) > STILL) for x in (after - since, foretold))
        return (np.abs(called) * np.where(told * went == 0, 0.5, told == went)).sum(axis=0)

    if not each.any():
        return PastCalls(0, len(at), *[np.nan] * 5)
    right = share(called, level)
    own, other = (share(foretold - last, last) for foretold in (forecasts[:, at], level))
    total = each.sum()
    return PastCalls(
        int(total),
        len(at),
        float(right.sum() / total),
        *share_interval(right[each > 0], each[each > 0], horizon),
        float(own.sum() / total),
        float(other.sum() / total),
    )


def share_interval(right: np.ndarray, each: np.ndarray, horizon: int) -> tuple[float, float]:
    """95 % interval of a share that is pooled over origins of uneven weight.

    A test of a ratio (`ratio_test`) has no ends where a few origins hold most of the calls; so what
    each origin brings to the share is taken as it is (the linearised ratio, by clusters).

    Args:
        right, each: [origins] how many were right, of how many; none without any.
        horizon: steps ahead.
    """
    share = right.sum() / each.sum()
    off = right - share * each
    if not enough_origins(len(each), horizon) or not np.abs(off).max() > ROUNDING:
        return np.nan, np.nan
    reach = stdtrit(len(each) - 1, 1 - SIZE / 2) * standard_error(off) / each.mean()
    return max(share - reach, 0.0), min(share + reach, 1.0)
