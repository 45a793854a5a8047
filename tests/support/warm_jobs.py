"""Python for the jobs of a run of Snakemake, without the wait for imports, which is most of a job.

A job is a child of a process that has packages imported, those that jobs before it imported, and
nothing else: nothing of foldcast, no script. So it is as fresh as a start of its own, with its own
arguments, folder, environment and streams. Runs that others are held against start plainly.
"""

import contextlib
import functools
import gc
import json
import os
import runpy
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

POSSIBLE = hasattr(os, "pidfd_open")  # on Linux; elsewhere jobs start plainly
# Its thread would not be in a child.
NOT_BEFORE_A_FORK = "hictkpy"
# Read when libraries are imported; jobs that are given more threads set that themselves.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Snakemake's scripts go to the process of this module, whatever else it starts is started.
PYTHON = """#!/bin/sh
case "$1" in
    */.snakemake/scripts/*) exec {python} -IS {client} {address} "$@" ;;
esac
exec {python} "$@"
"""


@functools.cache
def python() -> str:
    """The path of a Python that Snakemake may start scripts with; it ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="warm"))
    address = str(folder / "jobs")
    parent = subprocess.Popen(
        [sys.executable, __file__, address],
        env=os.environ | ONE_THREAD,
        stdin=subprocess.PIPE,  # it ends when that does
        stdout=subprocess.PIPE,
        text=True,
    )
    parent.stdout.readline()
    paths = {"python": sys.executable, "client": __file__, "address": address}
    command = folder / "python"
    command.write_text(PYTHON.format(**{name: shlex.quote(path) for name, path in paths.items()}))
    command.chmod(0o755)
    return str(command)


def _ask(address: str, args: list[str]) -> int:
    """Have a job run; its exit status."""
    with socket.socket(socket.AF_UNIX) as end:
        end.connect(address)
        asked = json.dumps([args, os.getcwd(), dict(os.environ)]).encode()
        socket.send_fds(end, [len(asked).to_bytes(8)], [0, 1, 2])
        end.sendall(asked)
        return int(end.makefile().readline() or 1)


def _serve(address: str) -> None:
    """Fork a keeper for every job; import what the jobs that ended had imported."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen()
    print(flush=True)
    learn, tell = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    known = {*sys.modules}
    while True:
        ready, _, _ = select.select([server, sys.stdin, learn], [], [])
        if sys.stdin in ready:
            shutil.rmtree(Path(address).parent)
            return
        if learn in ready:
            for name in learn.recv(1 << 20).decode().split():
                if name not in known:
                    known.add(name)
                    with contextlib.suppress(Exception):
                        __import__(name)
            gc.freeze()
        elif server in ready:
            end, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _keep(end, tell)
            end.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _keep(end: socket.socket, tell: socket.socket) -> None:
    """Run a job in a child, and end it when the one who asked does."""
    size, streams, _, _ = socket.recv_fds(end, 8, 3)
    asked = json.loads(end.makefile("rb").read(int.from_bytes(size)))
    if (job := os.fork()) == 0:
        end.close()
        _become(streams, tell, *asked)
    ended = os.pidfd_open(job)
    if ended not in select.select([end, ended], [], [])[0]:
        os.kill(job, signal.SIGKILL)
    _, status = os.waitpid(job, 0)
    with contextlib.suppress(BrokenPipeError):
        end.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(
    streams: list[int], tell: socket.socket, args: list[str], folder: str, variables: dict[str, str]
) -> None:
    """Go on as ``python SCRIPT``, and tell which packages it imported."""
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.path[0] = str(Path(args[0]).parent)
    sys.argv[:] = args
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # else it is the same for all jobs
    before = {*sys.modules}
    try:
        runpy.run_path(args[0], run_name="__main__")
    finally:
        new = [
            name
            for name, module in sys.modules.items()
            if name not in before
            and "site-packages" in (getattr(module, "__file__", None) or "")
            and not name.startswith(NOT_BEFORE_A_FORK)
        ]
        tell.send("\n".join(new).encode())
    sys.exit()


if __name__ == "__main__":
    if len(sys.argv) == 2:
        _serve(sys.argv[1])
    else:
        sys.exit(_ask(sys.argv[1], sys.argv[2:]))
