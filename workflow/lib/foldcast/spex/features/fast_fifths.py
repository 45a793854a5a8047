"""Convolutions in five phases with fewer multiplications, for signals that repeat every 25 columns.

Windows begin every 25 columns of Beluga's third pair of convolutions, so halves would begin in
another column from one window to the next, and outputs would not be the same to the bit. Fifths do
not. An output of phase p takes from columns 5m + p + i by taps i; of five taps that is a matrix
with X[p + i] in row p and column i, the same above and below its diagonal. So one product serves
two outputs, as in

    y[0] = (X[0] - X[1]) h[0] + X[1] (h[0] + h[1])
    y[1] = (X[2] - X[1]) h[1] + X[1] (h[0] + h[1])

and 15 products do for 25. Of eight taps the last three are taken by themselves: 27 products in
place of 40. No output takes from columns that its taps do not reach.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from foldcast.spex.features.onednn_layers import packed_product, product

FIFTHS = 5


@dataclass(frozen=True)
class Taps:
    """Weights of up to five successive taps, the first of them ``at`` columns on.

    Attributes:
        own: of each tap [out, in].
        both: of each two taps, by their numbers, their sum.
        row: of all taps side by side [out, taps · in]; for phases with no tap of their number.
    """

    at: int
    own: list[Tensor]
    both: dict[tuple[int, int], Tensor]
    row: Tensor | None


def in_fifths(weight: Tensor) -> list[Taps]:
    """Weights [out, in, 1, taps] as `convolve_fifths` takes them."""
    found = []
    for at in range(0, weight.shape[-1], FIFTHS):
        taps = [tap.contiguous() for tap in weight[:, :, 0, at : at + FIFTHS].unbind(-1)]
        numbers = range(len(taps))
        both = {
            (p, i): packed_product(taps[p] + taps[i]) for p in numbers for i in numbers if p < i
        }
        row = packed_product(torch.cat(taps, dim=1)) if len(taps) < FIFTHS else None
        found.append(Taps(at, [packed_product(tap) for tap in taps], both, row))
    return found


def convolve_fifths(phases: list[Tensor], kernel: list[Taps], bias: Tensor) -> list[Tensor]:
    """Convolution without padding of a signal in five phases.

    Args:
        phases: number p is columns p, p + 5, … of the signal, [B, n, in].

    Returns:
        The phases of the output, [B, n', out].
    """
    columns = sum(phase.shape[1] for phase in phases)
    outputs = columns - sum(len(taps.own) for taps in kernel) + 1
    lengths = [-(-(outputs - p) // FIFTHS) for p in range(FIFTHS)]

    def taken(column: int, n: int) -> Tensor:
        whole, phase = divmod(column, FIFTHS)
        return phases[phase][:, whole : whole + n]

    made: list[Tensor] = []
    for p, n in enumerate(lengths):
        for k, taps in enumerate(kernel):
            reached = [taken(taps.at + p + i, n) for i in range(len(taps.own))]
            if taps.row is None or p < len(reached):
                found = product(_less(reached.pop(p), reached), taps.own[p], None if k else bias)
            else:
                found = product(torch.cat(reached, dim=-1), taps.row, None if k else bias)
            if k:
                made[p] += found
            else:
                made.append(found)
    for taps in kernel:
        for (p, i), weight in taps.both.items():
            shared = product(taken(taps.at + p + i, lengths[p]), weight, None)
            made[p] += shared
            made[i] += shared[:, : lengths[i]]
    return made


def _less(one: Tensor, others: list[Tensor]) -> Tensor:
    first, *more = others
    left = one - first
    for other in more:
        left -= other
    return left
