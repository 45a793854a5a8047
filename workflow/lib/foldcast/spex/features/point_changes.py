"""Beluga on sequences that differ from one another in single bases.

What a base does not reach is computed once, for the reference. A base is under 15 columns of the
second convolution, so under 5 of the first pool at most, 6 of the second and 20 of the 106 columns
of the last convolution that a window has. Convolutions see those alone; the first linear layer is
linear, so what its units get changes by the changed columns through their weights. Nothing is
approximated.

Pools have stride 4, twice, so the windows that begin at one base modulo 16 share all columns.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import WINDOW
from foldcast.spex.features.dna_codes import reverse_complement as other_strand
from foldcast.spex.features.window_sharing import (
    COLUMNS,
    HALO,
    POOL,
    convolve_pair,
    first_columns,
    hidden_units,
    pool,
)

PHASES = POOL**2  # bp
AT_ONCE = 64  # changes whose columns, or windows whose units, are computed together


def _pooled(columns: int) -> int:
    """Columns of a pool over so many successive ones at most."""
    return (columns + POOL - 2) // POOL + 1


FIRST = _pooled(1 + HALO)  # columns of the first pool that a base reaches
SECOND = _pooled(FIRST + HALO)  # of the second
LAST = SECOND + HALO  # of the last convolution
# Bp on either side of a base that its columns are computed from, and one phase.
MARGIN = HALO * (1 + POOL + POOL**2) + POOL**2 * 2 + PHASES


@dataclass(frozen=True)
class Points:
    """Changed bases of a stretch, each by itself, and the windows that are asked of each.

    Attributes:
        at: where in the stretch, [P].
        code: what the base becomes, [P].
        point: number of the point of each window asked, [K].
        start: where in the stretch the window begins, [K]; the point lies in it, and the window
            `MARGIN` or more from the stretch's ends.
    """

    at: np.ndarray
    code: np.ndarray
    point: np.ndarray
    start: np.ndarray

    def turned(self, length: int) -> "Points":
        """The same on the other strand of a stretch."""
        code = other_strand(self.code)[::-1]
        return Points(length - 1 - self.at, code, self.point, length - self.start - WINDOW)


@dataclass(frozen=True)
class _Columns:
    """The reference from one base on: after the first pool, the second and the last convolution,
    each [1, width, 1, columns]."""

    first: Tensor
    second: Tensor
    last: Tensor
    skipped: int  # columns of `first` before the second pool's begin


class PointChanges:
    """What single bases change in Beluga's outputs.

    Attributes:
        reference, changed: windows of either that were computed, on each strand.
    """

    def __init__(self, network: Beluga) -> None:
        self.network = network
        self.reference = self.changed = 0
        weights, _ = network.layers.hidden
        pieces = [(w.to_dense() if w.is_mkldnn else w).T for w in weights]
        # [columns, width, units]: the weights of successive columns are one block.
        self._by_column = torch.cat(pieces).unflatten(0, (COLUMNS, -1))

    def differences(
        self, codes: np.ndarray, points: Points, *, reverse_complement: bool
    ) -> np.ndarray:
        """Outputs with the changed base − those of the reference, [K, outputs] float32.

        Args:
            codes: of the stretch [n], the reference.
            reverse_complement: mean of both strands, instead of the given one.
        """
        with self.network.computing():
            mean = self._strand(codes, points)
            if reverse_complement:
                mean = (mean + self._strand(other_strand(codes), points.turned(len(codes)))) / 2
        return mean.cpu().numpy()

    def _strand(self, codes: np.ndarray, points: Points) -> Tensor:
        made = torch.empty(len(points.start), self.network.outputs, device=self.network.device)
        phases = points.start % PHASES
        for phase in np.unique(phases):
            asked = np.flatnonzero(phases == phase)
            self._phase(codes, points, int(phase), asked, made)
        return made

    def _phase(
        self, codes: np.ndarray, points: Points, phase: int, asked: np.ndarray, made: Tensor
    ) -> None:
        """The windows that begin at one phase; all columns count from there."""
        reference = self._reference(codes, phase)
        some, row = np.unique(points.point[asked], return_inverse=True)
        changes, begin = self._changed_columns(codes, points, phase, some, reference)
        column = (points.start[asked] - phase) // PHASES
        windows, of = np.unique(column, return_inverse=True)
        units = self._units(reference.last, windows)
        outputs = self._outputs(units)
        # By the place of the changed columns within the window.
        by_place = defaultdict(list)
        for k, place in enumerate(begin[row] - column):
            by_place[int(place)].append(k)
        for place, rows in by_place.items():
            low = max(-place, 0)
            high = max(min(COLUMNS - place, LAST), low)
            weights = self._by_column[place + low : place + high].flatten(0, 1)
            change = changes[row[rows], low:high].flatten(1) @ weights
            here = torch.as_tensor(of[rows], device=made.device)
            new = self._outputs(units[here] + change.float())
            made[asked[rows]] = new - outputs[here]
        self.reference += len(windows)
        self.changed += len(asked)

    def _reference(self, codes: np.ndarray, phase: int) -> _Columns:
        convolutions = self.network.layers.convolutions
        skipped, start = divmod(phase, POOL)
        letters = self.network.letters(codes[None, start:])
        first = first_columns(letters, convolutions[:2], self.network.tile)
        second = pool(convolve_pair(first, convolutions[2:4])[..., skipped:])
        return _Columns(first, second, convolve_pair(second, convolutions[4:]), skipped)

    def _changed_columns(
        self,
        codes: np.ndarray,
        points: Points,
        phase: int,
        some: np.ndarray,
        reference: _Columns,
    ) -> tuple[Tensor, np.ndarray]:
        """Columns of the last convolution less the reference's [points, LAST, width], and where
        they begin."""
        convolutions = self.network.layers.convolutions
        start = phase % POOL
        at = points.at[some] - start
        first = (at - HALO) // POOL  # of `reference.first`
        second = (first - HALO - reference.skipped) // POOL
        last = second - HALO
        parts = []
        for k in range(0, len(some), AT_ONCE):
            here = slice(k, k + AT_ONCE)
            bases = _spans(first[here] * POOL, FIRST * POOL + HALO)
            letters = codes[start:][bases]
            letters[bases == at[here, None]] = points.code[some[here]]
            new = pool(convolve_pair(self.network.letters(letters), convolutions[:2]))
            begin = second[here] * POOL + reference.skipped
            x = _with(reference.first, begin, SECOND * POOL + HALO, new, first[here] - begin)
            new = pool(convolve_pair(x, convolutions[2:4]))
            begin = last[here]
            x = _with(reference.second, begin, LAST + HALO, new, second[here] - begin)
            new = convolve_pair(x, convolutions[4:])
            parts.append(new - _taken(reference.last, begin, LAST))
        return torch.cat(parts).squeeze(2).transpose(1, 2), last

    def _units(self, last: Tensor, columns: np.ndarray) -> Tensor:
        """What the hidden units get from windows that begin at columns, float32."""
        parts = []
        for k in range(0, len(columns), AT_ONCE):
            begin = columns[k : k + AT_ONCE]
            rows = _taken(last, begin, COLUMNS).squeeze(2).transpose(1, 2).flatten(1)
            parts.append(hidden_units([rows], self.network.layers.hidden)[: len(begin)])
        return torch.cat(parts).float()

    def _outputs(self, units: Tensor) -> Tensor:
        weight, bias = self.network.layers.last
        outputs = functional.linear(units.relu().to(weight.dtype), weight, bias)
        return outputs.float().sigmoid_()[:, : self.network.outputs]


def _spans(begin: Sequence[int] | np.ndarray, length: int) -> np.ndarray:
    """Successive numbers from each on, [n, length]."""
    return np.asarray(begin)[:, None] + np.arange(length)


def _taken(columns: Tensor, begin: np.ndarray, length: int) -> Tensor:
    """Stretches of columns [1, width, 1, n] as a batch [B, width, 1, length]."""
    spans = torch.as_tensor(_spans(begin, length), device=columns.device)
    # [width, B, length]; channels stay side by side in memory where they are.
    return columns[0, :, 0][:, spans].transpose(0, 1).unsqueeze(2)


def _with(columns: Tensor, begin: np.ndarray, length: int, new: Tensor, at: np.ndarray) -> Tensor:
    """Those stretches with new columns [B, width, 1, m] in them, from `at` on."""
    spans = torch.as_tensor(_spans(at, new.shape[-1]), device=columns.device)
    where = spans[:, None, None].expand_as(new)
    layout = torch.channels_last if new.is_contiguous(memory_format=torch.channels_last) else None
    taken = _taken(columns, begin, length).contiguous(
        memory_format=layout or torch.contiguous_format
    )
    return taken.scatter_(-1, where, new)
