"""Mean contact per distance within a chromosome or an arm, and between chromosomes."""

import cooler
import cooltools
import numpy as np
import pandas as pd
from cooltools.lib.common import make_cooler_view
from cooltools.sandbox.expected_smoothing import log_smooth

from foldcast.hic.balancing import has_trans
from foldcast.hic.cooltools_calls import known_warnings
from foldcast.hic.map_sources import ignored_diagonals
from foldcast.pixels import AT_ONCE, read_pixels

SIGMA = 0.1  # of the smoothing kernel, log10 of distance: cooltools' default
TRANS = [
    "region1",
    "region2",
    "n_valid",
    "count.sum",
    "balanced.sum",
    "count.avg",
    "balanced.avg",
]


def expected_cis(
    clr: cooler.Cooler, view: pd.DataFrame | None = None, threads: int = 1
) -> pd.DataFrame:
    """Mean balanced contact per region and distance, raw and smoothed.

    Args:
        clr: an imported map, with its balancing weights.
        view: chrom, start, end, name of regions; None: chromosomes.
        threads: processes that count.

    Returns:
        The table of `cooltools.expected_cis`, one row per region and distance, and `expected`,
        which has a meaning at every distance. cooltools' own smoothed columns count the diagonals
        that balancing left out as zeros, which lowers the first ones behind them (with three left
        out, by a fifth), and say nothing of the main diagonal.
    """
    view = make_cooler_view(clr) if view is None else view
    ignored = ignored_diagonals(clr)
    with known_warnings():
        table = cooltools.expected_cis(
            clr,
            view_df=view,
            smooth=True,
            aggregate_smoothed=True,
            smooth_sigma=SIGMA,
            ignore_diags=ignored,
            chunksize=AT_ONCE,
            nproc=threads,
        )
    nearest = max(ignored, 1)
    near = _near_sums(clr, view, nearest)
    table["expected"] = np.nan
    for k, name in enumerate(view["name"]):
        rows = table[table["region1"] == name]
        close, far = rows[rows["dist"] < nearest], rows[rows["dist"] >= nearest]
        with np.errstate(divide="ignore", invalid="ignore"):
            table.loc[close.index, "expected"] = near[k, close["dist"]] / close["n_valid"]
            if len(far):
                parts = [far["balanced.sum"].to_numpy(float), far["n_valid"].to_numpy(float)]
                total, pairs = log_smooth(far["dist"].to_numpy(float), parts, sigma_log10=SIGMA)
                table.loc[far.index, "expected"] = total / pairs
    return table


def expected_trans(clr: cooler.Cooler, threads: int = 1) -> pd.DataFrame:
    """Mean balanced contact per pair of chromosomes; no rows where the map has no trans contacts.

    Args:
        clr: an imported map, with its balancing weights.
        threads: processes that count.

    Returns:
        The table of `cooltools.expected_trans`.
    """
    if not has_trans(clr):
        return pd.DataFrame(columns=TRANS)
    with known_warnings():
        return cooltools.expected_trans(
            clr, view_df=make_cooler_view(clr), chunksize=AT_ONCE, nproc=threads
        )


def pooled(curve: pd.DataFrame) -> pd.Series:
    """`expected` of all regions together, by distance in bins.

    Args:
        curve: as `expected_cis` gives it.
    """
    known = curve.dropna(subset=["expected", "n_valid"])
    known = known.assign(total=known["expected"] * known["n_valid"])
    sums = known.groupby("dist")[["total", "n_valid"]].sum()
    return (sums["total"] / sums["n_valid"])[sums["n_valid"] > 0]


def _near_sums(clr: cooler.Cooler, view: pd.DataFrame, diagonals: int) -> np.ndarray:
    """Sum of balanced contacts of each region on its first diagonals, [regions, diagonals]."""
    region = np.full(len(clr.bins()), -1)
    for k, extent in enumerate(view[["chrom", "start", "end"]].itertuples(index=False, name=None)):
        region[slice(*clr.extent(extent))] = k
    weight = clr.bins()["weight"][:].to_numpy(dtype=float)
    sums = np.zeros(len(view) * diagonals)
    for bin1, bin2, count in read_pixels(clr):
        near = bin2 - bin1 < diagonals  # few, so the rest is asked of them alone
        bin1, bin2, count = bin1[near], bin2[near], count[near]
        inside = (region[bin1] == region[bin2]) & (region[bin1] >= 0)
        bin1, bin2, count = bin1[inside], bin2[inside], count[inside]
        value = np.nan_to_num(count * weight[bin1] * weight[bin2])
        sums += np.bincount(region[bin1] * diagonals + bin2 - bin1, value, minlength=len(sums))
    return sums.reshape(len(view), diagonals)
