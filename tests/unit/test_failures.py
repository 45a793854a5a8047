"""What ended a job: the machine, a broken file of ours, or a defect."""

import errno
import os
from concurrent.futures.process import BrokenProcessPool

import pytest

from foldcast.errors import InputError
from foldcast.failures import cause_of, look_before

WHERE = "results/tiny/graph"


def chained(error, first):
    error.__context__ = first
    return error


FULL, RIGHTS, DISK = "make room", "rights of the file", "network file system failed"
MACHINE = [
    (OSError(errno.ENOSPC, "No space left on device"), FULL),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), FULL),
    (OSError("Can't write data (file write failed: time = Sat, errno = 28, buf = 0x5)"), FULL),
    (RuntimeError("I/O error: No space left on device (os error 28)"), FULL),
    (chained(ValueError("I/O operation on closed file"), OSError(errno.ENOSPC, "full")), FULL),
    (PermissionError(errno.EACCES, "Permission denied", f"{WHERE}/x.h5"), RIGHTS),
    (OSError(errno.EROFS, "Read-only file system"), RIGHTS),
    (OSError("Unable to create file (unable to open file: errno = 30)"), RIGHTS),
    (OSError(errno.EIO, "Input/output error"), DISK),
    (OSError(errno.ESTALE, "Stale file handle"), DISK),
    (BlockingIOError(errno.EAGAIN, "unable to lock file"), "HDF5_USE_FILE_LOCKING"),
    (OSError(errno.EMFILE, "Too many open files"), "ulimit"),
    (MemoryError(), "mem_mb"),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), "mem_mb"),
    (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "mem_mb"),
    (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"), "mem_mb"),
    (RuntimeError("std::bad_alloc"), "mem_mb"),
    (BrokenProcessPool("A process in the process pool was terminated abruptly"), "mem_mb"),
]


@pytest.mark.parametrize(("error", "remedy"), MACHINE)
def test_what_the_machine_did_is_named_with_what_can_be_done(error, remedy):
    cause = cause_of(error, "build_graph", [], [f"{WHERE}/graph.h5"])
    assert remedy in cause.remedy
    assert cause.source.startswith("rule build_graph" if remedy == "mem_mb" else WHERE)


def test_what_was_found_is_said_in_the_systems_words():
    cause = cause_of(OSError(errno.ENOSPC, "x"), "embed", [], [])
    assert cause.found == os.strerror(errno.ENOSPC) and cause.source == os.getcwd()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results/good.tsv").write_text("a\n1\n")
    (tmp_path / "results/bad.tsv").write_text("a\tb\n1")
    (tmp_path / "results/bad.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    (tmp_path / "mine.tsv").write_text("a\tb\n1")
    return tmp_path


@pytest.mark.parametrize("bad", ["results/bad.tsv", "results/bad.h5", "results/gone.h5"])
@pytest.mark.parametrize("error", [KeyError("x"), OSError("truncated file"), ValueError()])
def test_a_broken_file_of_ours_is_to_be_deleted(folder, bad, error):
    cause = cause_of(error, "embed", ["mine.tsv", "results/good.tsv", bad], [])
    assert cause.source == bad and cause.remedy == "delete it and run again: it is made anew"


def test_a_defect_stays_one_beside_whole_files(folder):
    assert cause_of(KeyError("x"), "embed", ["results/good.tsv", "mine.tsv"], []) is None


def test_a_readers_advice_is_for_the_users_files(folder):
    """Of ours there is no line to mend; and another broken file is not what it spoke of."""
    for source, ours in {"results/bad.tsv": True, "mine.tsv": False}.items():
        error = InputError(source, found="x", expected="y", remedy="mend that line")
        cause = cause_of(error, "embed", ["mine.tsv", "results/bad.tsv"], [])
        assert (cause is not None) == ours
        assert not ours or cause.source == source


def test_a_table_that_is_cut_off_is_refused_before_it_is_read(folder):
    """It would be read as one with missing values."""
    look_before(["results/good.tsv", "mine.tsv", "results/bad.h5"])
    with pytest.raises(InputError, match=r"results/bad\.tsv\n(.|\n)*delete it and run again"):
        look_before(["results/good.tsv", "results/bad.tsv"])
