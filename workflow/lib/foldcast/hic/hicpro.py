"""HiC-Pro's maps: a .matrix of bins numbered from 1, and the BED file that says what they are."""

from io import StringIO
from pathlib import Path

import cooler
import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_text
from foldcast.hic.contact_text import once, told_size
from foldcast.hic.cooler_checks import check_bins
from foldcast.job import log

MATRIX = "HiC-Pro's .matrix: `bin1 bin2 contacts`, bins numbered as in its BED file"
BED = "HiC-Pro's BED file of bins (`…_abs.bed`): `chrom start end number`, numbers from 1"


def hicpro_to_cooler(
    matrix: str | Path, bed: str | Path, resolution: int, target: str | Path
) -> None:
    """Write the contacts of a HiC-Pro matrix as a cooler.

    Args:
        matrix: the .matrix file, of raw contacts; upper half, or both halves.
        bed: its bins.
        resolution: bin size in bp.
        target: the .cool file to write.

    Raises:
        InputError: not such files, or not of each other; bins of another size.
    """
    bins, first = _bins(bed, resolution)
    table = _numbers(matrix, ["bin1", "bin2", "count"], MATRIX)
    ids = table[["bin1", "bin2"]]
    off = table[(ids % 1 != 0).any(axis=1) | (ids < first).any(axis=1)]
    off = off if len(off) else table[(ids >= first + len(bins)).any(axis=1)]
    if len(off):
        raise InputError(
            matrix,
            place=f"line {off.index[0]}",
            found=f"bins {off['bin1'].iloc[0]:.10g} and {off['bin2'].iloc[0]:.10g}",
            expected=f"bins {first} to {first + len(bins) - 1:,}, those of {bed}",
            remedy="give the BED file of this matrix: of the same run and bin size",
        )
    if len(below := table.index[table["count"] < 0]):
        raise _not_hicpro(matrix, below[0], "negative contacts", MATRIX)
    if len(table) and (table["count"] % 1 != 0).any():
        log.warning(
            "%s: values that are not whole, as of an iced matrix: they are balanced once more; "
            "HiC-Pro's raw matrix is the better input",
            matrix,
        )
    low, high = np.sort(ids.to_numpy("int64") - first, axis=1).T
    pairs = pd.DataFrame({"bin1": low, "bin2": high, "count": table["count"].to_numpy()})
    pairs = once(pairs, "the matrix", matrix)
    pixels = pairs.set_axis(["bin1_id", "bin2_id", "count"], axis=1)
    whole = (pixels["count"] % 1 == 0).all()
    types = {"count": np.dtype("int32" if whole else float)}
    cooler.create_cooler(str(target), bins, pixels, dtypes=types, ordered=True)


def _bins(bed: str | Path, resolution: int) -> tuple[pd.DataFrame, int]:
    """chrom, start, end of each bin, in their order, and the number of the first."""
    table = _numbers(bed, ["chrom", "start", "end", "number"], BED)
    numbers = table["number"].to_numpy()
    if not len(table) or numbers[0] not in (0, 1) or (np.diff(numbers) != 1).any():
        raise InputError(
            bed,
            place="column 4",
            found="bins that are not numbered one after the other",
            expected=BED,
            remedy="give the BED file beside the matrix, of the same bin size",
        )
    bins = table[["chrom", "start", "end"]].reset_index(drop=True)
    bins = bins.astype({"start": "int64", "end": "int64"})
    width = (bins["end"] - bins["start"]).mode()[0]
    if (bins["end"] - bins["start"] <= width).all():
        told_size(bed, int(width), resolution)
    check_bins(bins, resolution, bed)
    return bins, int(numbers[0])


def _numbers(path: str | Path, names: list[str], expected: str) -> pd.DataFrame:
    """A text of columns, all numbers but `chrom`; by line from 1."""
    text = read_text(path)
    if not text.strip():
        raise _not_hicpro(path, None, "an empty file", expected)
    try:
        table = pd.read_csv(StringIO(text), sep=r"\s+", header=None, dtype=str)
    except pd.errors.ParserError as error:
        raise _not_hicpro(path, None, str(error).strip(), expected) from None
    if table.shape[1] != len(names):
        first = " ".join(table.iloc[0].fillna(""))
        raise _not_hicpro(path, 1, f"{table.shape[1]} fields: {first[:60]!r}", expected)
    table = table.set_axis(names, axis=1)
    table.index += 1
    for name in (name for name in names if name != "chrom"):
        given, table[name] = table[name], pd.to_numeric(table[name], errors="coerce")
        if len(bad := given[~np.isfinite(table[name])]):
            raise _not_hicpro(path, bad.index[0], f"{name} {bad.iloc[0]!r}", expected)
    return table


def _not_hicpro(path: str | Path, line: int | None, found: str, expected: str) -> InputError:
    return InputError(
        path,
        place=None if line is None else f"line {line}",
        found=found,
        expected=expected,
        remedy="give the .matrix as `path` and its BED file as `bins`",
    )
