"""One-step forecasts of every baseline from every origin."""

import pandas as pd

from foldcast.files import write_table
from foldcast.forecast.baselines import RECIPES, causal_forecasts
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.forecast.time_course import read_origins, read_time_course
from foldcast.job import log, run


def main(snakemake) -> None:
    time_course = read_time_course(snakemake.input.time_course)
    origins = read_origins(snakemake.input.time_course, time_course, snakemake.params.first_origin)
    tables = [
        forecast_table(
            causal_forecasts(time_course.values, recipe)[:, origins], time_course, origins, recipe
        )
        for recipe in RECIPES
    ]
    write_table(pd.concat(tables, ignore_index=True), snakemake.output.baselines)
    log.info(
        "%d baselines, %d genes, %d origins", len(RECIPES), len(time_course.genes), len(origins)
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
