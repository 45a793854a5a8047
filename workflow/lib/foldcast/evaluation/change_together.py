"""Do genes in contact change together, more than genes as far apart that touch less?

The correlation of two genes' changes, taken over pairs of bins, is regressed on the contact of the
bins beside their distance, the genes between them, and what each bin has in common with all
others. What is left of that on contact is held against the same map shifted along its arms, under
genes that stay where they are: so all but who touches whom is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtri, stdtr

from foldcast.evaluation.bin_pairs import BinPairs, PairDesign, Shift
from foldcast.evaluation.expression_changes import MEANS, Changes

SHIFTS = 999
LEAST_RELIABLE = 0.15  # below it the halves share too little to divide by
YES = 0.01  # of p, for an effect to be said
POWER = 0.80


@dataclass(frozen=True)
class ContactEffect:
    """What one feature of a map does to the common change of genes.

    Attributes:
        kind: of the feature: ``contact`` (per doubling), ``compartment`` (per E1 · E1) or ``tad``.
        how: ``mean`` or ``cross``, as `Changes` has it.
        value: difference in the correlation of two genes' changes, with its standard error, robust
            within blocks of bins.
        low, high: 95 % interval, as wide as shifted maps say.
        p: one-sided, the share of shifted maps with as large a t.
        p_changes: one-sided, from one change to the next; what a single sample did to all its
            genes is in one change or two.
        seen: the effect that would be seen (p ≤ 0.01) with 80 % power did it not widen the error
            itself; as fields of co-change do, it is the least that can be seen.
    """

    kind: str
    how: str
    value: float
    error: float
    low: float
    high: float
    p: float
    p_changes: float
    seen: float
    reliability: float
    n_genes: int
    n_pairs: int
    n_changes: int
    n_shifts: int


def change_together(
    pairs: BinPairs,
    panels: Sequence[Changes],
    kinds: Sequence[str],
    shifts: int = SHIFTS,
    seed: int = 1,
) -> list[list[ContactEffect]]:
    """The effects of features of a map, for several panels of changes of the same genes.

    Args:
        pairs: of bins with genes, and the map, or the map of each time.
        panels: their halves are [genes, changes], of the genes of ``pairs``.
        kinds: features of the map, together in one regression.
        shifts: how many shifted maps.
        seed: of the shifts.

    Returns:
        Effects of the kinds, for each panel.
    """
    own = [_Own.of(pairs, panel) for panel in panels]
    sums = np.stack([one.sums for one in own], axis=-1)
    shares = np.stack([one.shares for one in own], axis=-1)
    rng = np.random.default_rng(seed)
    design = pairs.design(kinds, [None])[0]
    estimates = [_estimate(design, sums, shares)]
    for group in _groups(shifts):
        moved: list[Shift | None] = [pairs.random_shift(rng) for _ in range(group)]
        estimates += [_estimate(shifted, sums, shares) for shifted in pairs.design(kinds, moved)]
    values, errors = (np.stack(part) for part in zip(*estimates, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.nan_to_num(values / errors)
    found = []
    for k, (panel, one) in enumerate(zip(panels, own, strict=True)):
        slopes = one.slopes(design)
        unit = panel.shared if panel.reliability >= LEAST_RELIABLE else panel.spread
        found.append(
            [
                _effect(kind, panel, pairs, values[0, k, j] / unit, errors[0, k, j] / unit,
                        statistics[:, k, j], slopes[:, j])
                for j, kind in enumerate(kinds)
            ]
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class _Own:
    """A panel over pairs of bins.

    sums: [pairs, maps] of products of genes over the changes of each map, over all changes.
    shares: [maps] of the changes.
    """

    products: np.ndarray
    maps: np.ndarray
    sums: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, pairs: BinPairs, panel: Changes) -> "_Own":
        products = pairs.products(panel.halves)
        maps = pairs.maps_of(panel.begins)
        member = maps[:, None] == np.arange(pairs.n_maps)
        n = panel.n_changes
        return cls(products, maps, products @ member / n, member.sum(axis=0) / n)

    def slopes(self, design: PairDesign) -> np.ndarray:
        """[changes, kinds] by each change alone."""
        slopes = []
        for change, at in enumerate(self.maps):
            columns, weights = design.columns[at], design.weights[at]
            left = (columns * weights) @ columns.T
            right = columns @ (self.products[:, change] * (weights > 0))
            slopes.append(_solve(left, right))
        return np.array(slopes)


def _groups(shifts: int, at_once: int = 8) -> list[int]:
    """Numbers of shifts that are made together."""
    return [min(at_once, shifts - begun) for begun in range(0, shifts, at_once)]


def _estimate(
    design: PairDesign, sums: np.ndarray, shares: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and their errors, robust within blocks: [panels, kinds] each.

    Args:
        sums: [pairs, maps, panels].
        shares: [maps, panels].
    """
    n_kinds, n_panels = design.columns.shape[1], sums.shape[2]
    right = np.zeros((len(design.blocks), n_kinds, n_panels))
    left = np.zeros((len(design.blocks), n_kinds, n_kinds, n_panels))
    for at, (columns, weights) in enumerate(zip(design.columns, design.weights, strict=True)):
        seen = weights > 0
        starts = np.append(design.blocks, len(weights))
        for j in range(n_kinds):
            by_block = csr_array(
                (columns[j] * seen, np.arange(len(weights)), starts),
                shape=(len(design.blocks), len(weights)),
            )
            right[:, j] += by_block @ sums[:, at]
        weighted = columns[:, None] * columns[None] * weights
        blocks = np.add.reduceat(weighted, design.blocks, axis=2)
        left += blocks.transpose(2, 0, 1)[..., None] * shares[at]
    values, errors = np.zeros((2, n_panels, n_kinds))
    for panel in range(n_panels):
        total = left[..., panel].sum(axis=0)
        values[panel] = _solve(total, right[..., panel].sum(axis=0))
        scores = right[..., panel] - left[..., panel] @ values[panel]
        half = _solve(total, scores.T)
        errors[panel] = np.sqrt((half**2).sum(axis=1))
    return values, errors


