"""Fit one model on one graph at the first origin of a block; forecast from every origin in it."""

from dataclasses import replace

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.job import log, run
from foldcast.protocol import NETWORK_PAST, origin_remedy, parse_block
from foldcast.step.fitted_networks import WHOLE, base_of, corrections
from foldcast.step.future_forecasts import forecast_from
from foldcast.step.saved_fits import fits_table, save_fits, write_history
from foldcast.step.step_series import read_series
from foldcast.step.training import Options, TooShort, fit, prepare


def main(snakemake) -> None:
    paths, wildcards, params = snakemake.input, snakemake.wildcards, snakemake.params
    device, model, config = prepare(snakemake.threads), wildcards.model, params.options
    series, time_course, course = read_series(
        paths.time_course, paths.graph, paths.embedding, paths.variance, paths.samples,
        config["base"],
    )  # fmt: skip
    options = Options.of(model, config)
    first, last = parse_block(wildcards.block)
    origins = list(range(first, last + 1))
    variants = {model: (series, options)}
    if params.alone and config["without_base"] and series.base is not None:
        # As the authors describe it: the level itself is forecast, by the deep network.
        alone = replace(options, shrink=False, network={**options.network, "linear_path": False})
        variants[f"{model}_without_base"] = (replace(series, base=None), alone)
    # A rewired graph is there to be compared with: one step is enough.
    found = forecast_course(course, params.horizons) if params.alone else []
    fits, tables, further = {}, [], []
    for (name, (own, how)), seed in (
        (variant, seed) for variant in variants.items() for seed in params.seeds
    ):
        try:
            fitted = fits[name, seed] = fit(own, first, how, seed, device)
        except TooShort as error:
            raise InputError(
                paths.time_course,
                found=str(error),
                expected="a time course that leaves enough past at the first origin",
                remedy=origin_remedy(len(time_course.times), NETWORK_PAST),
            ) from None
        base = base_of(fitted, own, origins)
        for part, correction in corrections(fitted, own, origins).items():
            if part == WHOLE or (params.alone and name == model and how.has_linear_path):
                named = name if part == WHOLE else f"{name}_{part}", wildcards.graph, seed
                predicted = (base + correction).T
                tables.append(forecast_table(predicted, time_course, origins, *named))
        iterated = forecast_from(fitted, own, config["base"], found, origins) if found else []
        for horizon, values in enumerate(iterated[1:], start=2):
            at = origins[: values.shape[1]]  # those that have a time so far on
            if at:
                named = name, wildcards.graph, seed
                far = forecast_table(values, time_course, at, *named, horizon)
                further.append(far.assign(horizon=horizon))
    forecasts = pd.concat(tables, ignore_index=True)
    write_table(forecasts, snakemake.output.forecasts)
    none = forecasts.head(0).assign(horizon=0)
    write_table(pd.concat(further or [none], ignore_index=True), snakemake.output.further)
    write_history(fits, snakemake.output.history)
    known = {name: own for name, (own, _) in variants.items()}
    table = fits_table(fits, known, origins)
    write_table(table.assign(graph=wildcards.graph), snakemake.output.fits)
    save_fits(fits, snakemake.output.model)
    log.info("%d forecasts from origins %s", len(forecasts), wildcards.block)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
