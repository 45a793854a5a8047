"""Beluga on windows that overlap: what they have in common is computed once.

Convolutions without padding do not see where a window begins, and the pools have stride 4, so a
column of the first pool belongs to every window that begins at a multiple of 4 bp. Windows begin
every 200 bp = 50 such columns, and the second pool takes 4 of them at a time: 50 is 2 more than a
multiple of 4, so the windows with even and with odd numbers need two poolings, 2 columns apart.
Everything before the second pool is computed once, what follows it twice, and the head once per
window, on its 106 columns of the last convolution. Nothing is approximated.

Windows by themselves take 3.90 billion multiplications each, in a long stretch 0.60 billion,
and 0.42 where convolutions have fast kernels.
"""

from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor
from torch.nn import functional

from foldcast.spex.features.dna_codes import STEP, WINDOW
from foldcast.spex.features.fast_convolutions import Kernel, convolve
from foldcast.spex.features.fast_fifths import FIFTHS, Taps, convolve_fifths
from foldcast.spex.features.onednn_layers import product

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
BLOCK = SPACING * PHASES // POOL  # columns of the last convolution from one window of a phase on
ROWS = 16  # windows; a matrix product of fewer adds up in another order on a CPU

Layer = tuple[Tensor, Tensor]  # weight, bias
Pieces = tuple[list[Tensor], Tensor]  # weights of successive inputs, bias


@dataclass(frozen=True)
class FastKernels:
    """Kernels with fewer multiplications: of the second to the fourth convolution in halves, of
    the fifth and sixth in fifths."""

    halves: list[Kernel]
    fifths: list[list[Taps]]


@dataclass(frozen=True)
class Layers:
    """Weights as the layers use them.

    Attributes:
        convolutions: six, [out, in, 1, 8].
        hidden: the first linear layer, [units, columns · width] with the channels of a column
            side by side.
        last: the second, [outputs, units].
        fast: in place of the second to sixth convolution; None: plain.
    """

    convolutions: list[Layer]
    hidden: Pieces
    last: Layer
    fast: FastKernels | None = None

    @property
    def widths(self) -> list[int]:
        return [len(bias) for _, bias in self.convolutions]


def stretch_length(windows: int) -> int:
    """Bp that so many successive windows cover."""
    return WINDOW + STEP * (windows - 1)


def shared_windows(layers: Layers, letters: Tensor, tile: int | None = None) -> Tensor:
    """Outputs of all windows of stretches.

    Args:
        letters: one-hot stretches [B, 4, 1, n], n = 2,000 + 200·(W - 1).
        tile: bp of the first two convolutions that are computed at a time, about: their
            outputs are the largest, and are faster while they fit a cache; None: all at once.

    Returns:
        [B, W, outputs], after the sigmoid, float32.
    """
    windows = (letters.shape[-1] - WINDOW) // STEP + 1
    # On a CPU one stretch keeps all threads busy, and more would not fit its cache.
    parts = letters.split(1) if tile else [letters]
    # Of one stretch after the other, phase after phase.
    rows = [
        row
        for part in parts
        for phases in zip(*_windows_of_phases(layers, part, windows, tile), strict=True)
        for row in phases
    ]
    hidden = hidden_units(rows, layers.hidden)
    outputs = functional.linear(hidden.relu_(), *layers.last).float().sigmoid_()
    outputs = outputs[: windows * len(letters)].unflatten(0, (-1, windows))
    return outputs[:, _order(windows)]


def working_bytes(layers: Layers, windows: int, tile: int | None, size: int) -> int:
    """Memory that one stretch of so many windows takes at most, beside the weights.

    Args:
        size: bytes of a number.
    """
    width, length = layers.widths, stretch_length(windows)
    tiled = min(tile or length, length)
    first = length * 4 + (4 if layers.fast else 3) * tiled * max(width[:2])
    second = length // POOL * (width[1] + 4 * max(width[2:4]))
    third = 3 * length // POOL**2 * max(width[4:])
    # both phases' columns, a piece of all windows', and the units
    pieces, bias = layers.hidden
    piece = max(weight.shape[1] for weight in pieces)
    units = 2 * (len(bias) + len(layers.last[1]))
    head = windows * (BLOCK * width[5] + 2 * piece + units)
    kept = length // POOL * width[3]
    return size * max(first + second, second + third, kept + head)


