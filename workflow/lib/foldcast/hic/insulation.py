"""Insulation scores, boundaries and TADs."""

from collections.abc import Callable

import bioframe
import cooler
import cooltools
import numpy as np
import pandas as pd
from cooltools.lib.common import make_cooler_view
from skimage.filters import threshold_li, threshold_otsu

from foldcast.hic.cooltools_calls import known_warnings
from foldcast.hic.map_sources import ignored_diagonals

THRESHOLDS: dict[str, Callable[[np.ndarray], float]] = {"Li": threshold_li, "Otsu": threshold_otsu}
NEAR = 1  # bins within which two windows call the same boundary


def insulation(
    clr: cooler.Cooler, windows: list[int], threshold: str | float = "Li", threads: int = 1
) -> pd.DataFrame:
    """Diamond insulation scores (log2) and boundaries, one row per bin.

    Args:
        clr: an imported map, with its balancing weights.
        windows: sides of the diamond, in bins.
        threshold: of a boundary's strength: `Li` or `Otsu`, on the strengths of a window, or a
            number (log2).
        threads: processes that score.

    Returns:
        The table of `cooltools.insulation`.
    """
    sides = [window * clr.binsize for window in windows]
    with known_warnings():
        scores = cooltools.insulation(
            clr,
            sides,
            view_df=make_cooler_view(clr),
            ignore_diags=ignored_diagonals(clr),
            threshold=0.0,
            nproc=threads,
        )
    # Here and not in cooltools, whose Otsu fails on bins without a strength.
    for side in sides:
        strength = scores[f"boundary_strength_{side}"]
        least = cut(strength.to_numpy(float), threshold)
        scores[f"is_boundary_{side}"] = (strength >= least).to_numpy()
    return scores


def cut(strength: np.ndarray, threshold: str | float) -> float:
    """Least strength (log2) of a boundary; infinite where there is none to choose from."""
    strength = strength[np.isfinite(strength)]
    if not isinstance(threshold, str):
        return float(threshold)
    return float(THRESHOLDS[threshold](strength)) if len(strength) else np.inf


def no_insulation(windows: list[int], resolution: int) -> pd.DataFrame:
    """The insulation table without rows, for maps that cannot give one."""
    sides = [window * resolution for window in windows]
    per_window = ["log2_insulation_score", "n_valid_pixels", "boundary_strength", "is_boundary"]
    columns = [f"{name}_{side}" for name in per_window for side in sides]
    return pd.DataFrame(columns=["chrom", "start", "end", "region", "is_bad_bin", *columns])


def boundaries(scores: pd.DataFrame, windows: list[int]) -> pd.DataFrame:
    """The bins that are boundaries at the first window, with their strength (log2).

    Args:
        scores: as `insulation` gives them.
        windows: sides of the diamonds, in bp.

    Returns:
        chrom, start, end, boundary_strength, window, and `n_windows`: at how many windows (this
        one among them) there is a boundary within one bin.
    """
    first = windows[0]
    # Missing is not a boundary.
    called = {side: scores[f"is_boundary_{side}"].eq(True).astype(int) for side in windows}
    agreeing = sum(_spread(scores["chrom"], flags) for flags in called.values())
    table = scores.assign(window=first, n_windows=agreeing)
    table = table.rename(columns={f"boundary_strength_{first}": "boundary_strength"})
    columns = ["chrom", "start", "end", "boundary_strength", "window", "n_windows"]
    return table.loc[called[first] == 1, columns].reset_index(drop=True)


def _spread(chrom: pd.Series, flags: pd.Series) -> pd.Series:
    """1 in the bins that are flagged, or next to one that is, on the same chromosome."""
    by_chrom = flags.groupby(chrom, observed=True, sort=False)
    shifts = range(-NEAR, NEAR + 1)
    return pd.concat([by_chrom.shift(k, fill_value=0) for k in shifts], axis=1).max(axis=1)


def tads(
    scores: pd.DataFrame, borders: pd.DataFrame, max_gap: int, max_length: int = 3_000_000
) -> pd.DataFrame:
    """Intervals from one boundary of a chromosome to the next.

    Left out are intervals longer than `max_length`, and those that hold a run of bad bins longer
    than `max_gap`: boundaries inside such a run cannot be seen.

    Args:
        scores: chrom, start, end, is_bad_bin, as `insulation` gives them.
        borders: chrom, start, as `boundaries` gives them.
        max_gap: bp.
        max_length: bp; 3 Mb is the usual limit of cooltools' tutorial.

    Returns:
        chrom, start (of the first boundary bin), end (start of the next boundary bin).
    """
    pairs = borders[["chrom", "start"]].assign(
        end=borders.groupby("chrom", observed=True)["start"].shift(-1)
    )
    pairs = pairs.dropna().astype({"start": int, "end": int}).reset_index(drop=True)
    bad = scores.loc[scores["is_bad_bin"].astype(bool), ["chrom", "start", "end"]]
    if not len(pairs) or not len(bad):
        return pairs[pairs["end"] - pairs["start"] <= max_length].reset_index(drop=True)
    gaps = bioframe.merge(bad, min_dist=0)
    gaps = gaps[gaps["end"] - gaps["start"] > max_gap]
    whole = bioframe.setdiff(pairs, gaps) if len(gaps) else pairs
    return whole[whole["end"] - whole["start"] <= max_length].reset_index(drop=True)