def _solve(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The slopes; 0 of a feature that the map does not tell apart."""
    known = np.diag(left) > 1e-9 * max(np.trace(left), 1e-300)
    found = np.zeros(right.shape)
    if known.any():
        found[known] = np.linalg.lstsq(left[np.ix_(known, known)], right[known], rcond=None)[0]
    return found


def _effect(
    kind: str,
    panel: Changes,
    pairs: BinPairs,
    value: float,
    error: float,
    statistics: np.ndarray,
    slopes: np.ndarray,
) -> ContactEffect:
    """One effect; statistics: t of the map itself and then of the shifted ones."""
    own, shifted = statistics[0], statistics[1:]
    width = float(np.quantile(np.abs(shifted), 0.95)) * error
    needed = float(np.quantile(shifted, 1 - YES) + ndtri(POWER) * shifted.std())
    return ContactEffect(
        kind,
        panel.how,
        float(value),
        float(error),
        float(value - width),
        float(value + width),
        float((1 + (shifted >= own).sum()) / (1 + len(shifted))),
        p_of_changes(slopes),
        needed * float(error),
        1.0 if panel.how == MEANS else panel.reliability,
        pairs.n_genes,
        pairs.n_gene_pairs,
        panel.n_changes,
        len(shifted),
    )


def p_of_changes(slopes: np.ndarray) -> float:
    """One-sided p of slopes [changes] being above 0, by t with a lag-1 variance.

    Changes that seem to undo each other count as independent, no more.
    """
    n = len(slopes)
    centred = slopes - slopes.mean()
    lagged = max(float(centred[1:] @ centred[:-1]), 0.0)
    error = np.sqrt((centred @ centred + 2 * lagged) / n / (n - 1))
    return float(stdtr(n - 1, -slopes.mean() / error)) if error > 0 else 1.0
