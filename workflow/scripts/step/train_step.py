"""Fit one model on one graph at the first origin of a block; forecast from every origin in it."""

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import write_table
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.job import log, run
from foldcast.protocol import NETWORK_PAST, origin_remedy, parse_block
from foldcast.step.saved_fits import save_fits, write_history
from foldcast.step.step_series import read_series
from foldcast.step.training import Options, TooShort, fit, forecast, prepare


def main(snakemake) -> None:
    paths, wildcards, config = snakemake.input, snakemake.wildcards, snakemake.params.options
    device = prepare(snakemake.threads)
    series, time_course, _ = read_series(
        paths.time_course, paths.graph, paths.embedding, paths.variance, paths.samples,
        config["base"],
    )  # fmt: skip
    options = Options.of(wildcards.model, config)
    first, last = parse_block(wildcards.block)
    origins = list(range(first, last + 1))
    fits, tables = {}, []
    for seed in snakemake.params.seeds:
        try:
            fits[seed] = fit(series, first, options, seed, device)
        except TooShort as error:
            raise InputError(
                paths.time_course,
                found=str(error),
                expected="a time course that leaves enough past at the first origin",
                remedy=origin_remedy(len(time_course.times), NETWORK_PAST),
            ) from None
        predicted = forecast(fits[seed], series, origins).T
        named = wildcards.model, wildcards.graph, seed
        tables.append(forecast_table(predicted, time_course, origins, *named))
    forecasts = pd.concat(tables, ignore_index=True)
    write_table(forecasts, snakemake.output.forecasts)
    write_history(fits, snakemake.output.history)
    save_fits(fits, snakemake.output.model)
    log.info("%d forecasts from origins %s", len(forecasts), wildcards.block)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
