"""Expression tables: read, checked, brought to log2 and summed up per time."""

import math
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.text_table import Row, close_names, read_text_table

# No instrument's log2 signal passes 2^30; a few tens of counts do.
LOG2_LIMIT = 30.0


def read_expression(path: str | Path, samples: pd.DataFrame, name_column: int = 1) -> pd.DataFrame:
    """The values of the sheet's samples, as they stand in the table.

    TSV or CSV, plain or gzipped, any line ends; headers may repeat, since samples are found by
    position where the sheet gives one.

    Args:
        path: the table; other columns than the sheet's (annotation, blank ones) are ignored.
        samples: what `sample_sheets.read_samples` gives.
        name_column: 1-based position of the genes' names, free text.

    Returns:
        gene × sample (float), genes in the table's order, samples in the sheet's.

    Raises:
        InputError: a sample that the table does not have, a column of another time, a repeated
            or nameless gene, a row longer than the header, a cell that is no finite number.
    """
    header, rows = _read_genes(path, name_column)
    picked = _positions(path, header, samples)
    genes = [cells[name_column - 1] for _, cells in rows]
    cells = [[row[i] if i < len(row) else "" for i in picked] for _, row in rows]
    values = pd.DataFrame(cells, index=pd.Index(genes, name="gene"), columns=samples["sample"])
    numbers = values.apply(pd.to_numeric, errors="coerce").astype(float)
    wrong = ~np.isfinite(numbers.to_numpy())
    if wrong.any():
        i, j = map(int, np.argwhere(wrong)[0])
        more = f"; {wrong.sum()} such cells in all" if wrong.sum() > 1 else ""
        raise InputError(
            path,
            place=f"line {rows[i][0]}, gene {genes[i]}, column {picked[j] + 1} "
            f"(sample {values.columns[j]})",
            found=(repr(cells[i][j]) if cells[i][j] else "blank") + more,
            expected="a number for every gene in every sample",
            remedy="fill the cell, or take the gene out of the table or the sample off the sheet",
        )
    return numbers.rename_axis(columns=None)


def read_labels(path: str | Path, column: int, name_column: int = 1) -> pd.Series:
    """What one column of the table says of each gene, such as the class of an array's probe.

    Args:
        path: the table.
        column: 1-based position of that column.
        name_column: 1-based position of the genes' names.

    Returns:
        gene → text, blank where the table has none, genes in the table's order.

    Raises:
        InputError: as `read_expression`; or the table has no such column.
    """
    header, rows = _read_genes(path, name_column)
    if column > len(header):
        raise InputError(
            path,
            place=f"column {column}",
            found=f"{len(header)} columns",
            expected="the column that the config names for the classes of rows",
            remedy="count all columns from 1 and mend `classes.column`",
        )
    genes = pd.Index([cells[name_column - 1] for _, cells in rows], name="gene")
    labels = [cells[column - 1] if column <= len(cells) else "" for _, cells in rows]
    return pd.Series(labels, index=genes, dtype=str)


def to_log2(values: pd.DataFrame, kind: str, source: str | Path) -> pd.DataFrame:
    """Bring a gene × sample table to log2.

    Args:
        values: what `read_expression` gives.
        kind: ``log2`` is kept; ``counts`` and ``normalised`` counts become log2(x + 1).
        source: the table, for messages.

    Raises:
        InputError: values above 30 that are said to be log2, or negative counts.
    """
    if kind == "log2":
        gene, sample, highest = _extreme(values)
        if highest > LOG2_LIMIT:
            raise InputError(
                source,
                place=f"gene {gene}, sample {sample}",
                found=f"{highest:g}, the highest value",
                expected=f"log2 values, none above {LOG2_LIMIT:g}, since the config says "
                "`values: log2`",
                remedy="say `values: counts` (or `normalised`) for this dataset",
            )
        return values
    gene, sample, lowest = _extreme(-values)
    if lowest > 0:
        raise InputError(
            source,
            place=f"gene {gene}, sample {sample}",
            found=f"{-lowest:g}, the lowest value",
            expected=f"counts of 0 or more, since the config says `values: {kind}`",
            remedy="say `values: log2` if these are logarithms; otherwise mend the table",
        )
    numbers = values.to_numpy()
    if numbers.max() < LOG2_LIMIT and (numbers % 1 != 0).any():
        warnings.warn(
            f"{source}: values said to be {kind} are all below {LOG2_LIMIT:g} and not whole; "
            "if they are logarithms already, say `values: log2`",
            stacklevel=2,
        )
    return np.log2(values + 1.0)


