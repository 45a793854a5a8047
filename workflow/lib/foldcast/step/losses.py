"""The four parts of the loss. Each takes [windows, genes] tensors in the same units."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class LossWeights:
    """Weight of each part; 0 switches a part off.

    trend_smoothness is the share of mean |change| that the trend part adds; error_measure is
    `mse` or `l1`.
    """

    error: float = 1.0
    direction: float = 0.05
    trend: float = 0.05
    consistency: float = 0.0
    trend_smoothness: float = 0.1
    error_measure: str = "mse"


def error(predicted: Tensor, target: Tensor, measure: str = "mse") -> Tensor:
    """Mean squared (`mse`) or mean absolute (`l1`) error."""
    return {"mse": functional.mse_loss, "l1": functional.l1_loss}[measure](predicted, target)


def direction(predicted: Tensor, target: Tensor, last: Tensor) -> Tensor:
    """1 − cosine, over genes, of the predicted and the true change; 0 best, 2 opposite."""
    return (1 - functional.cosine_similarity(predicted - last, target - last, dim=-1)).mean()


def trend(predicted: Tensor, target: Tensor, inputs: Tensor, smoothness: float) -> Tensor:
    """1 − mean over genes of the correlation along time of (inputs, forecast) and (inputs, truth).

    Plus ``smoothness`` × mean |forecast − last input|. inputs: [windows, times, genes].
    """
    forecast = torch.cat([inputs, predicted.unsqueeze(1)], dim=1)
    truth = torch.cat([inputs, target.unsqueeze(1)], dim=1)
    forecast_centred = forecast - forecast.mean(dim=1, keepdim=True)
    truth_centred = truth - truth.mean(dim=1, keepdim=True)
    correlation = functional.cosine_similarity(forecast_centred, truth_centred, dim=1)
    return (1 - correlation).mean() + smoothness * consistency(predicted, inputs[:, -1])


def consistency(predicted: Tensor, last: Tensor) -> Tensor:
    """Mean |forecast − last input|. It rewards persistence, so its weight is 0 by default."""
    return (predicted - last).abs().mean()


def total(
    predicted: Tensor, target: Tensor, inputs: Tensor, weights: LossWeights
) -> tuple[Tensor, dict[str, float]]:
    """The weighted sum and the value of each part that is switched on."""
    last = inputs[:, -1]
    parts: dict[str, Tensor] = {}
    if weights.error:
        parts["error"] = error(predicted, target, weights.error_measure)
    if weights.direction:
        parts["direction"] = direction(predicted, target, last)
    if weights.trend:
        parts["trend"] = trend(predicted, target, inputs, weights.trend_smoothness)
    if weights.consistency:
        parts["consistency"] = consistency(predicted, last)
    loss = torch.stack([getattr(weights, name) * part for name, part in parts.items()]).sum()
    return loss, {name: float(part.detach()) for name, part in parts.items()}
