"""One-step forecasts of every baseline, and of the base forecaster, from every origin."""

import pandas as pd

from foldcast.files import write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.every_baseline import every_baseline
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.forecast.time_course import read_origins, read_time_course, replicated
from foldcast.job import log, run


def main(snakemake) -> None:
    given = snakemake.input
    time_course = read_time_course(given.time_course)
    origins = read_origins(given.time_course, time_course, snakemake.params.first_origin)
    (base,) = forecast_course(replicated(time_course, given.variance, given.samples))
    forecasts = every_baseline(base, origins)
    tables = [
        forecast_table(values, time_course, origins, name) for name, values in forecasts.items()
    ]
    write_table(pd.concat(tables, ignore_index=True), snakemake.output.baselines)
    log.info(
        "%d baselines, %d genes, %d origins", len(forecasts), len(time_course.genes), len(origins)
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
