"""A forecaster of the user's: a Python function that is told the past, and nothing after it.

It is called once per origin with what was known by then and with the design of the next time, so it
cannot look ahead. Its file is run by itself, from its text: no module beside it is found, and none
is kept from before, so that a result depends on that one file.
"""

import inspect
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from foldcast.errors import InputError, known_name
from foldcast.files import read_text
from foldcast.forecast.time_course import TimeCourse


@dataclass(frozen=True)
class Past:
    """What is known at an origin, all of it in copies.

    Attributes:
        genes: their names.
        times: [times] up to the origin, in the unit of the sample sheet.
        means: [genes, times] mean log2 expression.
        samples: [times] how many samples each mean is of.
        replicates: for each time [genes, samples], log2.
    """

    genes: list[str]
    times: np.ndarray
    means: np.ndarray
    samples: np.ndarray
    replicates: list[np.ndarray]


@dataclass(frozen=True)
class NextTime:
    """The design of the time to forecast: when, and how many samples."""

    time: float
    samples: int


@dataclass(frozen=True)
class SampledCourse:
    """A time course with its samples.

    Attributes:
        course: means.
        replicates: for each time [genes, samples], log2.
    """

    course: TimeCourse
    replicates: list[np.ndarray]

    @classmethod
    def of(cls, course: TimeCourse, panel: pd.DataFrame, samples: pd.DataFrame) -> "SampledCourse":
        """From the panel, gene × sample, and the sheet: sample, time, copy_of."""
        own = samples[samples["copy_of"].isna()]
        times = own["time"].to_numpy(float)
        values = panel.loc[course.genes, own["sample"]].to_numpy(float)
        return cls(course, [values[:, np.isclose(times, time)] for time in course.times])

    def known_at(self, origin: int) -> tuple[Past, NextTime]:
        """What a forecast from an origin may know."""
        past = slice(0, origin + 1)
        counts = np.array([values.shape[1] for values in self.replicates])
        return (
            Past(
                genes=list(self.course.genes),
                times=self.course.times[past].copy(),
                means=self.course.values[:, past].copy(),
                samples=counts[past].copy(),
                replicates=[values.copy() for values in self.replicates[past]],
            ),
            NextTime(float(self.course.times[origin + 1]), int(counts[origin + 1])),
        )


def function_forecasts(
    path: str | Path, name: str, course: SampledCourse, origins: Sequence[int]
) -> np.ndarray:
    """What a function forecasts from each origin: [genes, origins].

    From the first origin it is asked once more, and from the last one in a file that was run anew:
    what differs then hangs on chance or on earlier calls.

    Args:
        path: of its file.
        name: of the function; it takes a `Past` and a `NextTime`, and returns a number per gene.
        course: whose times the origins are.
        origins: in order.

    Raises:
        InputError: no such function; an exception in it, with the line; a forecast of the wrong
            shape, that is no number, or that differs when it is made again.
    """
    function = _load(path, name)
    made = [_ask(function, path, name, course, origin) for origin in origins]
    for at, asked in ((0, function), (-1, _load(path, name))):
        again = _ask(asked, path, name, course, origins[at])
        if not np.array_equal(again, made[at]):
            gene = int(np.argmax(again != made[at]))
            raise InputError(
                path,
                place=_place(name, course, origins[at]),
                found=f"{made[at][gene]:g}, then {again[gene]:g}, for gene "
                f"{course.course.genes[gene]} from the same past",
                expected="the same forecast whenever it is made from the same past",
                remedy="give chance a seed within the function (numpy.random.default_rng(1)), and "
                "keep nothing from one call to the next",
            )
    return np.stack(made, axis=1)


def _load(path: str | Path, name: str) -> Callable[..., Any]:
    """The function, of its file as it is now: compiled files are kept by time stamps."""
    module = ModuleType(f"forecaster_{Path(path).stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up

    def run() -> None:
        exec(compile(read_text(path), str(path), "exec"), module.__dict__)

    _guarded(path, None, run)
    known = {key: value for key, value in vars(module).items() if inspect.isfunction(value)}
    known_name([name], known, path, f"function {name}")
    try:
        inspect.signature(known[name]).bind(None, None)
    except TypeError:
        raise InputError(
            path,
            place=f"line {inspect.unwrap(known[name]).__code__.co_firstlineno}",
            found=f"{name}{inspect.signature(known[name])}",
            expected="a function of two: the past, and the next time",
            remedy=f"write `def {name}(past, next_time):`",
        ) from None
    return known[name]


def _ask(
    function: Callable[..., Any], path: str | Path, name: str, course: SampledCourse, origin: int
) -> np.ndarray:
    """The forecast from an origin, [genes], checked."""
    place = _place(name, course, origin)
    made = _guarded(path, place, lambda: function(*course.known_at(origin)))
    genes = course.course.genes
    found = None
    if isinstance(made, pd.Series) and set(made.index) == set(genes):
        made = made.reindex(genes)
    try:
        values = np.array(made, dtype=float)
    except (TypeError, ValueError):
        found = f"{type(made).__name__}, which is no array of numbers"
    else:
        if values.shape != (len(genes),):
            found = "nothing" if made is None else f"an array of shape {values.shape}"
        elif not np.isfinite(values).all():
            odd = int(np.argmin(np.isfinite(values)))
            found = f"{values[odd]} for gene {genes[odd]}"
    if found:
        raise InputError(
            path,
            place=place,
            found=found,
            expected=f"a number for each of {len(genes)} genes, in the order of `past.genes`",
            remedy="return an array of shape (len(past.genes),); the last values are "
            "`past.means[:, -1]`",
        )
    return values


def _place(name: str, course: SampledCourse, origin: int) -> str:
    return f"function {name}, from time {course.course.times[origin]:g}"


def _guarded(path: str | Path, place: str | None, run: Callable[[], Any]) -> Any:
    """What `run` returns; an exception in the user's file becomes a mistake of its line."""
    try:
        return run()
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:
        line, text = _line_of(error, str(path))
        words = error.msg if isinstance(error, SyntaxError) else str(error)
        said = (words.strip() or "no further word").splitlines()[0]
        raise InputError(
            path,
            place=", ".join(one for one in (place, line and f"line {line}") if one) or None,
            found=f"{type(error).__name__}: {said}" + (f", at `{text}`" if text else ""),
            expected="a file of Python that needs no other of yours, and a function that ends "
            "well for every past",
            remedy="mend that line; numpy, pandas and scipy can be imported",
        ) from error


def _line_of(error: BaseException, path: str) -> tuple[int | None, str]:
    """The last line of the file that an exception came by, and its text."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno, (error.text or "").strip()
    own = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == path]
    return (own[-1].lineno, own[-1].line or "") if own else (None, "")
