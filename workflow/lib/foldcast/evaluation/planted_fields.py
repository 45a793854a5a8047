"""How large an effect a table would see: fields over contacts are planted in its own changes.

What genes in contact have in common does not only raise the slope on contact: it is one draw of a
field with few changes, so it widens the slope's error too, and the more so the fewer changes there
are. A formula from the error without an effect therefore promises too much. Instead the map is
shifted, which takes out what the genes of the table really have in common with it, a field that
follows the shifted map is added to the genes' changes, and it is counted how often that is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foldcast.evaluation.bin_pairs import COMPARTMENT, CONTACT, BinPairs, PairDesign, Shift
from foldcast.evaluation.expression_changes import ACROSS, Changes
from foldcast.evaluation.pair_slopes import BlockSums, PanelProducts, slopes_of
from foldcast.hic.contact_bands import ArmContacts

POWER = 0.80
Z = 1.96  # of a 95 % interval
# Of a gene's variance, in the field: a grid on which what is seen is looked up.
SHARES = np.concatenate([[0.0], np.geomspace(0.001, 0.99, 60)])
CHUNK = 200  # bins of which a field is drawn at once; pairs across two are few
# Bins over which a field is smooth: one contact is felt beside it too. Of a few thousand genes the
# effect that is seen hangs on it: on the maps of the tests, fields of other makes are found in 69
# to 97 % of panels where these are found in 80 %. Of 8,000 genes and more it hardly does.
WIDTH = 1.75


@dataclass(frozen=True)
class Seen:
    """The effect that is seen with 80 % power.

    Attributes:
        value: mean slope of the panels in which it is planted; NaN where none is seen so often.
        low, high: 95 % Monte Carlo interval; a limit is NaN where no effect gives it.
        share: of a gene's variance in the field.
    """

    value: float
    low: float
    high: float
    share: float


@dataclass(frozen=True)
class Planted:
    """What was found of fields planted in panels.

    Attributes:
        values, statistics: [shares, panels] slopes of one shift and their t.
        elsewhere: [shares, panels] t of another shift, which the field does not follow.
        slopes: panel → [changes, shares] of each change alone, for panels across replicates.
    """

    values: np.ndarray
    statistics: np.ndarray
    elsewhere: np.ndarray
    slopes: dict[int, np.ndarray]


class Fields:
    """Fields over the bins of maps, whose covariance follows one of their features.

    Args:
        pairs: of bins with genes.
        kind: ``contact``, ``compartment`` or ``tad``.
    """

    def __init__(self, pairs: BinPairs, kind: str) -> None:
        self.pairs, self.kind = pairs, kind
        self.roots = [[_roots(arm, pairs.nearest, kind) for arm in arms] for arms in pairs.maps]

    def plant(
        self,
        panels: Sequence[Changes],
        own: Sequence[PanelProducts],
        design: PairDesign,
        sums: BlockSums,
        other: tuple[PairDesign, BlockSums],
        shift: Shift,
        at: int,
        rng: np.random.Generator,
    ) -> Planted:
        """One field of the shifted map in all panels, in every share of their variance.

        Args:
            panels: of the same genes; those of one table, so they have their changes in common.
            own: their products.
            design, sums: of the shifted map.
            other: the same of the map shifted otherwise.
            at: number of the kind in the design.
        """
        begins = np.unique(np.concatenate([panel.begins for panel in panels]))
        drawn = self._draw(shift, begins, rng)
        values, statistics, elsewhere = [], [], []
        slopes: dict[int, np.ndarray] = {}
        for number, (panel, one) in enumerate(zip(panels, own, strict=True)):
            field = _as_changes(drawn[:, np.searchsorted(begins, panel.begins)], panel)
            first, last = panel.halves[0], panel.halves[-1]
            mixed = PanelProducts.made(
                self.pairs, panel, self.pairs.products([first + last, field])
            )
            alone = PanelProducts.made(self.pairs, panel, self.pairs.products([field]))
            both = np.stack([mixed.sums, alone.sums], axis=-1)
            amounts = _amounts(panel)
            found = []
            for of, blocks in ((design, sums), other):
                made = BlockSums.of(of, both, np.stack([one.shares] * 2, axis=-1)).right
                parts = [blocks.right[..., number], made[..., 0], made[..., 1]]
                right = _mixed([part[..., None] for part in parts], amounts)
                value, error = slopes_of(right, blocks.left[..., number])
                with np.errstate(divide="ignore", invalid="ignore"):
                    found.append((value[at], np.nan_to_num(value[at] / error[at])))
            values.append(found[0][0])
            statistics.append(found[0][1])
            elsewhere.append(found[1][1])
            if panel.how == ACROSS:
                each = [of.slopes(design)[:, at] for of in (one, mixed, alone)]
                slopes[number] = _mixed([part[:, None] for part in each], amounts)
        by_panel = (np.stack(part, axis=-1) for part in (values, statistics, elsewhere))
        value, statistic, other_statistic = by_panel
        return Planted(value, statistic, other_statistic, slopes)

    def _draw(self, shift: Shift, begins: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """[genes, changes] of genes where the shifted map has them; 0 of genes in no bin."""
        field = np.zeros((self.pairs.n_bins, len(begins)))
        maps = self.pairs.maps_of(begins)
        for arm, (start, size, (by, turned)) in enumerate(
            zip(self.pairs.starts, self.pairs.sizes, shift, strict=True)
        ):
            place = (np.arange(size) + by) % size
            place = size - 1 - place if turned else place
            # One noise for all maps: where they are alike, so are their fields.
            noise = rng.normal(size=(size, len(begins)))
            for of in np.unique(maps):
                here = np.flatnonzero(maps == of)
                drawn, first = [], 0
                for root in self.roots[of][arm]:
                    drawn.append(root @ noise[first : first + root.shape[1]][:, here])
                    first += root.shape[1]
                field[start : start + size, here] = np.concatenate(drawn)[place]
        return np.where(self.pairs.bins[:, None] >= 0, field[self.pairs.bins], 0.0)


def shares_of(panel: Changes) -> np.ndarray:
    """[shares] of a panel's variance in the field, where they are those of the means' variance.

    Of the variance of one half more is noise (by Spearman and Brown's formula).
    """
    return SHARES * (1 + min(max(panel.reliability, 0.0), 1.0)) / 2


def _amounts(panel: Changes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """[shares] each: how much of a panel's own products, of those with the field, and of the
    field's."""
    share = shares_of(panel)
    return 1 - share, np.sqrt(share * (1 - share)), share


def _mixed(parts: Sequence[np.ndarray], amounts: Sequence[np.ndarray]) -> np.ndarray:
    """[..., shares] of parts [..., 1]."""
    return np.sum([part * amount for part, amount in zip(parts, amounts, strict=True)], axis=0)


def seen_of(values: np.ndarray, found: np.ndarray) -> Seen:
    """The effect that is found in 80 % of panels.

    Args:
        values: [planted, shares] slopes.
        found: [planted, shares] whether it would be said.
    """
    # What is without a field, which comes of the panels themselves, is no effect.
    slopes = values.mean(axis=0) - values.mean(axis=0)[0]
    power = np.maximum.accumulate(found.mean(axis=0))
    margin = Z * np.sqrt(POWER * (1 - POWER) / len(found))
    share = _where(power, POWER)
    low, value, high = (
        np.interp(_where(power, level), SHARES, slopes)
        for level in (POWER - margin, POWER, POWER + margin)
    )
    return Seen(float(value), float(low), float(high), share)


def _where(power: np.ndarray, level: float) -> float:
    """The least share with such a power; NaN where none has it, or nothing has it too."""
    above = np.flatnonzero(power >= level)
    if not len(above) or above[0] == 0:
        return np.nan
    after = above[0]
    part = (level - power[after - 1]) / (power[after] - power[after - 1])
    return float(SHARES[after - 1] + part * (SHARES[after] - SHARES[after - 1]))


def _as_changes(field: np.ndarray, panel: Changes) -> np.ndarray:
    """A field [genes, changes] of the panel's size, without what is taken out of its changes."""
    values, vectors = np.linalg.eigh(panel.halves[0].T @ panel.halves[0])
    kept = vectors[:, values > 1e-9 * values.max(initial=0)]
    field = (field - field.mean(axis=0)) @ kept @ kept.T
    return field * np.sqrt(panel.spread / max((field**2).mean(), 1e-300))


def _roots(arm: ArmContacts, nearest: int, kind: str) -> list[np.ndarray]:
    """[bins, terms] of each chunk of an arm: times noise they are a field, of variance about 1."""
    if kind == COMPARTMENT:
        return [arm.eigenvector[:, None]]
    if kind != CONTACT:
        names = np.unique(arm.domains[arm.domains >= 0])
        return [(arm.domains[:, None] == names).astype(float)]
    band, roots = np.nan_to_num(arm.band), []
    for first in range(0, arm.n_bins, CHUNK):
        n = min(CHUNK, arm.n_bins - first)
        matrix = np.zeros((n, n))
        for column in range(min(band.shape[1], max(n - nearest, 0))):
            apart = nearest + column
            one = np.arange(n - apart)
            matrix[one, one + apart] = matrix[one + apart, one] = band[first + one, column]
        values, vectors = np.linalg.eigh(matrix)
        root = vectors[:, values > 0] * np.sqrt(values[values > 0])
        between = np.subtract.outer(np.arange(n), np.arange(n))
        roots.append(np.exp(-((between / WIDTH) ** 2) / 2) @ root)
    size = np.sqrt(sum((root**2).sum() for root in roots) / arm.n_bins)
    return [root / (size or 1.0) for root in roots]
