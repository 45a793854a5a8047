"""Rankings of genes and the lists at their ends: how predictable, and where to they go next.

What decides about a list is fixed here and in the config, before any set is looked at:

- better or worse than a fixed comparator: the 95 % interval of a gene's skill over it lies above 0
  (predictable), or its skill is not above 0 (unpredictable);
- forecast up or down, better or worse from a map: a fixed share of the panel with the largest
  changes or gains of that sign.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
import pandas as pd

from foldcast.evaluation.origin_tests import ratio_test

COLUMNS = ["ranking", "gene", "rows", "value", "low", "high", "list"]
CHANGE = "forecast change"
FLOOR = 0.01  # of the panel's median error of the comparator, below which it is no scale


def skill_ranking(comparator: str) -> str:
    return f"skill over {comparator.replace('_', ' ')}"


def gain_ranking(map: str, model: str) -> str:
    return f"gain from {map}, {model}"


def lists_of(ranking: str) -> tuple[str, str]:
    """Names of the lists at the top and at the bottom of a ranking."""
    if ranking == CHANGE:
        return "forecast up", "forecast down"
    if ranking.startswith("gain "):
        source = ranking.removeprefix("gain ")
        return f"better {source}", f"worse {source}"
    over = ranking.removeprefix("skill ")
    return f"predictable {over}", f"unpredictable {over}"


def gene_skill(
    squared: np.ndarray, reference: np.ndarray, groups: Sequence[Sequence[int]]
) -> pd.DataFrame:
    """Skill of each gene over a comparator, 1 − MSE / MSE of the comparator, with its interval.

    Intervals are those of the evaluation (`foldcast.evaluation.origin_tests`). The comparator's MSE
    is at least 1 % of the panel's median.

    Args:
        squared: [seeds, rows, origins] squared errors of a model.
        reference: [rows, origins] those of the comparator.
        groups: the rows of each gene, whose errors are averaged.

    Returns:
        value, low, high; one row per gene. Too few origins for a verdict give no interval.
    """
    baseline = np.array([reference[rows].mean() for rows in groups])
    moving = baseline[baseline > 0]
    scale = np.maximum(baseline, FLOOR * np.median(moving) if moving.size else 1.0)
    result = []
    for rows, lacking in zip(groups, scale - baseline, strict=True):
        missed = reference[rows].mean(axis=0)
        gain, unit = missed - squared[:, rows].mean(axis=1), missed + lacking
        test = ratio_test(gain, unit)
        low, high = (test.low, test.high) if test else (np.nan, np.nan)
        result.append((float(gain.mean() / unit.mean()), low, high))
    return pd.DataFrame(result, columns=["value", "low", "high"])


def skill_lists(skill: pd.DataFrame, comparator: str) -> pd.Series:
    """The list of each gene of `gene_skill`; empty where it is in none.

    A forecast that is the comparator's own says nothing about a gene: it is in no list.
    """
    predictable, unpredictable = lists_of(skill_ranking(comparator))
    lists = pd.Series("", index=skill.index)
    if skill["low"].notna().all():
        lists[skill["low"] > 0] = predictable
        lists[(skill["value"] <= 0) & (skill["low"] < 0)] = unpredictable
    return lists


def tail_lists(values: pd.Series, ranking: str, share: float) -> pd.Series:
    """The list of each gene by a change or a gain; empty where it is in none.

    A list holds at most so large a share of the genes, rounded up, and only those of its sign.
    """
    up, down = lists_of(ranking)
    most = ceil(round(share * len(values), 9))
    lists = pd.Series("", index=values.index)
    ranked = values.sort_values(kind="stable")
    for name, end in ((up, ranked[::-1][:most]), (down, ranked[:most])):
        lists[end.index[end > 0 if name == up else end < 0]] = name
    return lists
