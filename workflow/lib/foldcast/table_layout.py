"""Where the table begins in a text file, as the tools and archives that make tables write them."""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from foldcast.errors import InputError

GCT = re.compile(r"#1\.[0-9]+\s*$")
BEGIN, END = "!series_matrix_table_begin", "!series_matrix_table_end"
# Names that only rows of values have: a table whose first line has one has no header.
FIRST_GENE = re.compile(r"ENS[A-Z]*[GT]\d{11}(\.\d+)?|N_unmapped|__no_feature")
DIVIDERS = "\t;,"


class TableText(NamedTuple):
    """The lines of a table from its header on.

    lines: the header's first; skipped: how many stand before it; divider: between columns;
    about_genes: how many columns behind the first describe genes, where the file says so.
    """

    lines: list[str]
    skipped: int
    divider: str
    about_genes: int = 0


def table_text(path: str | Path, text: str) -> TableText:
    """The table in a text file: without comments, titles and what archives write around it.

    Known: lines that begin with ``#`` (featureCounts, GENCODE's and GDC's tables), GCT (1.2, 1.3),
    GEO's series matrix, a title above the header, a first line of values where there is no header
    (STAR, joined HTSeq), which gets a header: name, column 2, column 3 …

    Args:
        path: named in messages.
        text: of the file, lines ending in ``\\n``.

    Raises:
        InputError: a GEO series matrix without values, or GEO's SOFT format.
    """
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if GCT.match(lines[first].replace(",", "").replace("\t", "")):
        return _gct(lines, first)
    start = lines[first].lstrip('"')[:1]
    if start in ("!", "^"):
        first, lines = _series_matrix(path, lines)
    else:
        first = _below_comments(lines, first)
    divider = divider_of(lines[first]) if first < len(lines) else "\t"
    lines = lines[first:]
    if lines and lines[0].startswith("#"):
        lines = [lines[0].removeprefix("#").lstrip(), *lines[1:]]
    if lines and _is_values(cells := _cells(lines[0], divider)):
        header = ["name", *(f"column {i}" for i in range(2, len(cells) + 1))]
        return TableText([divider.join(header), *lines], first - 1, divider)
    return TableText(lines, first, divider)


def divider_of(header: str) -> str:
    """What divides the columns: a tab where there is one, else semicolons or commas."""
    if "\t" in header:
        return "\t"
    return ";" if header.count(";") > header.count(",") else ","


def _cells(line: str, divider: str) -> list[str]:
    cells = [cell.strip() for cell in next(csv.reader([line], delimiter=divider), [])]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_values(cells: list[str]) -> bool:
    """Whether a line is a gene and its values."""
    return (
        len(cells) > 1
        and FIRST_GENE.fullmatch(cells[0]) is not None
        and all(_is_number(cell) for cell in cells[1:])
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _gct(lines: list[str], first: int) -> TableText:
    """A line of sizes, the header; in 1.3 rows about the samples below it, which are dropped."""
    sizes = re.findall(r"\d+", lines[first + 1]) if len(lines) > first + 1 else []
    about = int(sizes[3]) if len(sizes) > 3 else 0  # rows about samples
    columns = int(sizes[2]) if len(sizes) > 3 else 0
    header = first + 2
    rest = lines[header:]
    blank = [""] * about  # so that lines keep their numbers
    lines = [*rest[:1], *blank, *rest[1 + about :]]
    return TableText(lines, header, divider_of("".join(rest[:1])), columns)


def _series_matrix(path: str | Path, lines: list[str]) -> tuple[int, list[str]]:
    """The header's index, and the lines up to the table's end."""
    marks = [line.strip().strip('"').casefold() for line in lines]
    if BEGIN not in marks:
        raise InputError(
            path,
            found=f"lines such as {lines[0][:40]!r} and no {BEGIN}",
            expected="a table, or GEO's series matrix",
            remedy="take the series matrix, or the table of values among the supplementary files",
        )
    begin = marks.index(BEGIN) + 1
    end = marks.index(END) if END in marks else len(lines)
    if not any(line.strip() for line in lines[begin + 1 : end]):
        raise InputError(
            path,
            place=f"line {begin}",
            found="a GEO series matrix without values, as those of sequencing are",
            expected="one row per gene",
            remedy="take the table of values among the series' supplementary files",
        )
    return begin, lines[:end]


def _below_comments(lines: list[str], first: int) -> int:
    """The index of the header: below ``#`` lines and a title, unless the last ``#`` line is it."""
    at = first
    while at < len(lines) and (lines[at].startswith(("#", '"#')) or not lines[at].strip()):
        at += 1
    if at == len(lines):
        return first
    if at > first:
        above = next(i for i in range(at - 1, first - 1, -1) if lines[i].strip())
        last, below = lines[above], lines[at]
        there = _cells(last, divider_of(last))
        values = _cells(below, divider_of(below))
        named = len(there) == len(values) > 1 and not _is_values(values)
        if named and all(map(_is_number, values[1:])):
            return above
    # A title: no column of its own, above lines that have some.
    follows = next((i for i in range(at + 1, len(lines)) if lines[i].strip()), at)
    if "\t" not in lines[at] and lines[follows].count("\t") > 1:
        return follows
    return at
