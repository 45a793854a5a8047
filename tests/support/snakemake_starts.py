"""Starts of Snakemake in a folder, without the wait for imports.

Such a start is a child of a process that has packages imported, and nothing else: nothing of
foldcast, no config, no workflow. So it is as fresh as a start of its own, in its own folder and
environment; and so are its jobs (`warm_jobs`).
"""

import functools
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import warm_jobs

RUNS_NO_JOB = {"--dry-run", "--unlock", "--touch"}
# What any start of ours imports.
PACKAGES = (
    "snakemake.cli", "snakemake.assets", "snakemake.report.html_reporter", "snakemake.storage",
    "nbformat", "requests", "smart_open", "jsonschema", "pandas",
)  # fmt: skip

# `make test` tells a make below it that it is one.
OF_OURS = ("FOLDCAST_MIRROR", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def environment(**variables: str) -> dict[str, str]:
    """Ours, less what would tell a start of Snakemake or of make something; and more variables."""
    kept = {name: value for name, value in os.environ.items() if name not in OF_OURS}
    return kept | variables


def start(
    folder: Path, args: list[str], variables: dict[str, str], timeout: int
) -> tuple[int, str]:
    """Run Snakemake to its end: its exit status, and what it said on both streams.

    Args:
        variables: the whole environment.
        timeout: seconds that it may take.
    """
    if "--benchmark-extended" in args:  # what is measured are the processes that it starts
        return start_plain(folder, args, variables, timeout)
    return start_warm(folder, args, variables, timeout)


def start_plain(
    folder: Path, args: list[str], variables: dict[str, str], timeout: int
) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *args],
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )
    return done.returncode, done.stdout


def start_warm(
    folder: Path, args: list[str], variables: dict[str, str], timeout: int
) -> tuple[int, str]:
    parent = _parent()
    with tempfile.NamedTemporaryFile("r") as said:
        runs = warm_jobs.POSSIBLE and RUNS_NO_JOB.isdisjoint(args)
        python = warm_jobs.python() if runs else sys.executable
        asked = (str(folder), args, variables, timeout, said.name, python)
        print(json.dumps(asked), file=parent.stdin, flush=True)
        return int(parent.stdout.readline()), said.read()


@functools.cache
def _parent() -> subprocess.Popen:
    """The process whose children are such starts; it ends when its standard input does."""
    return subprocess.Popen(
        [sys.executable, __file__],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _serve() -> None:
    """Fork a child for every line that comes in; answer with its exit status."""
    for package in PACKAGES:
        __import__(package)
    gc.freeze()
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            _become_snakemake(*json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become_snakemake(
    folder: str, args: list[str], variables: dict[str, str], timeout: int, said: str, python: str
) -> None:
    """Go on as ``python -m snakemake``, which ends the process; SIGALRM does after the timeout."""
    signal.alarm(timeout)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(os.open(said, os.O_WRONLY | os.O_APPEND), stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.path[0] = folder
    sys.argv[1:] = args
    sys.executable = python  # what scripts are started with
    # Set when it was imported; it is only said.
    sys.modules["snakemake.workflow"].Workflow._rundir = folder  # type: ignore[attr-defined]
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve()
