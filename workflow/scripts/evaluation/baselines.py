"""One-step forecasts of every baseline from every origin."""

import pandas as pd

from foldcast.files import write_table
from foldcast.forecast.baselines import RECIPES, causal_forecasts
from foldcast.forecast.forecast_tables import forecast_table, read_course, read_origins
from foldcast.job import log, run


def main(snakemake) -> None:
    course = read_course(snakemake.input.course)
    origins = read_origins(snakemake.input.course, course, snakemake.params.first_origin)
    tables = [
        forecast_table(causal_forecasts(course.values, recipe)[:, origins], course, origins, recipe)
        for recipe in RECIPES
    ]
    write_table(pd.concat(tables, ignore_index=True), snakemake.output.baselines)
    log.info("%d baselines, %d genes, %d origins", len(RECIPES), len(course.genes), len(origins))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
