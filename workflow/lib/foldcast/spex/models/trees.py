"""Boosted trees of expression, one booster per tissue and seed, over one binned copy of features.

Three habits make a fit fast, small and the same for any number of threads and any order of genes:
bins come from exact quantiles, not from xgboost's sketches, which take gigabytes for 24,024
features; the bins are made once for all tissues; gradients are rounded to multiples of a power of
two, so that their sums are exact whatever their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xgboost

PANEL = 1024  # features that are sorted at a time
PER_THREAD = 1_000_000  # values; with fewer, threads wait for each other longer than they work
# Options that go to xgboost as they are.
PASSED = (
    *("eta", "max_depth", "min_child_weight", "reg_lambda", "reg_alpha", "gamma"),
    *("max_delta_step", "colsample_bytree", "colsample_bylevel", "colsample_bynode"),
)
GRADIENT_BITS = 22  # of a gradient's integer part; float32 holds 24


@dataclass(frozen=True)
class Options:
    """Settings of the boosting, named as xgboost names them; as published but for five.

    base_score None takes the mean of the training labels. gamma, reg_alpha and max_delta_step are
    in units of the labels, and with few genes or small labels the published ones let no tree grow
    at all. In simulations (120 to 3,000 genes) none of them, nor more bins, predicted better.
    """

    rounds: int = 2000
    patience: int = 50
    eta: float = 0.0518
    max_depth: int = 6
    min_child_weight: float = 3.0
    reg_lambda: float = 275.2
    reg_alpha: float = 0.0
    gamma: float = 0.0
    max_delta_step: float = 0.0
    max_bin: int = 32
    colsample_bytree: float = 0.590
    colsample_bylevel: float = 0.785
    colsample_bynode: float = 0.319
    base_score: float | None = None


@dataclass(frozen=True)
class Trees:
    """Boosted trees, cut at the best round."""

    booster: xgboost.Booster
    linear = False

    @property
    def width(self) -> int:
        return int(self.booster.num_features())

    @property
    def rounds(self) -> int:
        return int(self.booster.num_boosted_rounds())

    def predict(self, x: np.ndarray) -> np.ndarray:
        """[n, features] → [n]."""
        if not len(x):
            return np.empty(0)
        found = self.booster.inplace_predict(np.ascontiguousarray(x, dtype=np.float32))
        return np.asarray(found, dtype=float)


class Binned:
    """The training and validation genes of a fold in bins, for the labels of any tissue.

    Args:
        x: [genes, features] float32, NaN where missing.
        train, validation: slices of rows, as chromosomes have them: no copy of x is made.
    """

    def __init__(
        self,
        x: np.ndarray,
        train: Sequence[slice],
        validation: Sequence[slice],
        max_bin: int,
        threads: int,
    ) -> None:
        values = sum(part.stop - part.start for part in train) * x.shape[1]
        threads = min(threads, 1 + values // PER_THREAD)
        self.threads, self.max_bin = threads, max_bin
        # A bin more than there are edges: below the first edge lies nothing but validation genes.
        settings = {"max_bin": max_bin + 1, "nthread": threads}
        edges = xgboost.QuantileDMatrix(bin_edges(x, train, max_bin), **settings)
        self.train = xgboost.QuantileDMatrix(_Rows(x, train), ref=edges, **settings)
        self.validation = xgboost.QuantileDMatrix(_Rows(x, validation), ref=self.train, **settings)

    def fit(
        self, train: np.ndarray, validation: np.ndarray, seed: int, options: Options
    ) -> tuple[Trees, float]:
        """Boost until the error on the validation genes has not fallen for `patience` rounds.

        Args:
            train, validation: labels, NaN where missing: the gene then counts nothing.

        Returns:
            the trees up to the best round, and the RMSE on the validation genes there.
        """
        known, asked = np.isfinite(train), np.isfinite(validation)
        base = float(train[known].mean()) if options.base_score is None else options.base_score
        base = float(np.float32(base))
        settings = {
            "tree_method": "hist",
            "objective": "reg:squarederror",
            "base_score": base,
            "disable_default_eval_metric": True,
            "max_bin": self.max_bin + 1,
            "nthread": self.threads,
            "seed": seed,
            **{name: getattr(options, name) for name in PASSED},
        }
        target = np.nan_to_num(train).astype(np.float32)
        weight = known.astype(np.float32)
        unit = _unit(float(np.abs(train[known] - base).max()))

        def gradient(predicted: np.ndarray, data: xgboost.DMatrix) -> tuple[np.ndarray, np.ndarray]:
            whole = np.rint((predicted.astype(float) - target) / unit) * unit
            return (whole * weight).astype(np.float32), weight

        def rmse(predicted: np.ndarray, data: xgboost.DMatrix) -> tuple[str, float]:
            error = predicted.astype(float)[asked] - validation[asked]
            return "rmse", float(np.sqrt(np.mean(error**2)))

        stopping = xgboost.callback.EarlyStopping(
            rounds=options.patience, metric_name="rmse", data_name="validation", maximize=False
        )
        booster = xgboost.train(
            settings,
            self.train,
            options.rounds,
            obj=gradient,
            custom_metric=rmse,
            evals=[(self.validation, "validation")],
            callbacks=[stopping],
            verbose_eval=False,
        )
        best = int(booster.best_iteration)
        error = float(booster.best_score)
        return Trees(booster[: best + 1]), error


def bin_edges(x: np.ndarray, rows: Sequence[slice], max_bin: int) -> np.ndarray:
    """Lower edges of the bins of each feature, [max_bin, features]; equal edges are one.

    The values at equal ranks among those of the rows; NaN where a feature has none.
    """
    edges = np.full((max_bin, x.shape[1]), np.nan, dtype=np.float32)
    for start in range(0, x.shape[1], PANEL):
        columns = slice(start, min(start + PANEL, x.shape[1]))
        panel = np.concatenate([x[part, columns] for part in rows]).T
        ordered = np.sort(np.ascontiguousarray(panel), axis=1)  # NaN last
        given = (~np.isnan(ordered)).sum(axis=1)
        ranks = np.arange(max_bin)[:, None] * given // max_bin
        edges[:, columns] = np.take_along_axis(ordered, ranks.T, axis=1).T
    return edges


class _Rows(xgboost.DataIter):
    """Rows of x by chromosome, for xgboost to read as it bins them."""

    def __init__(self, x: np.ndarray, rows: Sequence[slice]) -> None:
        self._x, self._rows, self._next = x, [r for r in rows if r.stop > r.start], 0
        super().__init__()

    def next(self, input_data) -> bool:  # type: ignore[no-untyped-def]
        if self._next == len(self._rows):
            return False
        input_data(data=self._x[self._rows[self._next]])
        self._next += 1
        return True

    def reset(self) -> None:
        self._next = 0


def _unit(largest: float) -> float:
    """A power of two: gradients are its multiples, of which float32 holds even twice the largest.

    They then sum up without rounding in float64, for up to 2^30 genes.
    """
    return float(2.0 ** (np.ceil(np.log2(max(2 * largest, 1e-30))) - GRADIENT_BITS))
