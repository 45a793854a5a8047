"""The header of a time course in a single table. Used when the workflow is parsed too: light."""

import gzip
import math
from pathlib import Path

from foldcast.files import is_gzipped

LEAST_TIMES = 3


def is_course_file(path: str | Path) -> bool:
    """Whether a file's first line is a name and times; looks at no more."""
    try:
        opened = gzip.open if is_gzipped(path) else open
        with opened(path, "rt", encoding="utf-8") as file:
            line = file.readline(1_000_000).rstrip("\n")
    except (OSError, ValueError, EOFError):
        return False
    cells = line.split("\t" if "\t" in line else ",")
    return len(cells) > LEAST_TIMES and all(map(is_time, cells[1:]))


def is_time(cell: str) -> bool:
    """Whether a column's name is a number."""
    try:
        return math.isfinite(float(cell.strip().strip('"')))
    except ValueError:
        return False
