"""Tracks as bigWig, so that IGV, JBrowse and HiGlass open them; pybigtools writes them."""

from pathlib import Path

import pandas as pd
import pybigtools

from foldcast.files import atomic

# pybigtools writes no file without a value: one base that has none.
NOTHING = float("nan")


def write_bigwig(path: str | Path, track: pd.DataFrame, sizes: pd.Series) -> None:
    """Write a track with its views from afar; intervals without a value are left out.

    Args:
        path: of the file.
        track: chrom, start, end (bp, 0-based half open), value; no intervals overlap.
        sizes: chromosome → its length (bp).

    Raises:
        ValueError: an interval on no chromosome of these, past its end, or over another.
    """
    known = track.dropna(subset="value").sort_values(["chrom", "start"], kind="stable")
    check_intervals(known, sizes)
    columns = (known[name].tolist() for name in ("chrom", "start", "end", "value"))
    lengths = {name: int(length) for name, length in sizes.items()}
    rows = list(zip(*columns, strict=True)) or [(min(lengths), 0, 1, NOTHING)]
    with atomic(path) as temporary:
        pybigtools.open(str(temporary), "w").write(lengths, iter(rows))


def check_intervals(known: pd.DataFrame, sizes: pd.Series) -> None:
    """Refuse what no browser could show; pybigtools only prints that, and leaves half a file.

    Args:
        known: chrom, start, end, in order.

    Raises:
        ValueError: the first interval that is wrong.
    """
    length = known["chrom"].map(sizes)
    over = known["chrom"].eq(known["chrom"].shift()) & known["start"].lt(known["end"].shift())
    wrong = {
        "on no chromosome of the genome": length.isna(),
        "past the end of its chromosome": (known["end"] > length) | (known["start"] < 0),
        "empty": known["end"] <= known["start"],
        "over another": over,
    }
    for what, rows in wrong.items():
        if rows.any():
            chrom, start, end = known.loc[rows, ["chrom", "start", "end"]].iloc[0]
            raise ValueError(f"{chrom}:{start}-{end} is {what}")
