"""A table of interactions in the published STEP layout, brought in place of Hi-C and expression.

Used when the workflow is parsed too: pandas only.
"""

from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_columns

SIDES = ("Gene1", "Gene2")
PLACE = ["Chromosome", "Start", "End", "Bin"]
FEATURES = ["Compartment", "Insulation_Score", "TAD_Boundary_Distance"]
TEXT = ("Chromosome", "Compartment")
LAYOUT = (
    "Gene1, Gene1_Chromosome, Gene1_Start, Gene1_End, Gene1_Time_<t>, …, the same of Gene2, "
    "and HiC_Interaction"
)


def read_published(path: str | Path) -> pd.DataFrame:
    """The table as it stands, numbers as numbers; features that it lacks are empty.

    Args:
        path: CSV or TSV, plain or gzipped.

    Raises:
        InputError: a column is missing, a gene is blank, a cell is no number.
    """
    table = read_columns(path).reset_index(drop=True)
    needed = [*SIDES, "HiC_Interaction"]
    needed += [f"{side}_{name}" for side in SIDES for name in ("Chromosome", "Start", "End")]
    missing = [name for name in needed if name not in table]
    if missing or table.empty:
        raise InputError(
            path,
            place="header" if missing else None,
            found=f"no {', '.join(missing)}" if missing else "no rows",
            expected=LAYOUT,
            remedy="bring a table of interactions in the published layout",
        )
    for side in SIDES:
        table[side] = table[side].str.strip()
        for name in PLACE + FEATURES:
            if f"{side}_{name}" not in table:
                table[f"{side}_{name}"] = ""
    for column in table:
        if column in SIDES:
            blank = table[column] == ""
            if blank.any():
                raise _cell(path, table, column, int(blank.argmax()), "a gene")
        elif column.partition("_")[2] in TEXT:
            table[column] = table[column].str.strip().replace("", None)
        else:
            numbers = pd.to_numeric(table[column].where(table[column] != ""), errors="coerce")
            wrong = numbers.isna() & (table[column].str.strip() != "")
            if wrong.any() and (column in needed or column.startswith(("Gene1_", "Gene2_"))):
                raise _cell(path, table, column, int(wrong.argmax()), "a number, or nothing")
            table[column] = numbers
    _check_times(table, path)
    return table


def labels_of(table: pd.DataFrame) -> list[str]:
    """Labels of the times, in the table's order."""
    return [c.removeprefix("Gene1_Time_") for c in table if c.startswith("Gene1_Time_")]


def time_course_sheet(path: str | Path) -> pd.DataFrame:
    """Sample sheet of a table's times, in the form of `expression.sample_sheets.read_samples`.

    Raises:
        InputError: as `read_published`; a time label is no number.
    """
    table = read_published(path)
    labels = [label for label in labels_of(table) if table[f"Gene1_Time_{label}"].notna().any()]
    times = pd.to_numeric(pd.Series(labels, dtype=str), errors="coerce")
    if times.isna().any():
        label = labels[int(times.isna().argmax())]
        raise InputError(
            path,
            place="header",
            found=f"Gene1_Time_{label}",
            expected="a number as time",
            remedy="give a sheet as `samples`: sample (the label), time, replicate",
        )
    sheet = pd.DataFrame({"sample": labels, "column": pd.NA, "time": times + 0.0})
    sheet = sheet.assign(replicate=1, batch="").astype({"column": "Int64", "batch": str})
    return sheet.sort_values("time", ignore_index=True, kind="stable")


def _check_times(table: pd.DataFrame, path: str | Path) -> None:
    one, two = (
        {c.partition("_Time_")[2] for c in table if c.startswith(f"{side}_Time_")} for side in SIDES
    )
    if one ^ two:
        raise InputError(
            path,
            place="header",
            found=f"time {min(one ^ two)} for one gene of the pair only",
            expected="Gene1_Time_<t> and Gene2_Time_<t> for every time",
            remedy="add the missing column",
        )


def _cell(
    path: str | Path, table: pd.DataFrame, column: str, row: int, expected: str
) -> InputError:
    return InputError(
        path,
        place=f"line {row + 2}, column {column}",
        found=repr(table[column].iloc[row]),
        expected=expected,
        remedy="mend the cell",
    )
