"""Forecasts by the base forecaster or another baseline of the times after the last one."""

from foldcast.files import write_table
from foldcast.forecast.baseline_horizons import baseline_beyond
from foldcast.forecast.beyond_the_data import coverage_table, future_table, with_later
from foldcast.forecast.time_course import read_origins, read_time_course, replicated
from foldcast.job import log, run


def main(snakemake) -> None:
    given, asked = snakemake.input, snakemake.params.future
    time_course = read_time_course(given.time_course)
    origins = read_origins(given.time_course, time_course, snakemake.params.first_origin)
    measured = replicated(time_course, given.variance, given.samples)
    course = with_later(measured, asked["steps"], asked["interval"])
    model = snakemake.wildcards.model
    beyond = baseline_beyond(course, model, asked["steps"], asked["level"])
    write_table(future_table(time_course.genes, course, beyond), snakemake.output.future)
    coverage = coverage_table(course, beyond, origins, asked["level"])
    write_table(coverage, snakemake.output.coverage)
    for row in coverage.itertuples():
        log.info("intervals of %g held %.3f from %d origins", row.level, row.coverage, row.origins)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
