"""The rows of an expression table that are genes, and its columns that are samples."""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePath

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.job import log
from foldcast.spreadsheet_damage import RESTORE, damaged, repeated
from foldcast.table_columns import (
    beside_abundance,
    is_annotation,
    is_row_number,
    is_summary,
    one_sample,
    squeeze,
)
from foldcast.text_table import Row, close_names, read_text_table

# What tools append to a sample's name where they name columns by files of alignments.
ALIGNED = (".gz", ".bam", ".sam", ".cram", ".txt", ".tsv", ".out", ".genes.results", ".results",
           ".sortedByCoord", ".sorted", "Aligned", ".RCC")  # fmt: skip


@dataclass(frozen=True)
class GeneRows:
    """A table's rows that are genes.

    header: of all columns; rows: with their lines; genes: their names, each once; names_in: index
    of the column that has them; left_out: rows that are no genes.
    """

    header: list[str]
    rows: list[Row]
    genes: list[str]
    names_in: int
    left_out: list[str]


def read_gene_rows(path: str | Path, name_column: int) -> GeneRows:
    """The header and the rows, each of which has a name of its own.

    Rows that count reads of no gene (HTSeq, STAR) are left out. Where the column of names counts
    the rows, or holds nCounter's classes, the one beside it is taken for the names.

    Args:
        path: the table.
        name_column: 1-based position of the genes' names.

    Raises:
        InputError: as `text_table.read_text_table`; no genes, a row longer than the header,
            nameless or repeated genes (all of them in one message).
    """
    header, rows = read_text_table(path)
    names_in = _names_in(header, rows, name_column)
    kept: list[Row] = []
    left_out: list[str] = []
    for line, cells in rows:
        if len(cells) > len(header):
            raise InputError(
                path,
                place=f"line {line}",
                found=f"{len(cells)} cells under a header of {len(header)}",
                expected="no more cells than the header has",
                remedy="give the first column a header too, or mend the line",
            )
        name = cells[names_in] if names_in < len(cells) else ""
        if is_summary(name):
            left_out.append(name)
            continue
        if not name:
            raise InputError(
                path,
                place=f"line {line}, column {names_in + 1}",
                found="values without a gene",
                expected="the gene's name",
                remedy="name the gene or delete the line",
            )
        kept.append((line, cells))
    if not kept:
        raise InputError(
            path,
            found=f"no genes, only {first_few(left_out, 4)}" if left_out else "no genes",
            expected="one row per gene",
            remedy="give the table of counts itself, not its summary" if left_out else "add rows",
        )
    genes = [cells[names_in] for _, cells in kept]
    _check_names(path, genes, kept, header, names_in)
    return GeneRows(header, kept, genes, names_in, left_out)


def sample_positions(path: str | Path, table: GeneRows, samples: pd.DataFrame) -> list[int]:
    """Each sample's index among the cells of a row; what is taken and left out is logged.

    Args:
        path: named in messages.
        table: what `read_gene_rows` gives.
        samples: what `sample_sheets.read_samples` gives.

    Raises:
        InputError: a sample that the table does not have, a column of another time or of no sample.
    """
    header = table.header
    if samples["column"].isna().all():
        picked = [_by_name(path, header, sample) for sample in samples["sample"]]
    else:
        picked = _by_position(path, header, samples)
    annotation = [i for i, name in enumerate(header) if i == table.names_in or is_annotation(name)]
    for i, sample in zip(picked, samples["sample"], strict=True):
        if i in annotation and is_annotation(header[i]):
            first = next((k + 1 for k in range(len(header)) if k not in annotation), None)
            raise InputError(
                path,
                place=f"column {i + 1} (sample {sample})",
                found=f"{header[i]}, which describes genes",
                expected="a sample",
                remedy="mend the sample sheet"
                + (f": the samples seem to begin at column {first}" if first else ""),
            )
    _say(path, table, picked)
    return picked


def name_column_of(path: str | Path) -> int:
    """Position (from 1) of the first column that tells all rows apart, where the first does not.

    Raises:
        InputError: as `text_table.read_text_table`.
    """
    header, rows = read_text_table(path)
    names_in = _names_in(header, rows, 1)
    names = [cells[names_in] for _, cells in rows if names_in < len(cells)]
    if not repeated(names):
        return 1
    return next((i + 1 for i in range(len(header)) if _tells_apart(rows, i)), 1)


