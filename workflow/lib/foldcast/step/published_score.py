"""What the published score of STEP measures, and what needs no network to reach it.

The published network learns the last coordinate of a joint node embedding, not expression, and is
scored on windows drawn at random from overlapping ones: the times before and after a scored one are
among those it learnt from. Here the same windows are scored in the same space without a network.
"""

import numpy as np
import pandas as pd
import torch

EMBEDDING, EXPRESSION = "last coordinate of the embedding", "expression"
PERSISTENCE, AROUND = "persistence", "mean of the times before and after"


def scored_windows(times: int, window: int, share: float, seed: int) -> np.ndarray:
    """Positions of the targets of the windows that a random split holds out, ascending.

    The split is the published one: PyTorch's permutation of all windows, of which the first
    1 − ``share`` are learnt from.

    Args:
        times: number of times.
        window: times that go into a forecast; the next one is its target.
        share: share of the windows that is scored.
        seed: of the permutation.

    Raises:
        ValueError: no window is left to be learnt from or to be scored.
    """
    windows = times - window
    learnt = int((1 - share) * windows)
    if windows < 2 or not 0 < learnt < windows:
        raise ValueError(f"{times} times hold {max(windows, 0)} windows of {window} and a target")
    order = torch.randperm(windows, generator=torch.Generator().manual_seed(seed)).numpy()
    return np.sort(order[learnt:]) + window


def agreement(predicted: np.ndarray, measured: np.ndarray) -> dict[str, float]:
    """Scores of one forecast, both arrays [times, genes].

    Returns:
        `r`: Pearson over all values; `r_gene`: mean over genes of Pearson over times, of those that
        vary; `r2`: 1 − squared error over variance; `rmse`; `spearman`, over all values.
    """
    predicted, measured = np.asarray(predicted, float), np.asarray(measured, float)
    error = predicted - measured
    return {
        "r": _pearson(predicted.ravel(), measured.ravel()),
        "r_gene": _mean_of_genes(predicted, measured),
        "r2": 1 - (error**2).sum() / ((measured - measured.mean()) ** 2).sum(),
        "rmse": np.sqrt((error**2).mean()),
        "spearman": _pearson(_ranks(predicted), _ranks(measured)),
    }


def without_network(values: np.ndarray, targets: np.ndarray, space: str) -> pd.DataFrame:
    """Scores of what needs no network, at the same targets.

    Args:
        values: [times, genes], in the space named.
        targets: positions of the scored times; the first is never 0. A last time has no later one:
            there the time before stands alone.
    """
    after = np.minimum(targets + 1, len(values) - 1)
    later = np.where((targets + 1 < len(values))[:, None], values[after], values[targets - 1])
    forecasts = {
        PERSISTENCE: values[targets - 1],
        AROUND: (values[targets - 1] + later) / 2,
    }
    return pd.DataFrame(
        [
            {"space": space, "forecast": name} | agreement(forecast, values[targets])
            for name, forecast in forecasts.items()
        ]
    ).assign(windows=len(targets), genes=values.shape[1])


def target_and_expression(embedding: np.ndarray, expression: np.ndarray) -> dict[str, float]:
    """Correlation of the published target with expression, both [times, genes]: `r`, `r_gene`."""
    return {
        "r": _pearson(embedding.ravel(), expression.ravel()),
        "r_gene": _mean_of_genes(embedding, expression),
    }


def _mean_of_genes(one: np.ndarray, other: np.ndarray) -> float:
    vary = (np.ptp(one, axis=0) > 0) & (np.ptp(other, axis=0) > 0)
    each = [_pearson(one[:, gene], other[:, gene]) for gene in np.flatnonzero(vary)]
    return float(np.mean(each)) if each else np.nan


def _ranks(values: np.ndarray) -> np.ndarray:
    return pd.Series(values.ravel()).rank().to_numpy()


def _pearson(one: np.ndarray, other: np.ndarray) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])
