"""Control probes of an array: rows that are no genes, and what they say about those that are."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.text_table import close_names

CONTROLS = ("negative", "positive", "housekeeping")
ROLES = ("endogenous", *CONTROLS)
# A negative control this many times above the middle one binds something.
WILD = 3.0
# Two groups: the best division into two holds more of the variance than of an even spread (0.75; of
# a normal one 0.64), they are two-fold apart, and neither is a few odd samples.
DIVIDED, APART, FEWEST = 0.75, 1.0, 0.05


def by_role(
    values: pd.DataFrame,
    labels: pd.Series,
    classes: Mapping[str, Collection[str]],
    source: str | Path,
) -> dict[str, pd.DataFrame]:
    """The rows of each role; rows of a class that has no role (spike-ins) are left out.

    Args:
        values: row × sample.
        labels: row → its class, as the table says it.
        classes: role (`ROLES`) → classes.
        source: the table, for messages.

    Raises:
        InputError: a class that the table does not have, or no row that is endogenous.
    """
    known = set(labels)
    for role, names in classes.items():
        for name in names:
            if name not in known:
                raise InputError(
                    source,
                    place=f"classes, {role}",
                    found=f"no row of class {name!r}",
                    expected=f"one of {first_few(sorted(known))}",
                    remedy=close_names(name, sorted(known)),
                )
    rows = {role: values[labels.isin(list(classes.get(role, ())))] for role in ROLES}
    if rows["endogenous"].empty:
        raise InputError(
            source,
            place="classes",
            found="no endogenous rows",
            expected="the classes of the rows to forecast",
            remedy=f"name them as `classes.endogenous`; there are {first_few(sorted(known))}",
        )
    return rows


def background(negative: pd.DataFrame, sd: float) -> pd.Series:
    """Each sample's level above which a signal is one: mean + sd × standard deviation (ddof 1).

    Over that sample's own negative controls, in the table's unit (nSolver's background threshold).
    """
    return negative.mean() + sd * negative.std(ddof=1)


def detection(
    endogenous: pd.DataFrame, threshold: pd.Series | None, past: Collection[str], share: float
) -> pd.DataFrame:
    """Which rows are detected, decided on past samples only.

    Args:
        endogenous: row × sample, in the table's unit.
        threshold: `background`; None where there are no negative controls: all are detected.
        past: the samples up to the first origin.
        share: of the past samples that have to be above their threshold.

    Returns:
        gene, past_samples, share (missing without controls), detected (0 or 1), in row order.
    """
    table = pd.DataFrame({"gene": endogenous.index, "past_samples": len(past)})
    if threshold is None:
        return table.assign(share=np.nan, detected=1)
    above = endogenous[list(past)].gt(threshold[list(past)], axis="columns").mean(axis=1)
    return table.assign(
        share=above.to_numpy(), detected=above.ge(share - 1e-9).to_numpy().astype(int)
    )


def wild(negative: pd.DataFrame, past: Collection[str]) -> list[str]:
    """Negative controls (log2) whose past mean is far above the middle one's.

    They lift the threshold.
    """
    means = negative[list(past)].mean(axis=1)
    return list(means.index[means > means.median() + np.log2(WILD)])


def two_groups(level: pd.Series) -> pd.Series | None:
    """Whether each sample is in the upper of two groups of levels (log2); None where there is one.

    The division is Otsu's: the one with the largest variance between the groups.
    """
    ordered = np.sort(level.to_numpy(dtype=float))
    total = float(((ordered - ordered.mean()) ** 2).sum())
    if len(ordered) < 2 or not total > 0:
        return None
    below = np.arange(1, len(ordered))
    sums = np.cumsum(ordered)[:-1]
    apart = (ordered.sum() - sums) / (len(ordered) - below) - sums / below
    between = below * (len(ordered) - below) / len(ordered) * apart**2 / total
    best = int(between.argmax())
    smaller = min(below[best], len(ordered) - below[best]) / len(ordered)
    if between[best] <= DIVIDED or apart[best] < APART or smaller < FEWEST:
        return None
    return level > ordered[best]


def control_table(
    controls: pd.DataFrame, role: pd.Series, upper: pd.Series | None, others: pd.DataFrame
) -> pd.DataFrame:
    """What each control probe shows.

    Args:
        controls: control probe × sample, log2.
        role: of each control probe.
        upper: `two_groups` of the positive controls.
        others: sample × what controls are held against (time, mean of the panel, …).

    Returns:
        role, control, mean, sd, r_<each of others>, upper_fold: how many times as high it is in
        the upper group (missing where there are no groups).
    """
    table = pd.DataFrame(
        {
            "role": role,
            "control": controls.index,
            "mean": controls.mean(axis=1),
            "sd": controls.std(axis=1, ddof=1),
            **{f"r_{name}": controls.T.corrwith(values) for name, values in others.items()},
        },
        index=controls.index,
    )
    if upper is None:
        return table.assign(upper_fold=np.nan)
    higher = controls.loc[:, upper].mean(axis=1) - controls.loc[:, ~upper].mean(axis=1)
    return table.assign(upper_fold=2.0**higher)
