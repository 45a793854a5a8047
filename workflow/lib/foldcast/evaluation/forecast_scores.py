"""Scores of one-step forecasts, as functions of how often each origin counts.

All genes count, isolated ones too. Every score is defined for every forecast: a correlation with
something constant is 0, and scales of genes that hardly move have a floor.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foldcast.resampling import correlation, ratio

ERROR_METRICS = ("mse", "skill", "skill_scaled")
METRICS = (*ERROR_METRICS, "mae", "mase", "r_change", "r_gene", "direction_accuracy")

FLOOR = 0.01  # of the panel's median scale
CHUNK = 256  # genes at a time, where every draw has a number for every gene


@dataclass(frozen=True)
class Truth:
    """What the forecasts are scored against.

    observed: [genes, origins] values at the times that follow the origins.
    last: [genes, origins] values at the origins.
    mse_scale: [genes] persistence's MSE over the scored origins.
    mae_scale: [genes] persistence's MAE over the times up to the first origin.
    Both scales are at least 1 % of the panel's median over the genes that move at all.
    """

    observed: np.ndarray
    last: np.ndarray
    mse_scale: np.ndarray
    mae_scale: np.ndarray

    @classmethod
    def of(cls, time_course: np.ndarray, origins: list[int]) -> "Truth":
        """From a time course [genes, times].

        Raises:
            ValueError: no gene changes before, or none after, the first origin.
        """
        # Contiguous, so that equal forecasts are summed in the same order and score the same.
        last = np.ascontiguousarray(time_course[:, origins])
        observed = np.ascontiguousarray(time_course[:, np.asarray(origins) + 1])
        past = np.abs(np.diff(time_course[:, : origins[0] + 1], axis=1))
        return cls(
            observed=observed,
            last=last,
            mse_scale=_floored(((observed - last) ** 2).mean(axis=1), "after"),
            mae_scale=_floored(past.mean(axis=1), "up to"),
        )

    @property
    def persistence(self) -> np.ndarray:
        """Squared errors of persistence, [genes, origins]."""
        return (self.observed - self.last) ** 2


def scores(predicted: np.ndarray, truth: Truth, counts: np.ndarray) -> dict[str, np.ndarray]:
    """Every metric of one set of forecasts.

    - mse, mae: over genes and origins, in (log2 units)² and log2 units.
    - skill: 1 − MSE / MSE of persistence.
    - skill_scaled: mean over genes of each gene's own skill, so that a few loud genes do not
      decide; the reference is persistence's MSE of that gene over the scored origins (all of them,
      also within a draw).
    - mase: mean over genes of MAE / MAE of persistence before the first origin (Hyndman and
      Koehler 2006).
    - r_change: correlation of predicted with observed change since the origin, pooled.
    - r_gene: mean over genes of the correlation along origins of predicted with observed.
    - direction_accuracy: share of changes whose sign was right; a forecast of no change counts one
      half, as a coin would; what did not change does not count.

    Args:
        predicted: [genes, origins].
        truth: what was observed.
        counts: [draws, origins] how often each origin counts; a row of ones is the score itself.

    Returns:
        for each metric, [draws].
    """
    error = predicted - truth.observed
    change, seen = predicted - truth.last, truth.observed - truth.last
    moved = seen != 0
    right = np.where(change == 0, 0.5, np.sign(change) == np.sign(seen)) * moved
    total = counts.sum(axis=1)
    return {
        **error_scores(error**2, truth, counts),
        "mae": counts @ np.abs(error).mean(axis=0) / total,
        "mase": counts @ (np.abs(error) / truth.mae_scale[:, None]).mean(axis=0) / total,
        "r_change": correlation(
            counts @ _moments(change - change.mean(), seen - seen.mean()).sum(axis=1)
        ),
        "r_gene": sum(r.sum(axis=1) for r in _gene_correlations(predicted, truth, counts))
        / len(predicted),
        "direction_accuracy": ratio(counts @ right.sum(axis=0), counts @ moved.sum(axis=0)),
    }


def error_scores(squared: np.ndarray, truth: Truth, counts: np.ndarray) -> dict[str, np.ndarray]:
    """The metrics that need squared errors [genes, origins] only; as in `scores`."""
    total = counts.sum(axis=1)
    mse = counts @ squared.mean(axis=0) / total
    persistence = counts @ truth.persistence.mean(axis=0) / total
    gain = (truth.persistence - squared) / truth.mse_scale[:, None]
    return {
        "mse": mse,
        "skill": ratio(persistence - mse, persistence),
        "skill_scaled": counts @ gain.mean(axis=0) / total,
    }


def gene_scores(predicted: np.ndarray, truth: Truth) -> dict[str, np.ndarray]:
    """mse, mse_persistence, skill and r of each gene, [genes]; skill_scaled is the mean skill."""
    ones = np.ones((1, predicted.shape[1]))
    return {
        **gene_error_scores((predicted - truth.observed) ** 2, truth),
        "r": np.concatenate(list(_gene_correlations(predicted, truth, ones)), 1)[0],
    }


def gene_error_scores(squared: np.ndarray, truth: Truth) -> dict[str, np.ndarray]:
    """Those scores of each gene that need squared errors [genes, origins] only; no r."""
    mse, persistence = squared.mean(axis=1), truth.persistence.mean(axis=1)
    return {
        "mse": mse,
        "mse_persistence": persistence,
        "skill": (persistence - mse) / truth.mse_scale,
        "r": np.full(len(squared), np.nan),
    }


def _floored(scale: np.ndarray, when: str) -> np.ndarray:
    moving = scale[scale > 0]
    if not moving.size:
        raise ValueError(f"no gene changes {when} the first origin")
    return np.maximum(scale, FLOOR * np.median(moving))


def _gene_correlations(
    predicted: np.ndarray, truth: Truth, counts: np.ndarray
) -> Iterator[np.ndarray]:
    """Each gene's correlation in each draw, [draws, genes], some genes at a time."""
    for start in range(0, len(predicted), CHUNK):
        x, y = predicted[start : start + CHUNK], truth.observed[start : start + CHUNK]
        moments = _moments(x - x.mean(axis=1)[:, None], y - y.mean(axis=1)[:, None])
        yield correlation(np.einsum("bo,ogm->bgm", counts, moments, optimize=True))


def _moments(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """What a correlation is made of, for x and y [genes, origins]: [origins, genes, 6]."""
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1).swapaxes(0, 1)
