"""Mistakes that nobody foresaw: of their file, beside all others, and never a traceback."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foldcast.errors import Attempt, InputError, together
from foldcast.job import log


@contextmanager
def every_mistake() -> Iterator[Attempt]:
    """`errors.together`, where any exception of a check is a mistake of the file it was given.

    What came before, whichever library it is from, goes to the log file alone.
    """
    with together() as attempt:

        def careful(check: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
            return attempt(_foreseen, check, args, kwargs)

        yield careful


def _foreseen(check: Callable[..., Any], args: tuple, kwargs: Mapping[str, Any]) -> Any:
    try:
        return check(*args, **kwargs)
    except (InputError, MemoryError):
        raise
    except Exception as error:
        named = error.filename if isinstance(error, OSError) else None
        source = named or next(_files([args, kwargs]), "the config")
        _to_log_file(str(source))
        first = (str(error).strip() or "no further word").splitlines()[0][:200]
        raise InputError(
            source,
            found=f"what cannot be read: {first} ({type(error).__name__})",
            expected="a file as docs and config describe it",
            remedy="check that it is whole and of the format that the config says, or bring it "
            "anew; the log file says where reading stopped. If it is right, please report this",
        ) from error


def _files(given: Any) -> Iterator[str]:
    """Every file that is named somewhere in arguments."""
    if isinstance(given, Mapping):
        given = list(given.values())
    if isinstance(given, (str, Path)):
        if Path(given).is_file():
            yield str(given)
    elif isinstance(given, (list, tuple)):
        for one in given:
            yield from _files(one)


def _to_log_file(source: str) -> None:
    record = log.makeRecord(
        log.name, logging.INFO, __file__, 0, "%s: what came before", (source,), sys.exc_info()
    )
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            handler.handle(record)