def summarise(panel: pd.DataFrame, samples: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mean and variance (ddof 1; missing where there is one replicate) of each time's replicates.

    Copies of a replicate are left out.

    Args:
        panel: gene × sample.
        samples: sample, time, copy_of (missing unless a copy).

    Returns:
        two tables gene × time, times ascending.
    """
    own = samples[samples["copy_of"].isna()].set_index("sample")["time"]
    by_time = panel[panel.columns[panel.columns.isin(own.index)]].T.groupby(own)
    return by_time.mean().T, by_time.var(ddof=1).T


def _read_genes(path: str | Path, name_column: int) -> tuple[list[str], list[Row]]:
    """The header and the rows, each of which has a name of its own."""
    header, rows = read_text_table(path)
    if not rows:
        raise InputError(path, found="no genes", expected="one row per gene", remedy="add rows")
    seen: dict[str, int] = {}
    for line, cells in rows:
        if len(cells) > len(header):
            raise InputError(
                path,
                place=f"line {line}",
                found=f"{len(cells)} cells under a header of {len(header)}",
                expected="no more cells than the header has",
                remedy="give the first column a header too, or mend the line",
            )
        name = cells[name_column - 1] if name_column <= len(cells) else ""
        if not name:
            raise InputError(
                path,
                place=f"line {line}, column {name_column}",
                found="values without a gene",
                expected="the gene's name",
                remedy="name the gene or delete the line",
            )
        earlier = seen.setdefault(name, line)
        if earlier != line:
            raise InputError(
                path,
                place=f"lines {earlier} and {line}",
                found=f"gene {name} twice",
                expected="each gene once",
                remedy="rename one of them or average the two rows",
            )
    return header, rows


def _positions(path: str | Path, header: list[str], samples: pd.DataFrame) -> list[int]:
    """Each sample's index among the cells of a row."""
    if samples["column"].isna().all():
        return [_by_name(path, header, sample) for sample in samples["sample"]]
    for row in samples.itertuples():
        place = f"column {row.column} (sample {row.sample})"
        if row.column > len(header):
            raise InputError(
                path,
                place=place,
                found=f"{len(header)} columns",
                expected="the positions that the sample sheet gives",
                remedy="count all columns of the table from 1 and mend the sheet's `column`",
            )
        try:
            time = float(header[row.column - 1])
        except ValueError:
            continue
        # A time in the header must be the sheet's: anything else means shifted columns.
        if not math.isclose(time, row.time):
            raise InputError(
                path,
                place=place,
                found=f"the header {header[row.column - 1]}",
                expected=f"{row.time:g}, the time of {row.sample} in the sample sheet",
                remedy="mend the sheet's `column` or `time`; the positions seem shifted",
            )
    return [int(column) - 1 for column in samples["column"]]


def _by_name(path: str | Path, header: list[str], sample: str) -> int:
    times = Counter(header[1:])[sample]
    if times != 1:
        raise InputError(
            path,
            place="header",
            found=f"sample {sample} {times} times" if times else f"no sample {sample}",
            expected="each sample of the sheet as one header, since the sheet has no `column`",
            remedy="add the positions as `column`" if times else close_names(sample, header[1:]),
        )
    return header.index(sample, 1)


def _extreme(values: pd.DataFrame) -> tuple[str, str, float]:
    numbers = values.to_numpy()
    i, j = np.unravel_index(int(numbers.argmax()), numbers.shape)
    return str(values.index[i]), str(values.columns[j]), float(numbers[i, j])
