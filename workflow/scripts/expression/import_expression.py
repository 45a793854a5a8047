"""Check an expression table against its sample sheet; write what was measured in log2."""

from collections.abc import Mapping

import pandas as pd

from foldcast.expression.expression_tables import check_changes
from foldcast.expression.measurements import NEGATIVE, Measurements, read_measurements
from foldcast.expression.mirna_targets import assign_targets, read_targets, target_load
from foldcast.expression.odd_values import copy_of, find_flags, log_flags
from foldcast.expression.sample_scaling import libraries_in_words, scale, summary
from foldcast.expression.sample_sheets import check_times, past_samples, read_samples
from foldcast.files import write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    table, params, output = snakemake.input.table, snakemake.params, snakemake.output
    samples = read_samples(snakemake.input.samples, params.arm)
    check_times(samples, snakemake.input.samples)
    past = past_samples(samples, params.first_origin, snakemake.input.samples)
    measurements = read_measurements(
        table,
        samples,
        past,
        values=params.values,
        name_column=params.name_column,
        classes=params.classes,
        detection=params.detection,
        normalise=params.normalise,
    )
    measured, level, doubts = scale(measurements, params.normalise, params.values, past, table)
    check_changes(measured, samples, past, table)
    for doubt in doubts:
        log.warning("%s: %s", table, doubt)
    if said := libraries_in_words(measurements):
        log.info(said)
    pairs = pd.DataFrame(columns=["gene", "mirna", "support", "weight"])
    if params.nodes == "target":
        measured, pairs = load_of_targets(measured, snakemake.input.targets, params.targets)
    flags = find_flags(measurements.values.loc[measurements.kept.index], samples)
    samples = samples.assign(copy_of=copy_of(measurements.values, samples))

    write_table(samples.drop(columns="column"), output.samples)
    write_table(measurements.raw, output.raw, index=True)
    write_table(measured, output.measured, index=True)
    write_table(measurements.detected, output.detection)
    write_table(summary(measurements, level), output.scaling)
    write_table(pairs, output.targets)
    write_table(control_rows(measurements.controls, samples), output.controls)
    write_table(flags, output.flags)
    if params.classes or measurements.detected["share"].notna().any():
        say_rows(measurements, len(past), params.detection)
    say_samples(measured, samples)
    log_flags(flags)


def control_rows(controls: Mapping[str, pd.DataFrame], samples: pd.DataFrame) -> pd.DataFrame:
    """role, control, and the control probes' log2 values by sample; no rows without any."""
    parts = [
        part.rename_axis("control").reset_index().assign(role=role)
        for role, part in controls.items()
    ]
    columns = ["role", "control", *samples["sample"]]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def say_rows(measurements: Measurements, n_past: int, rule: Mapping) -> None:
    """How many rows are of genes and of control probes, how many of the genes are detected."""
    counts = {
        "endogenous": len(measurements.raw),
        **{r: len(part) for r, part in measurements.controls.items()},
    }
    log.info("rows: %s", ", ".join(f"{count} {role}" for role, count in counts.items()))
    n_detected = measurements.detected["detected"].sum()
    if measurements.wild:
        log.warning(
            "negative control %s is far above the others and lifts the detection threshold (%d "
            "rows are detected, %d without it); `classes.leave_out: [%s]` takes it out",
            " and ".join(measurements.wild),
            n_detected,
            measurements.detected["without_wild"].sum(),
            ", ".join(measurements.wild),
        )
    if measurements.detected["share"].notna().any():
        limit = measurements.detected["limit"].iloc[0]
        if limit == NEGATIVE:
            negative = len(measurements.controls["negative"])
            limit = f"mean + {rule['sd']:g} sd of the sample's {negative} negative controls"
        log.info(
            "%d of %d rows are detected in %g of the %d samples up to the first origin (above %s)",
            *(n_detected, len(measurements.raw), rule["share"], n_past, limit),
        )


def say_samples(measured: pd.DataFrame, samples: pd.DataFrame) -> None:
    """How many genes, samples and times there are; which samples are no replicates."""
    genes, columns = measured.shape
    log.info("%d genes, %d samples at %d times", genes, columns, samples["time"].nunique())
    for row in samples.dropna(subset="copy_of").to_dict("records"):
        log.warning(
            "sample %s is a copy of %s, no replicate: left out of means, variances and the noise "
            "floor",
            row["sample"],
            row["copy_of"],
        )
    replicates = samples["time"][samples["copy_of"].isna()].value_counts()
    if alone := int((replicates == 1).sum()):
        log.info("%d times have one replicate only: no variance there", alone)


def load_of_targets(
    panel: pd.DataFrame, path: str, rule: Mapping
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`mirna_targets.target_load` of the panel's miRNAs."""
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
