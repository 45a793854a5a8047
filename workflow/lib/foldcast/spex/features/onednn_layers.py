"""Convolutions and products by oneDNN, with weights in the order that its kernels read.

PyTorch's own calls put weights into that order anew each time, which takes as long as a tenth of a
short convolution; for products of matrices they choose MKL, which is slow on processors not of
Intel's. The calls here are those that PyTorch's compiler makes for layers that are frozen.
"""

from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from foldcast.job import log

CHANNELS_LAST = torch.channels_last
COLUMNS = 1024  # that weights are put in order for; all numbers of them are as fast with it


def packed_convolution(weight: Tensor) -> Tensor:
    """Weights [out, in, 1, taps] for `convolution`; as they are where oneDNN is not.

    One tap is a product: oneDNN's convolutions of one tap want another order for some numbers of
    columns, and put the weights into it at each call.
    """
    weight = weight.contiguous(memory_format=CHANNELS_LAST)
    if not _is_packed(weight):
        return weight
    if weight.shape[-1] == 1:
        return packed_product(weight[..., 0, 0])
    return _pack(weight)


def convolution(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Convolution without padding of [B, in, 1, n], channels last."""
    if not weight.is_mkldnn:
        return functional.conv2d(x, weight, bias)
    if weight.dim() == 2:
        return product(x.permute(0, 2, 3, 1), weight, bias).permute(0, 3, 1, 2)
    return _convolution(x, weight, bias)


def packed_product(weight: Tensor) -> Tensor:
    """Weights [out, in] for `product`; as they are where oneDNN is not."""
    return _pack_product(weight) if _is_packed(weight) else weight


def product(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Rows [..., in] through a linear layer: [..., out]."""
    if not weight.is_mkldnn:
        return functional.linear(x, weight, bias)
    return _product(x, weight, bias)


def _pack(weight: Tensor) -> Tensor:
    reorder: Any = torch._C._nn.mkldnn_reorder_conv2d_weight
    none, one = [0, 0], [1, 1]
    return reorder(weight.to_mkldnn(), none, one, one, 1, [1, weight.shape[1], 1, COLUMNS])


def _convolution(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    none, one = [0, 0], [1, 1]
    made = torch.ops.mkldnn._convolution_pointwise
    return made(x, weight, bias, none, one, one, 1, "none", [], "")


def _pack_product(weight: Tensor) -> Tensor:
    return torch.ops.mkldnn._reorder_linear_weight(weight)


def _product(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


def _is_packed(weight: Tensor) -> bool:
    return weight.device.type == "cpu" and weight.dtype == torch.float32 and _calls_are_there()


@cache
def _calls_are_there() -> bool:
    """Whether this PyTorch has the calls as they are made here: it promises them to nobody."""
    if not torch.backends.mkldnn.is_available():
        return False
    x, weight, bias = torch.ones(1, 16, 1, 18), torch.ones(16, 16, 1, 3), torch.ones(16)
    try:
        columns = _convolution(x.contiguous(memory_format=CHANNELS_LAST), _pack(weight), bias)
        units = _product(x[0, :, 0], _pack_product(torch.ones(8, 18)), None)
        right = bool((columns == 49).all() and (units == 18).all())
        reason = "" if right else "other numbers"
    except (AttributeError, NotImplementedError, RuntimeError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}".split("\n")[0]
    if reason:
        log.info("Beluga: PyTorch %s lacks calls of oneDNN (%s): slower", torch.__version__, reason)
    return not reason
