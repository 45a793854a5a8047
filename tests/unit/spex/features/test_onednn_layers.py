"""Layers with packed weights are the layers."""

import pytest
import torch
from torch.nn import functional

from foldcast.spex.features import onednn_layers
from foldcast.spex.features.onednn_layers import (
    convolution,
    packed_convolution,
    packed_product,
    product,
)


@pytest.mark.parametrize("taps", [1, 2, 8])
@pytest.mark.parametrize("columns", [1, 16, 98, 1025])
@pytest.mark.parametrize("dtype, tolerance", [(torch.float32, 1e-4), (torch.float64, 1e-12)])
def test_convolutions(taps, columns, dtype, tolerance):
    generator = torch.Generator().manual_seed(columns)
    x, weight, bias = (
        torch.randn(shape, generator=generator, dtype=dtype)
        for shape in [(2, 16, 1, columns + taps + 2), (32, 16, 1, taps), (32,)]
    )
    # Columns of a longer signal, as those of a phase are.
    x = x.contiguous(memory_format=torch.channels_last)[..., 1:-2]
    for shift in (bias, None):
        found = convolution(x, packed_convolution(weight), shift)
        expected = functional.conv2d(x, weight, shift)
        torch.testing.assert_close(found, expected, rtol=0, atol=tolerance)
        assert found.is_contiguous(memory_format=torch.channels_last)


def test_products():
    generator = torch.Generator().manual_seed(1)
    x, weight, bias = (
        torch.randn(shape, generator=generator) for shape in [(17, 40), (24, 40), (24,)]
    )
    for shift in (bias, None):
        found = product(x, packed_product(weight), shift)
        torch.testing.assert_close(found, functional.linear(x, weight, shift), rtol=0, atol=1e-5)


def test_packed_weights_can_be_read_back():
    weight = torch.randn(24, 40)
    packed = packed_product(weight)
    assert torch.equal(packed.to_dense() if packed.is_mkldnn else packed, weight)


def test_without_the_calls_weights_stay_as_they_are_and_the_log_says_so(monkeypatch, caplog):
    weight = torch.randn(24, 40)
    assert packed_product(weight).is_mkldnn == torch.backends.mkldnn.is_available()

    def gone(*_):
        raise TypeError("_linear_pointwise() takes other arguments now")

    monkeypatch.setattr(onednn_layers, "_product", gone)
    onednn_layers._calls_are_there.cache_clear()
    try:
        with caplog.at_level("INFO"):
            assert torch.equal(packed_product(weight), weight)
        assert "takes other arguments now" in caplog.text
    finally:
        onednn_layers._calls_are_there.cache_clear()
