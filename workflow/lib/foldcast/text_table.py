"""A user's text table, with the line that each row stands on; names close to one that is none."""

import csv
import difflib
from collections.abc import Iterable
from pathlib import Path

from foldcast.errors import InputError, first_few
from foldcast.files import read_text
from foldcast.table_layout import table_text

Row = tuple[int, list[str]]
_SAVE = "save the table as tab-separated text"
_WRITE = f"{_SAVE}; in R: write.table(x, FILE, sep='\\t', quote=FALSE, col.names=NA)"


def read_text_table(path: str | Path) -> tuple[list[str], list[Row]]:
    """The header and the (line, cells) of every row that is not blank.

    TSV or CSV, plain or gzipped, with any line ends; tabs where the header has one, else
    semicolons or commas. What tools and archives write around a table is left out (see
    `table_layout`). Cells are stripped and blank cells at the end of a row are dropped.

    Raises:
        InputError: the file is missing, empty, no text, a broken gzip, has an open quote or a
            single column.
    """
    lines, skipped, divider, _ = table_text(path, read_text(path))
    first = lines[0] if lines else ""
    if first.strip() and divider not in first:
        raise InputError(
            path,
            place=f"line {skipped + 1}",
            found="one column",
            expected="a header and rows of at least two columns, divided by tabs or commas",
            remedy=_WRITE if len(first.split()) > 1 else _SAVE,
        )
    # strict: a quote that is never closed would swallow the lines below it.
    reader = csv.reader(lines, delimiter=divider, strict=True)
    try:
        rows = [(reader.line_num + skipped, _trim(cells)) for cells in reader]
    except csv.Error as error:
        raise InputError(
            path,
            place=f"line {reader.line_num + skipped}",
            found=f"quotes that do not match ({error})",
            expected="quotes around whole cells or none",
            remedy="take the quotes out or close them",
        ) from None
    rows = [(line, cells) for line, cells in rows if cells]
    if not rows or len(rows[0][1]) < 2:
        raise InputError(
            path,
            place=f"line {rows[0][0]}" if rows else None,
            found="one column" if rows else "an empty file",
            expected="a header and rows of at least two columns, divided by tabs or commas",
            remedy=_SAVE,
        )
    return rows[0][1], rows[1:]


def close_names(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: what may have been meant, or what there is."""
    names = list(dict.fromkeys(known))
    by_case = {other.casefold(): other for other in reversed(names)}
    close = difflib.get_close_matches(name.casefold(), by_case, n=3)
    if close:
        return f"did you mean {' or '.join(by_case[match] for match in close)}?"
    return f"known: {first_few(names)}"


def _trim(cells: list[str]) -> list[str]:
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells
