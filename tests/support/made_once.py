"""Folders that take long to make: made by one of pytest's workers, and seen by all."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

MadeOnce = Callable[[str, Callable[[Path], None]], Path]


def make_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, after ``make(folder)`` has made it; who comes meanwhile waits.

    Where making it failed, the next one tries anew.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder.with_name(f"{folder.name}.done")
    with open(folder.with_name(f"{folder.name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder


def shared_folder(base: Path) -> Path:
    """Where all workers of a run of pytest may write, from the base of one's temporary folders."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
