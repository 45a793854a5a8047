"""A table of one-step forecasts that the user brings: read and checked, not believed.

Nobody can tell from it what its forecasts were made from, so whatever is said of them says that.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.forecast.time_course import TimeCourse
from foldcast.spreadsheet_damage import has_comma
from foldcast.text_table import close_names, read_text_table

NEEDED = ("gene", "target_time", "predicted")
ONE_EACH = ("model", "graph", "seed")  # of our own tables of forecasts
USED = (*NEEDED, "origin_time", *ONE_EACH)


def brought_forecasts(
    path: str | Path, time_course: TimeCourse, origins: Sequence[int]
) -> np.ndarray:
    """The forecasts of the time after each origin: [genes, origins], log2.

    Genes that the time course does not have are left out, and so are times that are not scored and
    forecasts of more than one step, which ``origin_time`` tells where there is such a column.

    Args:
        path: TSV or CSV with columns gene, target_time, predicted and perhaps origin_time; or a
            table of forecasts as the workflow writes it, of one model on one graph with one seed.
        time_course: whose genes and times they are.
        origins: those of the protocol.

    Raises:
        InputError: a column missing, a time that the time course does not have, what is no number,
            a second forecast of the same, a forecast missing.
    """
    table = _read(path)
    times = time_course.times
    for column in ("target_time", "origin_time", "predicted"):
        if column in table:
            table[f"{column}_text"] = table[column]
            table[column] = pd.to_numeric(table[column], errors="coerce")
            odd = ~np.isfinite(table[column])
            _refuse(path, table, odd, column, "a number", "write a number")
    nearest = np.abs(times - table["target_time"].to_numpy()[:, None]).argmin(axis=1)
    strange = ~np.isclose(times[nearest], table["target_time"])
    known = first_few(f"{time:g}" for time in times)
    _refuse(
        path, table, strange, "target_time", f"a time of the time course: {known}",
        "write times as the sample sheet does, in its unit",
    )  # fmt: skip

    column = pd.Index(np.asarray(origins) + 1).get_indexer(nearest)
    gene = time_course.genes.get_indexer(table["gene"])
    own = (column >= 0) & (gene >= 0)
    if "origin_time" in table:
        own &= np.isclose(times[np.maximum(nearest - 1, 0)], table["origin_time"])
    table = table.assign(column=column, row=gene)[own]
    again = table.duplicated(["row", "column"])
    _refuse(
        path, table, again, "gene", "one forecast of a gene at a time",
        "leave one of them; of several models each has a table of its own",
    )  # fmt: skip
    values = np.full((len(time_course.genes), len(origins)), np.nan)
    values[table["row"], table["column"]] = table["predicted"]
    if np.isnan(values).any():
        at, missing = np.argwhere(np.isnan(values.T))[0]
        raise InputError(
            path,
            found=f"{np.isnan(values).sum()} forecasts missing, the first of gene "
            f"{time_course.genes[missing]} at time {times[origins[at] + 1]:g}",
            expected=f"a forecast of each of {len(time_course.genes)} genes, named as in the "
            f"dataset's course.tsv, at {len(origins)} times from {times[origins[0] + 1]:g} on, "
            "each from the time before it",
            remedy="add these rows; log2 values, as they are in course.tsv",
        )
    return values


def _read(path: str | Path) -> pd.DataFrame:
    """The columns that are used, as text, and the line of each row."""
    header, rows = read_text_table(path)
    for column in NEEDED:
        if header.count(column) != 1:
            raise InputError(
                path,
                place="header",
                found=f"{'two columns' if column in header else 'no column'} {column}",
                expected=", ".join(NEEDED),
                remedy="keep one of them"
                if column in header
                else f"name the column so ({close_names(column, header)})",
            )
    table = pd.DataFrame(
        {
            column: [cells[at] if at < len(cells) else "" for _, cells in rows]
            for column in USED
            if column in header
            for at in [header.index(column)]
        }
    ).assign(line=[line for line, _ in rows])
    for column in ONE_EACH:
        if column in table and table[column].nunique() > 1:
            raise InputError(
                path,
                place=f"column {column}",
                found=first_few(table[column].unique()),
                expected="the forecasts of one",
                remedy="divide the table, and give each a name of its own under `forecasters`",
            )
    return table


def _refuse(
    path: str | Path,
    table: pd.DataFrame,
    bad: np.ndarray | pd.Series,
    column: str,
    expected: str,
    remedy: str,
) -> None:
    """Refuse the first of the rows that are bad."""
    if np.asarray(bad).any():
        row = table[np.asarray(bad)].iloc[0]
        text = str(row.get(f"{column}_text", row[column]))
        if has_comma(text):
            remedy = f"write a decimal point: {text.replace(',', '.')}"
        again = f" at time {row['target_time']:g} once more" if column == "gene" else ""
        raise InputError(
            path,
            place=f"line {row['line']}, column {column}",
            found=f"{text!r}{again}",
            expected=expected,
            remedy=remedy,
        )
