"""Hi-C features of one map: expected, insulation, boundaries, TADs and compartments."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import bioframe
import cooler
import cooltools
import numpy as np
import pandas as pd
import scipy.sparse.linalg
from cooltools.lib.common import make_cooler_view

from foldcast.job import log

N_EIGS = 3
# Beside the diagonals left out, cooltools needs this many good bins for eigenvectors.
MIN_BINS = 4


def ignored_diagonals(clr: cooler.Cooler) -> int:
    """How many diagonals the balancing left out; nothing is computed from them."""
    return int(clr._load_attrs("bins/weight")["ignore_diags"])


def expected(clr: cooler.Cooler, threads: int = 1) -> pd.DataFrame:
    """Mean balanced contact per distance and chromosome, raw and smoothed.

    Returns:
        The table of `cooltools.expected_cis`, one row per chromosome and distance;
        `balanced.avg.smoothed.agg` is the curve of all chromosomes together.
    """
    with _known_warnings():
        return cooltools.expected_cis(
            clr,
            view_df=make_cooler_view(clr),
            smooth=True,
            aggregate_smoothed=True,
            ignore_diags=ignored_diagonals(clr),
            nproc=threads,
        )


def insulation(clr: cooler.Cooler, windows: list[int], threads: int = 1) -> pd.DataFrame:
    """Diamond insulation scores (log2) and boundaries, one row per bin.

    Args:
        windows: sides of the diamond, in bins.

    Returns:
        The table of `cooltools.insulation`, boundaries by Li's threshold on their strength.
    """
    with _known_warnings():
        return cooltools.insulation(
            clr,
            [window * clr.binsize for window in windows],
            view_df=make_cooler_view(clr),
            ignore_diags=ignored_diagonals(clr),
            threshold="Li",
            nproc=threads,
        )


def no_insulation(windows: list[int], resolution: int) -> pd.DataFrame:
    """The insulation table without rows, for maps that are too coarse for it."""
    sides = [window * resolution for window in windows]
    per_window = ["log2_insulation_score", "n_valid_pixels", "boundary_strength", "is_boundary"]
    columns = [f"{name}_{side}" for name in per_window for side in sides]
    return pd.DataFrame(columns=["chrom", "start", "end", "region", "is_bad_bin", *columns])


def boundaries(scores: pd.DataFrame, window: int) -> pd.DataFrame:
    """The bins that are boundaries at one window (bp), with their strength (log2).

    Returns:
        chrom, start, end, boundary_strength, window.
    """
    table = scores[scores[f"is_boundary_{window}"] == True]  # noqa: E712 (missing is not one)
    table = table.rename(columns={f"boundary_strength_{window}": "boundary_strength"})
    table = table[["chrom", "start", "end", "boundary_strength"]].assign(window=window)
    return table.reset_index(drop=True)


def tads(
    scores: pd.DataFrame, borders: pd.DataFrame, max_gap: int, max_length: int = 3_000_000
) -> pd.DataFrame:
    """Intervals from one boundary of a chromosome to the next.

    Left out are intervals longer than `max_length` (bp; the usual limit of cooltools' tutorial),
    and those that hold a run of bad bins longer than `max_gap` (bp): boundaries inside such a run
    cannot be seen.

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


def compartments(clr: cooler.Cooler, track: pd.DataFrame) -> pd.DataFrame:
    """Compartment eigenvectors of each chromosome; E1 is positive where the track is high (A).

    Chromosomes that are too short, or on which the track is constant, have empty eigenvectors,
    and that is logged: without orientation the sign of E1 means nothing.

    Args:
        track: chrom, start, end, track: one row per bin of the map.

    Returns:
        chrom, start, end, track, E1, E2, E3: one row per bin.
    """
    bins = clr.bins()[:].assign(chrom=lambda table: table["chrom"].astype(str))
    table = bins.merge(track, on=["chrom", "start", "end"], how="left", validate="1:1")
    good = table[table["weight"].notna() & table["track"].notna()]
    usable = good.groupby("chrom")["track"].agg(bins="size", values="nunique")
    enough = usable["bins"] > ignored_diagonals(clr) + MIN_BINS
    told = usable.index[enough & (usable["values"] > 1)]
    view = make_cooler_view(clr)
    if len(silent := view.loc[~view["chrom"].isin(told), "chrom"]):
        log.info(
            "no compartments, too few good bins or a constant phasing track: %s", ", ".join(silent)
        )
    view = view[view["chrom"].isin(told)].reset_index(drop=True)
    names = [f"E{i + 1}" for i in range(N_EIGS)]
    table = table[["chrom", "start", "end", "track"]].assign(**dict.fromkeys(names, np.nan))
    if len(view):
        with _known_warnings(), _repeatable_eigsh():
            _, vectors = cooltools.eigs_cis(
                clr,
                phasing_track=table[["chrom", "start", "end", "track"]],
                view_df=view,
                n_eigs=N_EIGS,
                ignore_diags=ignored_diagonals(clr),
            )
        table.loc[vectors.index, names] = vectors[names]
    return table


@contextmanager
def _repeatable_eigsh() -> Iterator[None]:
    """Give ARPACK a fixed start vector, which cooltools leaves to chance.

    Otherwise the last digits of an eigenvector differ at every run, and files with them.
    """
    original = scipy.sparse.linalg.eigsh

    def eigsh(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        start = np.random.default_rng(0).standard_normal(len(matrix))
        return original(matrix, k, v0=start)

    scipy.sparse.linalg.eigsh = eigsh
    try:
        yield
    finally:
        scipy.sparse.linalg.eigsh = original


@contextmanager
def _known_warnings() -> Iterator[None]:
    """Silence what cooltools is known to warn about, and nothing else."""
    with warnings.catch_warnings():
        # pandas announces a new default of groupby, on which cooltools does not depend.
        warnings.filterwarnings("ignore", "The default of observed=False", FutureWarning)
        # Sequence that is not known has no GC; chromosomes without any are left out beforehand.
        warnings.filterwarnings("ignore", "less than 50% of valid bins", UserWarning)
        yield
