"""A fitted network in use: its forecasts, and what its parts add to the base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from foldcast.step.networks import LINEAR_PATH, NETWORK, Backbone
from foldcast.step.windows import Batch, Scaling, Series, make_batch, windows_at_once

WHOLE = "whole"  # what a model adds, its parts together

Example = tuple[Batch, Tensor]


@dataclass(frozen=True)
class Fit:
    """A fitted network and what it takes to use it.

    shares: of the correction that is used: of the whole, and of each part were it alone.
    """

    network: Backbone
    scaling: Scaling
    window: int
    shares: Mapping[str, float]
    history: list[dict[str, float]]
    parameters: int
    observations: int

    @property
    def best_epoch(self) -> int:
        """The epoch that was used; 0 is the base alone."""
        return next((int(row["epoch"]) for row in self.history if row["best"]), 0)


def forecast(fitted: Fit, series: Series, origins: Sequence[int]) -> np.ndarray:
    """[origins, genes]: forecast of the time after each origin, in log2."""
    return base_of(fitted, series, origins) + corrections(fitted, series, origins)[WHOLE]


def base_of(fitted: Fit, series: Series, origins: Sequence[int]) -> np.ndarray:
    """[origins, genes]: what the network corrects, in log2: a forecast, or the panel's mean."""
    if series.base is not None:
        return series.base.T[list(origins)]
    return np.full((len(origins), len(series.values)), fitted.scaling.centre)


def corrections(fitted: Fit, series: Series, origins: Sequence[int]) -> dict[str, np.ndarray]:
    """[origins, genes] in log2: what the whole adds, and what each part would add alone."""
    whole = outputs(fitted, series, origins)
    return {part: fitted.shares[part] * values for part, values in whole.items()}


def outputs(fitted: Fit, series: Series, origins: Sequence[int]) -> dict[str, np.ndarray]:
    """[origins, genes] in log2: the corrections before the shares that are used of them."""
    device = next(fitted.network.parameters()).device
    some = windows_at_once(series, fitted.window, device)
    found: dict[str, list[np.ndarray]] = {part: [] for part in fitted.shares}
    for start in range(0, len(origins), some):
        ends = origins[start : start + some]
        batch = make_batch(series, ends, fitted.window, fitted.scaling, device)
        for part, values in correction_of(fitted.network, batch).items():
            found[part].append(fitted.scaling.unit * values.double().cpu().numpy())
    return {part: np.concatenate(values) for part, values in found.items()}


def correction_of(network: Backbone, batch: Batch) -> dict[str, Tensor]:
    """The whole correction and its parts, in units of the scaling: [windows, genes] each."""
    network.eval()
    with torch.no_grad():
        parts = network.parts(batch.features, batch.graph)
    return {WHOLE: sum(parts.values(), start=torch.zeros_like(batch.base)), **parts}


def supported_shares(network: Backbone, windows: list[Example]) -> dict[str, float]:
    """The share of each correction that fits some windows best, between 0 and 1; without windows
    all of it."""
    names = (WHOLE, *([LINEAR_PATH] if network.linear_path else []), NETWORK)
    if not windows:
        return dict.fromkeys(names, 1.0)
    power, along = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for batch, target in windows:
        for part, correction in correction_of(network, batch).items():
            power[part] += float((correction**2).sum())
            along[part] += float((correction * (target - batch.base)).sum())
    return {n: min(1.0, max(0.0, along[n] / power[n])) if power[n] > 0 else 0.0 for n in names}
