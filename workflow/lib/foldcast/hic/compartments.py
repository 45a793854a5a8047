"""Compartments: eigenvectors of each arm, and which of them follows GC or genes; the saddle."""

import cooler
import cooltools
import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from foldcast.hic.cooltools_calls import compiled_once, known_warnings, repeatable_eigsh
from foldcast.hic.map_sources import ignored_diagonals, is_loops
from foldcast.job import log

EIGENVECTORS = ["E1", "E2", "E3"]
# Beside the diagonals left out, cooltools needs this many good bins for eigenvectors.
MIN_BINS = 4
CHOICE = ["arm", "chrom", "start", "end", "bins", "chosen", "r", "weak"]
GROUPS = 40  # of bins by their score, 2.5 % each; the outermost are the open ends of the range
RANGE = (1 / GROUPS, 1 - 1 / GROUPS)
EXTENT = 0.2  # share of the bins at either end that count as A or B in the strength


def compartments(
    clr: cooler.Cooler, track: pd.DataFrame, view: pd.DataFrame, weak: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Eigenvectors of each arm, and of these the one that follows the phasing track best.

    Every eigenvector has the sign that makes it rise with the track: positive is A. The one whose
    Spearman correlation with the track is largest is chosen per arm. Arms that are too short, or
    on which the track is constant, have none, and that is logged.

    Args:
        clr: an imported map, with its balancing weights.
        track: chrom, start, end, track: one row per bin of the map.
        view: chrom, start, end, name of the arms.
        weak: correlation below which the choice is flagged: it says little.

    Returns:
        chrom, start, end, track, E1, E2, E3, score (the chosen one): one row per bin; and
        arm, chrom, start, end, bins (good ones), chosen, r, weak, r_E1, r_E2, r_E3: one row per
        arm (`chosen` is missing where there is none).
    """
    bins = clr.bins()[:].assign(chrom=lambda table: table["chrom"].astype(str))
    table = bins.merge(track, on=["chrom", "start", "end"], how="left", validate="1:1")
    parts = {
        arm.name: (table["chrom"] == arm.chrom) & table["start"].between(arm.start, arm.end - 1)
        for arm in view.itertuples()
    }
    good = table["weight"].notna() & table["track"].notna()
    told = [name for name, part in parts.items() if _usable(clr, table[part & good])]
    if is_loops(clr):
        log.info("no compartments: a list of loops holds no contacts but loops")
        told = []
    elif silent := [name for name in parts if name not in told]:
        log.info(
            "no compartments, too few good bins or a constant phasing track: %s", ", ".join(silent)
        )
    table = table[["chrom", "start", "end", "track"]].assign(
        **dict.fromkeys([*EIGENVECTORS, "score"], np.nan)
    )
    if told:
        compiled_once()
        with known_warnings(), repeatable_eigsh():
            _, vectors = cooltools.eigs_cis(
                clr,
                phasing_track=table[["chrom", "start", "end", "track"]],
                view_df=view[view["name"].isin(told)].reset_index(drop=True),
                n_eigs=len(EIGENVECTORS),
                ignore_diags=ignored_diagonals(clr),
            )
        table.loc[vectors.index, EIGENVECTORS] = vectors[EIGENVECTORS]
    choice = view.rename(columns={"name": "arm"}).assign(
        bins=[int((part & good).sum()) for part in parts.values()]
    )
    r = pd.DataFrame(
        [[correlation(table[part], name) for name in EIGENVECTORS] for part in parts.values()],
        columns=[f"r_{name}" for name in EIGENVECTORS],
        dtype=float,
    )
    best = r.abs().fillna(-1).to_numpy().argmax(axis=1)
    choice["r"] = r.to_numpy()[np.arange(len(r)), best]
    given = choice["r"].notna()
    choice["chosen"] = pd.Series([EIGENVECTORS[k] for k in best], dtype=object).where(given)
    choice["weak"] = (choice["r"].abs() < weak).astype(object).where(given)
    for part, chosen in zip(parts.values(), choice["chosen"], strict=True):
        if isinstance(chosen, str):
            table.loc[part, "score"] = table.loc[part, chosen]
    return table, pd.concat([choice[CHOICE], r], axis=1)


def _usable(clr: cooler.Cooler, good: pd.DataFrame) -> bool:
    return len(good) > ignored_diagonals(clr) + MIN_BINS and good["track"].nunique() > 1


def correlation(table: pd.DataFrame, column: str = "score") -> float | None:
    """Spearman correlation of a column with its phasing track; None if undefined.

    Args:
        table: track and the column, one row per bin.
    """
    both = table[["track", column]].dropna().astype(float)
    if (both.nunique() < 2).any():
        return None
    return float(spearmanr(both["track"], both[column]).statistic)


def saddle(
    clr: cooler.Cooler, curve: pd.DataFrame, table: pd.DataFrame, view: pd.DataFrame
) -> pd.DataFrame:
    """Mean observed/expected contact between groups of bins, by their compartment score.

    Args:
        clr: an imported map, with its balancing weights.
        curve: cis expected of the arms (`foldcast.hic.expected.expected_cis`).
        table: chrom, start, end, score, as `compartments` gives it.
        view: chrom, start, end, name of the arms.

    Returns:
        group1, group2 (0: most B, 39: most A), observed_over_expected, sum, pairs; no rows where
        fewer bins have a score than there are groups.
    """
    columns = ["group1", "group2", "observed_over_expected", "sum", "pairs"]
    known = table.dropna(subset="score")
    if len(known) < GROUPS:
        return pd.DataFrame(columns=columns)
    has = [
        known["start"][known["chrom"] == arm.chrom].between(arm.start, arm.end - 1).any()
        for arm in view.itertuples()
    ]
    view = view[has].reset_index(drop=True)
    with known_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        sums, pairs = cooltools.saddle(
            clr,
            curve[curve["region1"].isin(view["name"])].reset_index(drop=True),
            table[["chrom", "start", "end", "score"]],
            "cis",
            n_bins=GROUPS - 2,
            qrange=RANGE,
            view_df=view,
            expected_value_col="expected",
            min_diag=max(ignored_diagonals(clr), 1),
            drop_track_na=True,
        )
    group1, group2 = np.indices(sums.shape).reshape(2, -1)
    with np.errstate(invalid="ignore"):
        mean = (sums / pairs).ravel()
    values = (group1, group2, mean, sums.ravel(), pairs.ravel())
    return pd.DataFrame(dict(zip(columns, values, strict=True)))


def saddle_strength(table: pd.DataFrame, extent: float = EXTENT) -> float | None:
    """(AA + BB) / (AB + BA) of the bins with the highest and lowest scores (cooltools' measure).

    Args:
        table: as `saddle` gives it.
        extent: share of the bins at either end.
    """
    if table.empty:
        return None
    sums, pairs = (
        table.pivot(index="group1", columns="group2", values=name).to_numpy(float)
        for name in ("sum", "pairs")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        strength = cooltools.api.saddle.saddle_strength(sums, pairs)[round(extent * len(sums))]
    return float(strength) if np.isfinite(strength) else None