def _windows_of_phases(
    layers: Layers, letters: Tensor, windows: int, tile: int | None
) -> list[Tensor]:
    """The last convolution's columns in each window of each phase [B, windows, columns · width]."""
    first, second, third = (layers.convolutions[k : k + 2] for k in (0, 2, 4))
    if layers.fast:
        phases = _fast_columns(letters, first, layers.fast.halves[0], tile)
        pairs = _fast_pairs(phases, second, layers.fast.halves[1:])
    else:
        pairs = pool(convolve_pair(first_columns(letters, first, tile), second), PAIR)
    found = []
    for phase in range(min(PHASES, windows)):
        x = pool(pairs[..., SPACING // PAIR * phase :], POOL // PAIR)
        if layers.fast:
            last = _fast_last(x, third, layers.fast.fifths)
        else:
            last = convolve_pair(x, third).squeeze(2).transpose(1, 2)
        width = last.shape[2]
        found.append(last.flatten(1).unfold(1, COLUMNS * width, BLOCK * width))
    return found


def first_columns(letters: Tensor, layers: list[Layer], tile: int | None) -> Tensor:
    """The first two convolutions and the pool."""
    return torch.cat([pool(convolve_pair(part, layers)) for part in _tiles(letters, tile)], dim=-1)


def _tiles(letters: Tensor, tile: int | None) -> list[Tensor]:
    """Stretches about as long as each other, whose columns of the first pool are successive."""
    length, whole = (letters.shape[-1] - HALO) // POOL * POOL, POOL * PAIR
    tiles = -(-length // (tile or length))
    step = -(-length // (tiles * whole)) * whole
    starts = range(0, length, step)
    return [letters[..., start : min(start + step, length) + HALO] for start in starts]


def _fast_columns(
    letters: Tensor, layers: list[Layer], kernel: Kernel, tile: int | None
) -> list[Tensor]:
    """`first_columns`, even and odd ones; their number is even in whole windows."""
    (weight, bias), (_, second_bias) = layers
    stride = POOL * PAIR
    tiles = []
    for part in _tiles(letters, tile):
        x = [
            functional.conv2d(part[..., phase:], weight, bias, stride=(1, stride)).relu_()
            for phase in range(stride)
        ]
        found = convolve(x, kernel, second_bias)
        pools = [found[k : k + POOL] for k in range(0, stride, POOL)]
        tiles.append([reduce(torch.maximum, columns).relu_() for columns in pools])
    return [torch.cat(parts, dim=-1) for parts in zip(*tiles, strict=True)]


def _fast_pairs(phases: list[Tensor], layers: list[Layer], kernels: list[Kernel]) -> Tensor:
    """The third and fourth convolution of even and odd columns, and of every two the larger."""
    for (_, bias), kernel in zip(layers, kernels, strict=True):
        phases = [half.relu_() for half in convolve(phases, kernel, bias)]
    even, odd = phases
    return torch.maximum(even[..., : odd.shape[-1]], odd)


def _fast_last(x: Tensor, layers: list[Layer], kernels: list[list[Taps]]) -> Tensor:
    """The fifth and sixth convolution of the columns that windows have, [B, columns, width]."""
    columns = (x.shape[-1] - HALO - COLUMNS) // BLOCK * BLOCK + COLUMNS + HALO
    rows = x.squeeze(2).transpose(1, 2)[:, :columns]
    phases = [rows[:, phase::FIFTHS].contiguous() for phase in range(FIFTHS)]
    for (_, bias), kernel in zip(layers, kernels, strict=True):
        phases = [fifth.relu_() for fifth in convolve_fifths(phases, kernel, bias)]
    last = x.new_empty(len(x), columns - HALO, phases[0].shape[2])
    for phase, fifth in enumerate(phases):
        last[:, phase::FIFTHS] = fifth
    return last


def convolve_pair(x: Tensor, layers: list[Layer]) -> Tensor:
    for weight, bias in layers:
        x = functional.conv2d(x, weight, bias).relu_()
    return x


def pool(x: Tensor, columns: int = POOL) -> Tensor:
    return functional.max_pool2d(x, (1, columns))


def hidden_units(rows: list[Tensor], layer: Pieces) -> Tensor:
    """The first linear layer of windows, before its units are cut at zero.

    Args:
        rows: of some windows each [n, columns · width]; may overlap in memory.

    Returns:
        [windows, units], on a CPU at least `ROWS` of them.
    """
    if rows[0].device.type == "cpu":
        more = max(ROWS - sum(map(len, rows)), 0)
        rows = [*rows, rows[0].new_zeros(1).expand(more, rows[0].shape[1])]
    weights, bias = layer
    sizes = [weight.shape[1] for weight in weights]
    # A piece at a time: all would be the largest tensor of the whole network.
    pieces = map(torch.cat, zip(*(row.split(sizes, dim=1) for row in rows), strict=True))
    total = product(next(pieces), weights[0], bias)
    for piece, weight in zip(pieces, weights[1:], strict=True):
        total += product(piece, weight, None)
    return total


def _order(windows: int) -> list[int]:
    """Where each window is when those of the first phase come before those of the second."""
    by_phase = [w for phase in range(PHASES) for w in range(phase, windows, PHASES)]
    return sorted(range(windows), key=by_phase.__getitem__)
