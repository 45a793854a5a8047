"""Time courses as single tables: a header of times, repeated for replicates; log2 values."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.forecast.course_header import LEAST_TIMES, is_time
from foldcast.forecast.forecast_functions import SampledCourse
from foldcast.forecast.time_course import TimeCourse
from foldcast.text_table import read_text_table


def read_course_file(path: str | Path) -> tuple[pd.DataFrame, np.ndarray]:
    """The values, gene × sample (log2), and the time of each sample; samples in order of time.

    Genes without a value somewhere are left out.

    Raises:
        InputError: a header that is not of times, a gene twice, what is no number, no whole gene.
    """
    header, rows = read_text_table(path)
    odd = next((cell for cell in header[1:] if not is_time(cell)), None)
    if odd is not None or len({*map(float, header[1:])}) < LEAST_TIMES:
        raise InputError(
            path,
            place="header",
            found=f"{odd!r}" if odd is not None else "fewer than three times",
            expected="a name, then the time of each sample, as a number",
            remedy="name columns by their times; what needs a sample sheet is a dataset",
        )
    times = np.array([*map(float, header[1:])])
    width = len(times)
    genes = [cells[0] for _, cells in rows]
    text = pd.DataFrame([(cells[1:] + [""] * width)[:width] for _, cells in rows], index=genes)
    values = text.apply(pd.to_numeric, errors="coerce")
    wrong = values.isna() & ~text.isin(["", "NA", "NaN", "nan"])
    if wrong.any(axis=None):
        row, column = np.argwhere(wrong.to_numpy())[0]
        raise InputError(
            path,
            place=f"line {rows[row][0]}, time {times[column]:g}",
            found=repr(text.iat[row, column]),
            expected="a number",
            remedy="write a number, or NA where there is none",
        )
    if values.index.has_duplicates:
        again = int(np.argmax(values.index.duplicated()))
        raise InputError(
            path,
            place=f"line {rows[again][0]}",
            found=f"gene {genes[again]} once more",
            expected="each gene once",
            remedy="keep one of them",
        )
    whole = values[np.isfinite(values.to_numpy()).all(axis=1)]
    if whole.empty:
        raise InputError(
            path,
            found="no gene with a value in every sample",
            expected="genes with a value in every sample",
            remedy="leave out the samples that most genes lack",
        )
    order = np.argsort(times, kind="stable")
    return whole.iloc[:, order].rename_axis("gene"), times[order]


def sampled_course(values: pd.DataFrame, sampled: np.ndarray) -> SampledCourse:
    """The means and the samples of a course, from its values and the time of each sample."""
    times = np.unique(sampled)
    each = [values.to_numpy()[:, sampled == time] for time in times]
    means = np.stack([own.mean(axis=1) for own in each], axis=1)
    return SampledCourse(TimeCourse(values.index, times, means), each)
