"""What a user sees when something that they gave is not as it should be."""

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from foldcast.public_text import public


class InputError(Exception):
    """A mistake in what the user gave: said in one message, never as a traceback.

    Passwords and query strings of URLs are left out.

    Args:
        source: the file, URL or config that is at fault.
        found: what was found there.
        expected: what should have been there.
        remedy: what the user can do about it.
        place: line, column, key or row within the source.
    """

    def __init__(
        self,
        source: str | Path,
        *,
        found: str,
        expected: str,
        remedy: str,
        place: str | None = None,
    ) -> None:
        self.source, self.place = public(str(source)), place and public(place)
        self.found, self.expected, self.remedy = map(public, (found, expected, remedy))
        where = f"{self.source}, {self.place}" if place else self.source
        super().__init__(
            f"{where}\n  found:    {self.found}\n"
            f"  expected: {self.expected}\n  remedy:   {self.remedy}"
        )


class InputErrors(InputError):
    """Several mistakes, numbered, in one message."""

    def __init__(self, errors: list[InputError]) -> None:
        self.errors = errors
        numbered = (f"({number}) {error}" for number, error in enumerate(errors, start=1))
        Exception.__init__(self, "\n".join([f"{len(errors)} mistakes", *numbered]))


def first_few(names: Iterable[object], most: int = 8) -> str:
    """The first names of a list, divided by commas, and how many more there are: for messages."""
    listed = [str(name) for name in names]
    rest = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + rest


def known_name(
    names: Iterable[str], known: Collection[str], source: str | Path, place: str
) -> None:
    """Refuse names that are not among those that are known, with the one that was meant."""
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, list(known), n=1)
            raise InputError(
                source,
                place=place,
                found=f"{name!r}",
                expected=f"one of {', '.join(known)}",
                remedy=f"did you mean {close[0]}?" if close else "define it, or name another",
            )


Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Attempt(Protocol):
    """Calls a check: what it returns, or None where it found a mistake."""

    def __call__(
        self,
        check: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result | None: ...


@contextmanager
def together() -> Iterator[Attempt]:
    """Let checks that do not depend on each other all run, and raise their mistakes at the end.

    Raises:
        InputError: the only mistake that ``attempt`` met.
        InputErrors: all of them, each once.
    """
    errors: dict[str, InputError] = {}

    def attempt(
        check: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result | None:
        try:
            return check(*args, **kwargs)
        except InputError as error:
            several = error.errors if isinstance(error, InputErrors) else [error]
            errors.update((str(each), each) for each in several)
            return None

    yield attempt
    if len(errors) > 1:
        raise InputErrors(list(errors.values()))
    for error in errors.values():
        raise error
