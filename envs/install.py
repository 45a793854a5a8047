"""Make `.venv` from requirements.lock: once, and again when the lock has changed.

Runs on the machine's own Python, whatever its age, so it uses old syntax and only the
standard library. `PYTHON=python3.12 make run` chooses another interpreter.
"""

import hashlib
import os
import shutil
import subprocess
import sys

NEEDED_PYTHON = (3, 11)
NEEDED_GIB = 4
VENV = ".venv"
LOCK = "requirements.lock"


def stop(problem, remedy):
    sys.exit("foldcast cannot be set up: {}.\n  remedy: {}".format(problem, remedy))


def check_machine():
    version = sys.version_info[:2]
    if version < NEEDED_PYTHON:
        stop(
            "{} is Python {}.{}, and Snakemake 9 needs {}.{} or newer".format(
                sys.executable, version[0], version[1], *NEEDED_PYTHON
            ),
            "install a newer Python and name it, as in `PYTHON=python3.12 make run`",
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(
            "{} has no venv module".format(sys.executable),
            "on Debian and Ubuntu: `apt install python3-venv`",
        )
    if not shutil.which(os.environ.get("CC", "cc")) and not shutil.which("gcc"):
        stop(
            "there is no C compiler, and cooltools has to be built from source",
            "Debian and Ubuntu: `apt install gcc g++ python3-dev`; macOS: `xcode-select --install`;"
            " or use conda: `snakemake --use-conda`",
        )
    import sysconfig

    header = os.path.join(sysconfig.get_paths()["include"], "Python.h")
    if not os.path.exists(header):
        stop(
            "the headers of Python are missing ({})".format(header),
            "Debian and Ubuntu: `apt install python3-dev`",
        )
    free = shutil.disk_usage(".").free / 2**30
    if free < NEEDED_GIB:
        stop(
            "{:.1f} GiB are free here and the environment needs {} GiB".format(free, NEEDED_GIB),
            "free some space, or clone foldcast onto a larger disk",
        )


def main():
    with open(LOCK, "rb") as handle:
        wanted = hashlib.sha256(handle.read()).hexdigest()
    stamp = os.path.join(VENV, "foldcast.lock.sha256")
    if os.path.exists(stamp):
        with open(stamp) as handle:
            if handle.read() == wanted:
                return
    if os.path.islink(VENV):
        stop(
            "{} is a link, and what it points to holds other packages than {}".format(VENV, LOCK),
            "delete the link, so that this clone gets an environment of its own",
        )
    check_machine()
    print("foldcast: setting up {} (a few minutes, once)".format(VENV), flush=True)
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])
    python = os.path.join(VENV, "bin", "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.call(install + ["-r", LOCK]) != 0:
        stop(
            "pip could not install {}".format(LOCK),
            "read pip's message above; behind a proxy set HTTPS_PROXY; a private index is set"
            " with PIP_INDEX_URL or PIP_EXTRA_INDEX_URL",
        )
    with open(stamp, "w") as handle:
        handle.write(wanted)


if __name__ == "__main__":
    main()
