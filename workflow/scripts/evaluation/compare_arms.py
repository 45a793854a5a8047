"""Two arms of a time course: changes that differ, the difference as a panel, the other's change."""

from foldcast.evaluation.arm_differences import (
    Arm,
    arm_differences,
    check_arms,
    difference_panel,
    other_arm_forecasts,
)
from foldcast.evaluation.gene_nodes import expressed, scaled
from foldcast.files import read_table, write_table
from foldcast.forecast.forecast_names import OTHER_ARM
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.forecast.time_course import read_origins, read_time_course
from foldcast.job import log, run


def main(snakemake) -> None:
    given, params, output = snakemake.input, snakemake.params, snakemake.output
    own = read_arm(given.panel, given.samples)
    theirs = read_arm(given.other_panel, given.other_samples)
    first, second = ((one.values.index, one.times) for one in (own, theirs))
    check_arms(first, second, snakemake.wildcards.dataset, params.against)
    found = arm_differences(own, theirs)
    write_table(found, output.changes)
    arms = read_arm(given.raw, given.samples), read_arm(given.other_raw, given.other_samples)
    panel, samples = difference_panel(*map(evenly, arms, params.logarithms))
    write_table(panel, output.panel, index=True)
    write_table(samples, output.samples)

    course, other = read_time_course(given.time_course), read_time_course(given.other_time_course)
    origins = read_origins(given.time_course, course, params.first_origin)
    values, known = other_arm_forecasts(course, other, origins)
    write_table(forecast_table(values, course, origins, OTHER_ARM), output.forecasts)
    log.info(
        "%d genes of both arms at %d common times; %d of %d changes differ (q ≤ 0.05); the other "
        "arm's change is known from %d of %d origins",
        found["gene"].nunique(), found["from"].nunique() + 1, (found["q"] <= 0.05).sum(),
        len(found), known, len(origins),
    )  # fmt: skip


def read_arm(panel: str, samples: str) -> Arm:
    return Arm.of(
        read_table(panel, dtype={"gene": str}).set_index("gene"),
        read_table(samples, dtype={"sample": str, "batch": str}),
    )


def evenly(arm: Arm, logarithms: bool) -> Arm:
    """Every expressed gene of the table, all samples of the arm on one scale."""
    values = arm.values.loc[expressed(arm.values)]
    return Arm(scaled(values, logarithms), arm.times, arm.batches)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
