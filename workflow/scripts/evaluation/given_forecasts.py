"""One-step forecasts by a forecaster of the user's: a function that is called, or a table."""

from foldcast.evaluation.forecast_verdict import UNVERIFIED
from foldcast.files import read_table, write_table
from foldcast.forecast.brought_forecasts import brought_forecasts
from foldcast.forecast.forecast_functions import SampledCourse, function_forecasts
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.forecast.time_course import read_origins, read_time_course
from foldcast.job import log, run


def main(snakemake) -> None:
    given, function = snakemake.input, snakemake.params.function
    time_course = read_time_course(given.time_course)
    origins = read_origins(given.time_course, time_course, snakemake.params.first_origin)
    if function:
        panel = read_table(given.panel, dtype={"gene": str}).set_index("gene")
        samples = read_table(given.samples, dtype={"sample": str})
        course = SampledCourse.of(time_course, panel, samples)
        values = function_forecasts(given.forecaster, function, course, origins)
    else:
        values = brought_forecasts(given.forecaster, time_course, origins)
        log.warning("%s: taken as it is, %s", given.forecaster, UNVERIFIED)
    name = snakemake.wildcards.forecaster
    write_table(forecast_table(values, time_course, origins, name), snakemake.output.forecasts)
    log.info("%s: %d genes, %d origins", name, *values.shape)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
