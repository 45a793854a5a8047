"""Features that a user brings: a table gene × feature."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.file_kinds import is_array, is_hdf5
from foldcast.files import read_text
from foldcast.job import log
from foldcast.spex.models.array_features import open_array, read_gene_list
from foldcast.spex.models.tissue_columns import MISSING, parse
from foldcast.spex.models.tissue_expression import clean_ids
from foldcast.spreadsheet_damage import COMMAS, has_comma, read_commas
from foldcast.table_columns import refuse_headless
from foldcast.table_layout import TableText, table_text


@dataclass(frozen=True)
class UserTable:
    """A user's features: ids of genes (Ensembl's without version), and their rows when asked for.

    rows: positions [n] → features [n, width], float32, NaN where missing.
    """

    genes: pd.Index
    width: int
    rows: Callable[[np.ndarray], np.ndarray]


def open_user_table(path: str | Path, genes: str | Path | None = None) -> UserTable:
    """A user's gene × feature table: as of `read_user_table`, or a NumPy array and its genes.

    Args:
        genes: list of the genes that the rows of an array are of, in their order; no other table
            has one.

    Raises:
        InputError: as `read_user_table`, `open_array` and `read_gene_list`; an array without a
            list, or with one of another length; a list beside a table that has ids itself. When
            rows are asked for: values that are infinite.
    """
    if not is_array(path):
        if genes:
            raise InputError(
                path,
                found="a table whose rows have ids, and a list of genes beside it",
                expected="such a list beside a NumPy array (.npy) alone",
                remedy="leave out `genes` of these features",
            )
        table = read_user_table(path)
        values = table.to_numpy(dtype=np.float32)
        return UserTable(table.index, values.shape[1], lambda at: values[at])
    array = open_array(path)
    if not genes:
        raise InputError(
            path,
            found=f"a NumPy array of {array.shape[0]:,} rows, and no list of its genes",
            expected="the genes that the rows are of, in their order",
            remedy="give `genes` beside `path`, such as ExPecto's geneanno.csv",
        )
    ids = read_gene_list(genes)
    if len(ids) != len(array):
        raise InputError(
            path,
            found=f"{len(array):,} rows, while {genes} has {len(ids):,} genes",
            expected="a row for each gene of the list, in its order",
            remedy="give the list that the array was made with, as it was then",
        )

    def rows(at: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):  # what is too large is refused
            found = np.asarray(array[at], dtype=np.float32)
        if np.isinf(found).any():
            raise _infinite(path, ids[int(at[np.isinf(found).any(axis=1)][0])])
        return found

    return UserTable(pd.Index(ids, name="gene"), array.shape[1], rows)


def read_user_table(path: str | Path) -> pd.DataFrame:
    """A user's gene × feature table; index: gene ids (Ensembl's without version).

    TSV or CSV with a header, the id first; or HDF5 with /genes [n] and /x [n, features]. Missing
    values are allowed. Which of them it is, is told by its content.

    Raises:
        InputError: another format, a damaged file, a cell that is no number, a gene twice with
            other values.
    """
    table = _read_hdf5(path) if is_hdf5(path) else _read_text_table(path)
    table.index = pd.Index(clean_ids(table.index.to_series(), "ensembl"), name="gene")
    table = table[table.index != ""]
    if table.index.has_duplicates:
        repeated = table.index[table.index.duplicated()].unique()
        gene, n = repeated[0], len(repeated)
        more = f"; {n} such genes: {first_few(repeated)}" if n > 1 else ""
        raise InputError(
            path,
            place=f"gene {gene}",
            found=f"two rows (ids are compared without version){more}",
            expected="each gene once",
            remedy="keep one of the rows",
        )
    if np.isinf(table.to_numpy()).any():
        row = table.index[np.isinf(table.to_numpy()).any(axis=1)][0]
        raise _infinite(path, row)
    return table


def _infinite(path: str | Path, gene: str) -> InputError:
    return InputError(
        path,
        place=f"gene {gene}",
        found="a value that is infinite, or too large for single precision",
        expected="finite numbers, or nothing where a value is missing",
        remedy="mend the table",
    )


def _read_hdf5(path: str | Path) -> pd.DataFrame:
    try:
        with h5py.File(path) as file:
            genes, x = file.get("genes"), file.get("x")
            _check_datasets(path, file, genes, x)
            return pd.DataFrame(x[:].astype(np.float32), index=genes.asstr()[:])
    except OSError as error:
        locked = "unable to lock" in str(error)
        raise InputError(
            path,
            found=f"a file that cannot be locked ({error})"
            if locked
            else f"a damaged or truncated HDF5 file ({error})",
            expected="a whole HDF5 file with /genes [n] and /x [n, features]",
            remedy="close the program that writes it; on a file system without locks, set "
            "HDF5_USE_FILE_LOCKING=FALSE"
            if locked
            else "get or copy the file again, and compare its size and checksum with the source's",
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            path,
            place="/genes",
            found="text that is not UTF-8",
            expected="the genes' ids as text",
            remedy="write the ids anew",
        ) from None


def _check_datasets(path: str | Path, file: h5py.File, genes: Any, x: Any) -> None:
    """Refuse what is not /genes [n] (text) and /x [n, features] (numbers)."""
    shapes = {name: "a group" if isinstance(item, h5py.Group) else list(item.shape)
              for name, item in file.items()}  # fmt: skip
    found, remedy = ", ".join(f"/{name} {shape}" for name, shape in shapes.items()), ""
    if genes is None or x is None:
        remedy = "write these two datasets"
    elif isinstance(x, h5py.Group) or isinstance(genes, h5py.Group):
        remedy = "write them as datasets; a sparse matrix as a dense one (scipy: .toarray())"
    elif x.ndim != 2:
        remedy = "bring one row per gene: average or choose along the other axes before writing"
    elif genes.shape != x.shape[:1]:
        remedy = "write one id per row of /x"
    elif x.dtype.kind not in "fiub":
        found, remedy = f"/x of type {x.dtype}", "write numbers"
    elif h5py.check_string_dtype(genes.dtype) is None:
        some = ", ".join(map(str, genes[:3]))
        found, remedy = f"/genes of numbers: {some}", "write the genes' ids (Ensembl) as text"
    if remedy:
        raise InputError(
            path,
            found=found or "an empty file",
            expected="/genes [n] (text) and /x [n, features] (numbers)",
            remedy=remedy,
        )


def _read_text_table(path: str | Path) -> pd.DataFrame:
    text = read_text(path)
    table = table_text(path, text)
    header = table.lines[0]
    if table.skipped or not text.startswith(header + "\n"):
        text = "\n".join(table.lines)
    table.lines.clear()  # such tables are large
    kinds: defaultdict[int, type] = defaultdict(lambda: np.float32, {0: str})
    options = {"sep": table.divider, "header": None, "skiprows": 1, "na_values": sorted(MISSING)}
    names = next(csv.reader([header], delimiter=table.divider), [])
    refuse_headless(path, names[1:], table.skipped + 1)
    try:
        # As numbers at once: as text, a table of thousands of features would not fit in memory.
        with np.errstate(over="ignore"):  # what is too large is refused below
            cells = pd.read_csv(io.StringIO(text), dtype=kinds, **options)
    except (ValueError, pd.errors.EmptyDataError):
        cells = _slowly(path, text, names, table)
    if cells.shape[1] < 2 or cells.shape[1] != len(names):
        raise InputError(
            path,
            place=f"line {table.skipped + 1}",
            found=f"{len(names)} names of {cells.shape[1]} columns",
            expected="a column of gene ids and columns of numbers, each with a name",
            remedy="save the table as tab-separated text with a header",
        )
    genes = cells.pop(0).fillna("")
    return cells.set_axis(pd.Index(genes), axis=0)


def _slowly(path: str | Path, text: str, names: list[str], table: TableText) -> pd.DataFrame:
    """Read cell by cell: decimal commas, or which cell is no number.

    Raises:
        InputError: a cell that is no number.
    """
    options = {"sep": table.divider, "header": None, "skiprows": 1, "keep_default_na": False}
    try:
        cells = pd.read_csv(io.StringIO(text), dtype=str, **options)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        nothing = f"0 genes, {len(names) - 1} features" if names else "an empty file"
        raise InputError(
            path,
            found=nothing if isinstance(error, pd.errors.EmptyDataError) else str(error).strip(),
            expected="a column of gene ids and columns of numbers, as many in every line",
            remedy="save the table as tab-separated text with a header",
        ) from None
    parsed = [parse(cells.iloc[:, k]) for k in range(1, cells.shape[1])]
    odd = [cell for k, (_, wrong) in enumerate(parsed, 1) for cell in cells.iloc[:, k][wrong]]
    if odd and all(map(has_comma, odd)):
        points = sum(int(cells.iloc[:, k][~wrong].str.contains(".", regex=False).sum())
                     for k, (_, wrong) in enumerate(parsed, 1))  # fmt: skip
        read, doubt = read_commas(odd, points)
        if read is None:
            raise InputError(path, found=doubt, **COMMAS)
        log.warning("%s: decimal commas in %d cells, read as decimal points", path, len(odd))
        left = iter(read)
        for k, (numbers, wrong) in enumerate(parsed, 1):
            numbers[wrong] = [next(left) for _ in range(wrong.sum())]
            cells[k] = numbers.astype(np.float32)
        return cells
    for k, (_, wrong) in enumerate(parsed, 1):
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(
                path,
                place=f"line {row + table.skipped + 2}, column "
                + (names[k] if k < len(names) else str(k + 1)),
                found=repr(cells.iloc[row, k]),
                expected="a number",
                remedy="leave out columns that are no features; leave missing values empty",
            )
    raise InputError(
        path,
        found=f"{len(cells)} genes, {cells.shape[1] - 1} features",
        expected="a column of gene ids and columns of numbers",
        remedy="save the table as tab-separated text with a header",
    )
