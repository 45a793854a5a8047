"""Expression per tissue: a user's table → one label per gene id and tissue."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few, known_name
from foldcast.files import read_text
from foldcast.genes.gene_names import canonical
from foldcast.genes.name_parts import clean, joined
from foldcast.job import log

MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "."}
# Columns of numbers that are no tissue, where the config does not say which columns are.
NO_TISSUE = {
    *("chr", "chrom", "chromosome", "seqnames", "start", "end", "strand", "tss", "length"),
    *("entrez", "entrezid", "entrezgene", "entrez_id", "geneid", "gene_id", "ncbi", "ncbigene"),
}
LOG_LIMIT = 30.0  # no logarithm of an expression value passes it; linear values do
GCT = "#1."  # first line of the format in which GTEx gives its tables; a line of sizes follows
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
    """The labels of a table gene × tissue (TSV, CSV or GCT, plain or gzipped).

    Args:
        id: what the names are: ``ensembl`` (versions are dropped), ``entrez`` or ``symbol``.
        id_column: position of the names, from 1.
        values: ``linear``: the label is ln(x + pseudocount); ``log``: as it is.
        tissues: columns; none takes all columns of numbers but those of loci and ids.

    Returns:
        label (float, NaN where missing), one row per row of the table, in its order; index: id,
        empty where the table has none; columns: tissues.

    Raises:
        InputError: an unreadable table, no such column, a cell that is no number, negative linear
            values, values that cannot be logarithms.
    """
    cells, first_line = _read_cells(path)
    if id_column > cells.shape[1]:
        raise InputError(
            path,
            place="header",
            found=f"{cells.shape[1]} columns",
            expected=f"the genes' ids in column {id_column}, as the config says",
            remedy="count all columns from 1 and mend `expression.id_column`",
        )
    ids = clean_ids(cells.iloc[:, id_column - 1], id)
    columns = cells.drop(columns=cells.columns[id_column - 1])
    if tissues:
        known_name(tissues, list(columns), path, "header")
    chosen = list(tissues) or _numeric_columns(columns, path)
    if repeated := [name for name in chosen if list(cells.columns).count(name) > 1]:
        raise InputError(
            path,
            place="header",
            found=f"{repeated[0]!r} twice",
            expected="each tissue once",
            remedy="rename one of the columns",
        )
    numbers = pd.DataFrame({name: _numbers(columns[name], path, first_line) for name in chosen})
    numbers = numbers.set_axis(pd.Index(ids, name="id"))
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


def _read_cells(path: str | Path) -> tuple[pd.DataFrame, int]:
    """Every cell as text, and the line of the first row."""
    text = read_text(path)
    skipped = 2 if text.startswith(GCT) else 0
    text = text.split("\n", skipped)[-1]
    header = text.partition("\n")[0]
    separator = "\t" if "\t" in header else ","
    try:
        cells = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            path,
            found=re.sub(r"\s+", " ", str(error)).strip(),
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
    names = cells.iloc[0].str.strip()
    return cells.iloc[1:].set_axis(names, axis=1).reset_index(drop=True), skipped + 2


def parse(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of text (NaN where there is none), and which cells hold something else."""
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    odd = np.flatnonzero(~np.isfinite(numbers))
    wrong = np.zeros(len(cells), dtype=bool)
    wrong[odd] = ~cells.iloc[odd].str.strip().str.lower().isin(MISSING)
    return numbers, wrong


def _numeric_columns(columns: pd.DataFrame, path: str | Path) -> list[str]:
    """Columns in which at least half of what is given are numbers."""
    found: list[str] = []
    ignored: list[str] = []
    for k, name in enumerate(columns.columns):
        numbers, wrong = parse(columns.iloc[:, k])
        known = np.isfinite(numbers).sum()
        if known and known >= wrong.sum():
            (ignored if str(name).lower() in NO_TISSUE else found).append(str(name))
    if ignored:
        log.info("%s: columns that are taken for no tissue: %s", path, ", ".join(ignored))
    if not found:
        raise InputError(
            path,
            found="no column of numbers",
            expected="one column per tissue",
            remedy="check the file and `expression.id_column`, or name the columns as `tissues`",
        )
    return found


def _numbers(cells: pd.Series, path: str | Path, first_line: int) -> np.ndarray:
    numbers, wrong = parse(cells)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            path,
            place=f"line {row + first_line}, column {cells.name}",
            found=f"{cells.iloc[row]!r} (such cells: {wrong.sum()})",
            expected="a number, or nothing where the value is missing",
            remedy="mend the cell",
        )
    return numbers


def _where(table: pd.DataFrame, value: float) -> str:
    row, column = np.argwhere(table.to_numpy() == value)[0]
    return f"gene {table.index[row]}, column {table.columns[column]}"
