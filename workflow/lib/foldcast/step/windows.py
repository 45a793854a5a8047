"""From a time course, its graphs and embeddings to the windows that a network sees.

Whatever is scaled is scaled by numbers learnt up to the origin at which the network is fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from foldcast.step.layers import TemporalGraph

# Places (windows x times x genes) that go through a network at once: what bounds memory, and few
# enough for a processor's cache (an LSTM on 20 times as many takes 5 times as long for each).
PLACES = {"cpu": 1 << 13, "cuda": 1 << 19}


@dataclass(frozen=True)
class Series:
    """What is known of a panel, time by time.

    values: [genes, times] log2 expression.
    times: [times] in the dataset's unit.
    base: [genes, times] causal one-step forecast made at each time for the next one, which the
        network corrects; None where the network is to forecast the level itself.
    embedding: [times, genes, dimensions] causal node embeddings.
    graphs: per time (edge_index [2, E] int64, edge_weight [E] float32).
        each edge in both directions (`check_symmetric`).
    next_interval: Δt to the time that is asked for after the last one; None: the mean Δt.
    """

    values: np.ndarray
    times: np.ndarray
    base: np.ndarray | None
    embedding: np.ndarray
    graphs: Sequence[tuple[np.ndarray, np.ndarray]]
    next_interval: float | None = None

    @property
    def innovations(self) -> np.ndarray:
        """[genes, times]: value minus what the base forecast (or the last value) had said.

        0 at the first time.
        """
        said = self.values if self.base is None else self.base
        surprise = np.zeros_like(self.values)
        surprise[:, 1:] = self.values[:, 1:] - said[:, :-1]
        return surprise


def check_symmetric(graphs: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
    """Refuse a graph with an edge that is not there in both directions with one weight.

    Raises:
        ValueError: with the time's number.
    """
    for time, (index, weight) in enumerate(graphs):
        there, back = np.lexsort(index), np.lexsort(index[::-1])
        same = np.array_equal(index[:, there], index[::-1, back])
        if not same or not np.allclose(weight[there], weight[back]):
            raise ValueError(f"the graph at time index {time} is not symmetric")


@dataclass(frozen=True)
class Scaling:
    """Numbers learnt at times ≤ origin only. Without a base, those of the levels themselves."""

    centre: float  # 0, or the panel's mean level
    unit: float  # panel-wide s.d. of innovations, or of levels: the unit of targets and losses
    interval: float  # mean Δt
    embedding_mean: np.ndarray  # [dimensions]
    embedding_spread: np.ndarray  # [dimensions]

    @classmethod
    def learn(cls, series: Series, origin: int) -> "Scaling":
        vectors = series.embedding[: origin + 1].reshape(-1, series.embedding.shape[-1])
        past = series.values[:, : origin + 1]
        if series.base is None:
            centre, unit = float(past.mean()), float(past.std())
        else:
            innovations = series.innovations[:, 1 : origin + 1]
            centre, unit = 0.0, float(np.sqrt(np.mean(innovations**2)))
        return cls(
            centre=centre,
            unit=unit if unit > 0 else 1.0,
            interval=float(np.diff(series.times[: origin + 1]).mean()),
            embedding_mean=vectors.mean(axis=0),
            embedding_spread=np.maximum(vectors.std(axis=0), 1e-6),
        )

    def scale(self, levels: np.ndarray) -> np.ndarray:
        """From log2 to the unit of targets and losses."""
        return (levels - self.centre) / self.unit


@dataclass(frozen=True)
class Batch:
    """Windows that end at given times; expression as `Scaling.scale` gives it."""

    features: Tensor  # [windows, times, genes, channels]
    graph: TemporalGraph
    inputs: Tensor  # [windows, times, genes]
    base: Tensor  # [windows, genes]

    def __len__(self) -> int:
        return len(self.base)


def n_features(series: Series) -> int:
    """Channels of a window: level, innovation, Δt before and after, embedding."""
    return 4 + series.embedding.shape[-1]


def windows_at_once(series: Series, window: int, device: torch.device | str) -> int:
    """How many windows to put through a network together."""
    places = PLACES[torch.device(device).type]
    return max(1, places // (window * len(series.values)))


def make_batch(
    series: Series,
    ends: Sequence[int],
    window: int,
    scaling: Scaling,
    device: torch.device | str = "cpu",
) -> Batch:
    """Windows of ``window`` times, each ending at one of ``ends`` and seeing nothing later.

    A window that begins before the time course repeats its first time. The one thing taken from
    after a window is the time, not the value, of the next sample: how far into the future the
    forecast is asked for.

    Args:
        series: the time course with its graphs, embeddings and base forecasts.
        ends: numbers of the last times.
        window: times of a window.
        scaling: of values, from the past.
        device: where the tensors are put.
    """
    steps = np.asarray(ends)[:, None] + np.arange(1 - window, 1)[None, :]
    steps = np.maximum(steps, 0)
    known, places = np.unique(steps, return_inverse=True)
    features = _features(series, scaling)[known]

    def tensor(values: np.ndarray) -> Tensor:
        return torch.as_tensor(np.ascontiguousarray(values), dtype=torch.float32, device=device)

    graphs = [
        (torch.as_tensor(series.graphs[t][0], device=device), tensor(series.graphs[t][1]))
        for t in known
    ]
    base = np.zeros((len(ends), len(series.values)))
    if series.base is not None:
        base = scaling.scale(series.base.T[list(ends)])
    return Batch(
        features=tensor(features)[torch.as_tensor(places.reshape(steps.shape), device=device)],
        graph=TemporalGraph(
            [graphs[place] for place in places.ravel()], (*steps.shape, len(series.values))
        ),
        inputs=tensor(scaling.scale(series.values.T[steps])),
        base=tensor(base),
    )


def make_target(
    series: Series, ends: Sequence[int], scaling: Scaling, device: torch.device | str = "cpu"
) -> Tensor:
    """[windows, genes]: the values one time after each window's end, as `Scaling.scale` gives."""
    levels = scaling.scale(series.values.T[np.asarray(ends) + 1])
    return torch.as_tensor(levels, dtype=torch.float32, device=device)


def _features(series: Series, scaling: Scaling) -> np.ndarray:
    """[times, genes, channels]

    Where a base is corrected, levels go in as the deviation from the gene's own mean so far,
    bounded: a time course that drifts would otherwise leave the range that it was fitted on.
    """
    n_genes, n_times = series.values.shape
    if series.base is None:
        levels = scaling.scale(series.values)
    else:
        so_far = np.cumsum(series.values, axis=1) / np.arange(1, n_times + 1)
        levels = np.tanh((series.values - so_far) / (4 * scaling.unit))
    gaps = np.diff(series.times)
    before = np.concatenate([[scaling.interval], gaps])
    after = np.concatenate([gaps, [series.next_interval or scaling.interval]])
    intervals = np.log2(np.stack([before, after], axis=-1) / scaling.interval)
    return np.concatenate(
        [
            levels.T[:, :, None],
            (series.innovations / scaling.unit).T[:, :, None],
            np.broadcast_to(intervals[:, None, :], (n_times, n_genes, 2)),
            (series.embedding - scaling.embedding_mean) / scaling.embedding_spread,
        ],
        axis=-1,
    )
