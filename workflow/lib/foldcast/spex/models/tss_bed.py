"""TSS that a user brings: a BED file of intervals with name and strand."""

from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_text
from foldcast.resources.chromosomes import harmonise

COLUMNS = "chrom, start, end, name, score, strand"
HEADERS = ("track", "browser")  # words that a browser's lines begin with


def read_tss(path: str | Path) -> pd.DataFrame:
    """TSS of a BED file with six columns or more, by tabs or blanks; plain or gzipped.

    The TSS is the interval's first base on its strand: start on +, end - 1 on -. A one-base
    interval is the TSS itself.

    Returns:
        gene (the name), chrom (as in the file), tss (0-based), strand; a row per line.

    Raises:
        InputError: a line of fewer columns, that is no interval, or without a name or strand; a
            name twice; no line at all.
    """
    rows: list[tuple[str, str, int, str]] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else None)]
        if not any(cells) or line.startswith("#") or cells[0].split()[0] in HEADERS:
            continue
        chrom, start, end, name, strand = _interval(path, number, cells)
        if name in lines:
            raise InputError(
                path,
                place=f"lines {lines[name]} and {number}",
                found=f"{name} twice",
                expected="a name of its own for each TSS",
                remedy="rename one of them (such as by its transcript), or delete it",
            )
        lines[name] = number
        rows.append((name, chrom, start if strand == "+" else end - 1, strand))
    if not rows:
        raise InputError(
            path,
            found="no interval",
            expected=f"lines of {COLUMNS}",
            remedy="write a line for each TSS",
        )
    return pd.DataFrame(rows, columns=["gene", "chrom", "tss", "strand"])


def _interval(path: str | Path, number: int, cells: list[str]) -> tuple[str, int, int, str, str]:
    """Chromosome, start, end, name and strand of a line."""
    found, remedy = "", ""
    if len(cells) < 6:
        found, remedy = f"{len(cells)} columns", "add what is missing; the score may be 0"
    elif not (cells[1].isdecimal() and cells[2].isdecimal()):
        found = f"start {cells[1]!r}, end {cells[2]!r}"
        remedy = "write whole numbers (bp, the first base is 0); begin a line of names with #"
    elif int(cells[2]) <= int(cells[1]):
        found = f"start {cells[1]}, end {cells[2]}"
        remedy = "write an end behind the start: an interval of one base at p is p, p + 1"
    elif cells[3] in ("", "."):
        found, remedy = "no name", "name each TSS"
    elif cells[5] not in ("+", "-"):
        found = f"strand {cells[5]!r}"
        remedy = "write + or -: upstream of a TSS is not what is downstream of it"
    if found:
        raise InputError(
            path,
            place=f"line {number}",
            found=found,
            expected=f"{COLUMNS} by tab; 0-based, the end is not part of the interval",
            remedy=remedy,
        )
    return cells[0], int(cells[1]), int(cells[2]), cells[3], cells[5]


def place_tss(
    table: pd.DataFrame, sizes: pd.Series, chromosomes: list[str], path: str | Path, place: str
) -> pd.DataFrame:
    """The TSS with the genome's names of chromosomes.

    Args:
        table: of `read_tss`.
        sizes: chromosome → length (bp).
        chromosomes: those that are read.
        path: of the table.
        place: key of the config that names them.

    Raises:
        InputError: a chromosome that the genome lacks or that is not read, a TSS off its end.
    """
    chrom = harmonise(table["chrom"], sizes.index)
    found, expected, wrong = "", "", chrom.isna()
    if wrong.any():
        found = f"on {table['chrom'][wrong].iloc[0]}"
        expected = f"chromosomes of the genome, such as {', '.join(sizes.index[:3])}"
        remedy = "give TSS and genome of one assembly"
    elif (wrong := ~chrom.isin(chromosomes)).any():
        found = f"on {chrom[wrong].iloc[0]}"
        expected = f"one of {', '.join(chromosomes)}, whose genes are predicted"
        remedy = f"name the chromosome in `{place}`, or delete the line"
    elif (wrong := table["tss"] >= chrom.map(sizes)).any():
        row = table[wrong].iloc[0]
        found = f"at {row['chrom']}:{row['tss'] + 1:,}"
        expected = f"at most {sizes[chrom[wrong].iloc[0]]:,}, the length of the chromosome"
        remedy = "give TSS and genome of one assembly"
    if found:
        raise InputError(
            path,
            place=f"TSS {table['gene'][wrong].iloc[0]}",
            found=f"{found} ({int(wrong.sum())} such TSS)",
            expected=expected,
            remedy=remedy,
        )
    return table.assign(chrom=chrom)
