"""An expression table looked at before there is a sample sheet: its samples, and what it holds."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.expression.expression_tables import read_expression
from foldcast.expression.gene_rows import name_column_of, read_gene_rows, sample_columns
from foldcast.expression.pseudobulk import read_observations, read_pseudobulk
from foldcast.expression.sample_guesses import Course, guess_course
from foldcast.expression.value_kinds import guess_kind
from foldcast.file_kinds import is_hdf5
from foldcast.job import log
from foldcast.table_columns import one_sample


class Table(NamedTuple):
    """A table and its time courses.

    name_column: position of the genes' names, from 1; sheets: name of a course (empty where there
    is one) → sample, column (text tables only), time, replicate; values: `values` of the config;
    why: what tells that; genes: how many.
    """

    path: str
    name_column: int
    sheets: dict[str, pd.DataFrame]
    course: Course
    values: str
    why: str
    genes: int


def look_at_table(path: str, sheet: dict[str, pd.DataFrame] | None = None) -> Table:
    """The samples of a table by their names, or by a sheet that was brought; and its unit.

    Args:
        path: text, or AnnData.
        sheet: of `read_arms`; None: times and replicates are guessed.

    Raises:
        InputError: as `read_expression` and `read_pseudobulk`; no columns of samples.
    """
    name_column = 1
    if is_hdf5(path):
        observations = read_observations(path)
        names, positions = [*observations.index], []
    else:
        name_column = name_column_of(path)
        table = read_gene_rows(path, name_column)
        positions = sample_columns(table)
        names = [table.header[i] for i in positions]
        _check_samples(path, table.header, names)
    if sheet is not None:
        course = Course(pd.concat(sheet.values(), ignore_index=True))
        sheets = sheet
    elif not positions and {"time", "replicate"} <= {*observations.columns}:
        course = Course(_of_observations(observations))
        sheets = {"": course.samples}
    else:
        course = guess_course(names)
        samples = course.samples
        if samples.empty:  # to be filled in by hand
            samples = pd.DataFrame({"at": range(len(names)), "sample": names})
            samples = samples.assign(time="", replicate="", group="")
        if positions:
            samples["column"] = [positions[at] + 1 for at in samples["at"]]
        else:
            samples["sample"] = [names[at] for at in samples["at"]]
        sheets = {str(of): part.sort_values(["time", "replicate"])
                  for of, part in samples.groupby("group", sort=False)}  # fmt: skip
    values = _values(path, name_column, pd.concat(sheets.values()))
    kind, why = guess_kind(values)
    return Table(path, name_column, sheets, course, kind, why, len(values))


def _check_samples(path: str | Path, header: list[str], names: list[str]) -> None:
    if names and not one_sample(header):
        return
    maker = one_sample(header)
    raise InputError(
        path,
        place="header",
        found=f"{maker}, of one sample" if maker else f"no column of numbers: {first_few(header)}",
        expected="a table of genes with a column of numbers for each sample",
        remedy="join the samples' files into one table, a gene in each row and a column per sample "
        "(tximport, or your pipeline's merged counts)",
    )


def _of_observations(obs: pd.DataFrame) -> pd.DataFrame:
    """What an AnnData file says of its samples itself."""
    said = {key: pd.to_numeric(obs[key].astype(str)).to_numpy() for key in ("time", "replicate")}
    return pd.DataFrame({"sample": obs.index.astype(str), **said})


def _values(path: str, name_column: int, samples: pd.DataFrame) -> pd.DataFrame:
    """The values of all samples, by the reader that the rules use, in silence."""
    samples = samples.assign(time=pd.to_numeric(samples["time"], errors="coerce"))
    level = log.level
    log.setLevel("ERROR")
    try:
        if is_hdf5(path):
            return read_pseudobulk(path, samples.assign(column=pd.NA))
        return read_expression(path, samples, name_column)
    finally:
        log.setLevel(level)
