"""What an expression table measures: genes to forecast, and control probes beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.expression.control_probes import background, by_role, detection, wild
from foldcast.expression.expression_tables import read_expression, read_labels, to_log2
from foldcast.expression.pseudobulk import read_pseudobulk
from foldcast.expression.scaling_methods import MEDIAN_OF_RATIOS
from foldcast.expression.size_factors import size_factors
from foldcast.expression.value_kinds import check_kind
from foldcast.file_kinds import is_hdf5
from foldcast.job import log
from foldcast.table_columns import SPIKES
from foldcast.text_table import close_names

NEGATIVE = "negative control probes"  # what signals have to be above, where there are such


@dataclass(frozen=True)
class Measurements:
    """What a table holds, each part row × sample.

    values: the rows that are no control probes, as they stand in the table.
    raw: the same in log2.
    kept: those to be forecast, in log2, on one scale where there are size factors.
    library: each sample's sum over its genes; missing where the table has logarithms.
    size: size factors of the samples; missing where the config asks for none.
    controls: role → its control probes in log2; roles without rows are left out.
    detected: `control_probes.detection`, and without_wild: the same without the negative controls
        that are far above the others (missing where none is).
    wild: the names of these.
    doubts: what looks odd about the values, a sentence each.
    """

    values: pd.DataFrame
    raw: pd.DataFrame
    kept: pd.DataFrame
    library: pd.Series
    size: pd.Series
    controls: dict[str, pd.DataFrame]
    detected: pd.DataFrame
    wild: list[str]
    doubts: list[str]


def read_measurements(
    path: str | Path,
    samples: pd.DataFrame,
    past: Sequence[str],
    *,
    values: str,
    name_column: int,
    classes: Mapping[str, Any] | None,
    detection: Mapping[str, Any],
    normalise: str,
) -> Measurements:
    """Read a table and tell its rows apart; the arguments by name are the dataset's keys.

    Args:
        path: the table, text or AnnData.
        samples: what `sample_sheets.read_samples` gives.
        past: the samples up to the first origin, which decide on size factors and detection.

    Raises:
        InputError: as `read_expression`, `read_labels`, `by_role`, `check_kind` and `size_factors`;
            a row to leave out that the table does not have, no row that is detected.
    """
    if is_hdf5(path):
        table = read_pseudobulk(path, samples)
    else:
        table = read_expression(path, samples, name_column)
    doubts = check_kind(table, values, path)
    rows = _by_role(table, path, classes, name_column)
    genes = rows["endogenous"]
    size = pd.Series(np.nan, index=genes.columns)
    if normalise == MEDIAN_OF_RATIOS:
        size = size_factors(genes, past, path)
    scaled = genes / size.fillna(1.0)
    parts = {role: to_log2(part, values) for role, part in rows.items() if len(part)}
    raw = parts.pop("endogenous")
    least = detection["low_count"] if values == "counts" else None
    detected, strange = _detect(rows, scaled, parts.get("negative"), past, detection, least)
    kept = raw if size.isna().all() else to_log2(scaled, values)
    if detection["keep"] == "detected":
        kept = kept[detected["detected"].eq(1).to_numpy()]
    if kept.empty:
        limit = detected["limit"].iloc[0]
        raise InputError(
            path,
            found="no row that is detected in enough past samples",
            expected=f"signals above the {limit} in {detection['share']:.0%} of "
            "the samples up to the first origin",
            remedy="lower `detection.share`, or `detection."
            + ("low_count`" if limit.endswith("counts") else "sd`")
            + ", or say `detection.keep: all`",
        )
    library = genes.sum() if values != "log2" else size * np.nan
    return Measurements(genes, raw, kept, library, size, parts, detected, strange, doubts)


def _by_role(
    table: pd.DataFrame, path: str | Path, classes: Mapping[str, Any] | None, name_column: int
) -> dict[str, pd.DataFrame]:
    """The rows of genes and of control probes; without `classes` every row is a gene."""
    if classes is None:
        spikes = np.array([bool(SPIKES.fullmatch(name)) for name in table.index], dtype=bool)
        if spikes.any():
            log.warning(
                "%s: %d rows left out that are spike-ins or controls and no genes: %s; `classes` "
                "says what such rows are for",
                path,
                spikes.sum(),
                first_few(table.index[spikes]),
            )
        return {"endogenous": table[~spikes]}
    for name in classes["leave_out"]:
        if name not in table.index:
            raise InputError(
                path,
                place="classes.leave_out",
                found=f"no row {name!r}",
                expected="rows of the table",
                remedy=close_names(name, table.index),
            )
    labels = read_labels(path, classes["column"], name_column)
    table, labels = table.drop(classes["leave_out"]), labels.drop(classes["leave_out"])
    roles = {role: names for role, names in classes.items() if role not in ("column", "leave_out")}
    return by_role(table, labels, roles, path)


def _detect(
    rows: Mapping[str, pd.DataFrame],
    scaled: pd.DataFrame,
    negative: pd.DataFrame | None,
    past: Sequence[str],
    rule: Mapping[str, Any],
    least: float | None,
) -> tuple[pd.DataFrame, list[str]]:
    """Detection by the negative controls where there are two or more of them; wild ones.

    Else by the least count, where there is one.

    Args:
        rows: in the table's unit.
        scaled: the genes' rows, on one scale.
        negative: the negative controls in log2.
        least: the scaled count to be exceeded; None: all rows are detected.
    """
    genes, share = rows["endogenous"], rule["share"]
    if negative is None or len(negative) < 2:
        if least is None:
            return detection(genes, None, past, share).assign(without_wild=pd.NA, limit=pd.NA), []
        found = detection(scaled, pd.Series(least, index=scaled.columns), past, share)
        return found.assign(without_wild=pd.NA, limit=f"least of {least:g} scaled counts"), []
    found = detection(genes, background(rows["negative"], rule["sd"]), past, share)
    names = wild(negative, past)
    if not names:
        return found.assign(without_wild=pd.NA, limit=NEGATIVE), []
    threshold = background(rows["negative"].drop(names), rule["sd"])
    without = detection(genes, threshold, past, share)["detected"]
    return found.assign(without_wild=without, limit=NEGATIVE), names
