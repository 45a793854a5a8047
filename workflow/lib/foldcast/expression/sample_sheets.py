"""Sample sheets and override sheets. Read when the workflow is parsed too: pandas only."""

import math
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.protocol import (
    LEAST_PAST,
    LEAST_TIMES,
    NETWORK_PAST,
    check_network_past,
    origin_remedy,
    past_times,
)
from foldcast.spreadsheet_damage import has_comma
from foldcast.text_table import close_names, read_text_table

SAMPLE_COLUMNS = ("sample", "column", "time", "replicate", "batch", "arm")


def read_samples(path: str | Path, arm: str | None = None) -> pd.DataFrame:
    """The samples of a time course, ordered by time and replicate.

    Args:
        path: of the sheet.
        arm: whose samples are taken, such as the treated ones, where the sheet has several.

    Returns:
        sample (str), column (Int64: 1-based position in the expression table counting all
        columns, missing where the sheet gives none), time (float), replicate (int),
        batch (str, may be empty).

    Raises:
        InputError: an unknown or missing column, a blank or repeated sample, a time or position
            that is no number, a replicate that occurs twice at one time; no such arm, or several of
            which none is asked for.
    """
    arms = read_arms(path)
    if arm is None and len(arms) > 1:
        raise InputError(
            path,
            place="column arm",
            found=f"{len(arms)} arms: {first_few(map(repr, arms))}",
            expected="the samples of one time course",
            remedy="make a dataset of each, with `arm: NAME`; one of them may say "
            "`against: DATASET` of another",
        )
    if arm is not None and arm not in arms:
        named = [one for one in arms if one]
        raise InputError(
            path,
            place="column arm",
            found=f"no arm {arm!r}" if named else "no arms",
            expected="the arm that the config names",
            remedy=close_names(arm, named) if named else "fill the column, or leave `arm` out",
        )
    return next(iter(arms.values())) if arm is None else arms[arm]


def read_arms(path: str | Path) -> dict[str, pd.DataFrame]:
    """The samples of each arm of a sheet, as `read_samples` gives them; one without a name where
    there is no such column.

    Raises:
        InputError: as `read_samples`, but for the arm.
    """
    rows = _read_sheet(path, SAMPLE_COLUMNS, required=("sample", "time", "replicate"))
    has_column = any(row["column"] for _, row in rows)
    records = []
    lines: dict[tuple[str, object], int] = {}
    for line, row in rows:
        if not row["sample"]:
            raise _fault(path, line, "sample", "blank", "a sample id", "name the sample")
        record = {
            "sample": row["sample"],
            "column": _position(path, line, row["column"]) if has_column else pd.NA,
            "time": _time(path, line, row["time"]),
            "replicate": _replicate(path, line, row["replicate"]),
            "batch": row["batch"],
            "arm": row["arm"],
        }
        # What makes a sample itself; a blank position is no position.
        for what, key in {
            "sample": record["sample"],
            "column": record["column"] if has_column else line,
            "replicate": (record["arm"], record["time"], record["replicate"]),
        }.items():
            earlier = lines.setdefault((what, key), line)
            if earlier != line:
                at = f" at time {record['time']}" if what == "replicate" else ""
                raise InputError(
                    path,
                    place=f"line {line}, column {what}",
                    found=f"{what} {record[what]}{at}, which line {earlier} has already",
                    expected=f"each {what} once{' within a time' if at else ''}",
                    remedy="number the replicates of a time 1, 2, …" if at else "mend either line",
                )
        records.append(record)
    if not records:
        raise InputError(
            path, found="no samples", expected="one line per sample", remedy="add the samples"
        )
    table = pd.DataFrame(records).astype(
        {"sample": str, "column": "Int64", "time": float, "replicate": int, "batch": str}
    )
    return {
        str(arm): own.drop(columns="arm").sort_values(["time", "replicate"], ignore_index=True)
        for arm, own in table.groupby("arm", sort=False)
    }


def check_times(samples: pd.DataFrame, source: str | Path) -> None:
    """Refuse a time course with fewer than three different times.

    Raises:
        InputError: with the number that is there and the number that is needed.
    """
    n_times = samples["time"].nunique()
    if n_times < LEAST_TIMES:
        raise InputError(
            source,
            place="column time",
            found=f"{n_times} different times",
            expected=f"at least {LEAST_TIMES}",
            remedy="bring a longer time course: what changes together is seen in two changes",
        )


