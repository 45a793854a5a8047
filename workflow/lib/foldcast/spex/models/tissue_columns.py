"""Which columns of a table of expression are tissues, and the numbers in them."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few, known_name
from foldcast.files import read_text
from foldcast.job import log
from foldcast.spreadsheet_damage import COMMAS, RESTORE, damaged, has_comma, read_commas
from foldcast.table_columns import (
    beside_abundance,
    is_annotation,
    is_row_number,
    is_summary,
    one_sample,
    refuse_headless,
)
from foldcast.table_layout import table_text

MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "."}
Parsed = tuple[np.ndarray, np.ndarray]


def read_tissue_table(
    path: str | Path, id_column: int, tissues: Sequence[str]
) -> tuple[pd.Series, pd.DataFrame]:
    """The genes' names as they stand, and the numbers of the tissues.

    Rows that count reads of no gene (HTSeq, STAR) are left out. Without ``tissues`` all columns of
    numbers are taken but those that describe genes, have no name, or count the rows.

    Args:
        path: the table, as its maker wrote it (see `foldcast.table_layout`).
        id_column: position of the names, from 1; one that counts the rows is passed over.
        tissues: names of columns.

    Returns:
        names, and row × tissue (float, NaN where missing); index: lines of the file.

    Raises:
        InputError: an unreadable table, no such column, a cell that is no number.
    """
    cells, about_genes = _read_cells(path)
    if id_column > cells.shape[1]:
        raise InputError(
            path,
            place="header",
            found=f"{cells.shape[1]} columns",
            expected=f"the genes' ids in column {id_column}, as the config says",
            remedy="count all columns from 1 and mend `expression.id_column`",
        )
    at = id_column - 1
    header = [str(name) for name in cells.columns]
    if at == 0 and len(header) > 2 and not header[0] and is_row_number(cells.iloc[:, 0].tolist()):
        at = 1
    refuse_headless(
        path, [name for i, name in enumerate(header) if i != at], int(cells.index[0]) - 1
    )
    names = cells.iloc[:, at].str.strip()
    if (summary := names.map(is_summary)).any():
        rows = first_few(names[summary])
        log.info("%s: %d rows left out that are no genes: %s", path, summary.sum(), rows)
        cells, names = cells[~summary], names[~summary]
    if changed := damaged(names):
        log.warning(
            "%s: %d genes whose names a spreadsheet turned into dates or numbers: %s. Nothing is "
            "found by such a name: %s",
            path,
            len(changed),
            first_few(changed),
            RESTORE,
        )
    if tissues:
        known_name(tissues, [name for i, name in enumerate(header) if i != at], path, "header")
        chosen = [header.index(name, at + 1 if header[at] == name else 0) for name in tissues]
        parsed = {i: parse(cells.iloc[:, i]) for i in chosen}
    else:
        parsed = _columns_of_numbers(path, cells, at, about_genes)
    for i in parsed:
        if header.count(header[i]) > 1:
            raise InputError(
                path,
                place="header",
                found=f"{header[i]!r} twice",
                expected="each tissue once",
                remedy="rename one of the columns",
            )
    parsed = _with_commas(path, cells, parsed)
    for i, (_, wrong) in parsed.items():
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(
                path,
                place=f"line {cells.index[row]}, column {header[i]}",
                found=f"{cells.iloc[row, i]!r} (such cells: {wrong.sum()})",
                expected="a number, or nothing where the value is missing",
                remedy="mend the cell",
            )
    numbers = {header[i]: values for i, (values, _) in parsed.items()}
    return names, pd.DataFrame(numbers, index=cells.index)


def parse(cells: pd.Series) -> Parsed:
    """Numbers of text (NaN where there is none), and which cells hold something else."""
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    odd = np.flatnonzero(~np.isfinite(numbers))
    wrong = np.zeros(len(cells), dtype=bool)
    wrong[odd] = ~cells.iloc[odd].str.strip().str.lower().isin(MISSING)
    return numbers, wrong


def _read_cells(path: str | Path) -> tuple[pd.DataFrame, int]:
    """Every cell as text, by line; how many columns behind the first describe genes."""
    table = table_text(path, read_text(path))
    try:
        cells = pd.read_csv(
            io.StringIO("\n".join(table.lines)),
            sep=table.divider,
            header=None,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            path,
            found=re.sub(r"\s+", " ", str(error)).strip() if any(table.lines) else "an empty file",
            expected="a TSV or CSV with a header and the same number of cells in every line",
            remedy="mend that line; the header needs a name for the genes' column too",
        ) from None
    cells = cells.fillna("")
    if len(cells) < 2 or cells.shape[1] < 2:
        raise InputError(
            path,
            found=f"{len(cells)} lines, {cells.shape[1]} columns",
            expected="a header and one line per gene, with an id and tissues",
            remedy="save the table as tab-separated text",
        )
    cells = cells.set_axis(cells.index + table.skipped + 1)
    return cells.iloc[1:].set_axis(cells.iloc[0].str.strip(), axis=1), table.about_genes


def _columns_of_numbers(
    path: str | Path, cells: pd.DataFrame, names_in: int, about_genes: int
) -> dict[int, Parsed]:
    """Columns in which at least half of what is given are numbers, and which are tissues."""
    found: dict[int, Parsed] = {}
    ignored: list[str] = []
    header = [str(name) for name in cells.columns]
    beside = beside_abundance(header)
    for i, name in enumerate(header):
        if i == names_in:
            continue
        column = cells.iloc[:, i]
        numbers, wrong = parse(column)
        commas = wrong.any() and column[wrong].map(has_comma).all()
        known = np.isfinite(numbers).sum()
        if not commas and not (known and known >= wrong.sum()):
            continue
        if (
            not name
            or i <= about_genes
            or is_annotation(name)
            or name in beside
            or is_row_number(column.tolist())
        ):
            ignored.append(name or f"column {i + 1}, which has no name")
        else:
            found[i] = numbers, wrong
    if ignored:
        log.info("%s: columns that are taken for no tissue: %s", path, ", ".join(ignored))
    if found and (maker := one_sample(header)):
        raise InputError(
            path,
            place="header",
            found=f"{maker}, of one sample: {first_few(header[i] for i in found)}",
            expected="one column per tissue",
            remedy="join the files of your samples into one table, or name the column that is "
            "meant as `tissues`, such as [TPM]",
        )
    if not found:
        raise InputError(
            path,
            found="no column of numbers",
            expected="one column per tissue",
            remedy="check the file and `expression.id_column`, or name the columns as `tissues`",
        )
    return found


def _with_commas(
    path: str | Path, cells: pd.DataFrame, parsed: dict[int, Parsed]
) -> dict[int, Parsed]:
    """The same with decimal commas read, where these can be nothing else.

    Raises:
        InputError: all cells that are no numbers have commas, whose meaning cannot be told.
    """
    odd = [cell for i, (_, wrong) in parsed.items() for cell in cells.iloc[:, i][wrong].str.strip()]
    if not odd or not all(map(has_comma, odd)):
        return parsed
    points = sum(int(cells.iloc[:, i][~wrong].str.contains(".", regex=False).sum())
                 for i, (_, wrong) in parsed.items())  # fmt: skip
    read, doubt = read_commas(odd, points)
    if read is None:
        raise InputError(path, found=doubt, **COMMAS)
    log.warning("%s: decimal commas in %d cells, read as decimal points", path, len(odd))
    at = 0
    for numbers, wrong in parsed.values():
        end = at + int(wrong.sum())
        numbers[wrong] = read[at:end]
        at = end
    return {i: (numbers, np.zeros_like(wrong)) for i, (numbers, wrong) in parsed.items()}
