"""How much was sequenced of each sample: size factors against a reference that is past.

Anders & Huber (2010, doi:10.1186/gb-2010-11-10-r106), with the reference fixed at the first origin.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError

FEWEST = 50  # rows; with 50, the median of ratios is known to about 0.18 of their spread
REMEDY = (
    "bring the table with all genes; or say `normalise: none` if the samples are on one scale "
    "already, or `median`"
)


def usable_rows(counts: pd.DataFrame, past: Sequence[str]) -> pd.Series:
    """Which rows (bool) are above 0 in every past sample, and so have a geometric mean."""
    return counts[list(past)].gt(0).all(axis=1)


def size_factors(counts: pd.DataFrame, past: Sequence[str], source: str | Path) -> pd.Series:
    """Each sample's median ratio to the geometric mean of the past samples.

    The reference is made of past samples alone and never changes: a later sample is scaled against
    it, and changes nothing before. Genes of which many change do not move the median, as they
    move the sum.

    Args:
        counts: row × sample, not logarithms: all rows, before any are left out.
        past: the samples up to the first origin.
        source: the table, for messages.

    Returns:
        sample → factor; dividing by it brings the samples to one scale.

    Raises:
        InputError: fewer than `FEWEST` rows with counts in all past samples; a later sample with no
            count in most of them.
    """
    usable = usable_rows(counts, past)
    if usable.sum() < FEWEST:
        raise InputError(
            source,
            place="normalise",
            found=f"{usable.sum()} rows with counts in all {len(past)} samples up to the first "
            f"origin{_emptiest(counts, past)}",
            expected=f"{FEWEST} or more, to tell how deep each sample is",
            remedy=REMEDY,
        )
    reference = np.log(counts.loc[usable, list(past)]).mean(axis=1)
    factors = counts[usable].div(np.exp(reference), axis="index").median()
    if (empty := factors[factors <= 0]).size:
        raise InputError(
            source,
            place=f"sample {empty.index[0]}",
            found=f"no count in most of the {usable.sum()} rows that all earlier samples have",
            expected="a sample that was sequenced as the others were",
            remedy="take it off the sample sheet, or mend its column",
        )
    return factors


def _emptiest(counts: pd.DataFrame, past: Sequence[str]) -> str:
    """The past sample that lacks most rows, where it lacks many that the others have."""
    seen = counts[list(past)].gt(0)
    worst = str(seen.sum().idxmin())
    others = int(seen.drop(columns=worst).all(axis=1).sum())
    if len(past) < 2 or others < FEWEST:
        return ""
    return f" ({others} without sample {worst})"
