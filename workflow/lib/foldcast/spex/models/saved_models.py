"""Fitted models on disk: written by the fit, read to predict genes and effects of variants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import xgboost
from safetensors.numpy import load_file, save_file

from foldcast.files import read_table, write_table
from foldcast.spex.models.folds import LEAST, Fold
from foldcast.spex.models.linear import Linear
from foldcast.spex.models.trees import Trees


class Predictor(Protocol):
    """Expression of one tissue from a feature set's features."""

    @property
    def linear(self) -> bool:
        """Whether effects of differences of features can be had without the features."""

    @property
    def width(self) -> int:
        """How many features."""

    def predict(self, x: np.ndarray) -> np.ndarray:
        """[n, width] float32, NaN where missing → [n] float64 on the scale of the labels."""


@dataclass(frozen=True)
class Fit:
    """A model of one tissue, seed and fold."""

    tissue: str
    seed: int
    fold: Fold
    predictor: Predictor


def save_index(folder: Path, tissues: Sequence[str], folds: Sequence[Fold]) -> None:
    """Write which tissues and folds the numbers in the names of files stand for."""
    folder.mkdir(parents=True, exist_ok=True)
    index = pd.DataFrame({"index": range(len(tissues)), "tissue": list(tissues)})
    write_table(index, folder / "tissues.tsv")
    rows = [
        {
            "index": k,
            "name": fold.name,
            "hold_out": fold.hold_out,
            **{part: ",".join(getattr(fold, part)) for part in LEAST},
        }
        for k, fold in enumerate(folds)
    ]
    write_table(pd.DataFrame(rows), folder / "folds.tsv")


def save_linear(folder: Path, fold: int, seed: int, models: Sequence[Linear]) -> None:
    """All tissues' linear models of a fold, in one file."""
    arrays = {
        "coef": np.stack([model.coef for model in models]),
        "centre": models[0].centre,
        "intercept": np.array([model.intercept for model in models]),
    }
    # Metadata of more than one entry are written in random order; the seed is in the name.
    save_file(arrays, folder / f"linear.{seed}.{fold}.safetensors")


def save_trees(folder: Path, fold: int, seed: int, tissue: int, model: Trees) -> None:
    """Write one tissue's boosted trees of a fold.

    Args:
        folder: ``fits/<feature_set>/<model>/models``.
        fold, seed, tissue: of the fit; fold and tissue by number.
        model: the booster.
    """
    model.booster.save_model(folder / f"trees.{tissue}.{seed}.{fold}.ubj")


def load_folds(folder: str | Path) -> list[Fold]:
    """The folds of a feature set's fits, by number."""
    rows = read_table(Path(folder, "folds.tsv"), dtype=str).to_dict("records")
    return [_fold(row) for row in rows]


def load_fits(folder: str | Path, tissues: Sequence[str] | None = None) -> Iterator[Fit]:
    """Fits of a feature set and model, each read when asked for; by fold, seed and tissue.

    Args:
        folder: ``fits/<feature_set>/<model>/models``.
        tissues: those that are wanted; None: all.
    """
    folder = Path(folder)
    names = [str(name) for name in read_table(folder / "tissues.tsv", dtype=str)["tissue"]]
    wanted = [k for k, name in enumerate(names) if tissues is None or name in tissues]
    for number, fold in enumerate(load_folds(folder)):
        for path in _by_seed(folder.glob(f"linear.*.{number}.safetensors")):
            arrays = load_file(path)
            for k in wanted:
                intercept = float(arrays["intercept"][k])
                model = Linear(arrays["coef"][k], arrays["centre"], intercept)
                yield Fit(names[k], _seed(path), fold, model)
        for k in wanted:
            for path in _by_seed(folder.glob(f"trees.{k}.*.{number}.ubj")):
                booster = xgboost.Booster(model_file=str(path))
                yield Fit(names[k], _seed(path), fold, Trees(booster))


def _fold(row: Mapping[str, str]) -> Fold:
    parts = {part: tuple(str(row[part]).split(",")) for part in LEAST}
    return Fold(str(row["name"]), str(row["hold_out"]), **parts)


def _by_seed(paths: Iterator[Path]) -> list[Path]:
    return sorted(paths, key=_seed)


def _seed(path: Path) -> int:
    return int(path.name.split(".")[-3])
