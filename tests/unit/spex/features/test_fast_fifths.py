"""Convolutions in five phases are convolutions, with 27 of 40 multiplications."""

import pytest
import torch
from torch.nn import functional

from foldcast.spex.features import fast_fifths
from foldcast.spex.features.fast_fifths import FIFTHS, convolve_fifths, in_fifths


def fifths(x: torch.Tensor) -> list[torch.Tensor]:
    """Phases of a signal [B, in, 1, n]."""
    rows = x.squeeze(2).transpose(1, 2)
    return [rows[:, phase::FIFTHS].contiguous() for phase in range(FIFTHS)]


@pytest.mark.parametrize("length", range(16, 31))
@pytest.mark.parametrize("taps", [5, 7, 8])
def test_phases_of_the_output_are_the_convolution(taps, length):
    generator = torch.Generator().manual_seed(length)
    x, weight, bias = (
        torch.randn(shape, generator=generator, dtype=torch.float64)
        for shape in [(2, 3, 1, length), (4, 3, 1, taps), (4,)]
    )
    found = convolve_fifths(fifths(x), in_fifths(weight), bias)
    for phase, expected in zip(found, fifths(functional.conv2d(x, weight, bias)), strict=True):
        torch.testing.assert_close(phase, expected, rtol=0, atol=1e-12)


def test_multiplications(monkeypatch):
    rows = []
    plain = fast_fifths.product

    def counted(x, weight, bias):
        rows.append(x.shape[1] * x.shape[2])
        return plain(x, weight, bias)

    monkeypatch.setattr(fast_fifths, "product", counted)
    x, weight = torch.randn(1, 16, 1, 4095), torch.randn(16, 16, 1, 8)
    convolve_fifths(fifths(x), in_fifths(weight), torch.zeros(16))
    assert sum(rows) == pytest.approx(27 / 40 * 8 * 16 * 4095, rel=0.01)


def test_outputs_depend_on_what_their_taps_reach_alone():
    x, weight, bias = torch.randn(1, 16, 1, 140), torch.randn(16, 16, 1, 8), torch.randn(16)
    whole = convolve_fifths(fifths(x), in_fifths(weight), bias)
    other = x.clone()
    other[..., 120:] = 1e6
    changed = convolve_fifths(fifths(other), in_fifths(weight), bias)
    for phase, (one, another) in enumerate(zip(whole, changed, strict=True)):
        same = len(range(phase, 120 - 7, FIFTHS))
        assert torch.equal(one[:, :same], another[:, :same])
        assert not torch.equal(one[:, same:], another[:, same:])
