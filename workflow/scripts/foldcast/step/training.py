"""Fitting a network at one origin and forecasting from that origin and those after it."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from foldcast.job import log, progress
from foldcast.step.losses import LossWeights, total
from foldcast.step.stepmr import STEPmr
from foldcast.step.windows import Batch, Scaling, Series, make_batch, make_target, n_features

# How much faster the few weights of the linear path learn: else the deep stack has learnt the
# past by heart, and training has stopped, before they are there.
LINEAR_RATE = 10


@dataclass(frozen=True)
class Options:
    """How a network is built and fitted; the config's `step.stepmr`."""

    window: int = 3
    channels: Sequence[int] = (48, 48)
    kernel: int = 3
    order: int = 3
    projection: int = 16
    dropout: float = 0.3
    learning_rate: float = 0.005
    weight_decay: float = 0.0001
    epochs: int = 150
    patience: int = 25
    validation: float = 0.2
    shrink: bool = True
    loss: LossWeights = field(default_factory=LossWeights)


@dataclass(frozen=True)
class Fit:
    """A fitted network and what it takes to use it."""

    network: STEPmr
    scaling: Scaling
    window: int
    shrink: float
    history: list[dict[str, float]]
    parameters: int
    observations: int


def fit(series: Series, origin: int, options: Options, seed: int) -> Fit:
    """Fit on windows whose targets are at times ≤ ``origin``.

    The last windows are held out, in time order, for early stopping and for the share of the
    network's correction that is used (least squares, between 0 and 1): a network that does not
    help on the past leaves the base forecast as it is.

    Raises:
        ValueError: when the course up to ``origin`` holds fewer than 3 windows.
    """
    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    window = _fitting_window(options.window, origin)
    ends = list(range(window, origin))
    n_held_out = max(1, round(options.validation * len(ends)))
    scaling = Scaling.learn(series, origin)
    past, held_out = (
        (
            make_batch(series, some, window, scaling, device),
            make_target(series, some, scaling, device),
        )
        for some in (ends[:-n_held_out], ends[-n_held_out:])
    )
    network = STEPmr(
        n_features(series),
        window,
        channels=options.channels,
        kernel=options.kernel,
        order=options.order,
        projection=options.projection,
        dropout=options.dropout,
    ).to(device)
    parameters = sum(p.numel() for p in network.parameters())
    observations = len(ends) * len(series.values)
    log.info(
        "fit at time index %d, seed %d: %d windows (%d held out), %d parameters, "
        "%.1f parameters per observation",
        *(origin, seed, len(ends), n_held_out, parameters, parameters / observations),
    )
    history = _train(network, past, held_out, options)
    correction, wanted = _correction(network, held_out[0]), held_out[1] - held_out[0].base
    power = float((correction**2).sum())
    shrink = float((correction * wanted).sum()) / power if power > 0 else 0.0
    shrink = min(1.0, max(0.0, shrink)) if options.shrink else 1.0
    best = next((int(row["epoch"]) for row in history if row["best"]), 0)
    log.info("best epoch %d of %d; %.2f of the correction is used", best, len(history), shrink)
    return Fit(network.cpu(), scaling, window, shrink, history, parameters, observations)


def forecast(fitted: Fit, series: Series, origins: Sequence[int]) -> np.ndarray:
    """[origins, genes]: forecast of the time after each origin, in log2."""
    batch = make_batch(series, origins, fitted.window, fitted.scaling)
    ahead = fitted.shrink * _correction(fitted.network, batch)
    return series.base.T[list(origins)] + ahead.double().numpy() * fitted.scaling.unit


def _fitting_window(window: int, origin: int) -> int:
    """The window, shortened where the past would hold fewer than 4 of them."""
    longest = origin - 4
    if longest < 1:
        raise ValueError(f"{origin + 1} past times; at least 6 are needed to fit a network")
    if window > longest:
        log.info("window shortened from %d to %d: the course is short", window, longest)
    return min(window, longest)


def _correction(network: STEPmr, batch: Batch) -> Tensor:
    network.eval()
    with torch.no_grad():
        return network(batch.features, batch.graph)


def _train(
    network: STEPmr, past: tuple[Batch, Tensor], held_out: tuple[Batch, Tensor], options: Options
) -> list[dict[str, float]]:
    """Train in place, end at the best epoch; each epoch's losses."""
    linear = set(network.linear_path.parameters())
    rest = [parameter for parameter in network.parameters() if parameter not in linear]
    optimiser = torch.optim.AdamW(
        [
            {"params": list(linear), "lr": LINEAR_RATE * options.learning_rate},
            {"params": rest, "lr": options.learning_rate},
        ],
        weight_decay=options.weight_decay,
    )

    def loss_of(windows: tuple[Batch, Tensor]) -> tuple[Tensor, dict[str, float]]:
        batch, target = windows
        predicted = batch.base + network(batch.features, batch.graph)
        return total(predicted, target, batch.inputs, options.loss)

    def held_out_loss() -> float:
        network.eval()
        with torch.no_grad():
            return float(loss_of(held_out)[0])

    history: list[dict[str, float]] = []
    # Epoch 0, the base forecast alone, is a candidate too.
    best, best_loss, best_epoch = deepcopy(network.state_dict()), held_out_loss(), 0
    for epoch in progress(range(1, options.epochs + 1), what="epoch"):
        network.train()
        optimiser.zero_grad()
        loss, parts = loss_of(past)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        now = held_out_loss()
        row = {"epoch": float(epoch), "train": float(loss.detach()), "held_out": now}
        history.append(row | {f"train_{name}": value for name, value in parts.items()})
        if now < best_loss:
            best, best_loss, best_epoch = deepcopy(network.state_dict()), now, epoch
        elif epoch - best_epoch >= options.patience:
            break
    network.load_state_dict(best)
    for row in history:
        row["best"] = float(row["epoch"] == best_epoch)
    return history
