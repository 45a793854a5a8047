"""The two alleles of a variant under windows of 2,000 bp, and how Beluga's outputs differ.

Windows stay where they are in the reference's coordinates. A variant that changes the length would
push what is behind it: the end of a window that is fixed is that on the gene's side, and only
windows over the variant count, so that an effect is the variant's and not that of a shift.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from foldcast.spex.features.beluga import STEP, WINDOW, Beluga
from foldcast.spex.features.dna_codes import Genome, encode
from foldcast.spex.features.point_changes import MARGIN, PointChanges, Points

AT_ONCE = 64  # stretches whose outputs are in memory together

Side = Literal["left", "right"]


@dataclass(frozen=True)
class Change:
    """Bases start to end of a chromosome become ``bases`` (letters); start = end inserts them."""

    chrom: str
    start: int
    end: int
    bases: str

    @classmethod
    def of(cls, chrom: str, position: int, ref: str, alt: str) -> "Change":
        """A variant without the bases that its alleles share, those at the front first.

        Args:
            position: of ref's first base, 0-based.
        """
        front = _shared(ref, alt)
        ref, alt, position = ref[front:], alt[front:], position + front
        back = _shared(ref[::-1], alt[::-1])
        return cls(chrom, position, position + len(ref) - back, alt[: len(alt) - back])

    def fixed_side(self, tss: int, sign: int) -> Side:
        """Which end of a window stays where it is: that on the side of the gene's TSS.

        A change over the TSS leaves what is upstream of it in place.

        Args:
            sign: 1 where the gene is on the forward strand, else -1.
        """
        if self.end - self.start == len(self.bases):
            return "left"  # no matter: nothing is shifted
        if self.start > tss:
            return "left"
        if self.end <= tss:
            return "right"
        return "left" if sign > 0 else "right"

    def under(self, starts: np.ndarray) -> np.ndarray:
        """Which windows, by their first base, have the change in them, [n] bool."""
        return (starts < self.end) & (starts + WINDOW > self.start)

    def around(self, starts: np.ndarray) -> "Change":
        """What of it windows have in them: all."""
        return self


@dataclass(frozen=True)
class Windows:
    """Windows of a change by their first bases (reference coordinates), and their fixed end.

    Of a haplotype (`haplotypes`) the side is the boundary from which they are read outwards.
    """

    change: Any
    side: Any
    starts: tuple[int, ...]


def windows_under(change: Any, side: Any, starts: np.ndarray) -> Windows | None:
    """Those of the windows ``starts`` that have the change in them; None where none has."""
    under = np.unique(starts[change.under(starts)])
    return Windows(change.around(under), side, tuple(under.tolist())) if len(under) else None


def differences(
    network: Beluga, genome: Genome, asked: Iterable[Windows], *, reverse_complement: bool
) -> dict[Windows, np.ndarray]:
    """Outputs of the alternative allele − those of the reference, [windows, F] for each asked.

    Exactly zero in windows in which the alleles read alike.
    """
    made = {one: np.zeros((len(one.starts), network.outputs), np.float32) for one in asked}
    stretches = Stretches()
    for one in made:
        starts = np.array(one.starts)
        new = alternative(genome, one.change)
        at = offsets(one.change, one.side, starts)
        old = genome.fetch(one.change.chrom, starts[0], starts[-1] + WINDOW)
        changed = np.array(
            [
                not np.array_equal(new[a : a + WINDOW], old[b : b + WINDOW])
                for a, b in zip(at, starts - starts[0], strict=True)
            ]
        )
        for sign, codes, begin in ((1, new, at), (-1, old, starts - starts[0])):
            stretches.add(codes, begin, np.flatnonzero(changed), (one, sign))
    for (one, sign), rows, outputs in stretches.through(network, reverse_complement):
        made[one][rows] += sign * outputs
    return made


def point_differences(
    changes: PointChanges, genome: Genome, asked: Iterable[Windows], *, reverse_complement: bool
) -> dict[Windows, np.ndarray]:
    """`differences` of many single bases of a region: what none of them reaches is read once.

    Args:
        asked: of one chromosome; each change puts a base in the place of one.
    """
    all_asked = list(dict.fromkeys(asked))
    if not all_asked:
        return {}
    chrom = all_asked[0].change.chrom
    low = min(one.starts[0] for one in all_asked) - MARGIN
    high = max(one.starts[-1] for one in all_asked) + WINDOW + MARGIN
    counts = [len(one.starts) for one in all_asked]
    points = Points(
        at=np.array([one.change.start for one in all_asked]) - low,
        code=encode("".join(one.change.bases for one in all_asked)),
        point=np.repeat(np.arange(len(all_asked)), counts),
        start=np.concatenate([one.starts for one in all_asked]) - low,
    )
    codes = genome.fetch(chrom, low, high)
    found = changes.differences(codes, points, reverse_complement=reverse_complement)
    return dict(zip(all_asked, np.split(found, np.cumsum(counts)[:-1]), strict=True))


class Stretches:
    """Windows gathered into stretches, whose trunk is computed once, and these by their length."""

    def __init__(self) -> None:
        self.by_windows: dict[int, list] = defaultdict(list)

    def add(self, codes: np.ndarray, begin: np.ndarray, rows: np.ndarray, about: tuple) -> None:
        """Windows ``rows`` of those that begin at ``begin`` in ``codes``."""
        if not len(rows):
            return
        breaks = np.flatnonzero(np.diff(begin[rows]) != STEP) + 1
        for part in np.split(rows, breaks):
            stretch = codes[begin[part[0]] : begin[part[-1]] + WINDOW]
            self.by_windows[len(part)].append((about, part, stretch))

    def through(
        self, network: Beluga, reverse_complement: bool
    ) -> Iterator[tuple[tuple, np.ndarray, np.ndarray]]:
        """What each stretch is about, its rows, and the network's outputs of them."""
        for _, found in sorted(self.by_windows.items()):
            for k in range(0, len(found), AT_ONCE):
                several = found[k : k + AT_ONCE]
                codes = np.stack([stretch for _, _, stretch in several])
                outputs = network.windows(codes, reverse_complement=reverse_complement)
                for (about, rows, _), each in zip(several, outputs, strict=True):
                    yield about, rows, each


def alternative(genome: Genome, change: Change) -> np.ndarray:
    """Codes of the 2,000 bp before a change, its new bases, and 2,000 bp behind it."""
    left = genome.fetch(change.chrom, change.start - WINDOW, change.start)
    right = genome.fetch(change.chrom, change.end, change.end + WINDOW)
    return np.concatenate([left, encode(change.bases), right])


def offsets(change: Change, side: Side, starts: np.ndarray) -> np.ndarray:
    """Where windows begin in the sequence of `alternative`.

    A window whose fixed end is in bases that are gone starts (ends) at the nearest that is left.
    """
    n_new = len(change.bases)
    if side == "left":
        return WINDOW + np.minimum(starts - change.start, n_new)
    return n_new - np.minimum(change.end - (starts + WINDOW), n_new)


def _shared(one: str, two: str) -> int:
    """Length of the longest common prefix."""
    for k, (a, b) in enumerate(zip(one, two, strict=False)):
        if a != b:
            return k
    return min(len(one), len(two))
