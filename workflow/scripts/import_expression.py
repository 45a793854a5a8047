"""Check an expression table against its sample sheet; write what was measured in log2."""

from collections.abc import Mapping

import pandas as pd

from foldcast.errors import InputError
from foldcast.expression.cells import close_names
from foldcast.expression.controls import background, by_role, detection, wild
from foldcast.expression.flags import find_flags, log_flags
from foldcast.expression.scaling import levels, summary
from foldcast.expression.sheets import check_times, past_samples, read_samples
from foldcast.expression.tables import read_expression, read_labels, to_log2
from foldcast.expression.targets import assign_targets, read_targets, target_load
from foldcast.files import write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    table, params, output = snakemake.input.table, snakemake.params, snakemake.output
    samples = read_samples(snakemake.input.samples)
    check_times(samples, params.min_times, snakemake.input.samples)
    values = read_expression(table, samples, params.name_column)
    rows = rows_by_role(values, table, params.classes, params.name_column)

    past = past_samples(samples, params.first_origin, snakemake.input.samples)
    detected = detect(rows, past, params.detection)
    log2 = {role: to_log2(part, params.values, table) for role, part in rows.items() if len(part)}
    raw = log2.pop("endogenous")
    kept = raw
    if params.detection["keep"] == "detected":
        kept = raw[detected["detected"].eq(1).to_numpy()]
    if kept.empty:
        raise InputError(
            table,
            found="no row that is detected in enough past samples",
            expected=f"signals above the negative controls in {params.detection['share']:.0%} of "
            "the samples up to the first origin",
            remedy="lower `detection.share` or `detection.sd`, or say `detection.keep: all`",
        )
    level = levels(kept, log2, params.normalise, table)
    measured = kept - level
    pairs = pd.DataFrame(columns=["gene", "mirna", "support", "weight"])
    if params.nodes == "target":
        measured, pairs = load_of_targets(measured, snakemake.input.targets, params.targets)
    flags = find_flags(rows["endogenous"], samples)

    write_table(samples.drop(columns="column"), output.samples)
    write_table(raw, output.raw, index=True)
    write_table(measured, output.measured, index=True)
    write_table(detected, output.detection)
    write_table(summary(kept, log2, level), output.scaling)
    write_table(pairs, output.targets)
    write_table(flags, output.flags)
    genes, columns = measured.shape
    log.info("%d genes, %d samples at %d times", genes, columns, samples["time"].nunique())
    if alone := int((samples["time"].value_counts() == 1).sum()):
        log.info("%d times have one replicate only: no variance there", alone)
    log_flags(flags)


def rows_by_role(
    values: pd.DataFrame, table: str, classes: Mapping | None, name_column: int
) -> dict[str, pd.DataFrame]:
    """The rows of genes and of controls; without `classes` every row is a gene."""
    if classes is None:
        return {"endogenous": values}
    for name in classes["leave_out"]:
        if name not in values.index:
            raise InputError(
                table,
                place="classes.leave_out",
                found=f"no row {name!r}",
                expected="rows of the table",
                remedy=close_names(name, values.index),
            )
    labels = read_labels(table, classes["column"], name_column)
    values, labels = values.drop(classes["leave_out"]), labels.drop(classes["leave_out"])
    roles = {role: names for role, names in classes.items() if role not in ("column", "leave_out")}
    rows = by_role(values, labels, roles, table)
    log.info("rows: %s", ", ".join(f"{len(part)} {role}" for role, part in rows.items()))
    return rows


def detect(rows: Mapping[str, pd.DataFrame], past: list[str], rule: Mapping) -> pd.DataFrame:
    """`controls.detection` by the negative controls where there are two or more of them."""
    negative = rows.get("negative")
    if negative is None or len(negative) < 2:
        return detection(rows["endogenous"], None, past, rule["share"])
    for name in wild(negative, past):
        log.warning(
            "negative control %s is far above the others and lifts the detection threshold; "
            "`classes.leave_out: [%s]` takes it out",
            name,
            name,
        )
    threshold = background(negative, rule["sd"])
    detected = detection(rows["endogenous"], threshold, past, rule["share"])
    log.info(
        "%d of %d rows are detected in %g of the %d samples up to the first origin (above mean + "
        "%g sd of the sample's %d negative controls)",
        detected["detected"].sum(),
        len(detected),
        rule["share"],
        len(past),
        rule["sd"],
        len(negative),
    )
    return detected


def load_of_targets(
    panel: pd.DataFrame, path: str, rule: Mapping
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`targets.target_load` of the panel's miRNAs."""
    found = assign_targets(panel.index, read_targets(path, rule["format"]))
    load, pairs = target_load(
        panel, found, rule["weights"], rule["min_support"], rule["min_mirnas"], path
    )
    log.info(
        "%d target genes of %d miRNAs (%d pairs)", len(load), pairs["mirna"].nunique(), len(pairs)
    )
    return load, pairs


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