def sample_columns(table: GeneRows) -> list[int]:
    """Indices of the columns that may be samples: numbers in most rows, and nothing about genes."""
    beside = {*beside_abundance(table.header)}
    found = []
    for i, name in enumerate(table.header):
        if i == table.names_in or is_annotation(name) or name in beside:
            continue
        cells = pd.Series([row[i] if i < len(row) else "" for _, row in table.rows])
        numbers = pd.to_numeric(cells.str.replace(",", ".", regex=False), errors="coerce")
        if numbers.notna().mean() > 0.5:
            found.append(i)
    return found


def _say(path: str | Path, table: GeneRows, picked: list[int]) -> None:
    taken = first_few((f"{i + 1} {table.header[i]}".strip() for i in picked), 3)
    said = f"genes named by column {table.names_in + 1}, samples taken from column {taken}"
    rest = [table.header[i] or "nameless" for i in range(len(table.header))
            if i not in picked and i != table.names_in]  # fmt: skip
    if rest:
        said += f"; columns left out: {first_few(rest)}"
    if table.left_out:
        said += f"; {len(table.left_out)} rows left out that are no genes: "
        said += first_few(table.left_out)
    log.info("%s: %s", path, said)


def _names_in(header: list[str], rows: list[Row], name_column: int) -> int:
    """Index of the column of names: the one that is given, unless it cannot be."""
    at = name_column - 1
    if at or len(header) < 3 or not rows:
        return at
    first = [cells[0] for _, cells in rows]
    nameless = squeeze(header[0]) in ("", "unnamed0", "x", "index", "1")
    second = [cells[1] if len(cells) > 1 else "" for _, cells in rows]
    is_text = sum(any(map(str.isalpha, cell)) for cell in second) > len(second) / 2
    if nameless and is_row_number(first) and is_text:
        return 1
    if squeeze(header[0]) == "codeclass" and squeeze(header[1]) in ("name", "probename"):
        return 1
    return at


def _check_names(
    path: str | Path, genes: list[str], rows: list[Row], header: list[str], names_in: int
) -> None:
    if wrong := repeated(genes):
        counts = Counter(genes)
        name = next(gene for gene in genes if counts[gene] > 1)
        lines = [line for (line, _), gene in zip(rows, genes, strict=True) if gene == name]
        remedy = wrong.remedy
        ids = [i for i in range(len(header)) if i != names_in and _tells_apart(rows, i)]
        if ids:
            remedy = f"set `name_column: {ids[0] + 1}` ({header[ids[0]]}), or {remedy}"
        raise InputError(
            path,
            place=f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
            if len(lines) < 5
            else f"lines {lines[0]}, {lines[1]} …",
            found=wrong.found,
            expected="each gene once",
            remedy=remedy,
        )
    if changed := damaged(genes):
        log.warning(
            "%s: %d genes whose names a spreadsheet turned into dates or numbers: %s. Nothing can "
            "place them: %s",
            path,
            len(changed),
            first_few(changed),
            RESTORE,
        )


def _tells_apart(rows: list[Row], i: int) -> bool:
    """Whether a column has another text with letters in each row."""
    cells = [cells[i] if i < len(cells) else "" for _, cells in rows]
    return len(set(cells)) == len(cells) and all(any(map(str.isalpha, cell)) for cell in cells)


def _by_position(path: str | Path, header: list[str], samples: pd.DataFrame) -> list[int]:
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
    if times == 1:
        return header.index(sample, 1)
    bare = [sample_of(name) for name in header]
    if not times and bare[1:].count(sample) == 1:  # aln/day1.bam is day1
        return bare.index(sample, 1)
    maker = None if times else one_sample(header)
    if maker:
        found = f"{maker}, of one sample"
        remedy = (
            "join the samples' files into one table, a gene in each row and a column per sample "
            "(tximport, or your pipeline's merged counts)"
        )
    elif header[1] == "column 2":
        found = "values in the first line, no header"
        remedy = "add a first line with a name for each column, or positions as `column`"
    elif times:
        found, remedy = f"sample {sample} {times} times", "add the positions as `column`"
    else:
        found, remedy = f"no sample {sample}", close_names(sample, header[1:])
    raise InputError(
        path,
        place="header",
        found=found,
        expected="each sample of the sheet as one header, since the sheet has no `column`",
        remedy=remedy,
    )


def sample_of(header: str) -> str:
    """A sample's name from that of its file of alignments."""
    name = PurePath(header.replace("\\", "/")).name
    while end := next((end for end in ALIGNED if name.endswith(end) and name != end), None):
        name = name.removesuffix(end)
    return name
