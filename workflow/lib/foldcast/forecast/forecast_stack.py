"""The stack: several forecasts of one course put together by what each has earned in its past.

Ridge regression of changes on forecast changes, over past origins, towards even weights. A further
forecaster does not enter as a forecast, which would be nearly the same as the stack itself, but as
what it adds to the forecast that it corrects, with prior weight 0: a useless one then costs next
to nothing. Its prior counts as many origins as a member's, of those at which it adds anything: one
that was silent for long would else be believed for a single lucky origin.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foldcast.forecast.replicated_course import ReplicatedCourse

FIRST = 4  # the first origin that mixes; before it the first member forecasts alone
STRENGTH = 10.0  # the prior counts as this many origins
LEAST_STRENGTH = 1e-3  # of the strongest column's
LEAST_ERROR = 0.1  # share of the mean error in the error that an origin is weighted by


@dataclass(frozen=True)
class FurtherForecasts:
    """What another forecaster gives, and what it starts from.

    Attributes:
        name: of the forecaster.
        forecasts: [horizons, genes, times] from each time.
        corrected: [horizons, genes, times] the forecasts that it corrects.
        first: its first origin with a forecast by a fit that had not seen the target. Fitted
            values before it earn no weight.
    """

    name: str
    forecasts: np.ndarray
    corrected: np.ndarray
    first: int

    def correction(self, horizon: int) -> np.ndarray:
        """[genes, times]: what it adds; 0 where it has no honest forecast."""
        added = self.forecasts[horizon - 1] - self.corrected[horizon - 1]
        added = np.where(np.isfinite(added), added, 0)
        added[:, : self.first] = 0
        return added


def stack(
    course: ReplicatedCourse,
    members: Sequence[np.ndarray],
    corrections: Sequence[np.ndarray] = (),
    horizon: int = 1,
    nearer: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The mixture, and the weights of its columns.

    Args:
        course: means and design.
        members: [genes, times] each; the first one forecasts alone before origin 4.
        corrections: [genes, times] each, of further forecasters.
        horizon: steps ahead.
        nearer: weights [times, columns] one step nearer, which those of this horizon are shrunk
            to; even weights of members and 0 for corrections where not given.

    Returns:
        [genes, times]; weights [times, columns], members first, NaN where persistence forecasts.
    """
    last = course.last_seen()
    columns = np.stack([*(member - last for member in members), *corrections])
    changes = course.means[:, horizon:] - last[:, :-horizon]
    known = np.isfinite(changes)
    products, towards, squares = _sums(columns[:, :, :-horizon], np.where(known, changes, 0), known)
    started = np.isfinite(last)
    power = np.where(started, columns, 0) ** 2
    power = power.sum(axis=1) / np.maximum(started.sum(axis=0), 1)

    even = np.zeros(len(columns))
    even[: len(members)] = 1 / len(members)
    weights = np.full((course.n_times, len(columns)), np.nan)
    forecasts = members[0].copy()
    for origin in course.origins(horizon):
        if origin < FIRST:
            weights[origin] = np.arange(len(columns)) == 0
            continue
        prior = even if nearer is None else nearer[origin]
        past = slice(FIRST, max(origin - horizon + 1, FIRST))
        weights[origin] = (
            _earned(
                (products[past], towards[past], squares[past]),
                prior,
                _usual(power[:, FIRST : origin + 1], len(members)),
            )
            if len(last) > 1
            else prior
        )
        forecasts[:, origin] = last[:, origin] + weights[origin] @ columns[:, :, origin]
    return forecasts, weights


def _sums(
    columns: np.ndarray, changes: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean products over genes at each origin: of columns, with changes, of changes."""
    columns = np.where(known, columns, 0)
    genes = np.maximum(known.sum(axis=0), 1)
    products = np.einsum("agt,bgt->tab", columns, columns) / genes[:, None, None]
    towards = np.einsum("agt,gt->ta", columns, changes) / genes[:, None]
    return products, towards, (changes**2).sum(axis=0) / genes


def _usual(power: np.ndarray, members: int) -> np.ndarray:
    """The mean of the columns' power [columns, origins]; of corrections, where there is any."""
    counts = np.full(len(power), power.shape[1])
    counts[members:] = np.maximum((power[members:] > 0).sum(axis=1), 1)
    return power.sum(axis=1) / counts


def _earned(
    past: tuple[np.ndarray, np.ndarray, np.ndarray], prior: np.ndarray, power: np.ndarray
) -> np.ndarray:
    """Weights from past origins: products [origins, columns, columns], … as `_sums` gives them."""
    products, towards, squares = past
    if not len(squares) or not power.any():
        return prior
    error = squares - 2 * towards @ prior + (products @ prior) @ prior
    error = np.maximum(error, 0)
    usual = error.mean() or 1.0
    counts = 1 / ((1 - LEAST_ERROR) * error / usual + LEAST_ERROR)
    penalty = STRENGTH * (power + LEAST_STRENGTH * power.max())
    left = np.tensordot(counts, products, 1) + np.diag(penalty)
    return prior + np.linalg.solve(left, counts @ (towards - products @ prior))
