"""Fitting a network at one origin and forecasting from that origin and those after it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from foldcast.errors import InputError
from foldcast.job import log, progress
from foldcast.protocol import check_network_past
from foldcast.step.fitted_networks import WHOLE, Example, Fit, supported_shares
from foldcast.step.losses import LossWeights, total
from foldcast.step.networks import MODELS, Backbone
from foldcast.step.windows import (
    Scaling,
    Series,
    make_batch,
    make_target,
    n_features,
    windows_at_once,
)

# How much faster the few weights of the linear path learn: else the deep stack has learnt the
# past by heart, and training has stopped, before they are there.
LINEAR_RATE = 10
# Values whose gradient is known well enough for a step of the optimiser. Windows of large panels
# hold several times as many, and an epoch of 20,000 genes takes nine seconds.
ENOUGH = 50_000
OPTIMISERS = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam}


class TooShort(ValueError):
    """A time course that leaves too little past to fit a network."""


@dataclass(frozen=True)
class Options:
    """How a network is built and fitted; the config's `step.<model>`.

    network: further arguments of the model, such as its widths.
    batch: windows of one optimiser step; None: all, or of large panels so many that a step sees
        `ENOUGH` values, with as much fewer epochs (`_in_steps`).
    """

    model: str = "stepmr"
    network: Mapping[str, Any] = field(default_factory=dict)
    window: int = 3
    optimiser: str = "adamw"
    learning_rate: float = 0.005
    weight_decay: float = 0.0001
    batch: int | None = None
    epochs: int = 150
    patience: int = 25
    validation: float = 0.2
    shrink: bool = True
    loss: LossWeights = field(default_factory=LossWeights)

    @property
    def has_linear_path(self) -> bool:
        """Whether there are two parts to tell apart."""
        return bool(self.network.get("linear_path", True))

    @classmethod
    def of(cls, model: str, config: Mapping[str, Any]) -> "Options":
        """From the config's flat `step.<model>`, less what is not of the fit: base, future, and
        whether it is also fitted without a base.

        Raises:
            InputError: every part of the loss is off.
        """
        own = {f.name for f in fields(cls)}
        training = {key: value for key, value in config.items() if key in own}
        other = own | {"base", "future", "without_base"}
        network = {key: value for key, value in config.items() if key not in other}
        training["loss"] = loss = LossWeights(**config["loss"])
        if not any((loss.error, loss.direction, loss.trend, loss.consistency)):
            raise InputError(
                "the config",
                place=f"step.{model}.loss",
                found="every part at weight 0",
                expected="something to learn from",
                remedy="give at least one of error, direction, trend, consistency a weight",
            )
        return cls(model=model, network=network, **training)


def prepare(threads: int) -> torch.device:
    """The GPU where there is one, else the CPU with ``threads``; only deterministic algorithms.

    The same seed gives the same bytes on the same kind of device with as many threads.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    # Else every new tensor is filled first: a tenth of the time.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.set_num_threads(threads)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fit(
    series: Series, origin: int, options: Options, seed: int, device: torch.device | str = "cpu"
) -> Fit:
    """Fit on windows whose targets are at times ≤ ``origin``.

    The last windows are held out, in time order: the earlier half of them for early stopping, the
    later half for the share of the network's correction that is used (least squares, between 0 and
    1), since windows that chose the epoch flatter it. A network that does not help on the past
    leaves the base forecast as it is.

    Args:
        series: the time course with its graphs, embeddings and base forecasts.
        origin: number of the last time that may be looked at.
        options: of the model, its loss and its training.
        seed: of weights and dropout.
        device: where the network runs.

    Raises:
        TooShort: when the time course up to ``origin`` holds fewer than 4 windows.
        InputError: options of the model that exclude each other.
    """
    torch.manual_seed(seed)
    ends = list(range(1, origin))
    try:
        check_network_past(origin + 1)
    except ValueError as error:
        raise TooShort(str(error)) from None
    least = 2 if options.shrink else 1
    n_held_out = min(len(ends) - 1, max(least, round(options.validation * len(ends))))
    n_shares = n_held_out // 2 if options.shrink else 0
    options = _in_steps(options, len(ends) - n_held_out, len(series.values))
    scaling = Scaling.learn(series, origin)
    network = _build(options, n_features(series)).to(device)
    parameters = sum(p.numel() for p in network.parameters())
    observations = len(ends) * len(series.values)
    log.info(
        "fit at time index %d, seed %d, on %s: %d windows (%d held out; %d begin before the time "
        "course and repeat its first time), %d parameters, %.1f parameters per observation",
        *(origin, seed, device, len(ends), n_held_out, min(options.window - 2, len(ends))),
        *(parameters, parameters / observations),
    )
    split = len(ends) - n_held_out, len(ends) - n_shares
    past, held_out, for_shares = (
        list(_examples(series, some, options, scaling, device))
        for some in (ends[: split[0]], ends[split[0] : split[1]], ends[split[1] :])
    )
    history = _train(network, past, held_out, options)
    shares = supported_shares(network, for_shares)
    found = Fit(network, scaling, options.window, shares, history, parameters, observations)
    log.info(
        "best epoch %d of %d; %.2f of the correction is used",
        *(found.best_epoch, len(history), shares[WHOLE]),
    )
    return found


