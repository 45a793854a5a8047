"""What ended a job that no mistake of ours ended: the machine, or a file of ours that is broken."""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from foldcast.broken_files import is_ours, what_is_broken, what_is_cut_off
from foldcast.errors import InputError

# By the system's error number: what was expected, and what can be done about it.
MACHINE = {
    "room on the disk": (
        (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
        "make room there (or raise your quota), and run again: what is done stays done",
    ),
    "the right to read and write there": (
        (errno.EACCES, errno.EPERM, errno.EROFS),
        "look at the rights of the file and its folder (`ls -ld`), or work in a folder that can be "
        "written to (`--directory`), and run again",
    ),
    "a disk that answers": (
        (errno.EIO, errno.ESTALE, errno.ENXIO, errno.ETIMEDOUT, errno.ENODEV),
        "the disk or the network file system failed: ask who looks after it, and run again",
    ),
    "a file that nobody else has locked": (
        (errno.EAGAIN, errno.ENOLCK),
        "close what has the file open; where the file system cannot lock (some network file "
        "systems), set HDF5_USE_FILE_LOCKING=FALSE; and run again",
    ),
    "fewer open files": (
        (errno.EMFILE, errno.ENFILE),
        "allow more of them (`ulimit -n`), or start with fewer `--cores`, and run again",
    ),
}
# HDF5 and libraries in Rust say the number in their text alone.
NUMBER = re.compile(r"\berrno = (\d+)|\(os error (\d+)\)")
MEMORY = re.compile(
    r"out of memory|(?:can't|cannot|unable to|failed to) allocate|bad_?alloc|bad allocation", re.I
)
KILLED = ("BrokenProcessPool", "TerminatedWorkerError")  # a helper process was, mostly for memory


def look_before(paths: Iterable[str]) -> None:
    """Refuse tables of results that are cut off: read, they would have missing values.

    Raises:
        InputError: the first of them.
    """
    for path in paths:
        if found := what_is_cut_off(path):
            raise _broken(path, found)


def cause_of(
    error: BaseException, rule: str, inputs: Iterable[str], outputs: Iterable[str]
) -> InputError | None:
    """What is to be said where no defect of foldcast ended a job; None where one did.

    Args:
        error: what ended it.
        rule: its rule.
        inputs, outputs: paths of the job's files.
    """
    inputs = [str(path) for path in inputs]
    if isinstance(error, InputError):
        # A reader's advice is for a user's file, not for one of ours.
        inputs = [path for path in inputs if path == getattr(error, "source", None)]
    elif cause := _of_machine(error, rule, next(map(str, outputs), "")):
        return cause
    for path in filter(is_ours, inputs):
        if not Path(path).exists():
            return _broken(path, "no such file: it was deleted while the job ran")
        if found := what_is_broken(path):
            return _broken(path, found)
    return None


def _of_machine(error: BaseException, rule: str, output: str) -> InputError | None:
    for one in _chain(error):
        said = " ".join(str(one).split())
        numbers = [int(a or b) for a, b in NUMBER.findall(said)]
        if isinstance(one, OSError) and one.errno:
            numbers.append(one.errno)
        if (
            isinstance(one, MemoryError)
            or type(one).__name__ in KILLED
            or MEMORY.search(said)
            or errno.ENOMEM in numbers
        ):
            return InputError(
                f"rule {rule}",
                found=f"not enough memory ({said or type(one).__name__})",
                expected="memory for this job beside those that run with it",
                remedy="start with fewer `--cores`, or on a machine with more memory; on a cluster "
                f"ask for more: `--set-resources {rule}:mem_mb=…`",
            )
        for expected, (those, remedy) in MACHINE.items():
            for number in set(those).intersection(numbers):
                place = getattr(one, "filename", None) or os.path.dirname(output) or os.getcwd()
                return InputError(
                    str(place), found=os.strerror(number), expected=expected, remedy=remedy
                )
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _broken(path: str, found: str) -> InputError:
    return InputError(
        path,
        found=found,
        expected="a whole file, as foldcast wrote it",
        remedy="delete it and run again: it is made anew",
    )
