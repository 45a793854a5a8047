"""What lies in the folder of kept features (`beluga.cache`), and which of it may go.

`make clean-cache` deletes all of it, `make clean-cache DAYS=30` what no job has looked into for as
long. No job of a run may be at work meanwhile.
"""

import argparse
import re
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import h5py

from foldcast.spex.features.feature_tables import BROKEN, read_fingerprint

DAY = 86_400  # seconds


def clean_cache(folder: str | Path, unused: float = 0, now: float | None = None) -> list[str]:
    """Delete what was kept, fingerprint by fingerprint; a line on each.

    Args:
        folder: `beluga.cache`; what else lies there stays.
        unused: days since a job looked into it, at least.
        now: seconds of the clock.
    """
    now = time.time() if now is None else now
    said = []
    for one in sorted(Path(folder).glob("*")):
        if not one.is_dir() or not re.fullmatch("[0-9a-f]{16}", one.name):
            continue
        days = (now - one.stat().st_mtime) / DAY
        size = sum(path.stat().st_size for path in one.iterdir())
        about = f"{one}: {_about(one)}, {size / 1e6:,.0f} MB, last used {days:.0f} days ago"
        if goes := days >= unused:
            shutil.rmtree(one)
        said.append(f"{about}: {'deleted' if goes else 'kept'}")
    return said


def _about(folder: Path) -> str:
    """What the rows of a fingerprint are, and how many."""
    rows, about = 0, "no file that can be read"
    for path in sorted(folder.glob("[!.]*.h5")):
        with suppress(*BROKEN), h5py.File(path) as file:
            rows += len(file["key"])
            of = read_fingerprint(file)
            about = f"{of['kind']}, weights {of['weights'][:8]}, {of['precision']}, {of['strands']}"
    return f"{about}, {rows:,} rows"


def main(asked: Sequence[str] | None = None) -> int:
    """Delete, and say what; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", default="resources/features", help="`beluga.cache`")
    parser.add_argument("--unused", type=float, default=0, metavar="DAYS", help="0: all of it")
    given = parser.parse_args(asked)
    lines = clean_cache(given.folder, given.unused)
    print("\n".join(lines) or f"{given.folder}: no features are kept there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
