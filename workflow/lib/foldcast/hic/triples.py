"""Text triples `bin1 bin2 value`, in any of the conventions for what a bin's label means."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import read_text
from foldcast.hic.contact_text import (
    CONTACTS,
    FEWEST,
    ONLY,
    bins_of,
    data_lines,
    in_genome,
    once,
)
from foldcast.hic.other_text import refuse_other_text
from foldcast.job import log

FORM = "`bin1 bin2 value` or `chrom bin1 bin2 value`, separated by blanks, without a header"
MISSING = ("nan", "-nan", "na")


def read_triples(
    files: Mapping[str, str | Path], bin_size: int, label: str, sizes: pd.Series
) -> pd.DataFrame:
    """Contacts of triples; each pair of bins once, whichever way round the file gives it.

    Args:
        files: by chromosome where they have three columns; by any name where they have four.
        bin_size: bp; label: `start`, `index2` or `index`, see `bins_of`.
        sizes: lengths (bp) of the genome's chromosomes.

    Returns:
        chrom1, bin1, chrom2, bin2 (bins of a chromosome from 0), count (float, > 0).

    Raises:
        InputError: not such triples; labels that are no bins, or count from 1; a pair with two
            values.
    """
    tables, reach, lowest = [], {}, {}
    for name, path in files.items():
        table = in_genome(_read(path, name), ["chrom"], sizes)
        for chrom, part in table.groupby("chrom", sort=False):
            length = int(sizes[chrom])
            labels = pd.concat([part["bin1"], part["bin2"]])
            numbers = bins_of(labels, bin_size, label, str(chrom), length, path)
            _check_step(numbers, bin_size, str(chrom), path)
            reach[str(chrom)] = (numbers.max() + 1) * bin_size / length
            half = len(part)
            low, high = np.sort([numbers[:half], numbers[half:]], axis=0)
            contacts = {"bin1": low, "bin2": high, "count": part["value"].to_numpy()}
            pairs = once(pd.DataFrame(contacts), str(chrom), path)
            tables.append(pairs.assign(chrom1=chrom, chrom2=chrom)[CONTACTS])
            lowest[str(chrom)] = int(numbers.min())
    if label == "index" and lowest and set(lowest.values()) == {1}:
        raise _from_one(next(iter(files.values())), [*lowest])
    if label == "start" and reach and all(0.42 < share < 0.58 for share in reach.values()):
        log.warning(
            "the largest label is about half of every chromosome (%s): if a label is half of the "
            "bin's start, this needs `label: index2` and a `bin_size` of %d",
            ", ".join(f"{chrom} {share:.2f}" for chrom, share in [*reach.items()][:3]),
            2 * bin_size,
        )
    return pd.concat(tables) if tables else pd.DataFrame(columns=CONTACTS)


def _read(path: str | Path, name: str) -> pd.DataFrame:
    """chrom, bin1, bin2, value; rows without a value are left out."""
    text = read_text(path)
    refuse_other_text(path, text, "triples", f"triples: {FORM}")
    try:
        table = pd.read_csv(StringIO(text), sep=r"\s+", header=None, comment="#", dtype={0: str})
    except pd.errors.EmptyDataError:
        raise _not_triples(path, "an empty file", None) from None
    except pd.errors.ParserError:
        widths = [(number, len(line.split())) for number, line in data_lines(text)]
        number, width = next(pair for pair in widths if pair[1] != widths[0][1])
        raise _not_triples(path, f"{width} fields after lines of {widths[0][1]}", number) from None
    if table.shape[1] not in (3, 4):
        raise _not_triples(path, f"{table.shape[1]} fields", next(data_lines(text))[0])
    if table.shape[1] == 3 and name == ONLY:
        raise InputError(
            path,
            found="three columns, in one file: no chromosome is named",
            expected="`chrom bin1 bin2 value`, or a file per chromosome",
            remedy="name each chromosome's file under `files`; HiC-Pro's .matrix is "
            "`format: hicpro`, with its BED file as `bins`",
        )
    names = ["chrom", "bin1", "bin2", "value"][-table.shape[1] :]
    table = table.set_axis(names, axis=1)
    if "chrom" not in table:
        table.insert(0, "chrom", name)
    numbers = table[["bin1", "bin2", "value"]].apply(pd.to_numeric, errors="coerce")
    if numbers.isna().any(axis=None):
        lines = list(data_lines(text))
        for k in np.flatnonzero(numbers.isna().any(axis=1)):
            number, line = lines[k]
            fields = line.split()
            known = len(fields) == len(names) and numbers.iloc[k, :2].notna().all()
            if not known or fields[-1].lower() not in MISSING:
                raise _not_triples(path, repr(line[:60]), number)
    if (numbers["value"] < 0).any() or np.isinf(numbers).any(axis=None):
        raise InputError(
            path,
            place=name,
            found="negative or infinite values",
            expected="contacts",
            remedy="give the map itself, not a comparison or a logarithm of it",
        )
    return table[["chrom"]].join(numbers).dropna()


def _from_one(path: str | Path, chroms: list[str]) -> InputError:
    return InputError(
        path,
        place=first_few(chroms, 3),
        found="numbers of bins that begin with 1: those of HiC-Pro, and others, count from 1",
        expected="`label: index`, the number of a bin from 0",
        remedy="give HiC-Pro's own .matrix and BED file with `format: hicpro`, or take 1 from "
        "every number; if the bins 0 are truly empty, say so by a line `0 0 0`",
    )


def _not_triples(path: str | Path, found: str, line: int | None) -> InputError:
    return InputError(
        path,
        place=None if line is None else f"line {line}",
        found=found,
        expected=f"triples: {FORM}",
        remedy="give such a file, or set `format` to what this one is",
    )


def _check_step(numbers: pd.Series, bin_size: int, chrom: str, path: str | Path) -> None:
    """Labels that all are multiples of several bins belong to larger bins than the config says."""
    distinct = numbers.unique()
    step = int(np.gcd.reduce(distinct)) if len(distinct) >= FEWEST else 1
    if step > 1:
        raise InputError(
            path,
            place=chrom,
            found=f"labels of one bin in {step} only: bins of {step * bin_size:,} bp?",
            expected=f"bins of {bin_size:,} bp",
            remedy="set `bin_size` and `label` to what the file's labels mean",
        )
