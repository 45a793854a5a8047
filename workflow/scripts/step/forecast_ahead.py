"""Fit one model at the last time and forecast the times after it, with intervals."""

import numpy as np
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.beyond_the_data import (
    coverage_table,
    future_table,
    with_intervals,
    with_later,
)
from foldcast.job import log, run
from foldcast.step.future_forecasts import base_beyond, iterate, next_of
from foldcast.step.saved_fits import save_fits, write_history
from foldcast.step.step_series import read_series
from foldcast.step.training import Options, fit, prepare


def main(snakemake) -> None:
    paths, config = snakemake.input, snakemake.params.options
    model = snakemake.wildcards.model
    device = prepare(snakemake.threads)
    series, time_course, measured = read_series(
        paths.time_course, paths.graph, paths.embedding, paths.variance, paths.samples,
        config["base"],
    )  # fmt: skip
    asked = config["future"]
    options = Options.of(model, config)
    course = with_later(measured, asked["steps"], asked["interval"])
    found = forecast_course(course, asked["steps"])
    last = course.n_times - 1
    step = float(course.times[last + 1] - course.times[last])
    seeds = snakemake.params.seeds
    fits = {(model, seed): fit(series, last, options, seed, device) for seed in seeds}

    base_of = base_beyond(config["base"], found)
    predicted = np.mean(
        [
            iterate(series, base_of, [step] * asked["steps"], next_of(fitted))
            for fitted in fits.values()
        ],
        axis=0,
    )
    past = past_forecasts(paths.forecasts, model, time_course.genes, course.n_times)
    beyond = with_intervals(course, found, past, predicted, asked["level"])
    write_table(future_table(time_course.genes, course, beyond), snakemake.output.future)
    origins = np.flatnonzero(np.isfinite(past).any(axis=0)).tolist()
    coverage = coverage_table(course, beyond, origins, asked["level"])
    write_table(coverage, snakemake.output.coverage)
    for row in coverage.itertuples():
        log.info("intervals of %g held %.3f from %d origins", row.level, row.coverage, row.origins)
    write_history(fits, snakemake.output.history)
    save_fits(fits, snakemake.output.model)


def past_forecasts(tables: list[str], model: str, genes: pd.Index, n_times: int) -> np.ndarray:
    """One-step forecasts from each time, the mean over seeds: [genes, times]; NaN without any."""
    forecasts = pd.concat([read_table(path, dtype={"gene": str}) for path in tables])
    forecasts = forecasts[forecasts["model"] == model]
    mean = forecasts.groupby(["gene", "origin"])["predicted"].mean().unstack("origin")
    past = np.full((len(genes), n_times), np.nan)
    past[:, mean.columns.to_numpy()] = mean.loc[genes].to_numpy()
    return past


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
