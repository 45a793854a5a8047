"""How every script starts: log file, threads, errors; and how long work shows its progress."""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import suppress
from typing import Any, TypeVar

from foldcast.errors import InputError
from foldcast.failures import cause_of, look_before
from foldcast.files import remove_drafts
from foldcast.public_text import public

log = logging.getLogger("foldcast")


class Public(logging.Formatter):
    """Leaves out passwords and query strings of URLs, whoever wrote them."""

    def format(self, record: logging.LogRecord) -> str:
        return public(super().format(record))


class LogFile(logging.FileHandler):
    """A log file whose disk may be full."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: the job itself meets the full disk, and says it."""


def run(main: Callable[[Any], None], snakemake: Any) -> None:
    """Run a script's ``main(snakemake)``.

    Log lines go to the rule's log file, with the time, and to stderr, with the rule, since jobs
    that run side by side share it. A user's mistake (`InputError`) ends the job with its one
    message, and so does what the machine did or a broken file of ours (`failures`), whose
    traceback goes to the log file; anything else is a defect of ours and keeps its traceback.
    """
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(Public(f"{snakemake.rule}: %(message)s"))
    handlers: list[logging.Handler] = [terminal]
    if snakemake.log:
        with suppress(OSError):  # the job itself meets what is wrong with the disk, and says it
            handlers.append(LogFile(str(snakemake.log[0]), mode="w"))
            handlers[-1].setFormatter(Public("%(asctime)s %(message)s"))
    # force: cooltools sets up the root logger when it is imported.
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    log.setLevel(logging.INFO)
    logging.captureWarnings(True)
    start = time.monotonic()
    try:
        look_before(getattr(snakemake, "input", ()))
        for path in getattr(snakemake, "output", ()):
            remove_drafts(path)
        main(snakemake)
        log.info("done in %.1f s, %.1f s of CPU", time.monotonic() - start, sum(os.times()[:4]))
    except Exception as error:
        files = (getattr(snakemake, part, ()) for part in ("input", "output"))
        cause = cause_of(error, snakemake.rule, *files)
        if cause and not isinstance(error, InputError):
            terminal.setLevel(logging.CRITICAL)
            log.exception("what came before:")
            terminal.setLevel(logging.NOTSET)
        elif isinstance(error, InputError):
            cause = cause or error
        if cause:
            # A blank line parts the message from what Snakemake says after it.
            log.error("Error: %s\n", cause)
        else:
            log.exception("This is a defect in foldcast, not in your input; please report it:")
        sys.exit(1)


Item = TypeVar("Item")


def progress(
    items: Iterable[Item],
    *,
    total: int | None = None,
    what: str,
    every: float = 5.0,
    each: tuple[float, str] | None = None,
) -> Iterator[Item]:
    """Yield ``items`` and say how far they are: a bar on a terminal, plain lines in a log.

    Args:
        each: how much of what an item is (200, "windows"), where a speed in that unit says more.
    """
    if total is None and isinstance(items, Sized):
        total = len(items)
    start = last = time.monotonic()
    done = 0
    terminal = sys.stderr.isatty()
    for item in items:
        yield item
        done += 1
        now = time.monotonic()
        if now - last >= (0.2 if terminal else every) or (done == total and terminal):
            last = now
            left = (now - start) / done * (total - done) if total else 0.0
            speed = f"{each[0] * done / (now - start):.0f} {each[1]}/s, " if each else ""
            line = f"{what}: {done}/{total or '?'}, {speed}{left:.0f} s left"
            if terminal:
                print(f"\r{line:<70}", end="", file=sys.stderr, flush=True)
            else:
                log.info(line)
    if terminal and done:
        print(file=sys.stderr)
