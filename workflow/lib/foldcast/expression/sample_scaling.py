"""Scaling of samples, each from itself alone: a later sample never changes an earlier one."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.expression.control_probes import CONTROLS


def levels(
    panel: pd.DataFrame, controls: Mapping[str, pd.DataFrame], method: str, source: str | Path
) -> pd.Series:
    """The level (log2) of each sample, which scaling takes as its 0.

    Args:
        panel: gene × sample, log2: the rows that the level is taken over.
        controls: role → its control probes × samples, log2.
        method: ``none`` (0), ``median`` or ``upper_quartile`` of the panel, or the mean of the
            ``housekeeping`` or ``positive`` controls (of logarithms: the geometric mean).
        source: the table, for messages.

    Raises:
        InputError: controls are asked for that the table does not have.
    """
    if method == "none":
        return pd.Series(0.0, index=panel.columns)
    if method in ("median", "upper_quartile"):
        return panel.quantile({"median": 0.5, "upper_quartile": 0.75}[method])
    if method not in controls or controls[method].empty:
        raise InputError(
            source,
            place="normalise",
            found=f"no {method} controls",
            expected=f"rows that `classes.{method}` names",
            remedy=f"name their classes as `classes.{method}`, or choose `normalise: median`",
        )
    return controls[method].mean()


def summary(
    panel: pd.DataFrame, controls: Mapping[str, pd.DataFrame], level: pd.Series
) -> pd.DataFrame:
    """sample, mean (of the panel), negative, positive, housekeeping (means), level; all log2.

    Missing where the table has no such control probes.
    """
    table = pd.DataFrame({"mean": panel.mean()})
    for role in CONTROLS:
        rows = controls.get(role)
        table[role] = rows.mean() if rows is not None and len(rows) else float("nan")
    return table.assign(level=level).rename_axis("sample").reset_index()
