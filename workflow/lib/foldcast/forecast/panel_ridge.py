"""Shared dynamics: what forecasts of all genes missed, told from the state of the panel.

Ridge regression of errors at all genes on levels and last changes of all genes, in the dual form:
products between times, however many genes there are.
"""

import numpy as np

from foldcast.forecast.replicated_course import ReplicatedCourse

FIRST = 5  # the first origin with a correction one step ahead
PENALTY = 3.0  # over the mean of the diagonal
LEAST_SPEED = 0.5  # of the panel's mean squared change, added to each gene's own


def panel_ridge(course: ReplicatedCourse, base: np.ndarray, horizon: int = 1) -> np.ndarray:
    """A base's forecasts with the errors added that the panel's past leads to expect.

    Args:
        course: means and design.
        base: [genes, times] forecasts at this horizon by the method to correct.
        horizon: steps ahead.

    Returns:
        [genes, times]; the base itself before there are errors enough.
    """
    values = course.last_seen()
    started = np.isfinite(values[:, 0])
    corrected = base.copy()
    errors = course.means[:, horizon:] - base[:, :-horizon]
    errors = np.where(np.isfinite(errors), errors, 0)  # what is not known teaches nothing
    for origin in course.origins(horizon):
        if origin >= FIRST + horizon - 1:
            state = _state(values[started, : origin + 1])
            products = state @ state.T
            n_past = origin - horizon  # times 1 … origin - horizon have errors by now
            past = products[:n_past, :n_past]
            penalty = PENALTY * np.trace(past) / n_past
            if penalty > 0:
                told = np.linalg.solve(past + penalty * np.eye(n_past), products[:n_past, -1])
                corrected[:, origin] += errors[:, 1 : n_past + 1] @ told
    return corrected


def _state(values: np.ndarray) -> np.ndarray:
    """Levels and last changes [times - 1, 2 genes] in units of a gene's usual change."""
    changes = np.diff(values, axis=1)
    speed = (changes**2).mean(axis=1)
    usual = speed + LEAST_SPEED * speed.mean()
    scale = np.sqrt(usual) + (usual == 0)
    levels = values[:, 1:] - values.mean(axis=1, keepdims=True)
    return (np.concatenate([levels, changes]) / np.tile(scale, 2)[:, None]).T
