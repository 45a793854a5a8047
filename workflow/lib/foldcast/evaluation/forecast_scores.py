"""Scores of one-step forecasts, as what each origin brings to them.

All genes count, isolated ones too. Every score is defined for every forecast: a correlation with
something constant is 0, and scales of genes that hardly move have a floor.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foldcast.forecast.forecast_tables import Forecasts
from foldcast.resampling import correlation

ERROR_METRICS = ("mse", "skill", "skill_scaled")
METRICS = (*ERROR_METRICS, "mae", "mase", "r_change", "r_gene", "direction_accuracy")

FLOOR = 0.01  # of the panel's median scale
STILL = 1e-7  # log2: a change below it is none, and tables of forecasts round as much away


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

    def of_genes(self, some: np.ndarray) -> "Truth":
        """The truth of some genes, [genes] bool."""
        return Truth(
            self.observed[some], self.last[some], self.mse_scale[some], self.mae_scale[some]
        )

    @property
    def persistence(self) -> np.ndarray:
        """Squared errors of persistence, [genes, origins]."""
        return (self.observed - self.last) ** 2


@dataclass(frozen=True)
class OverOrigins:
    """A score as the mean of ``above`` over the mean of ``below``, [origins] each."""

    above: np.ndarray
    below: np.ndarray

    @property
    def value(self) -> float:
        """The score."""
        return float(self.above.mean() / self.below.mean())


def scores(predicted: np.ndarray, truth: Truth) -> dict[str, OverOrigins]:
    """Every metric of one set of forecasts but `r_gene`, which is no sum over origins.

    - mse, mae: over genes and origins, in (log2 units)² and log2 units.
    - skill: 1 − MSE / MSE of persistence.
    - skill_scaled: mean over genes of each gene's own skill, so that a few loud ones do not decide.
    - mase: mean over genes of MAE / MAE of persistence before the first origin (Hyndman and
      Koehler 2006).
    - r_change: correlation of predicted with observed change since the origin, pooled.
    - direction_accuracy: share of changes whose sign was right; a forecast of no change counts one
      half, as a coin would; what did not change does not count.

    Args:
        predicted: [genes, origins].
        truth: what was observed.
    """
    error = predicted - truth.observed
    change, seen = predicted - truth.last, truth.observed - truth.last
    one = np.ones(predicted.shape[1])
    return {
        **error_scores(error**2, truth),
        "mae": OverOrigins(np.abs(error).mean(axis=0), one),
        "mase": OverOrigins((np.abs(error) / truth.mae_scale[:, None]).mean(axis=0), one),
        "r_change": _pooled_correlation(change, seen),
        "direction_accuracy": direction_accuracy(change, seen),
    }


def direction_accuracy(change: np.ndarray, seen: np.ndarray) -> OverOrigins:
    """From forecast and observed changes [genes, origins]; as in `scores`."""
    right, moved = went_right(change, seen)
    return OverOrigins(right.mean(axis=0), moved.mean(axis=0))


def went_right(change: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[genes, origins] how right each direction was (0, ½ or 1; 0 where nothing moved), and whether
    anything moved."""
    moved = np.abs(seen) > STILL
    right = np.where(np.abs(change) <= STILL, 0.5, np.sign(change) == np.sign(seen)) * moved
    return right, moved


def error_scores(squared: np.ndarray, truth: Truth) -> dict[str, OverOrigins]:
    """The metrics that need squared errors [genes, origins] only; as in `scores`."""
    mse, persistence = squared.mean(axis=0), truth.persistence.mean(axis=0)
    gain = (truth.persistence - squared) / truth.mse_scale[:, None]
    unit = (truth.persistence / truth.mse_scale[:, None]).mean(axis=0)
    return {
        "mse": OverOrigins(mse, np.ones_like(mse)),
        "skill": OverOrigins(persistence - mse, persistence),
        "skill_scaled": OverOrigins(gain.mean(axis=0), unit / unit.mean()),
    }


def r_gene(predicted: np.ndarray, truth: Truth) -> float:
    """Mean over genes of the correlation along origins of predicted with observed.

    It has no interval: of few origins a correlation is biased, and so is what resampling makes of
    its mean.
    """
    return float(gene_correlations(predicted, truth).mean())


def gene_scores(predicted: np.ndarray, truth: Truth) -> dict[str, np.ndarray]:
    """mse, mse_persistence, skill and r of each gene, [genes]; skill_scaled is the mean skill."""
    return {
        **gene_error_scores((predicted - truth.observed) ** 2, truth),
        "r": gene_correlations(predicted, truth),
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


def gene_table(
    entry: Forecasts | tuple[str, np.ndarray], kind: str, truth: Truth, genes: pd.Index
) -> pd.DataFrame:
    """Rows of ``scores.tsv``: each gene's scores, the mean over seeds.

    Args:
        entry: forecasts; or the name of a bound and its squared errors [genes, origins].
        kind: as in ``evaluation.tsv``.
        genes: their names.
    """
    if isinstance(entry, Forecasts):
        model, graph = entry.model, entry.graph
        each = [gene_scores(values, truth) for values in entry.values]
    else:
        model, graph = entry[0], "-"
        each = [gene_error_scores(entry[1], truth)]
    return pd.DataFrame(
        {
            "model": model,
            "graph": graph,
            "kind": kind,
            "gene": genes,
            **{name: np.mean([scores[name] for scores in each], axis=0) for name in each[0]},
            "n": truth.observed.shape[1],
        }
    )


def skill_over(mse: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Skill of each gene over a reference, from mean squared errors [genes]; they have a floor."""
    moving = reference[reference > 0]
    floor = FLOOR * np.median(moving) if moving.size else 1.0
    return (reference - mse) / np.maximum(reference, floor)


def gene_correlations(predicted: np.ndarray, truth: Truth) -> np.ndarray:
    """Each gene's correlation along origins of predicted with observed, [genes]."""
    x, y = (values - values.mean(axis=1)[:, None] for values in (predicted, truth.observed))
    return correlation(_moments(x, y).sum(axis=1))


def _floored(scale: np.ndarray, when: str) -> np.ndarray:
    moving = scale[scale > 0]
    if not moving.size:
        raise ValueError(f"no gene changes {when} the first origin")
    return np.maximum(scale, FLOOR * np.median(moving))


def _pooled_correlation(x: np.ndarray, y: np.ndarray) -> OverOrigins:
    """Pearson's r over genes and origins.

    With x and y in units of their standard deviations r is the mean of x y, and its spread that of
    x y - r (x² + y²) / 2 (the influence of an observation), so that is what origins bring.
    """
    x, y = (values - values.mean() for values in (x, y))
    whole = float(correlation(_moments(x, y).sum(axis=(0, 1))))
    n_origins = x.shape[1]
    if whole == 0:
        return OverOrigins(np.zeros(n_origins), np.ones(n_origins))
    x, y = (values / values.std() for values in (x, y))
    return OverOrigins((x * y).mean(axis=0), (x**2 + y**2).mean(axis=0) / 2)


def _moments(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """What a correlation is made of, for x and y [genes, origins]: [genes, origins, 6]."""
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)
