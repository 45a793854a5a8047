"""Arms of time courses, held against each other, looked at before the work begins."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foldcast.errors import Attempt
from foldcast.evaluation.arm_differences import check_arms
from foldcast.expression.sample_sheets import read_samples


def look_at_arms(
    attempt: Attempt,
    name: str,
    against: str,
    sheets: Mapping[str, tuple[str, str | None]],
    genes: Mapping[str, list[str] | None],
) -> str:
    """Two arms: what they have in common, and whether their differences can be tested.

    Args:
        attempt: keeps the mistakes.
        name, against: the datasets.
        sheets: dataset → its sample sheet, and its arm in it.
        genes: dataset → names of its genes; None where they could not be read.
    """
    arms = {}
    for one in (name, against):
        samples, named = attempt(read_samples, *sheets[one]), genes[one]
        if samples is None or named is None:
            return ""
        arms[one] = pd.Index(named), samples["time"].to_numpy()
    found = attempt(check_arms, arms[name], arms[against], name, against)
    if found is None:
        return ""
    common, times = found
    every = [len(np.unique(own)) for _, own in arms.values()]
    said = f"{name} against {against}: {len(common):,} genes, {len(times)} common times "
    said += f"of {every[0]} and {every[1]}"
    if all((own == time).sum() < 2 for _, own in arms.values() for time in times):
        said += "; no replicates, so which changes differ cannot be tested"
    return said
