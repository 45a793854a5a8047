"""Expression per tissue: a user's table → one label per gene id and tissue."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.job import log
from foldcast.spex.models.tissue_columns import MISSING, read_tissue_table

LOG_LIMIT = 30.0  # no logarithm of an expression value passes it; linear values do
VERSION = r"^(ENS[A-Z]*[GT]\d+)\.\d+$"


def read_expression(
    path: str | Path,
    *,
    id: str,
    id_column: int = 1,
    values: str,
    pseudocount: float = 1e-4,
    tissues: Sequence[str] = (),
) -> pd.DataFrame:
    """The labels of a table gene × tissue, as its maker wrote it (see `tissue_columns`).

    Args:
        id: what the names are: ``ensembl`` (versions are dropped), ``entrez`` or ``symbol``.
        id_column: position of the names, from 1.
        values: ``linear``: the label is ln(x + pseudocount); ``log``: as it is.
        tissues: columns; none takes all columns of numbers but those that describe genes.

    Returns:
        label (float, NaN where missing), one row per row of the table, in its order; index: id,
        empty where the table has none; columns: tissues.

    Raises:
        InputError: an unreadable table, no such column, a cell that is no number, negative linear
            values, values that cannot be logarithms.
    """
    names, numbers = read_tissue_table(path, id_column, tissues)
    numbers = numbers.set_axis(pd.Index(clean_ids(names, id), name="id"))
    return to_labels(numbers, values, pseudocount, path)


def to_labels(
    table: pd.DataFrame, values: str, pseudocount: float, source: str | Path
) -> pd.DataFrame:
    """Bring values to the scale of the labels.

    Raises:
        InputError: negative linear values, or values above 30 that are said to be logarithms.
    """
    numbers = table.to_numpy()
    if not np.isfinite(numbers).any():
        raise InputError(
            source,
            found="no value",
            expected="expression of genes in tissues",
            remedy="check `expression` and `tissues`",
        )
    lowest, highest = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    if values == "log":
        if highest > LOG_LIMIT:
            raise InputError(
                source,
                place=_where(table, highest),
                found=f"{highest:g}, the highest value",
                expected=f"logarithms, none above {LOG_LIMIT:g}, since the config says "
                "`values: log`",
                remedy="say `values: linear`",
            )
        return table
    if lowest < 0:
        raise InputError(
            source,
            place=_where(table, lowest),
            found=f"{lowest:g}, the lowest value",
            expected="values of 0 or more, since the config says `values: linear`",
            remedy="say `values: log` if these are logarithms; otherwise mend the table",
        )
    if highest < LOG_LIMIT:
        log.warning(
            "%s: values said to be linear are all below %g; if they are logarithms already, say "
            "`values: log`",
            source,
            LOG_LIMIT,
        )
    return np.log(table + pseudocount)


def clean_ids(ids: pd.Series, kind: str) -> pd.Series:
    """Ids as they are compared: stripped, Ensembl's without version, Entrez' as whole numbers."""
    ids = ids.astype(str).str.strip()
    if kind == "ensembl":
        return ids.str.replace(VERSION, r"\1", regex=True)
    if kind == "entrez":
        ids = ids.str.removesuffix(".0")  # a spreadsheet's number
    return ids.mask(ids.str.lower().isin(MISSING), "")


def _where(table: pd.DataFrame, value: float) -> str:
    row, column = np.argwhere(table.to_numpy() == value)[0]
    return f"gene {table.index[row]}, column {table.columns[column]}"
