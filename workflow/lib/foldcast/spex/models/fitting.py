"""Fits of one feature set: every tissue, seed and fold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from foldcast.job import progress
from foldcast.spex.models.feature_blocks import Features
from foldcast.spex.models.folds import Fold
from foldcast.spex.models.linear import fit_gblinear, fit_ridge
from foldcast.spex.models.saved_models import Predictor, save_linear, save_trees
from foldcast.spex.models.trees import Binned, Options

LINEAR, TREES, RIDGE = "linear", "trees", "ridge"


@dataclass(frozen=True)
class Fitted:
    """One model, and what was chosen on the validation genes: a penalty or a number of rounds."""

    tissue: int
    seed: int
    predictor: Predictor
    rmse: float
    penalty: float = np.nan
    rounds: float = np.nan


def fit_fold(
    features: Features,
    labels: np.ndarray,
    fold: Fold,
    kind: str,
    options: Mapping[str, Any],
    seeds: Sequence[int],
    threads: int,
) -> Iterator[Fitted]:
    """Fit the models of a fold.

    A linear model has no randomness: it is fitted once, as the first seed's.

    Args:
        labels: [genes, tissues], NaN where missing, in the order of the features' genes.
        kind: ``linear`` or ``trees``.
        options: of that kind, from the config.
    """
    train, validation = rows_of(features, fold.train), rows_of(features, fold.validation)
    if kind == TREES:
        settings = Options(**options)
        learnt, validated = (
            [features.rows[chrom] for chrom in chroms if chrom in features.rows]
            for chroms in (fold.train, fold.validation)
        )
        binned = Binned(features.x, learnt, validated, settings.max_bin, threads)
        fits = [(k, seed) for k in range(labels.shape[1]) for seed in seeds]
        for k, seed in progress(fits, what=f"fold {fold.name}, tissues × seeds"):
            trees, rmse = binned.fit(labels[train, k], labels[validation, k], seed, settings)
            yield Fitted(k, seed, trees, rmse, rounds=trees.rounds)
    elif options["kind"] == RIDGE:
        penalties = options["penalties"]
        found = fit_ridge(features.x, labels, train, validation, penalties, threads)
        for k, (model, penalty, rmse) in enumerate(zip(*found, strict=True)):
            yield Fitted(k, seeds[0], model, rmse, penalty=penalty)
    else:
        given = options["gblinear"]
        for k, model in enumerate(fit_gblinear(features.x, labels, train, given)):
            error = model.predict(features.x[validation]) - labels[validation, k]
            rmse = float(np.sqrt(np.nanmean(error**2)))
            yield Fitted(k, seeds[0], model, rmse, rounds=given["rounds"])


def rows_of(features: Features, chroms: Sequence[str]) -> np.ndarray:
    """The rows of the genes of some chromosomes."""
    parts = [np.arange(r.start, r.stop) for c in chroms if (r := features.rows.get(c))]
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def save(folder: Path, fold: int, fitted: Sequence[Fitted]) -> None:
    """Write the models of a fold."""
    if fitted[0].predictor.linear:
        save_linear(folder, fold, fitted[0].seed, [each.predictor for each in fitted])  # type: ignore[misc]
    else:
        for each in fitted:
            save_trees(folder, fold, each.seed, each.tissue, each.predictor)  # type: ignore[arg-type]
