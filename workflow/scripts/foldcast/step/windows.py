"""From a course, its graphs and embeddings to the windows that a network sees.

Whatever is scaled is scaled by numbers learnt up to the origin at which the network is fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from foldcast.step.layers import TemporalGraph


@dataclass(frozen=True)
class Series:
    """What is known of a panel, time by time.

    values: [genes, times] log2 expression.
    times: [times] in the dataset's unit.
    base: [genes, times] causal one-step forecast made at each time for the next one.
    embedding: [times, genes, dimensions] causal node embeddings.
    graphs: per time (edge_index [2, E] int64, edge_weight [E] float32).
    """

    values: np.ndarray
    times: np.ndarray
    base: np.ndarray
    embedding: np.ndarray
    graphs: Sequence[tuple[np.ndarray, np.ndarray]]

    @property
    def innovations(self) -> np.ndarray:
        """[genes, times]: value minus what the base forecast had said; 0 at the first time."""
        surprise = np.zeros_like(self.values)
        surprise[:, 1:] = self.values[:, 1:] - self.base[:, :-1]
        return surprise


@dataclass(frozen=True)
class Scaling:
    """Numbers learnt at times ≤ origin only."""

    unit: float  # panel-wide s.d. of innovations: the unit of targets and losses, in log2
    interval: float  # mean Δt
    embedding_mean: np.ndarray  # [dimensions]
    embedding_spread: np.ndarray  # [dimensions]

    @classmethod
    def learn(cls, series: Series, origin: int) -> "Scaling":
        vectors = series.embedding[: origin + 1].reshape(-1, series.embedding.shape[-1])
        unit = float(np.sqrt(np.mean(series.innovations[:, 1 : origin + 1] ** 2)))
        unit = unit if unit > 0 else 1.0
        return cls(
            unit=unit,
            interval=float(np.diff(series.times[: origin + 1]).mean()),
            embedding_mean=vectors.mean(axis=0),
            embedding_spread=np.maximum(vectors.std(axis=0), 1e-6),
        )


@dataclass(frozen=True)
class Batch:
    """Windows that end at given times; expression in units of `Scaling.unit`."""

    features: Tensor  # [windows, times, genes, channels]
    graph: TemporalGraph
    inputs: Tensor  # [windows, times, genes]
    base: Tensor  # [windows, genes]


def n_features(series: Series) -> int:
    """Channels of a window: level, innovation, Δt before and after, embedding."""
    return 4 + series.embedding.shape[-1]


def make_batch(
    series: Series,
    ends: Sequence[int],
    window: int,
    scaling: Scaling,
    device: torch.device | str = "cpu",
) -> Batch:
    """Windows of ``window`` times, each ending at one of ``ends`` and seeing nothing later.

    The one thing taken from after a window is the time, not the value, of the next sample: how
    far ahead the forecast is asked for.
    """
    steps = np.asarray(ends)[:, None] + np.arange(1 - window, 1)[None, :]
    features = _features(series, scaling)[steps]
    levels = series.values.T / scaling.unit

    def tensor(values: np.ndarray) -> Tensor:
        return torch.as_tensor(np.ascontiguousarray(values), dtype=torch.float32, device=device)

    graphs = {
        int(t): (torch.as_tensor(series.graphs[t][0], device=device), tensor(series.graphs[t][1]))
        for t in np.unique(steps)
    }
    return Batch(
        features=tensor(features),
        graph=TemporalGraph(
            [graphs[int(t)] for t in steps.ravel()], (*steps.shape, len(series.values))
        ),
        inputs=tensor(levels[steps]),
        base=tensor(series.base.T[list(ends)] / scaling.unit),
    )


def make_target(
    series: Series, ends: Sequence[int], scaling: Scaling, device: torch.device | str = "cpu"
) -> Tensor:
    """[windows, genes]: the values one time after each window's end, in `Scaling.unit`."""
    levels = series.values.T[np.asarray(ends) + 1] / scaling.unit
    return torch.as_tensor(levels, dtype=torch.float32, device=device)


def _features(series: Series, scaling: Scaling) -> np.ndarray:
    """[times, genes, channels]

    Levels go in as the deviation from the gene's own mean so far, bounded: a course that drifts
    would otherwise leave the range that the network was fitted on.
    """
    n_genes, n_times = series.values.shape
    so_far = np.cumsum(series.values, axis=1) / np.arange(1, n_times + 1)
    gaps = np.diff(series.times)
    before = np.concatenate([[scaling.interval], gaps])
    after = np.concatenate([gaps, [scaling.interval]])
    intervals = np.log2(np.stack([before, after], axis=-1) / scaling.interval)
    return np.concatenate(
        [
            np.tanh((series.values - so_far) / (4 * scaling.unit)).T[:, :, None],
            (series.innovations / scaling.unit).T[:, :, None],
            np.broadcast_to(intervals[:, None, :], (n_times, n_genes, 2)),
            (series.embedding - scaling.embedding_mean) / scaling.embedding_spread,
        ],
        axis=-1,
    )
