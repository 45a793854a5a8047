"""Is a cooler what it says of itself? Its bins and its pixels, before they are believed."""

from collections.abc import Iterator
from pathlib import Path

import cooler
import h5py
import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.pixels import Pixels, read_pixels

COLUMNS = {
    "chroms": ("name", "length"),
    "bins": ("chrom", "start", "end"),
    "pixels": ("bin1_id", "bin2_id", "count"),
}
COUNTED = {"nbins": "bins", "nnz": "pixels"}  # attribute → the table whose rows it counts
MAKE_AGAIN = "get the file again, or have the tool that made it write it again"
SORT = "have the tool that made it write pairs sorted, each once, bin1 ≤ bin2"
RAW = "give the map itself, not a comparison, a correction or a logarithm of it"


def check_group(path: str | Path, name: str, source: str | Path) -> None:
    """Refuse a group of an HDF5 file that lacks columns of a cooler, or counts them wrongly.

    Args:
        path: the file; name: the map's group in it.
        source: what messages name.

    Raises:
        InputError: a column or an attribute that is not there; one that does not fit another.
        OSError: a damaged file.
    """
    with h5py.File(path) as file:
        group = file[name]
        lengths = {
            f"{table}/{column}": len(group[table][column]) if column in group[table] else None
            for table, columns in COLUMNS.items()
            for column in columns
        }
        told = {key: group.attrs.get(key) for key in COUNTED}
    wrong = [f"no column {column}" for column, length in lengths.items() if length is None]
    for table, columns in COLUMNS.items():
        found = {length for c in columns if (length := lengths[f"{table}/{c}"]) is not None}
        if len(found) > 1:
            listed = " and ".join(f"{length:,}" for length in sorted(found))
            wrong.append(f"columns of {listed} rows in {table}")
    for key, table in COUNTED.items():
        rows = lengths[f"{table}/{COLUMNS[table][0]}"]
        if told[key] is None:
            wrong.append(f"no attribute {key}")
        elif rows is not None and int(told[key]) != rows:
            wrong.append(f"{rows:,} {table}, where its attribute {key} says {int(told[key]):,}")
    if wrong:
        raise InputError(
            source,
            place=f"group {name}",
            found="; ".join(wrong),
            expected="all columns and attributes of a cooler, which fit each other",
            remedy=f"it was written in part or by a tool that leaves things out: {MAKE_AGAIN}",
        )


def check_bins(bins: pd.DataFrame, size: int, source: str | Path) -> None:
    """Refuse bins that do not tile each chromosome, from 0 on, in steps of ``size``.

    All that follows counts bins from a chromosome's start: with a gap, every contact behind it
    would be that of another place.

    Args:
        bins: chrom (text), start, end (bp), in the order of the map.
        size: of a bin, bp; the last one of a chromosome may be shorter.
        source: what messages name.

    Raises:
        InputError: starts from 1, gaps, overlaps, other sizes, a chromosome in two places.
    """
    chrom = bins["chrom"].to_numpy(str)
    start, end = (bins[column].to_numpy("int64") for column in ("start", "end"))
    first = np.ones(len(bins), bool)
    first[1:] = chrom[1:] != chrom[:-1]
    last = np.roll(first, -1)
    before = np.where(first, 0, np.roll(end, 1))

    def refuse(bad: np.ndarray, what: str, remedy: str) -> None:
        if not bad.any():
            return
        at = int(np.flatnonzero(bad)[0])
        shown = f"{start[at]:,}–{end[at]:,}"
        more = f"; {bad.sum() - 1:,} more such bins" if bad.sum() > 1 else ""
        raise InputError(
            source,
            place=f"bins of {chrom[at]}",
            found=what.format(bin=shown, before=f"{before[at]:,}") + more,
            expected=f"bins of {size:,} bp that follow each other from 0 to the chromosome's end",
            remedy=remedy,
        )

    names, runs = np.unique(chrom[first], return_counts=True)
    again = first & np.isin(chrom, names[runs > 1])
    refuse(again, "its bins stand in several places, here from {bin}", MAKE_AGAIN)
    ones = (start % size == 1).all() and size > 1 and len(bins) > 0
    refuse(
        np.full(len(bins), ones),
        "starts that count from 1, such as {bin}",
        "write the bins with starts from 0, as in BED, and make the map again",
    )
    width = end - start
    refuse(
        (width <= 0) | (width > size) | ((width != size) & ~last),
        "a bin {bin}",
        "set `resolution` to the bins' true size if the file has a map of it; bins of unequal size "
        "(restriction fragments) cannot be used: bin the pairs anew",
    )
    refuse(
        start > before,
        "a gap: from {before} on there is no bin, up to {bin}",
        "regions were cut out of the bin table: give the map as it was before (what is bad there "
        "is masked when it is balanced)",
    )
    refuse(start < before, "bins that overlap: {bin} after one that ends at {before}", MAKE_AGAIN)


def sound_pixels(clr: cooler.Cooler, source: str | Path) -> Iterator[Pixels]:
    """The pixels of a map as `read_pixels` gives them, each piece looked at first.

    Args:
        clr: the map; source: what messages name.

    Raises:
        InputError: pairs unsorted, twice, below the diagonal or of bins that are not there;
            counts that are negative, infinite, missing or no numbers.
        OSError: a damaged file.
    """
    n_bins, row, latest = len(clr.bins()), 0, -1
    for bin1, bin2, count in read_pixels(clr):
        for bad, what, expected, remedy in _faults(bin1, bin2, count, n_bins, latest):
            if bad.any():
                at = int(np.flatnonzero(bad)[0])
                more = f"; {bad.sum() - 1:,} more such pixels" if bad.sum() > 1 else ""
                raise InputError(
                    source,
                    place=f"pixel {row + at + 1:,}",
                    found=f"{what}: bins {bin1[at]} and {bin2[at]}, count {count[at]}{more}",
                    expected=expected,
                    remedy=remedy,
                )
        row, latest = row + len(bin1), int(bin1[-1]) * n_bins + int(bin2[-1])
        yield bin1, bin2, count


def _faults(
    bin1: np.ndarray, bin2: np.ndarray, count: np.ndarray, n_bins: int, latest: int
) -> Iterator[tuple[np.ndarray, str, str, str]]:
    """What may be wrong with pixels: where it is so, its name, what should be, the remedy.

    Each may take for granted that nothing before it was wrong. ``latest`` is the place of the
    pixel before these: bin1 × n_bins + bin2.
    """
    numbers = count.dtype.kind in "iuf"
    yield np.full(len(count), not numbers), "a count that is no number", "numbers", MAKE_AGAIN
    yield count < 0, "negative contacts", "counts", RAW
    yield ~np.isfinite(count), "contacts that are no number", "finite counts", RAW
    outside = (bin1 < 0) | (bin2 < 0) | (bin1 >= n_bins) | (bin2 >= n_bins)
    one_past = " (numbered from 1?)" if max(bin1.max(), bin2.max()) == n_bins else ""
    known = f"bins 0 to {n_bins - 1:,}"
    yield outside, f"a bin that is not there{one_past}", known, MAKE_AGAIN
    yield bin1 > bin2, "a pair below the diagonal", "bin1 ≤ bin2: each pair once", SORT
    step = np.diff(bin1.astype("int64") * n_bins + bin2, prepend=latest)
    in_order = "pixels sorted by bin1, then by bin2, each pair once"
    yield step < 0, "a pair behind its place", in_order, SORT
    yield step == 0, "a pair a second time", in_order, SORT
