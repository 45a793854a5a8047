"""What a map is worth, in numbers."""

import cooler
import numpy as np
import pandas as pd

from foldcast.hic.compartments import correlation, saddle_strength
from foldcast.hic.expected import pooled
from foldcast.hic.map_depth import deep_bin_size
from foldcast.hic.map_sources import is_loops
from foldcast.pixels import read_pixels

STARTS = "is_boundary_"  # columns of the insulation table, by window


def qc(
    clr: cooler.Cooler,
    depth: pd.DataFrame,
    curve: pd.DataFrame,
    scores: pd.DataFrame,
    borders: pd.DataFrame,
    domains: pd.DataFrame,
    eigenvectors: pd.DataFrame,
    choice: pd.DataFrame,
    corners: pd.DataFrame,
) -> pd.DataFrame:
    """Metrics of a map and its features; a value is missing where there is nothing to measure.

    Args:
        clr: the imported map.
        depth: its deep bins by their size (bin_size, share); none where it holds no counts.
        curve: its cis expected; scores: its insulation; borders: its boundaries;
            domains: its TADs (chrom, start, end); eigenvectors: its compartments;
            choice: which eigenvector is the score of each arm; corners: its saddle.

    Returns:
        metric, value (mixed types).
    """
    weight = clr.bins()["weight"][:]
    balancing = clr._load_attrs("bins/weight")
    lengths = domains["end"] - domains["start"]
    given = choice[choice["chosen"].notna()]
    other = given[given["chosen"] != "E1"]
    rows = {
        "resolution": clr.binsize,
        "chromosomes": len(clr.chromnames),
        "bins": len(weight),
        "bad_bins_fraction": float(weight.isna().mean()),
        **contacts(clr),
        **deep_bins(depth),
        "balancing": str(balancing["origin"]),
        "balancing_converged": bool(balancing["converged"]),
        "decay_slope": decay_slope(curve),
        "insulation": "yes" if len(scores) else lack(clr, "bins coarser than tad_limit"),
        **boundary_counts(scores, borders),
        "tads": len(domains) if len(scores) else None,
        "median_tad_size": float(lengths.median()) if len(domains) else None,
        "compartments": "yes" if len(given) else lack(clr, "too few bins"),
        "compartment_track_correlation": correlation(eigenvectors),
        "compartment_arms": len(given),
        "other_eigenvector_arms": ", ".join(other["arm"] + " " + other["chosen"]) or None,
        "weak_compartment_arms": ", ".join(given.loc[given["weak"].eq(True), "arm"]) or None,
        "saddle_strength": saddle_strength(corners),
    }
    return pd.DataFrame({"metric": list(rows), "value": pd.Series(rows.values(), dtype=object)})


def lack(clr: cooler.Cooler, otherwise: str) -> str:
    """Why a map has no such feature."""
    return f"no: {'a list of loops' if is_loops(clr) else otherwise}"


def boundary_counts(scores: pd.DataFrame, borders: pd.DataFrame) -> dict[str, int | None]:
    """Boundaries of the first window, those that all windows agree on, and those of each window."""
    windows = [column.removeprefix(STARTS) for column in scores if column.startswith(STARTS)]
    if scores.empty:
        return {"boundaries": None, "boundaries_of_all_windows": None}
    return {
        "boundaries": len(borders),
        "boundaries_of_all_windows": int((borders["n_windows"] == len(windows)).sum()),
        **{f"boundaries_{side}": int(scores[STARTS + side].eq(True).sum()) for side in windows},
    }


def contacts(clr: cooler.Cooler) -> dict[str, float | None]:
    """Contacts in all, in cis, in trans, their ratio, and the share of empty cis pixels."""
    chrom = clr.bins()["chrom"][:].cat.codes.to_numpy()
    total, cis, filled = 0.0, 0.0, 0
    for bin1, bin2, count in read_pixels(clr):
        within = chrom[bin1] == chrom[bin2]
        total += float(count.sum())
        cis += float(count[within].sum())
        filled += int(within.sum())
    sizes = np.bincount(chrom)
    trans = total - cis
    return {
        "contacts": total,
        "cis_contacts": cis,
        "trans_contacts": trans,
        "cis_trans_ratio": cis / trans if trans else None,
        "cis_sparsity": float(1 - filled / (sizes * (sizes + 1) // 2).sum()),
    }


def deep_bins(depth: pd.DataFrame) -> dict[str, float | None]:
    """The share of bins with contacts enough, and the smallest bins at which the map is deep."""
    return {
        "deep_bins_fraction": float(depth["share"].iloc[0]) if len(depth) else None,
        "deep_bin_size": deep_bin_size(depth),
    }


def decay_slope(curve: pd.DataFrame) -> float | None:
    """Slope of the smoothed expected against distance, both log10.

    Fitted on log-spaced distances from 2 bins to a quarter of the longest chromosome; None with
    fewer than three of them.
    """
    smooth = pooled(curve)
    smooth = smooth[(smooth.index >= 2) & (smooth.index <= curve["dist"].max() / 4) & (smooth > 0)]
    if len(smooth) < 3:
        return None
    spaced = np.unique(np.geomspace(smooth.index[0], smooth.index[-1], 50).round().astype(int))
    smooth = smooth[smooth.index.isin(spaced)]
    return float(np.polyfit(np.log10(smooth.index), np.log10(smooth), 1)[0])


def summary(metrics: pd.DataFrame) -> str:
    """The metrics in one line."""
    value = metrics.set_index("metric")["value"]

    def said(metric: str, form: str) -> str:
        return "-" if pd.isna(value[metric]) else format(value[metric], form)

    return (
        f"{value['resolution']:,} bp, {value['contacts']:,.0f} contacts, "
        f"cis/trans {said('cis_trans_ratio', '.2f')}, "
        f"{100 * value['bad_bins_fraction']:.1f} % bad bins, "
        f"decay {said('decay_slope', '.2f')}, {said('boundaries', 'd')} boundaries, "
        f"median TAD {said('median_tad_size', ',.0f')} bp, "
        f"compartments r {said('compartment_track_correlation', '.2f')}, "
        f"saddle {said('saddle_strength', '.2f')}, weights {value['balancing']}"
        + ("" if value["balancing_converged"] else " (not converged)")
    )
