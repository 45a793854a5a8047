"""Regularised linear models of expression, for all tissues at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xgboost

from foldcast.job import log, progress
from foldcast.spex.models.cholesky import Gram, Pool, pool

PANEL = 2048  # features, or genes, whose standardised values are in memory at a time
FLAT = 1e-9  # of its mean: below it a feature's spread is that of rounding


@dataclass(frozen=True)
class Linear:
    """prediction = (x - centre) · coef + intercept; a missing value counts as the centre.

    coef: [features]; centre: [features]; float64.
    """

    coef: np.ndarray
    centre: np.ndarray
    intercept: float
    linear = True

    @property
    def width(self) -> int:
        return len(self.coef)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """[n, features] → [n]."""
        parts = (x[start : start + PANEL] for start in range(0, len(x), PANEL))
        found = [np.nan_to_num(part - self.centre, nan=0.0) @ self.coef for part in parts]
        return np.concatenate([*found, np.empty(0)]) + self.intercept

    def effect(self, delta: np.ndarray) -> np.ndarray:
        """Change of the prediction by differences of features, [n, features] → [n]."""
        return np.asarray(delta, dtype=float) @ self.coef


@dataclass(frozen=True)
class Standardised:
    """Features on the scale of the training genes: mean 0, standard deviation 1.

    rows: genes; features that do not vary in training are 0, as missing values are.
    """

    x: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    def part(self, rows: np.ndarray, columns: slice = slice(None)) -> np.ndarray:
        """[rows, columns], float64."""
        z = self.x[rows, columns].astype(float)
        z -= self.mean[columns]
        z *= self.scale[columns]
        return np.nan_to_num(z, copy=False, nan=0.0)


def standardise(x: np.ndarray, rows: np.ndarray) -> Standardised:
    """Means and spreads of the rows, by panels of features; scale is 1 / standard deviation."""
    mean, scale = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for columns in _slices(x.shape[1]):
        part = x[rows, columns].astype(float)
        given = np.maximum((~np.isnan(part)).sum(axis=0), 1)
        mean[columns] = np.nansum(part, axis=0) / given
        part -= mean[columns]
        spread = np.sqrt(np.nansum(part * part, axis=0) / given)
        varies = spread > FLAT * np.abs(mean[columns])
        scale[columns] = np.where(varies, 1 / np.where(varies, spread, 1), 0)
    return Standardised(x, mean, scale)


def fit_ridge(
    x: np.ndarray,
    labels: np.ndarray,
    train: np.ndarray,
    validation: np.ndarray,
    penalties: Sequence[float],
    threads: int = 1,
) -> tuple[list[Linear], np.ndarray, np.ndarray]:
    """Ridge regression on standardised features, with an intercept that is not penalised.

    Of the penalties, each times the number of features, every tissue takes the one of least error
    on the validation genes (of equals the largest). With fewer genes than features it is solved in
    its dual form. A result does not depend on ``threads``.

    Args:
        x: [genes, features], NaN where missing (it counts as the mean).
        labels: [genes, tissues], NaN where missing (the gene is left out for that tissue).
        train, validation: rows.

    Returns:
        the model, the penalty and the RMSE on the validation genes, of each tissue.
    """
    tissues = labels.shape[1]
    models: list[Linear | None] = [None] * tissues
    best, error = np.empty(tissues), np.full(tissues, np.inf)
    patterns: dict[bytes, list[int]] = {}
    for k in range(tissues):
        patterns.setdefault(np.isfinite(labels[train, k]).tobytes(), []).append(k)
    penalties = sorted(penalties, reverse=True)
    for alike in progress(patterns.values(), what="sets of tissues with the same genes"):
        rows = train[np.isfinite(labels[train, alike[0]])]
        with pool(threads) as workers:
            found = _fit_alike(x, labels[:, alike], rows, validation, penalties, workers)
        for k, model, penalty, rmse in zip(alike, *found, strict=True):
            models[k], best[k], error[k] = model, penalty, rmse
    for end in (penalties[0], penalties[-1]) if len(penalties) > 1 else ():
        if count := int((best == end).sum()):
            log.info("%d of %d tissues take %g, an end of the penalties", count, tissues, end)
    return [model for model in models if model], best, error


def _fit_alike(
    x: np.ndarray,
    labels: np.ndarray,
    train: np.ndarray,
    validation: np.ndarray,
    penalties: Sequence[float],
    workers: Pool,
) -> tuple[list[Linear], np.ndarray, np.ndarray]:
    """`fit_ridge` for tissues whose labels are all known in all of the training genes."""
    z = standardise(x, train)
    used = max(int((z.scale > 0).sum()), 1)
    n, p = len(train), x.shape[1]
    dual = p > n
    gram = Gram(n if dual else p)
    centre = labels[train].mean(axis=0)
    residual = labels[train] - centre
    if dual:
        right, cross = residual, np.zeros((len(validation), n))
        for columns in _slices(p):
            panel = z.part(train, columns)
            gram.add(panel, workers)
            cross += z.part(validation, columns) @ panel.T
    else:
        right, cross = np.zeros((p, labels.shape[1])), z.part(validation)
        for rows in _slices(n):
            panel = z.part(train[rows]).T
            gram.add(panel, workers)
            right += panel @ residual[rows]
    solution = np.zeros_like(right)
    best, error = np.empty(labels.shape[1]), np.full(labels.shape[1], np.inf)
    for penalty in penalties:
        gram.factorise(penalty * used, workers)
        weights = gram.solve(right)
        rmse = np.sqrt(np.nanmean((cross @ weights + centre - labels[validation]) ** 2, axis=0))
        better = rmse < error
        solution[:, better], best[better], error[better] = weights[:, better], penalty, rmse[better]
    if dual:
        solution = np.concatenate([z.part(train, c).T @ solution for c in _slices(p)])
    coef = solution * z.scale[:, None]
    models = [
        Linear(np.ascontiguousarray(coef[:, k]), z.mean, float(centre[k]))
        for k in range(labels.shape[1])
    ]
    return models, best, error


def fit_gblinear(
    x: np.ndarray, labels: np.ndarray, train: np.ndarray, options: dict
) -> Iterator[Linear]:
    """ExPecto's linear model: xgboost's gblinear on features as they are; one model per tissue.

    Args:
        options: rounds, eta, reg_lambda, reg_alpha, base_score.

    On one thread: its sums depend on how many there are. Missing values count as 0.
    """
    data = xgboost.DMatrix(x[train], nthread=1)
    settings = {
        "booster": "gblinear",
        "updater": "coord_descent",
        "objective": "reg:squarederror",
        **{key: value for key, value in options.items() if key != "rounds"},
        "nthread": 1,
        "seed": 0,
    }
    for k in progress(range(labels.shape[1]), what="tissues"):
        y = labels[train, k]
        # A weight of 0 leaves a gene out, and all tissues share one copy of the features.
        data.set_label(np.nan_to_num(y))
        data.set_weight(np.isfinite(y).astype(float))
        booster = xgboost.train(settings, data, options["rounds"])
        model = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]
        weights = np.array(model["weights"], dtype=float)
        yield Linear(
            weights[:-1], np.zeros(len(weights) - 1), float(weights[-1]) + options["base_score"]
        )


def _slices(length: int) -> Iterator[slice]:
    return (slice(start, min(start + PANEL, length)) for start in range(0, length, PANEL))
