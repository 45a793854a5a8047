"""Features that a user brings: a table gene × feature."""

import csv
import io
from collections import defaultdict
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_columns, read_text
from foldcast.spex.models.tissue_expression import MISSING, clean_ids, parse

HDF5 = (".h5", ".hdf5")


def read_user_table(path: str | Path) -> pd.DataFrame:
    """A user's gene × feature table; index: gene ids (Ensembl's without version).

    TSV or CSV with a header, the id first; or HDF5 with /genes [n] and /x [n, features]. Missing
    values are allowed.

    Raises:
        InputError: another format, a cell that is no number, a gene twice with other values.
    """
    table = _read_hdf5(path) if str(path).endswith(HDF5) else _read_text_table(path)
    table.index = pd.Index(clean_ids(table.index.to_series(), "ensembl"), name="gene")
    table = table[table.index != ""]
    if table.index.has_duplicates:
        gene = table.index[table.index.duplicated()][0]
        raise InputError(
            path,
            place=f"gene {gene}",
            found="two rows (ids are compared without version)",
            expected="each gene once",
            remedy="keep one of the rows",
        )
    if np.isinf(table.to_numpy()).any():
        row = table.index[np.isinf(table.to_numpy()).any(axis=1)][0]
        raise InputError(
            path,
            place=f"gene {row}",
            found="a value that is infinite, or too large for single precision",
            expected="finite numbers, or nothing where a value is missing",
            remedy="mend the table",
        )
    return table


def _read_hdf5(path: str | Path) -> pd.DataFrame:
    with h5py.File(path) as file:
        if not {"genes", "x"} <= {*file} or file["x"].shape[:1] != file["genes"].shape:
            raise InputError(
                path,
                found=f"/{', /'.join(file)}",
                expected="/genes [n] (text) and /x [n, features]",
                remedy="write these two datasets",
            )
        return pd.DataFrame(file["x"][:].astype(np.float32), index=file["genes"].asstr()[:])


def _read_text_table(path: str | Path) -> pd.DataFrame:
    with open(path, "rb") as handle:
        if handle.read(4) == b"PAR1":
            raise InputError(
                path,
                found="a Parquet file",
                expected="TSV, CSV or HDF5",
                remedy="convert it: pandas.read_parquet(…).to_csv(…, sep='\\t')",
            )
    text = read_text(path)
    header = text.partition("\n")[0]
    separator = "\t" if "\t" in header else ","
    kinds: defaultdict[int, type] = defaultdict(lambda: np.float32, {0: str})
    options = {"sep": separator, "header": None, "skiprows": 1, "na_values": sorted(MISSING)}
    try:
        # As numbers at once: as text, a table of thousands of features would not fit in memory.
        with np.errstate(over="ignore"):  # what is too large is refused below
            cells = pd.read_csv(io.StringIO(text), dtype=kinds, **options)
    except (ValueError, pd.errors.EmptyDataError):
        return _slowly(path)
    names = next(csv.reader([header], delimiter=separator))
    if cells.shape[1] < 2 or cells.shape[1] != len(names):
        raise InputError(
            path,
            place="line 1",
            found=f"{len(names)} names of {cells.shape[1]} columns",
            expected="a column of gene ids and columns of numbers, each with a name",
            remedy="save the table as tab-separated text with a header",
        )
    genes = cells.pop(0).fillna("")
    return cells.set_axis(pd.Index(genes), axis=0)


def _slowly(path: str | Path) -> pd.DataFrame:
    """Read cell by cell, to say which of them is no number.

    Raises:
        InputError: so it does.
    """
    cells = read_columns(path)
    for k in range(1, cells.shape[1]):
        _, wrong = parse(cells.iloc[:, k])
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(
                path,
                place=f"line {row + 2}, column {cells.columns[k]}",
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
