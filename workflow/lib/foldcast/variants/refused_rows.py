"""Messages about rows of variants that have the same mistake."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError

SHOWN = 20  # letters of an allele in a message


def refuse_rows(
    path: str | Path,
    rows: pd.DataFrame,
    found: Callable[[pd.Series], str],
    expected: str,
    remedy: str,
) -> None:
    """One message about all rows that have the same mistake; none where there are none.

    Args:
        rows: line, and what ``found`` puts in words of the first of them.
    """
    if rows.empty:
        return
    first, others = rows.iloc[0], len(rows) - 1
    also = f" and {others:,} more like it" if others else ""
    raise InputError(
        path,
        place=f"line {first['line']}{also}",
        found=found(first),
        expected=expected,
        remedy=remedy,
    )


def short(allele: str) -> str:
    """An allele as far as it fits into a message."""
    return allele if len(allele) <= SHOWN else f"{allele[:SHOWN]}… ({len(allele)} letters)"
