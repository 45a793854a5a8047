"""Scores of every baseline and of the user's functions on a further time course."""

import pandas as pd

from foldcast.evaluation.forecast_verdict import GIVEN, Scorer
from foldcast.evaluation.further_course import read_further_course
from foldcast.evaluation.network_column import stack_with
from foldcast.files import write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.every_baseline import every_baseline
from foldcast.forecast.forecast_functions import function_forecasts
from foldcast.forecast.forecast_tables import Forecasts
from foldcast.job import log, run


def main(snakemake) -> None:
    course = read_further_course(snakemake.input.course, snakemake.params.first_origin)
    scorer, origins = Scorer(course.truth), course.origins
    (base,) = forecast_course(course.measured)
    entries = [
        (Forecasts(name, "-", own[None]), "baseline")
        for name, own in every_baseline(base, origins).items()
    ]
    functions = zip(snakemake.params.functions.items(), snakemake.input.functions, strict=True)
    for (name, function), file in functions:
        values = function_forecasts(file, function, course.sampled, origins)
        own = Forecasts(name, "-", values[None])
        entries += [(own, GIVEN), (stack_with(base, own, base.stack, origins).forecasts, GIVEN)]
    rows = [row for entry in entries for row in scorer.rows(scorer.score(*entry))]
    write_table(pd.DataFrame(rows), snakemake.output.evaluation)
    log.info("%d genes, %d origins, %d forecasters", *course.truth.observed.shape, len(entries))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
