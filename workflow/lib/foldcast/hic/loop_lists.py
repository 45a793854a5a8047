"""Loop lists (.bedpe of ChIA-PET, HiChIP and others): contacts between anchors."""

from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_text
from foldcast.hic.contact_text import CONTACTS, data_lines, in_genome
from foldcast.hic.other_text import refuse_other_text
from foldcast.job import log

ANCHORS = ["chrom1", "start1", "end1", "chrom2", "start2", "end2"]
UNKNOWN = (".", "-1", "*")  # an anchor that BEDPE calls unknown


def read_loops(
    path: str | Path, resolution: int, sizes: pd.Series, score_column: int | None = None
) -> pd.DataFrame:
    """Contacts of a loop list: each loop counts in the bins of its anchors' middles.

    Loops of one pair of bins add. Loops of an unknown anchor are left out, and that is logged.

    Args:
        path: the list, plain or gzipped.
        resolution: bin size, bp.
        sizes: lengths (bp) of the genome's chromosomes.
        score_column: position (from 1) of the contacts of a loop; None: every loop counts one.

    Returns:
        chrom1, bin1, chrom2, bin2 (bins of a chromosome from 0), count (float, > 0).

    Raises:
        InputError: not BEDPE, an anchor past its chromosome's end, a score that is no number.
    """
    least = max(len(ANCHORS), score_column or 0)
    text = read_text(path)
    refuse_other_text(path, text, "bedpe", "a loop list (BEDPE, tabs)")
    lines = {number: line.split("\t") for number, line in data_lines(text)}
    first = next(iter(lines), None)
    if first and lines[first][1:2] and lines[first][1].lower() in ("start1", "x1", "s1"):
        del lines[first]
    for number, fields in lines.items():
        if len(fields) < least:
            raise _not_loops(path, number, f"{len(fields)} fields", f"at least {least}, by tabs")
    names = [*ANCHORS, *range(len(ANCHORS) + 1, max(map(len, lines.values()), default=6) + 1)]
    table = pd.DataFrame.from_dict(lines, orient="index", columns=names, dtype=str)
    unknown = table[ANCHORS].isin(UNKNOWN).any(axis=1)
    if unknown.any():
        log.info("%d loops with an unknown anchor are left out", unknown.sum())
    table = table[~unknown]

    for column in ("start1", "end1", "start2", "end2"):
        table[column] = _numbers(table[column], path, column, "a position in bp")
    for side in "12":
        wrong = table[(table[f"start{side}"] < 0) | (table[f"end{side}"] < table[f"start{side}"])]
        if len(wrong):
            start, end = wrong.iloc[0][[f"start{side}", f"end{side}"]]
            raise _not_loops(
                path, wrong.index[0], f"an anchor {start:.0f}–{end:.0f}", "start ≤ end"
            )
    count = pd.Series(1.0, table.index)
    if score_column is None:
        log.info("every loop counts one: `score_column` is not set")
    else:
        column = table.columns[score_column - 1]
        count = _numbers(table[column], path, f"column {score_column}", "the contacts of a loop")
        if (count < 0).any():
            number = count.index[count < 0][0]
            raise _not_loops(path, number, f"a score of {count[number]:g}", "contacts, 0 or more")

    table = in_genome(table.assign(count=count), ["chrom1", "chrom2"], sizes)
    for side in "12":
        ends = table[f"chrom{side}"].map(sizes)
        past = table[table[f"end{side}"] > ends]
        if len(past):
            number, chrom = past.index[0], past[f"chrom{side}"].iloc[0]
            found = f"{chrom}:{past[f'end{side}'].iloc[0]:,.0f}"
            raise _not_loops(path, number, found, f"at most {sizes[chrom]:,} bp: the same assembly")
        middle = (table[f"start{side}"] + table[f"end{side}"]) // 2
        table[f"bin{side}"] = middle.clip(upper=ends - 1).astype("int64") // resolution
    log.info("%d loops, %g contacts", len(table), table["count"].sum())
    return table.loc[table["count"] > 0, CONTACTS]


def _numbers(column: pd.Series, path: str | Path, name: str, expected: str) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    if numbers.isna().any():
        number = numbers.index[numbers.isna()][0]
        raise _not_loops(path, number, f"{name}: {column[number]!r}", expected)
    return numbers.astype(float)


def _not_loops(path: str | Path, line: int, found: str, expected: str) -> InputError:
    return InputError(
        path,
        place=f"line {line}",
        found=found,
        expected=f"a loop list (BEDPE, tabs): {expected}",
        remedy="give such a file, or set `format` and `score_column` to what this one is",
    )
