"""A time course: read and checked, with its origins and its replicates."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.protocol import LEAST_PAST, origin_remedy
from foldcast.protocol import origins as origins_of


@dataclass(frozen=True)
class TimeCourse:
    """Expression along time: genes, times [times] and values [genes, times], without gaps."""

    genes: pd.Index
    times: np.ndarray
    values: np.ndarray


def read_time_course(path: str | Path) -> TimeCourse:
    """A table gene × time.

    Raises:
        InputError: a gene without a value at some time.
    """
    table = read_table(path, dtype={"gene": str}).set_index("gene")
    values = table.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        gene, time = np.argwhere(~np.isfinite(values))[0]
        raise InputError(
            path,
            place=f"gene {table.index[gene]}, time {table.columns[time]}",
            found="no value",
            expected="a value for every gene at every time",
            remedy="leave the gene out of the expression table, or fill its gaps before",
        )
    return TimeCourse(table.index, table.columns.astype(float).to_numpy(), values)


def read_origins(path: str | Path, time_course: TimeCourse, fraction: float | None) -> list[int]:
    """The origins of a time course; none where all its times are needed to learn from.

    Raises:
        InputError: too few times.
    """
    try:
        return origins_of(len(time_course.times), fraction)
    except ValueError as error:
        raise InputError(
            path,
            found=str(error),
            expected="a time course that leaves times to learn from and times to forecast",
            remedy=origin_remedy(len(time_course.times), LEAST_PAST),
        ) from None


def read_replicates(path: str | Path, time_course: TimeCourse) -> np.ndarray:
    """Number of replicates at each time of the time course, copies left out, from the sample sheet.

    Raises:
        InputError: the sheet's times are not the time course's.
    """
    sheet = read_table(path)
    counts = sheet[sheet["copy_of"].isna()].groupby("time").size()
    times = counts.index.to_numpy(dtype=float)
    if len(times) != len(time_course.times) or not np.allclose(times, time_course.times):
        raise InputError(
            path,
            place="column time",
            found=f"{len(times)} times, from {times[0]:g} to {times[-1]:g}",
            expected=f"the {len(time_course.times)} times of the time course",
            remedy="make the samples and the time course from the same sheet",
        )
    return counts.to_numpy()


def read_variance(path: str | Path, time_course: TimeCourse) -> np.ndarray:
    """Variance among replicates (ddof 1) of the time course's genes, [genes, times]; NaN where
    there is one replicate."""
    table = read_table(path, dtype={"gene": str}).set_index("gene")
    return table.loc[time_course.genes].to_numpy(dtype=float)


def replicated(
    time_course: TimeCourse, variance: str | Path, samples: str | Path
) -> ReplicatedCourse:
    """The time course with what replicates say about its noise.

    Args:
        variance: table of replicate variances, gene × time.
        samples: the sample sheet.

    Raises:
        InputError: as `read_replicates`.
    """
    counts = read_replicates(samples, time_course).astype(float)
    spread = np.nan_to_num(read_variance(variance, time_course))
    within = spread * np.maximum(counts - 1, 0)
    return ReplicatedCourse(time_course.values, time_course.times, counts, within)
