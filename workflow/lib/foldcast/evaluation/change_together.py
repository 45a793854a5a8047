"""Do genes in contact change together, more than genes as far apart that touch less?

The correlation of two genes' changes, taken over pairs of bins, is regressed on the contact of the
bins beside their distance, the genes between them, and what each bin has in common with all
others. What is left of that on contact is held against the same map shifted along its arms, under
genes that stay where they are: so all but who touches whom is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from foldcast.evaluation.bin_pairs import BinPairs, Shift
from foldcast.evaluation.expression_changes import ACROSS, MEANS, Changes
from foldcast.evaluation.pair_slopes import BlockSums, PanelProducts
from foldcast.evaluation.planted_fields import Fields, Planted, Seen, seen_of, shares_of
from foldcast.protocol import FEW_TIMES

SHIFTS = 999
PLANTED = 100  # shifted maps with fields that follow them
LEAST_RELIABLE = 0.15  # below it the halves share too little to divide by
YES = 0.01  # of p, for an effect to be said: in some tables it is small a little too often
SIZE = 0.05  # of p across replicates, for it to be confirmed


UNKNOWN = Seen(*[np.nan] * 4)


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
        seen: the effect that is seen with 80 % power, counted over planted fields: p ≤ 0.01, and
            for means also confirmed across replicates where that is asked for. NaN where no
            effect is.
        seen_low, seen_high: its 95 % Monte Carlo interval; a limit is NaN where there is none.
        seen_share: of a gene's variance of changes that is then in the field.
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
    seen_low: float
    seen_high: float
    seen_share: float
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
    planted: int = PLANTED,
    told: Sequence[str] | None = None,
) -> list[list[ContactEffect]]:
    """The effects of features of a map, for several panels of changes of the same genes.

    Args:
        pairs: of bins with genes, and the map, or the map of each time.
        panels: their halves are [genes, changes], of the genes of ``pairs``; one across replicates
            comes after that of the means, which it confirms.
        kinds: features of the map, together in one regression.
        shifts: how many shifted maps.
        seed: of the shifts.
        planted: in how many of them fields are planted to count what would be seen; 0: unknown.
        told: kinds of which that is counted; None: all.

    Returns:
        Effects of the kinds, for each panel.
    """
    own = [PanelProducts.of(pairs, panel) for panel in panels]
    sums = np.stack([one.sums for one in own], axis=-1)
    shares = np.stack([one.shares for one in own], axis=-1)
    rng, planting = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    counted = [at for at, kind in enumerate(kinds) if planted and (told is None or kind in told)]
    fields = {at: Fields(pairs, kinds[at]) for at in counted}
    design = pairs.design(kinds, [None])[0]
    first = design, BlockSums.of(design, sums, shares)
    estimates, done = [first[1].estimate()], 0
    grown: dict[int, list[Planted]] = {at: [] for at in counted}
    for group in _groups(shifts):
        moved: list[Shift] = [pairs.random_shift(rng) for _ in range(group)]
        designs = pairs.design(kinds, moved)
        blocks = [BlockSums.of(shifted, sums, shares) for shifted in designs]
        estimates += [one.estimate() for one in blocks]
        held = list(zip(designs, blocks, strict=True))
        for k, shift in enumerate(moved):
            if done + k < planted:
                for at, field in fields.items():
                    other = held[k - 1] if group > 1 else first
                    grown[at].append(field.plant(panels, own, *held[k], other, shift, at, planting))
        done += group
    values, errors = (np.stack(part) for part in zip(*estimates, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.nan_to_num(values / errors)
    seen = {at: _seen(panels, of, statistics[1:, :, at]) for at, of in grown.items()}
    found = []
    for k, (panel, one) in enumerate(zip(panels, own, strict=True)):
        slopes = one.slopes(design)
        unit = _unit(panel)
        found.append(
            [
                _effect(kind, panel, pairs, values[0, k, j] / unit, errors[0, k, j] / unit,
                        statistics[:, k, j], slopes[:, j], seen[j][k] if j in seen else UNKNOWN)
                for j, kind in enumerate(kinds)
            ]
        )  # fmt: skip
    return found


def _unit(panel: Changes) -> float:
    return panel.shared if panel.reliability >= LEAST_RELIABLE else panel.spread


def _seen(panels: Sequence[Changes], planted: Sequence[Planted], shifted: np.ndarray) -> list[Seen]:
    """The effect that each panel would show, of t [shifts, panels] without a field."""
    values, statistics, elsewhere = (
        np.stack([getattr(one, name) for one in planted])
        for name in ("values", "statistics", "elsewhere")
    )
    # Maps that are shifted away from a field see more of it by chance, the larger it is.
    spread = np.maximum.accumulate(elsewhere.std(axis=0), axis=0)
    wider = spread / np.where(spread[0] > 0, spread[0], 1)
    said = statistics > wider * np.quantile(shifted, 1 - YES, axis=0)
    confirmed = statistics > wider * np.quantile(shifted, 1 - SIZE, axis=0)
    found = []
    for k, panel in enumerate(panels):
        across = k + 1
        if (
            panel.how == MEANS
            and across < len(panels)
            and panels[across].how == ACROSS
            and panels[across].n_changes + 1 >= FEW_TIMES
        ):
            lasting = [p_of_changes(one.slopes[across]) <= SIZE for one in planted]
            said[..., k] &= confirmed[..., across] & np.stack(lasting)
        share = shares_of(panel)
        unit = (1 - share) * _unit(panel) + share * panel.spread
        found.append(seen_of(values[..., k] / unit, said[..., k]))
    return found


def _groups(shifts: int, at_once: int = 8) -> list[int]:
    """Numbers of shifts that are made together."""
    return [min(at_once, shifts - begun) for begun in range(0, shifts, at_once)]


def _effect(
    kind: str,
    panel: Changes,
    pairs: BinPairs,
    value: float,
    error: float,
    statistics: np.ndarray,
    slopes: np.ndarray,
    seen: Seen,
) -> ContactEffect:
    """One effect; statistics: t of the map itself and then of the shifted ones."""
    own, shifted = statistics[0], statistics[1:]
    width = float(np.quantile(np.abs(shifted), 0.95)) * error
    return ContactEffect(
        kind,
        panel.how,
        float(value),
        float(error),
        float(value - width),
        float(value + width),
        float((1 + (shifted >= own).sum()) / (1 + len(shifted))),
        float(p_of_changes(slopes)),
        seen.value,
        seen.low,
        seen.high,
        seen.share,
        1.0 if panel.how == MEANS else panel.reliability,
        pairs.n_genes,
        pairs.n_gene_pairs,
        panel.n_changes,
        len(shifted),
    )


def p_of_changes(slopes: np.ndarray) -> np.ndarray:
    """One-sided p of slopes [changes, ...] being above 0, by t with a lag-1 variance.

    Changes that seem to undo each other count as independent, no more.
    """
    n, mean = len(slopes), slopes.mean(axis=0)
    centred = slopes - mean
    lagged = np.maximum((centred[1:] * centred[:-1]).sum(axis=0), 0.0)
    error = np.sqrt(((centred**2).sum(axis=0) + 2 * lagged) / n / (n - 1))
    statistic = np.divide(mean, error, out=np.zeros_like(error), where=error > 0)
    return np.where(error > 0, stdtr(n - 1, -statistic), 1.0)
