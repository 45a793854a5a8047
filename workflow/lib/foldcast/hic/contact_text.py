"""Contacts that come as text: what triples, loop lists and 3D models have in common."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.job import log
from foldcast.resources.chromosomes import nuclear_name

CONTACTS = ["chrom1", "bin1", "chrom2", "bin2", "count"]
# What a label in a file stands for: its unit is this share of a bin; `index` counts bins.
BINS_PER_LABEL = {"start": 1, "index2": 2}
ONLY = "map"  # what the single file of a map is called among its files
TOLERANCE = 1e-4  # relative, of the two values of a pair that is given both ways round
FEWEST = 10  # labels from which their common step tells the bin size


def data_lines(text: str) -> Iterator[tuple[int, str]]:
    """Line number (from 1) and line of everything but blank lines, comments and track lines."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith(("#", "track", "browser")):
            yield number, line


def in_genome(table: pd.DataFrame, columns: list[str], sizes: pd.Series) -> pd.DataFrame:
    """The rows whose chromosomes are the genome's, in its names; the others are logged."""
    found = sorted({str(name) for column in columns for name in table[column].unique()})
    known = {name: nuclear_name(name, sizes.index) for name in found}
    dropped = [name for name, own in known.items() if own is None]
    if dropped:
        log.info("left out, not in the genome or not nuclear: %s", first_few(dropped))
    table = table.assign(**{column: table[column].astype(str).map(known) for column in columns})
    return table.dropna(subset=columns)


def bins_of(
    labels: pd.Series, bin_size: int, label: str, chrom: str, length: int, path: str | Path
) -> pd.Series:
    """Bin number within the chromosome of each label.

    A label is the bin's start (`start`), half of it (`index2`: label = index × bin_size / 2), or
    the number of the bin from 0 (`index`).

    Args:
        labels: numbers as they stand in the file.
        bin_size, length: bp, of a bin and of the chromosome.
        label: what a label means.
        chrom, path: named in messages.

    Raises:
        InputError: a label between bins, before the chromosome or past its end.
    """
    per_bin = BINS_PER_LABEL.get(label)
    step = bin_size / per_bin if per_bin else 1
    numbers = labels / step
    off = labels[(numbers % 1 != 0) | (numbers < 0)]
    if len(off):
        raise InputError(
            path,
            place=chrom,
            found=f"label {off.iloc[0]:,.10g}, and {len(off) - 1} more between bins or negative",
            expected=f"multiples of {step:,.10g}: bins of {bin_size:,} bp, label `{label}`",
            remedy="set `bin_size` and `label` to what the file's labels mean",
        )
    numbers = numbers.astype("int64")
    if len(numbers) and numbers.max() * bin_size >= length:
        last = labels.max()
        starts = last < length and (labels % bin_size == 0).all()
        other = " (as bin starts, `label: start`, they would fit)" if starts else ""
        remedy = "set `bin_size` and `label` to what the labels mean, `genome` to the map's"
        if label == "index":
            other = other or (" (numbered from 1?)" if labels.min() >= 1 else "")
            remedy += "; HiC-Pro's bins, numbered from 1, are `format: hicpro`"
        raise InputError(
            path,
            place=chrom,
            found=f"label {last:,.10g}, a bin from {numbers.max() * bin_size:,} bp{other}",
            expected=f"bins that start within the {length:,} bp of the chromosome",
            remedy=remedy,
        )
    return numbers


def told_size(path: str | Path, bin_size: int, resolution: int) -> None:
    """Refuse a resolution that is not the bins' own size."""
    if resolution != bin_size:
        raise InputError(
            path,
            place=f"resolution {resolution:,} bp",
            found=f"bins of {bin_size:,} bp (`bin_size`)",
            expected="the file's own bins: they are neither split nor joined",
            remedy=f"set the graph's `resolution` and `compartment_resolution` to {bin_size}",
        )


def once(table: pd.DataFrame, place: str, path: str | Path) -> pd.DataFrame:
    """Each pair of bins once, sorted; both halves of a symmetric map say the same.

    Args:
        table: bin1, bin2 (bin1 ≤ bin2), count.
        place, path: named in messages.

    Raises:
        InputError: a pair with two values.
    """
    pairs = table.groupby(["bin1", "bin2"])["count"].agg(["min", "max"]).reset_index()
    unlike = pairs[pairs["max"] - pairs["min"] > TOLERANCE * pairs["max"]]
    if len(unlike):
        bin1, bin2, low, high = unlike.iloc[0]
        raise InputError(
            path,
            place=f"{place}, bins {bin1:.0f} and {bin2:.0f}",
            found=f"two values, {low:g} and {high:g}; {len(unlike) - 1} more such pairs",
            expected="one value per pair of bins, or a symmetric map",
            remedy="give each pair once",
        )
    return pairs.loc[pairs["max"] > 0, ["bin1", "bin2", "max"]].rename(columns={"max": "count"})
