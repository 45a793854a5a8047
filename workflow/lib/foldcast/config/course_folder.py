"""Time courses that the leaderboard scores beside the datasets: which files they are."""

import re
from pathlib import Path

from foldcast.config.dataset_settings import forecaster_file, forecaster_function
from foldcast.errors import InputError
from foldcast.forecast.course_header import is_course_file

TABLE = re.compile(r"\.(tsv|csv|txt)(\.gz)?$")


def settle_courses(config: dict, source: str) -> None:
    """Put the files of `evaluation.courses` by name in its place.

    Raises:
        InputError: no such folder, none in it, two of one name, or one of a dataset's name;
            forecasters of several datasets that have one name and are not one function.
    """
    given = config["evaluation"]["courses"]
    found: dict[str, str] = {}
    for path in _files(given, source):
        name = re.sub(r"[^A-Za-z0-9_-]", "_", TABLE.sub("", Path(path).name))
        if name in found or name in config["datasets"]:
            raise InputError(
                source,
                place="evaluation.courses",
                found=f"{path}, named {name} as {found.get(name, 'a dataset')} is",
                expected="files whose names differ in more than their endings",
                remedy="rename the file, or leave one of them out",
            )
        found[name] = path
    config["evaluation"]["courses"] = found
    if found:
        shared_functions(config, source)


def shared_functions(config: dict, source: str) -> dict[str, tuple[str, str]]:
    """The functions of all datasets, which forecast further courses too: name → file, function.

    Raises:
        InputError: two of one name that differ.
    """
    found: dict[str, tuple[str, str]] = {}
    for dataset, about in config["datasets"].items():
        for name, forecaster in about["forecasters"].items():
            function = forecaster_function(forecaster)
            if function is None:
                continue
            one = forecaster_file(forecaster), function
            if found.setdefault(name, one) != one:
                raise InputError(
                    source,
                    place=f"datasets.{dataset}.forecasters.{name}",
                    found=f"{':'.join(one)}, which is {':'.join(found[name])} elsewhere",
                    expected="one function of a name, where `evaluation.courses` are forecast too",
                    remedy="give one of them another name",
                )
    return found


def _files(given: str | list[str] | None, source: str) -> list[str]:
    """A folder's time courses, or the files of a list as they are."""
    if not isinstance(given, str):
        return given or []
    folder = Path(given)
    tables = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [str(path) for path in tables if TABLE.search(path.name) and is_course_file(path)]
    if not found:
        raise InputError(
            source,
            place="evaluation.courses",
            found=f"{given}: {'no time course in it' if folder.is_dir() else 'no such folder'}",
            expected="a folder with tables whose header is a name and times",
            remedy=f"check the path; it starts from {Path.cwd()}",
        )
    return found
