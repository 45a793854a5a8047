"""Convolutions with fewer multiplications are convolutions."""

import pytest
import torch
from torch.nn import functional

from foldcast.spex.features import fast_convolutions
from foldcast.spex.features.fast_convolutions import convolve, halved


@pytest.mark.parametrize("length", [40, 41, 42, 43, 64])
@pytest.mark.parametrize("halvings, taps", [(0, 8), (1, 8), (2, 8), (3, 8), (1, 2), (2, 4)])
def test_phases_of_the_output_are_the_convolution(halvings, taps, length):
    generator = torch.Generator().manual_seed(length)
    x, weight, bias = (
        torch.randn(shape, generator=generator, dtype=torch.float64)
        for shape in [(2, 3, 1, length), (5, 3, 1, taps), (5,)]
    )
    phases = [x[..., p :: 2**halvings] for p in range(2**halvings)]
    found = convolve(phases, halved(weight, halvings), bias)
    expected = functional.conv2d(x, weight, bias)
    whole = expected.shape[-1] // 2**halvings  # columns that every phase must have
    for p, phase in enumerate(found):
        there = expected[..., p :: 2**halvings]
        n = phase.shape[-1]
        assert whole <= n <= there.shape[-1]
        torch.testing.assert_close(phase, there[..., :n], rtol=0, atol=1e-12)


def test_three_quarters_of_the_multiplications(monkeypatch):
    columns = []
    plain = fast_convolutions.convolution

    def counted(x, weight, bias):
        made = plain(x, weight, bias)
        columns.append(made.shape[-1] * weight.shape[-1])
        return made

    monkeypatch.setattr(fast_convolutions, "convolution", counted)
    x, weight = torch.randn(1, 3, 1, 4096), torch.randn(3, 3, 1, 8)
    for halvings in range(3):
        columns.clear()
        phases = [x[..., p :: 2**halvings] for p in range(2**halvings)]
        convolve(phases, halved(weight, halvings), None)
        assert sum(columns) == pytest.approx(0.75**halvings * 8 * 4096, rel=0.01)
