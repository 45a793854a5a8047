"""A time course of a single table, as the leaderboard scores it."""

from dataclasses import dataclass
from pathlib import Path

from foldcast.errors import InputError
from foldcast.evaluation.forecast_scores import Truth
from foldcast.forecast.course_files import read_course_file, sampled_course
from foldcast.forecast.forecast_functions import SampledCourse
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.forecast.time_course import read_origins


@dataclass(frozen=True)
class FurtherCourse:
    """A time course to score forecasters on.

    Attributes:
        sampled: as functions of the user's see it.
        measured: as the base forecaster sees it.
        origins: those of the protocol.
        truth: what forecasts are scored against.
    """

    sampled: SampledCourse
    measured: ReplicatedCourse
    origins: list[int]
    truth: Truth


def read_further_course(path: str | Path, first_origin: float) -> FurtherCourse:
    """A time course from its file.

    Args:
        path: as for `foldcast.forecast.course_files.read_course_file`.
        first_origin: share of the time course (`foldcast.protocol`).

    Raises:
        InputError: as `read_course_file`; too few times; no gene that changes.
    """
    values, times = read_course_file(path)
    sampled = sampled_course(values, times)
    origins = read_origins(path, sampled.course, first_origin)
    if not origins:
        raise InputError(
            path,
            found=f"{len(sampled.course.times)} times",
            expected="more, so that there are times to learn from and times to forecast",
            remedy="leave the file out of `evaluation.courses`",
        )
    try:
        truth = Truth.of(sampled.course.values, origins)
    except ValueError as error:
        raise InputError(
            path,
            found=str(error),
            expected="genes that change",
            remedy="leave the file out of `evaluation.courses`",
        ) from None
    measured = ReplicatedCourse.of_samples(values.to_numpy(), times)
    return FurtherCourse(sampled, measured, origins, truth)