def _in_steps(options: Options, windows: int, genes: int) -> Options:
    """Options of a panel of that size: as many steps of the optimiser as of a small one."""
    steps = min(windows * genes // ENOUGH, windows)
    if options.batch is not None or steps < 2:
        return options
    batch = -(-windows // steps)
    steps = -(-windows // batch)
    epochs, patience = (-(-n // steps) for n in (options.epochs, options.patience))
    log.info("%d steps of up to %d windows an epoch, %d epochs", steps, batch, epochs)
    return replace(options, batch=batch, epochs=epochs, patience=patience)


def _build(options: Options, features: int) -> Backbone:
    try:
        return MODELS[options.model](features, options.window, **options.network)
    except ValueError as error:
        raise InputError(
            "the config",
            place=f"step.{options.model}",
            found=str(error),
            expected="options that go together",
            remedy="change one of them",
        ) from None


def _examples(
    series: Series,
    ends: Sequence[int],
    options: Options,
    scaling: Scaling,
    device: torch.device | str,
) -> Iterator[Example]:
    """Windows and their targets, as many at once as memory and an optimiser's step take."""
    if not len(ends):
        return
    some = min(
        windows_at_once(series, options.window, device), options.batch or len(ends), len(ends)
    )
    for start in range(0, len(ends), some):
        here = ends[start : start + some]
        yield (
            make_batch(series, here, options.window, scaling, device),
            make_target(series, here, scaling, device),
        )


def _steps(past: list[Example], batch: int | None) -> Iterator[list[Example]]:
    """The examples of each optimiser step: all in one, or some at a time in random order."""
    if batch is None:
        yield past
        return
    step: list[Example] = []
    for place in torch.randperm(len(past)).tolist():
        step.append(past[place])
        if sum(len(windows) for windows, _ in step) >= batch:
            yield step
            step = []
    if step:
        yield step


def _train(
    network: Backbone, past: list[Example], held_out: list[Example], options: Options
) -> list[dict[str, float]]:
    """Train in place, end at the best epoch; each epoch's losses."""
    linear = list(network.linear_path.parameters()) if network.linear_path else []
    rest = [p for name, p in network.named_parameters() if not name.startswith("linear_path.")]
    optimiser = OPTIMISERS[options.optimiser](
        [
            {"params": linear, "lr": LINEAR_RATE * options.learning_rate},
            {"params": rest, "lr": options.learning_rate},
        ],
        weight_decay=options.weight_decay,
    )

    def loss_of(example: Example, share: float) -> tuple[Tensor, dict[str, float]]:
        """The loss of some windows as a share of a mean over more of them."""
        batch, target = example
        predicted = batch.base + network(batch.features, batch.graph)
        loss, parts = total(predicted, target, batch.inputs, options.loss)
        return share * loss, {name: share * value for name, value in parts.items()}

    def held_out_loss() -> float:
        network.eval()
        n_windows = sum(len(batch) for batch, _ in held_out)
        with torch.no_grad():
            return sum(float(loss_of(e, len(e[0]) / n_windows)[0]) for e in held_out)

    def train_step(examples: list[Example]) -> dict[str, float]:
        optimiser.zero_grad()
        n_windows = sum(len(batch) for batch, _ in examples)
        sums = {"train": 0.0}
        for example in examples:
            loss, parts = loss_of(example, len(example[0]) / n_windows)
            loss.backward()
            sums["train"] += float(loss.detach())
            for name, value in parts.items():
                sums[f"train_{name}"] = sums.get(f"train_{name}", 0.0) + value
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        return sums

    history: list[dict[str, float]] = []
    # Epoch 0, the base forecast alone, is a candidate too.
    best, best_loss, best_epoch = deepcopy(network.state_dict()), held_out_loss(), 0
    for epoch in progress(range(1, options.epochs + 1), what="epoch"):
        network.train()
        steps = [train_step(examples) for examples in _steps(past, options.batch)]
        means = {name: float(np.mean([step[name] for step in steps])) for name in steps[0]}
        now = held_out_loss()
        history.append({"epoch": float(epoch), "held_out": now, **means})
        if now < best_loss:
            best, best_loss, best_epoch = deepcopy(network.state_dict()), now, epoch
        elif epoch - best_epoch >= options.patience:
            break
    network.load_state_dict(best)
    for row in history:
        row["best"] = float(row["epoch"] == best_epoch)
    return history
