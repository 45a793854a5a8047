"""Which genes read a variant: in their windows around the TSS, or in a place that touches them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from foldcast.spex.contacts.distal_features import MEAN, SIDES, Plan, place_windows
from foldcast.spex.features.dna_codes import window_start
from foldcast.spex.features.local_features import REACH, SHIFTS
from foldcast.spex.features.window_sharing import STEP, WINDOW
from foldcast.variants import published_settings
from foldcast.variants.alleles import Change, Windows, windows_under
from foldcast.variants.haplotypes import Haplotype

# Windows around a variant as published, by their distance from it (bp).
AROUND = np.array(published_settings.AROUND)


@dataclass(frozen=True)
class Local:
    """A gene's windows that have a change in them, and those around the change.

    shifts: indices of `windows` in `SHIFTS`.
    around: as published; distances: theirs from the TSS, along the gene's strand (bp).
    sums: maps in which the gene has sums over its local windows in place of contacts, with the
    weight that a window has in them.
    """

    windows: Windows
    shifts: np.ndarray
    around: Windows
    distances: np.ndarray
    sums: dict[str, float]


@dataclass(frozen=True)
class Touch:
    """Windows of a place that have a change in them, and with which weight they count in the row
    (downstream, upstream) of a map's block."""

    map: str
    row: int
    weight: float
    windows: Windows


@dataclass(frozen=True)
class Pair:
    """A change and a gene that reads it.

    gene: its row among the chromosome's genes; distance (bp): of the first changed base from the
    TSS along the gene's strand.
    """

    gene: int
    distance: int
    local: Local | None
    touches: Sequence[Touch]

    def where(self, maps: Collection[str]) -> str:
        """How features of the local block and of these maps' read the change; empty: not."""
        touched = any(touch.map in maps for touch in self.touches)
        return "+".join([*["local"] * bool(self.local), *["contact"] * touched])


class Neighbourhood:
    """The genes of a chromosome and the places that touch them.

    Args:
        genes: tss, strand; in the order of the features.
        plan: the 3D block of the chromosome; None where the run has no maps.
        maps: its feature sets that are asked for.
    """

    def __init__(self, genes: pd.DataFrame, plan: Plan | None, maps: Sequence[str]) -> None:
        self.tss = genes["tss"].to_numpy(np.int64)
        self.sign = np.where(genes["strand"] == "-", -1, 1)
        self.plan, self.maps = plan, list(maps)

    def pairs(self, change: Change | Haplotype, genes: Collection[int] | None = None) -> list[Pair]:
        """Every gene that reads a change, or any of a haplotype's, in the order of the genes.

        Args:
            genes: rows of those that are asked about; None: all.
        """
        reach = REACH + WINDOW
        near = (self.tss > change.start - reach) & (self.tss < change.end + reach)
        touches = self._touches(change, genes)
        found = (
            self._pair(change, gene, touches.get(gene, []))
            for gene in sorted({*np.flatnonzero(near).tolist(), *touches})
            if genes is None or gene in genes
        )
        return [pair for pair in found if pair.local or pair.touches]

    def _pair(self, change: Change | Haplotype, gene: int, touches: list[Touch]) -> Pair:
        tss, sign = int(self.tss[gene]), int(self.sign[gene])
        side = change.fixed_side(tss, sign)
        first, local = window_start(tss), None
        windows = windows_under(change, side, first + sign * SHIFTS)
        if windows:
            shifts = (sign * (np.array(windows.starts) - first) - SHIFTS[0]) // STEP
            around = change.start + AROUND
            place = Windows(change, side, tuple((window_start(0) + around).tolist()))
            local = Local(windows, shifts, place, sign * (around - tss), self._sums(gene))
        return Pair(gene, sign * (change.start - tss), local, touches)

    def _sums(self, gene: int) -> dict[str, float]:
        if self.plan is None:
            return {}
        weight = 1 / len(SHIFTS) if self.plan.attrs["aggregate"] == MEAN else 1.0
        return {name: weight for name in self.maps if self.plan.feature_sets[name].local[gene]}

    def _touches(
        self, change: Change | Haplotype, genes: Collection[int] | None
    ) -> dict[int, list[Touch]]:
        """By gene."""
        touches: dict[int, list[Touch]] = defaultdict(list)
        if self.plan is None:
            return touches
        places, grid = self.plan.places, self.plan.grid
        first = np.searchsorted(places, change.start - WINDOW - grid.resolution)
        end = np.searchsorted(places, change.end + WINDOW)
        windows_of = cache(lambda place: place_windows(place, grid))
        for name in self.maps:
            part = self.plan.feature_sets[name].weights[:, first:end].tocoo()
            asked = slice(None) if genes is None else np.isin(part.row // SIDES, [*genes])
            of = zip(part.row[asked], part.col[asked], part.data[asked], strict=True)
            for row, p, weight in of:
                starts, (times, *_) = windows_of(int(places[first + p]))
                gene, side_of_tss = divmod(int(row), SIDES)
                side = change.fixed_side(int(self.tss[gene]), int(self.sign[gene]))
                if windows := windows_under(change, side, starts):
                    touches[gene].append(Touch(name, side_of_tss, weight * times, windows))
        return touches
