"""Beluga on windows that overlap: what they have in common is computed once.

Convolutions without padding do not see where a window begins, and the pools have stride 4, so a
column of the first pool belongs to every window that begins at a multiple of 4 bp. Windows begin
every 200 bp = 50 such columns, and the second pool takes 4 of them at a time: 50 is 2 more than a
multiple of 4, so the windows with even and with odd numbers need two poolings, 2 columns apart.
Everything before the second pool is computed once, what follows it twice, and the head once per
window, on its 106 columns of the last convolution. Nothing is approximated.

Windows by themselves take 3.90 billion multiplications each, in a long stretch 0.60 billion,
and 0.49 where convolutions have fast kernels.
"""

from dataclasses import dataclass, field
from functools import reduce

import torch
from torch import Tensor
from torch.nn import functional

from foldcast.spex.features.dna_codes import STEP, WINDOW
from foldcast.spex.features.fast_convolutions import Kernel, convolve, halved

KERNEL, POOL = 8, 4
HALO = 2 * (KERNEL - 1)  # bp that two convolutions take off a stretch


def _columns(length: int) -> int:
    """Columns of the last convolution over so many bp."""
    for _ in range(2):
        length = (length - HALO) // POOL
    return length - HALO


COLUMNS = _columns(WINDOW)
SPACING = STEP // POOL  # columns of the first pool from one window to the next
PHASES = 2  # SPACING * PHASES is a multiple of POOL
PAIR = 2  # columns of the second pool that are in one phase or in none, both
HALVINGS = (2, 1, 1)  # of the second to fourth convolution: windows begin at multiples of 4, 2, 2
CHANNELS_LAST = torch.channels_last
ROWS = 16  # windows; a matrix product of fewer adds up in another order on a CPU

Layer = tuple[Tensor, Tensor]  # weight, bias


@dataclass(frozen=True)
class Layers:
    """Weights as the layers use them: six convolutions [out, in, 1, 8], two linear [out, in].

    fast: kernels of the second to the fourth convolution with fewer multiplications; none: plain.
    """

    convolutions: list[Layer]
    linear: list[Layer]
    fast: list[Kernel] = field(default_factory=list)

    @property
    def widths(self) -> list[int]:
        return [len(bias) for _, bias in self.convolutions]


def fast_kernels(convolutions: list[Layer]) -> list[Kernel]:
    """`Layers.fast` of the six convolutions; not for bf16, which would round the sums of taps."""
    halvings = zip(convolutions[1:4], HALVINGS, strict=True)
    return [halved(weight, times) for (weight, _), times in halvings]


def stretch_length(windows: int) -> int:
    """Bp that so many successive windows cover."""
    return WINDOW + STEP * (windows - 1)


def shared_windows(layers: Layers, letters: Tensor, tile: int | None = None) -> Tensor:
    """Outputs of all windows of stretches.

    Args:
        letters: one-hot stretches [B, 4, 1, n], n = 2,000 + 200·(W - 1).
        tile: bp of the first two convolutions that are computed at a time (a multiple of 4): their
            outputs are the largest, and are faster while they fit a cache; None: all at once.

    Returns:
        [B, W, outputs], after the sigmoid, float32.
    """
    windows = (letters.shape[-1] - WINDOW) // STEP + 1
    # On a CPU one stretch keeps all threads busy, and more would not fit its cache.
    parts = letters.split(1) if tile else [letters]
    rows = torch.cat([_last_columns(layers, part, windows, tile) for part in parts])
    outputs = _head(rows.flatten(0, 1), layers.linear)
    return outputs.unflatten(0, (-1, windows))[:, _order(windows)]


def working_bytes(layers: Layers, windows: int, tile: int | None, size: int) -> int:
    """Memory that one stretch of so many windows takes at most, beside the weights.

    Args:
        size: bytes of a number.
    """
    width, length = layers.widths, stretch_length(windows)
    tiled = min(tile or length, length)
    first = length * 4 + 3 * tiled * max(width[:2])
    second = length // POOL * (width[1] + 4 * max(width[2:4]))
    third = 3 * length // POOL**2 * max(width[4:])
    # the unfolded columns, both phases in one, and the copy in the layout of the kernel
    head = windows * (3 * COLUMNS * width[5] + 2 * sum(len(bias) for _, bias in layers.linear))
    kept = length // POOL * width[3]
    return size * max(first + second, second + third, kept + head)


