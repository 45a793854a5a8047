"""Expression tables: read, checked, brought to log2 and summed up per time."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.expression.gene_rows import read_gene_rows, sample_positions
from foldcast.job import log
from foldcast.spreadsheet_damage import COMMAS, read_commas


def read_expression(path: str | Path, samples: pd.DataFrame, name_column: int = 1) -> pd.DataFrame:
    """The values of the sheet's samples, as they stand in the table.

    TSV or CSV, plain or gzipped, any line ends, as its maker wrote it (see `table_layout`);
    headers may repeat, since samples are found by position where the sheet gives one.

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
    table = read_gene_rows(path, name_column)
    picked = sample_positions(path, table, samples)
    cells = [[row[i] if i < len(row) else "" for i in picked] for _, row in table.rows]
    names = pd.Index(table.genes, name="gene")
    values = pd.DataFrame(cells, index=names, columns=samples["sample"])
    numbers = values.apply(pd.to_numeric, errors="coerce").astype(float)
    wrong = ~np.isfinite(numbers.to_numpy())
    if wrong.any():
        _read_commas(path, values.to_numpy(dtype=str), numbers, wrong)
        wrong = ~np.isfinite(numbers.to_numpy())
    if wrong.any():
        i, j = map(int, np.argwhere(wrong)[0])
        more = f"; {wrong.sum()} such cells in all" if wrong.sum() > 1 else ""
        raise InputError(
            path,
            place=f"line {table.rows[i][0]}, gene {table.genes[i]}, column {picked[j] + 1} "
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
    table = read_gene_rows(path, name_column)
    if column > len(table.header):
        raise InputError(
            path,
            place=f"column {column}",
            found=f"{len(table.header)} columns",
            expected="the column that the config names for the classes of rows",
            remedy="count all columns from 1 and mend `classes.column`",
        )
    labels = [cells[column - 1] if column <= len(cells) else "" for _, cells in table.rows]
    return pd.Series(labels, index=pd.Index(table.genes, name="gene"), dtype=str)


def to_log2(values: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Bring a gene × sample table to log2.

    Args:
        values: what `read_expression` gives; counts perhaps divided by size factors.
        kind: ``log2`` is kept; ``counts`` and ``normalised`` counts become log2(x + 1): the 1 is
            the same for all samples, so that they are on one scale at low counts too.
    """
    return values if kind == "log2" else np.log2(values + 1.0)


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


def check_changes(
    panel: pd.DataFrame, samples: pd.DataFrame, past: list[str], source: str | Path
) -> None:
    """Refuse values that stand still: there is nothing to learn from, or nothing to forecast.

    Args:
        panel: gene × sample.
        samples: sample, time.
        past: the samples up to the first origin.
        source: the table, for messages.

    Raises:
        InputError: no gene changes up to the first origin, or none after it, where times are left.
    """
    times = samples.set_index("sample")["time"]
    means = panel.T.groupby(times).mean()
    origin = times[past].max()
    for when, part in {"up to": means.loc[:origin], "after": means.loc[origin:]}.items():
        # After the last time, where all are needed to learn from, nothing is scored.
        if len(part) > 1 and not part.diff().iloc[1:].any(axis=None):
            raise InputError(
                source,
                place=f"the times {first_few([f'{time:g}' for time in part.index], 5)}",
                found=f"no gene changes {when} the first origin",
                expected="genes that change",
                remedy="check that the samples of the sheet are those of the expression table",
            )


def _read_commas(
    path: str | Path, cells: np.ndarray, numbers: pd.DataFrame, wrong: np.ndarray
) -> None:
    """Put numbers with decimal commas where they can be nothing else.

    Raises:
        InputError: all wrong cells have commas, and it cannot be told what these mean.
    """
    odd = cells[wrong].tolist()
    points = sum("." in cell for cell in cells[~wrong])
    read, doubt = read_commas(odd, points)
    if read is not None:
        values = numbers.to_numpy(copy=True)
        values[wrong] = read
        numbers[:] = values
        log.warning(
            "%s: decimal commas in %d of %d cells, read as decimal points",
            path,
            len(odd),
            cells.size,
        )
    elif doubt:
        i, j = np.argwhere(wrong)[0]
        raise InputError(
            path,
            place=f"gene {numbers.index[i]}, sample {numbers.columns[j]}",
            found=doubt,
            **COMMAS,
        )
