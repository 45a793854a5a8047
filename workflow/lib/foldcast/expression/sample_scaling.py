"""Scaling of samples: no later sample ever changes an earlier one."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.expression.control_probes import CONTROLS
from foldcast.expression.measurements import Measurements
from foldcast.expression.scaling_methods import MEDIAN_OF_RATIOS
from foldcast.expression.value_kinds import different_scales

# What to do about samples on different scales, by what the table holds.
MENDED_BY = {
    "log2": "if that is how much was measured of each, say `normalise: median`, or bring the "
    "counts themselves (`values: counts`); if their units differ, bring them in one",
    "normalised": "if these are raw counts, say `values: counts`, else `normalise: median`; if "
    "their units differ, bring them in one",
    "counts": "look at these samples: their units may differ, or one of them has failed",
}


def scale(
    rows: Measurements, method: str, values: str, past: list[str], source: str | Path
) -> tuple[pd.DataFrame, pd.Series, list[str]]:
    """The rows to forecast with each sample's level taken as its 0, where the config asks for it.

    Args:
        rows: what the table holds; already on one scale where it has size factors.
        method: as for `levels`.
        values: what the config says of the table, for messages.
        past: the samples up to the first origin.
        source: the table, for messages.

    Returns:
        gene × sample (log2); the level of each sample; what looks odd about table and scale.

    Raises:
        InputError: as `levels`.
    """
    level = levels(rows.kept, rows.controls, method, source)
    panel = rows.kept - level
    return panel, level, rows.doubts + different_scales(panel, past, MENDED_BY[values])


def levels(
    panel: pd.DataFrame, controls: Mapping[str, pd.DataFrame], method: str, source: str | Path
) -> pd.Series:
    """The level (log2) of each sample, which scaling takes as its 0; from that sample alone.

    Args:
        panel: gene × sample, log2: the rows that the level is taken over.
        controls: role → its control probes × samples, log2.
        method: ``none`` or ``median_of_ratios`` (0: the counts themselves were divided),
            ``median`` or ``upper_quartile`` of the panel, or the mean of the ``housekeeping`` or
            ``positive`` controls (of logarithms: the geometric mean).
        source: the table, for messages.

    Raises:
        InputError: controls are asked for that the table does not have.
    """
    if method in ("none", MEDIAN_OF_RATIOS):
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


def summary(rows: Measurements, level: pd.Series) -> pd.DataFrame:
    """sample, mean (of the rows to forecast), negative, positive, housekeeping (means), level; all
    log2; then library_size (in the table's unit) and size_factor.

    Missing where the table has no such control probes, and where nothing was counted or divided.
    """
    table = pd.DataFrame({"mean": rows.kept.mean()})
    for role in CONTROLS:
        probes = rows.controls.get(role)
        table[role] = probes.mean() if probes is not None and len(probes) else float("nan")
    table = table.assign(level=level, library_size=rows.library, size_factor=rows.size)
    return table.rename_axis("sample").reset_index()


def libraries_in_words(rows: Measurements) -> str:
    """How deep the samples are, and how they were scaled; nothing of a table of logarithms."""
    library, size = rows.library, rows.size
    if library.isna().any():
        return ""
    said = f"libraries of {library.min():,.0f} ({library.idxmin()}) to {library.max():,.0f} "
    said += f"({library.idxmax()})"
    if size.isna().any():
        return said
    return (
        f"{said}, size factors {size.min():.3g} ({size.idxmin()}) to {size.max():.3g} "
        f"({size.idxmax()}), by the median of ratios"
    )