def _last_columns(layers: Layers, letters: Tensor, windows: int, tile: int | None) -> Tensor:
    """A row per window [B, W, width · columns], as Beluga flattens, phase after phase."""
    first, second, third = (layers.convolutions[k : k + 2] for k in (0, 2, 4))
    kernel = layers.fast[0] if layers.fast else None
    pairs = _pairs(first_columns(letters, first, tile, kernel), second, layers.fast[1:])
    rows = []
    for phase in range(min(PHASES, windows)):
        last = convolve_pair(pool(pairs[..., SPACING // PAIR * phase :], POOL // PAIR), third)
        # [B, width, windows of the phase, columns]
        unfolded = last.squeeze(2).unfold(-1, COLUMNS, SPACING * PHASES // POOL)
        rows.append(unfolded.transpose(1, 2).flatten(2))
    return torch.cat(rows, dim=1)


def first_columns(
    letters: Tensor, layers: list[Layer], tile: int | None, fast: Kernel | None = None
) -> Tensor:
    """The first two convolutions, the second with a fast kernel if there is one, and the pool."""
    length = (letters.shape[-1] - HALO) // POOL * POOL
    step = tile or length
    parts = []
    for start in range(0, length, step):
        part = letters[..., start : min(start + step, length) + HALO]
        parts.append(
            pool(convolve_pair(part, layers)) if fast is None else _pooled(part, layers, fast)
        )
    return torch.cat(parts, dim=-1) if len(parts) > 1 else parts[0]


def _pooled(letters: Tensor, layers: list[Layer], fast: Kernel) -> Tensor:
    """`first_columns` of one tile: the columns that are pooled are one of each phase."""
    (weight, bias), (_, second_bias) = layers
    phases = [
        functional.conv2d(letters[..., phase:], weight, bias, stride=(1, POOL)).relu_()
        for phase in range(POOL)
    ]
    return reduce(torch.maximum, convolve(phases, fast, second_bias)).relu_()


def _pairs(x: Tensor, layers: list[Layer], fast: list[Kernel]) -> Tensor:
    """The third and fourth convolution, and of every two columns the larger."""
    if not fast:
        return pool(convolve_pair(x, layers), PAIR)
    phases = [x[..., phase::PAIR].contiguous(memory_format=CHANNELS_LAST) for phase in range(PAIR)]
    for (_, bias), kernel in zip(layers, fast, strict=True):
        phases = [half.relu_() for half in convolve(phases, kernel, bias)]
    even, odd = phases
    return torch.maximum(even[..., : odd.shape[-1]], odd)


def convolve_pair(x: Tensor, layers: list[Layer]) -> Tensor:
    for weight, bias in layers:
        x = functional.conv2d(x, weight, bias).relu_()
    return x


def pool(x: Tensor, columns: int = POOL) -> Tensor:
    return functional.max_pool2d(x, (1, columns))


def _head(rows: Tensor, layers: list[Layer]) -> Tensor:
    """Outputs of rows [windows, width · columns]."""
    first, last = layers
    windows = len(rows)
    if rows.device.type == "cpu":
        rows = functional.pad(rows, (0, 0, 0, -windows % ROWS))
    hidden = hidden_units(rows, first)
    return functional.linear(hidden.relu_(), *last).float().sigmoid_()[:windows]


def hidden_units(rows: Tensor, layer: Layer) -> Tensor:
    """The first linear layer, before its units are cut at zero."""
    weight, bias = layer
    if weight.is_mkldnn:
        return functional.linear(rows.to_mkldnn(), weight, bias).to_dense()
    return functional.linear(rows, weight, bias)


def _order(windows: int) -> list[int]:
    """Where each window is when those of the first phase come before those of the second."""
    by_phase = [w for phase in range(PHASES) for w in range(phase, windows, PHASES)]
    return sorted(range(windows), key=by_phase.__getitem__)
