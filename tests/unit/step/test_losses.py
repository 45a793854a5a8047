"""Each part of the loss on cases that can be worked out by hand."""

import math

import pytest
import torch

from foldcast.step import losses
from foldcast.step.losses import LossWeights

LAST = torch.tensor([[1.0, 1.0]])


def test_error_is_the_mean_square():
    assert losses.error(torch.tensor([[1.0, 3.0]]), torch.tensor([[0.0, 1.0]])) == 2.5


def test_error_may_be_the_mean_absolute():
    predicted, target = torch.tensor([[1.0, 3.0]]), torch.tensor([[0.0, 1.0]])
    assert losses.error(predicted, target, "l1") == 1.5
    weights = LossWeights(error=2.0, error_measure="l1", direction=0.0, trend=0.0)
    loss, parts = losses.total(predicted, target, torch.zeros(1, 2, 2), weights)
    assert float(loss) == 3.0 and parts == {"error": 1.5}


@pytest.mark.parametrize(
    ("change", "expected"), [((2.0, 0.0), 0.0), ((-1.0, 0.0), 2.0), ((0.0, 3.0), 1.0)]
)
def test_direction_is_the_angle_of_the_change(change, expected):
    target = LAST + torch.tensor([[1.0, 0.0]])
    found = losses.direction(LAST + torch.tensor([change]), target, LAST)
    assert float(found) == pytest.approx(expected, abs=1e-6)


def test_trend_is_one_minus_the_correlation_along_time():
    inputs = torch.tensor([[[0.0], [1.0]]])  # 1 window, 2 times, 1 gene
    same = losses.trend(torch.tensor([[2.0]]), torch.tensor([[2.0]]), inputs, smoothness=0.0)
    assert float(same) == pytest.approx(0.0, abs=1e-6)
    # (0, 1, 0) against (0, 1, 2): orthogonal after centring.
    other = losses.trend(torch.tensor([[0.0]]), torch.tensor([[2.0]]), inputs, smoothness=0.0)
    assert float(other) == pytest.approx(1.0, abs=1e-6)
    smooth = losses.trend(torch.tensor([[3.0]]), torch.tensor([[3.0]]), inputs, smoothness=0.5)
    assert float(smooth) == pytest.approx(0.5 * 2.0, abs=1e-6)


def test_consistency_is_the_mean_change():
    assert losses.consistency(torch.tensor([[1.0, 4.0]]), LAST) == 1.5


@pytest.mark.parametrize("part", ["error", "direction", "trend", "consistency"])
def test_each_part_can_be_the_only_one_and_be_off(part):
    torch.manual_seed(0)
    inputs, target = torch.randn(2, 3, 4), torch.randn(2, 4)
    off = {"error": 0.0, "direction": 0.0, "trend": 0.0, "consistency": 0.0}
    predicted = torch.randn(2, 4, requires_grad=True)
    loss, parts = losses.total(predicted, target, inputs, LossWeights(**(off | {part: 2.0})))
    assert list(parts) == [part]
    assert float(loss.detach()) == pytest.approx(2 * parts[part])
    loss.backward()
    assert predicted.grad.abs().sum() > 0
    _, others = losses.total(predicted, target, inputs, LossWeights(**({**off, "error": 1.0})))
    assert list(others) == ["error"]


def test_no_change_at_all_is_finite():
    flat = torch.ones(1, 3, 2)
    loss, _ = losses.total(flat[:, 0], flat[:, 0], flat, LossWeights(consistency=1.0))
    assert math.isfinite(float(loss))
