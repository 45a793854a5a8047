"""What a map is worth, in numbers."""

import cooler
import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from foldcast.hic.weights import CHUNK

WEAK = 0.2  # a correlation of E1 with its phasing track below which the sign is a guess


def qc(
    clr: cooler.Cooler,
    curve: pd.DataFrame,
    scores: pd.DataFrame,
    borders: pd.DataFrame,
    domains: pd.DataFrame,
    eigenvectors: pd.DataFrame,
) -> pd.DataFrame:
    """Metrics of a map and its features; a value is missing where there is nothing to measure.

    Args:
        clr: the imported map.
        curve: its expected; scores: its insulation; borders: its boundaries;
            domains: its TADs (chrom, start, end); eigenvectors: its compartments.

    Returns:
        metric, value (mixed types).
    """
    weight = clr.bins()["weight"][:]
    balancing = clr._load_attrs("bins/weight")
    lengths = domains["end"] - domains["start"]
    rows = {
        "resolution": clr.binsize,
        "chromosomes": len(clr.chromnames),
        "bins": len(weight),
        "bad_bins_fraction": float(weight.isna().mean()),
        **contacts(clr),
        "balancing": str(balancing["origin"]),
        "balancing_converged": bool(balancing["converged"]),
        "decay_slope": decay_slope(curve),
        "insulation": "yes" if len(scores) else "no: resolution coarser than tad_limit",
        "boundaries": len(borders) if len(scores) else None,
        "tads": len(domains) if len(scores) else None,
        "median_tad_size": float(lengths.median()) if len(domains) else None,
        "compartments": "yes" if eigenvectors["E1"].notna().any() else "no: too few bins",
        "e1_track_correlation": correlation(eigenvectors),
    }
    for chrom, part in eigenvectors.groupby("chrom", sort=False):
        rows[f"e1_track_correlation_{chrom}"] = correlation(part)
    return pd.DataFrame({"metric": list(rows), "value": pd.Series(rows.values(), dtype=object)})


def contacts(clr: cooler.Cooler) -> dict[str, float | None]:
    """Contacts in all, in cis, in trans, their ratio, and the share of empty cis pixels."""
    chrom = clr.bins()["chrom"][:].cat.codes.to_numpy()
    total, cis, filled = 0.0, 0.0, 0
    for start in range(0, clr.info["nnz"], CHUNK):
        pixels = clr.pixels()[["bin1_id", "bin2_id", "count"]][start : start + CHUNK]
        within = chrom[pixels["bin1_id"]] == chrom[pixels["bin2_id"]]
        total += float(pixels["count"].sum())
        cis += float(pixels["count"][within].sum())
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


def decay_slope(curve: pd.DataFrame) -> float | None:
    """Slope of the smoothed expected against distance, both log10.

    Fitted on log-spaced distances from 2 bins (or the first that is not left out) to a quarter of
    the longest chromosome; None with fewer than three of them.
    """
    smooth = curve.groupby("dist")["balanced.avg.smoothed.agg"].first()
    smooth = smooth[(smooth.index >= 2) & (smooth.index <= curve["dist"].max() / 4) & (smooth > 0)]
    if len(smooth) < 3:
        return None
    spaced = np.unique(np.geomspace(smooth.index[0], smooth.index[-1], 50).round().astype(int))
    smooth = smooth[smooth.index.isin(spaced)]
    return float(np.polyfit(np.log10(smooth.index), np.log10(smooth), 1)[0])


def correlation(eigenvectors: pd.DataFrame) -> float | None:
    """Spearman correlation of E1 with its phasing track (what orients it); None if undefined."""
    both = eigenvectors[["track", "E1"]].dropna().astype(float)
    if (both.nunique() < 2).any():
        return None
    return float(spearmanr(both["track"], both["E1"]).statistic)


def weakly_phased(eigenvectors: pd.DataFrame) -> dict[str, float]:
    """Chromosomes on which E1 hardly correlates with its track, so that A and B may be swapped."""
    values = {str(c): correlation(part) for c, part in eigenvectors.groupby("chrom", sort=False)}
    return {chrom: r for chrom, r in values.items() if r is not None and abs(r) < WEAK}


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
        f"E1-track r {said('e1_track_correlation', '.2f')}, weights {value['balancing']}"
        + ("" if value["balancing_converged"] else " (not converged)")
    )
