"""Several variants of one chromosome copy in the sequence at once.

Windows stay where they are in the reference's coordinates, as for single variants (`alleles`), and
only those that have a variant in them count. Where variants change the length, a window is read
from the gene outwards: what is beyond them from the TSS moves.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foldcast.spex.features.beluga import STEP, WINDOW, Beluga
from foldcast.spex.features.dna_codes import Genome, encode
from foldcast.variants.alleles import Change, Stretches, Windows
from foldcast.variants.phased_variants import WHOLE, Carrier

BEYOND = 2 * WINDOW  # bp around windows from which deletions draw bases in


@dataclass(frozen=True)
class Haplotype:
    """Changes of one copy of a chromosome, along it, none over another."""

    changes: tuple[Change, ...]

    @classmethod
    def of(cls, changes: Iterable[Change]) -> "Haplotype":
        """Changes in any order; of two that overlap the first along the chromosome counts."""
        kept: list[Change] = []
        for change in sorted(set(changes), key=lambda c: (c.start, c.end, c.bases)):
            # Two insertions at one place overlap too.
            same = kept and change.start == change.end == kept[-1].start == kept[-1].end
            if not kept or (change.start >= kept[-1].end and not same):
                kept.append(change)
        return cls(tuple(kept))

    @property
    def chrom(self) -> str:
        return self.changes[0].chrom

    @property
    def start(self) -> int:
        return self.changes[0].start

    @property
    def end(self) -> int:
        return self.changes[-1].end

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        return (
            np.array([change.start for change in self.changes]),
            np.array([change.end for change in self.changes]),
        )

    def under(self, starts: np.ndarray) -> np.ndarray:
        """Which windows, by their first base, have any of the changes in them, [n] bool."""
        first, last = self._ends
        # Ends ascend as starts do.
        begun = np.searchsorted(first, np.asarray(starts) + WINDOW, side="left")
        over = np.searchsorted(last, np.asarray(starts), side="right")
        return begun > over

    def fixed_side(self, tss: int, sign: int) -> int:
        """The boundary between bases from which windows of a gene are read outwards.

        Its TSS; where a change is over it, what is upstream of that change stays in place.
        """
        first, last = self._ends
        k = int(np.searchsorted(first, tss, side="right")) - 1  # the only one that can be over it
        if k < 0 or last[k] <= tss or (last[k] - first[k], len(self.changes[k].bases)) == (1, 1):
            return tss
        return int(first[k] if sign > 0 else last[k])

    def around(self, starts: np.ndarray) -> "Haplotype":
        """Those of the changes that windows can have in them."""
        first, last = self._ends
        low, high = int(starts[0]) - BEYOND, int(starts[-1]) + WINDOW + BEYOND
        here = slice(np.searchsorted(last, low, "right"), np.searchsorted(first, high, "left"))
        return Haplotype(self.changes[here])


@dataclass(frozen=True)
class Copy:
    """One copy of a sample's chromosome, as far as its phase is known.

    phase_set: see `phased_variants.Carrier`. genes: rows of those that it is about.
    lost: the changes that lie over others and are left out.
    """

    sample: str
    phase_set: str
    copy: int
    haplotype: Haplotype
    genes: frozenset[int]
    lost: frozenset[Change]


def copies_of(
    carried: Iterable[tuple[Change, Iterable[Carrier]]],
    genes: Collection[int],
    readers: Callable[[Haplotype], Collection[int]],
) -> list[Copy]:
    """The copies of a chromosome: sample by sample, phase sets in the order of the file.

    A phase set is about the genes that read any of its variants; what every copy has is in it too.
    Genes that read variants of no set have what every copy has, with what is phased along the whole
    chromosome.

    Args:
        carried: the variants of a chromosome, and the copies that carry each.
        genes: rows of those that are asked about.
        readers: rows of those of them that read a haplotype.
    """
    samples: dict[str, dict[tuple[str | None, int], list[Change]]] = {}
    for change, carriers in carried:
        for sample, copy, phase_set in carriers:
            of = samples.setdefault(sample, defaultdict(list))
            of[phase_set, copy].append(change)
    each = (_of_sample(sample, samples[sample], genes, readers) for sample in sorted(samples))
    return [one for copies in each for one in copies]


def _of_sample(
    sample: str,
    changes: Mapping[tuple[str | None, int], list[Change]],
    genes: Collection[int],
    readers: Callable[[Haplotype], Collection[int]],
) -> Iterator[Copy]:
    def reached(phase_set: str | None) -> frozenset[int]:
        own = [Haplotype.of(each) for (of, _), each in changes.items() if of == phase_set]
        return frozenset(gene for one in own for gene in readers(one))

    about = {of: reached(of) for of in dict.fromkeys(of for of, _ in changes if of)}
    if about:
        about[WHOLE] = reached(WHOLE) | reached(None).difference(*about.values())
    else:
        about[WHOLE] = frozenset(genes)
    for phase_set, of in about.items():
        for copy in sorted({copy for where, copy in changes if where in (phase_set, None)}):
            own = frozenset(changes.get((phase_set, copy), [])) | {*changes.get((None, copy), [])}
            haplotype = Haplotype.of(own)
            yield Copy(sample, phase_set, copy, haplotype, of, own - {*haplotype.changes})


def haplotype_window(genome: Genome, haplotype: Haplotype, anchor: int, start: int) -> np.ndarray:
    """Codes [2,000] of a haplotype in the place of the window that begins at ``start``.

    Args:
        anchor: of the gene (`Haplotype.fixed_side`).
    """
    here = min(max(anchor, start), start + WINDOW)
    before = _outwards(genome, haplotype, anchor, here, here - start, -1)
    behind = _outwards(genome, haplotype, anchor, here, start + WINDOW - here, 1)
    return np.concatenate([before, behind])


def _outwards(
    genome: Genome, haplotype: Haplotype, anchor: int, at: int, length: int, way: int
) -> np.ndarray:
    """So many codes of the haplotype from a boundary on, to the right (1) or to the left (-1)."""
    parts: list[np.ndarray] = []
    begin, left = at, length
    for change in haplotype.changes[::way]:
        # An insertion at the anchor is on its left; at a window's own end it is not in the window.
        if way > 0:
            mine = change.start >= anchor and change.end > max(anchor, begin)
        else:
            mine = change.end <= anchor and (change.start < begin or begin == anchor)
        if not mine or left <= 0:
            continue
        edge = change.start if way > 0 else change.end
        plain = min(max((edge - at) * way, 0), left)
        parts.append(_reference(genome, haplotype.chrom, at, plain, way))
        left -= plain
        # A boundary within bases that are replaced leaves as many of the new ones behind it.
        inside = min(max((at - edge) * way, 0), len(change.bases))
        new = encode(change.bases)
        new = new[inside:] if way > 0 else new[: len(new) - inside]
        new = new[:left] if way > 0 else new[max(len(new) - left, 0) :]
        parts.append(new)
        left -= len(new)
        at = change.end if way > 0 else change.start
    parts.append(_reference(genome, haplotype.chrom, at, left, way))
    return np.concatenate(parts[::way])


def _reference(genome: Genome, chrom: str, at: int, length: int, way: int) -> np.ndarray:
    start = at if way > 0 else at - length
    return genome.fetch(chrom, start, start + length)


def haplotype_differences(
    network: Beluga, genome: Genome, asked: Iterable[Windows], *, reverse_complement: bool
) -> dict[Windows, np.ndarray]:
    """`alleles.differences`, of haplotypes: theirs − the reference's, [windows, F] for each."""
    made = {one: np.zeros((len(one.starts), network.outputs), np.float32) for one in asked}
    stretches = Stretches()
    for one in made:
        chrom, starts = one.change.chrom, np.array(one.starts)
        new = np.stack(
            [haplotype_window(genome, one.change, one.side, start) for start in one.starts]
        )
        old = np.stack([genome.fetch(chrom, start, start + WINDOW) for start in one.starts])
        rows = np.flatnonzero((new != old).any(axis=1))
        for sign, codes in ((1, new), (-1, old)):
            for part in _joined(codes, starts, rows):
                stretch = np.concatenate([codes[part[0]], *(codes[k, -STEP:] for k in part[1:])])
                stretches.by_windows[len(part)].append(((one, sign), np.array(part), stretch))
    for (one, sign), rows, outputs in stretches.through(network, reverse_complement):
        made[one][rows] += sign * outputs
    return made


def _joined(codes: np.ndarray, starts: np.ndarray, rows: np.ndarray) -> list[list[int]]:
    """Rows of windows that follow each other, and are one stretch."""
    parts: list[list[int]] = []
    for row in rows:
        last = parts[-1][-1] if parts else None
        follows = last is not None and starts[row] - starts[last] == STEP
        if follows and np.array_equal(codes[last, STEP:], codes[row, :-STEP]):
            parts[-1].append(int(row))
        else:
            parts.append([int(row)])
    return parts
