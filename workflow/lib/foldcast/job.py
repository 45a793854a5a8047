"""How every script starts: log file, threads, errors; and how long work shows its progress."""

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, TypeVar

from foldcast.errors import InputError

log = logging.getLogger("foldcast")


def run(main: Callable[[Any], None], snakemake: Any) -> None:
    """Run a script's ``main(snakemake)``.

    Log lines go to the rule's log file, with the time, and to stderr, with the rule, since jobs
    that run side by side share it. A user's mistake (`InputError`) ends the job with its one
    message; anything else is a defect of ours and keeps its traceback, which is written to the
    log file too.
    """
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(logging.Formatter(f"{snakemake.rule}: %(message)s"))
    handlers: list[logging.Handler] = [terminal]
    if snakemake.log:
        handlers.append(logging.FileHandler(str(snakemake.log[0]), mode="w"))
    # force: cooltools sets up the root logger when it is imported.
    logging.basicConfig(
        level=logging.WARNING, handlers=handlers, format="%(asctime)s %(message)s", force=True
    )
    log.setLevel(logging.INFO)
    logging.captureWarnings(True)
    start = time.monotonic()
    try:
        main(snakemake)
        log.info("done in %.1f s", time.monotonic() - start)
    except InputError as error:
        # A blank line parts the message from what Snakemake says after it.
        log.error("Error: %s\n", error)
        sys.exit(1)
    except Exception:
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
