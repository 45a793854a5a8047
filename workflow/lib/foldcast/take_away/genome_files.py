"""Intervals in the formats that genome browsers read."""

from pathlib import Path

import pandas as pd

from foldcast.files import atomic


def write_bed(path: str | Path, intervals: pd.DataFrame) -> None:
    """Write intervals without a header, in the order of the columns that BED or BEDPE asks for."""
    with atomic(path) as temporary:
        intervals.to_csv(temporary, sep="\t", header=False, index=False, float_format="%.6g")
