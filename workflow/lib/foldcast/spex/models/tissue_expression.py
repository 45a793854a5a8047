"""Expression per tissue: a user's table → one label per gene id and tissue."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.genes.gene_names import canonical
from foldcast.genes.name_parts import clean, joined
from foldcast.job import log
from foldcast.spex.models.tissue_columns import MISSING, read_tissue_table

LOG_LIMIT = 30.0  # no logarithm of an expression value passes it; linear values do
SEVERAL = (
    r"[|:;\"'`]|ENS[A-Z]*\d{6,}(?:\.\d+)?[^.\d]|[^\s]ENS[A-Z]*G\d{6,}"  # more than an id in a cell
)
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


def check_differ(labels: pd.DataFrame, source: str | Path) -> None:
    """Refuse tissues in which every gene has the same value.

    Args:
        labels: gene × tissue.

    Raises:
        InputError: with all of them.
    """
    same = labels.columns[labels.nunique() < 2]
    if len(same):
        raise InputError(
            source,
            place=f"column {first_few(same)}",
            found="the same value in every gene",
            expected="genes that differ",
            remedy="name the other tissues in `tissues`, so that this one is left out",
        )


def clean_ids(ids: pd.Series, kind: str) -> pd.Series:
    """Ids as they are compared: stripped, Ensembl's without version, Entrez' as whole numbers.

    Of several names in a cell (``ENSG…|TP53``, ``TP53|7157``, ``gene:ENSG…``) the one of the kind.
    """
    ids = ids.astype(str).str.strip()
    several = ids.str.contains(SEVERAL, regex=True)
    if several.any():
        ids = ids.mask(several, ids[several].map(lambda name: _of_kind(name, kind)))
    if kind == "ensembl":
        return ids.str.replace(VERSION, r"\1", regex=True)
    if kind == "entrez":
        ids = ids.str.removesuffix(".0")  # a spreadsheet's number
    return ids.mask(ids.str.lower().isin(MISSING), "")


def _of_kind(name: str, kind: str) -> str:
    """What of a name is an id of that kind; all of it where nothing is."""
    name = clean(name)
    found, others = joined(name)
    if kind == "symbol":
        return next((text for text in others if found or "|" in name), name)
    numbers = kind == "entrez"
    return next((id for id in found if id.isdigit() == numbers), canonical(name))


def _where(table: pd.DataFrame, value: float) -> str:
    row, column = np.argwhere(table.to_numpy() == value)[0]
    return f"gene {table.index[row]}, column {table.columns[column]}"
