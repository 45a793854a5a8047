"""Values of genome intervals at places, as of compartments at genes."""

import numpy as np
import pandas as pd


def value_at(
    chrom: pd.Series, position: pd.Series, intervals: pd.DataFrame, value: pd.Series
) -> np.ndarray:
    """What the interval at each position says; NaN where there is none.

    Args:
        chrom, position: of each place (bp).
        intervals: chrom, start, end (bp, half open); none over another.
        value: a number for each interval, in its order.

    Returns:
        [places].
    """
    found = np.full(len(chrom), np.nan)
    value = value.to_numpy(float)
    for name, part in intervals.reset_index(drop=True).groupby("chrom", sort=False):
        part = part.sort_values("start")
        own = np.flatnonzero(chrom.to_numpy(object) == name)
        at = np.searchsorted(part["start"], position.iloc[own], side="right") - 1
        inside = (at >= 0) & (position.iloc[own].to_numpy() < part["end"].to_numpy()[at])
        found[own[inside]] = value[part.index[at[inside]]]
    return found