def past_samples(
    samples: pd.DataFrame, first_origin: float | None, source: str | Path
) -> list[str]:
    """The samples up to the first origin: what may be known before anything is forecast.

    Args:
        samples: what `read_samples` gives.
        first_origin: share of the time course (`foldcast.protocol.past_times`).
        source: the sheet, for messages.

    Raises:
        InputError: the time course is too short for that.
    """
    times = sorted(samples["time"].unique())
    try:
        last = times[past_times(len(times), first_origin) - 1]
    except ValueError as error:
        raise InputError(
            source,
            place="column time",
            found=str(error),
            expected="times to learn from and a time to forecast",
            remedy=origin_remedy(len(times), LEAST_PAST),
        ) from None
    return samples.loc[samples["time"] <= last, "sample"].tolist()


def check_network_times(
    samples: pd.DataFrame, first_origin: float | None, source: str | Path
) -> None:
    """Refuse a time course whose past at the first origin is too short for a network.

    Raises:
        InputError: with the first origin that would do.
    """
    n_times = samples["time"].nunique()
    try:
        check_network_past(past_times(n_times, first_origin))
    except ValueError as error:
        raise InputError(
            source,
            place="column time",
            found=f"{n_times} different times; {error}",
            expected="a time course that leaves enough past at the first origin",
            remedy=origin_remedy(n_times, NETWORK_PAST),
        ) from None


def read_overrides(path: str | Path) -> pd.DataFrame:
    """Names decided by hand: gene (as in the table), symbol (blank: left unplaced), reason.

    A symbol may also be a gene id of the annotation, which tells apart loci of one symbol, and
    there may be several divided by ``|``: the first that is one gene of the annotation is taken.

    Raises:
        InputError: an unknown or missing column, a repeated gene, no gene or no reason.
    """
    columns = ("gene", "symbol", "reason")
    seen: dict[str, int] = {}
    records = []
    for line, row in _read_sheet(path, columns, required=columns):
        for column in ("gene", "reason"):
            if not row[column]:
                raise _fault(path, line, column, "blank", f"a {column}", f"give the {column}")
        earlier = seen.setdefault(row["gene"], line)
        if earlier != line:
            again = f"{row['gene']}, which line {earlier} has already"
            raise _fault(path, line, "gene", again, "each gene once", "delete either line")
        records.append(row)
    return pd.DataFrame(records, columns=list(columns), dtype=str)


def _read_sheet(
    path: str | Path, columns: tuple[str, ...], required: tuple[str, ...]
) -> list[tuple[int, dict[str, str]]]:
    """Each (line, row by column name) of a sheet whose header has been checked."""
    header, rows = read_text_table(path)
    for name in header:
        if name not in columns or header.count(name) > 1:
            raise InputError(
                path,
                place="header",
                found=f"{'two columns' if name in columns else 'an unknown column'} {name!r}",
                expected=", ".join(columns),
                remedy=close_names(name, columns) if name not in columns else "keep one of them",
            )
    for name in required:
        if name not in header:
            raise InputError(
                path,
                place="header",
                found=", ".join(header),
                expected=f"a column {name}",
                remedy=f"add the column {name}, or mend its header; tabs or commas divide columns",
            )
    records = []
    for line, cells in rows:
        if len(cells) > len(header):
            found, expected = f"{len(cells)} cells", f"{len(header)}, as in the header"
            raise _fault(path, line, None, found, expected, "mend the line")
        cells = cells + [""] * (len(header) - len(cells))
        records.append((line, dict.fromkeys(columns, "") | dict(zip(header, cells, strict=True))))
    return records


def _time(path: str | Path, line: int, text: str) -> float:
    try:
        time = float(text)
    except ValueError:
        time = math.nan
    if not math.isfinite(time):
        remedy = "write the age in the unit of the config alone, e.g. -4.5 for E16.5"
        if has_comma(text):
            remedy = f"write a decimal point: {text.replace(',', '.')}"
        raise _fault(path, line, "time", repr(text), "a number", remedy)
    return time + 0.0  # -0.0 and 0.0 are one time


def _position(path: str | Path, line: int, text: str) -> int:
    if not text.isdecimal() or int(text) < 2:
        remedy = "count all columns from 1, which holds the gene names"
        raise _fault(path, line, "column", repr(text), "a whole number from 2", remedy)
    return int(text)


def _replicate(path: str | Path, line: int, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        remedy = "number the replicates of a time 1, 2, …"
        raise _fault(path, line, "replicate", repr(text), "a whole number from 1", remedy)
    return int(text)


def _fault(
    path: str | Path, line: int, column: str | None, found: str, expected: str, remedy: str
) -> InputError:
    place = f"line {line}, column {column}" if column else f"line {line}"
    return InputError(path, place=place, found=found, expected=expected, remedy=remedy)
