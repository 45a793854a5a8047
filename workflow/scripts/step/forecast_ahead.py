"""Fit one model at the last time and forecast the times after it, with intervals."""

import numpy as np
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.step.future_forecasts import Intervals, calibrate, growth, iterate
from foldcast.step.saved_fits import save_fits, write_history
from foldcast.step.step_series import read_series
from foldcast.step.training import Options, fit, forecast, prepare
from foldcast.step.windows import Series

COVERAGE = ["made_from", "level", "coverage", "lowest", "highest", "origins", "mean_width"]


def main(snakemake) -> None:
    paths, config = snakemake.input, snakemake.params.options
    device = prepare(snakemake.threads)
    series, time_course = read_series(
        paths.time_course, paths.graph, paths.embedding, config["base"]
    )
    genes = time_course.genes
    errors, intervals_past = past_errors(paths.forecasts, series, genes)
    asked = config["future"]
    intervals = calibrate(errors, asked["level"])
    options = Options.of(snakemake.wildcards.model, config)
    last = len(series.times) - 1
    step = asked["interval"] or float(series.times[-1] - series.times[-2])
    fits = {seed: fit(series, last, options, seed, device) for seed in snakemake.params.seeds}

    def one_step(fitted):
        return lambda longer: forecast(fitted, longer, [len(longer.times) - 1])[0]

    predicted = np.mean(
        [
            iterate(series, config["base"], asked["steps"], step, one_step(fitted))
            for fitted in fits.values()
        ],
        axis=0,
    )
    horizons = np.arange(1, asked["steps"] + 1)
    half = intervals.half_width[:, None] * growth(horizons, step, intervals_past)
    now = series.values[:, -1:]
    write_table(
        pd.DataFrame(
            {
                "gene": np.repeat(genes, len(horizons)),
                "horizon": np.tile(horizons, len(genes)),
                "target_time": np.tile(series.times[-1] + step * horizons, len(genes)),
                "predicted": predicted.ravel(),
                "low": (predicted - half).ravel(),
                "high": (predicted + half).ravel(),
                "last": np.repeat(now, len(horizons)),
                "change": (predicted - now).ravel(),
            }
        ),
        snakemake.output.future,
    )
    write_table(coverage_table(intervals, asked["level"]), snakemake.output.coverage)
    write_history(fits, snakemake.output.history)
    save_fits(fits, snakemake.output.model)


def past_errors(
    tables: list[str], series: Series, genes: pd.Index
) -> tuple[np.ndarray, np.ndarray]:
    """Errors [genes, origins] of the mean over seeds, and the Δt of each origin."""
    forecasts = pd.concat([read_table(path, dtype={"gene": str}) for path in tables])
    mean = forecasts.groupby(["gene", "origin"])["predicted"].mean().unstack("origin")
    targets = mean.columns.to_numpy() + 1
    errors = series.values[:, targets] - mean.loc[genes].to_numpy()
    return errors, series.times[targets] - series.times[targets - 1]


def coverage_table(intervals: Intervals, level: float) -> pd.DataFrame:
    """How often past one-step values were within intervals, by what the intervals were made of."""
    rows = []
    for made_from, coverage in (
        ("other origins", intervals.coverage),
        ("earlier origins", intervals.coverage_past),
    ):
        if not len(coverage):
            log.warning("too few past origins: no intervals made from %s", made_from)
            continue
        rows.append(
            {
                "made_from": made_from,
                "level": level,
                "coverage": coverage.mean(),
                "lowest": coverage.min(),
                "highest": coverage.max(),
                "origins": len(coverage),
                "mean_width": 2 * intervals.half_width.mean(),
            }
        )
        log.info("intervals of %g made from %s held %.3f", level, made_from, coverage.mean())
    return pd.DataFrame(rows, columns=COVERAGE)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
