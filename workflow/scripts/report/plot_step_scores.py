"""Figure: STEP's own view of its forecasts: values, changes, accuracy along time, genes."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.forecast.time_course import TimeCourse, read_time_course
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, ORANGE, save, write_below
from foldcast.report.page.wording import named

PERSISTENCE = "persistence"


def main(snakemake) -> None:
    time_course = read_time_course(snakemake.input.time_course)
    own = pd.concat([read_table(path, dtype={"gene": str}) for path in snakemake.input.forecasts])
    own = own[own["model"] == snakemake.wildcards.model]
    baselines = read_table(snakemake.input.baselines, dtype={"gene": str})
    figure = step_scores(
        time_course,
        matrix(own, time_course),
        {name: matrix(rows, time_course) for name, rows in baselines.groupby("model", sort=False)},
        named(snakemake.wildcards.model, snakemake.wildcards.graph),
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def matrix(forecasts: pd.DataFrame, time_course: TimeCourse) -> pd.DataFrame:
    """One-step forecasts, genes × positions of origins; the mean over seeds."""
    table = forecasts.pivot_table(index="gene", columns="origin", values="predicted")
    return table.reindex(time_course.genes)


def step_scores(
    time_course: TimeCourse,
    predicted: pd.DataFrame,
    baselines: dict[str, pd.DataFrame],
    name: str,
    time_unit: str,
) -> Figure:
    """Predicted against measured; changes; error by time; correlation of each gene.

    Args:
        time_course: what was measured.
        predicted: forecasts of the model, genes × origins.
        baselines: the same of every baseline; of them persistence and the best are drawn.
        name: of the model, in words.
        time_unit: of the times.
    """
    origins = predicted.columns.to_numpy()
    last, target = time_course.values[:, origins], time_course.values[:, origins + 1]
    forecast = predicted.to_numpy()
    errors = {
        other: ((table.to_numpy() - target) ** 2).mean(axis=0) for other, table in baselines.items()
    }
    best = min(errors, key=lambda other: errors[other].mean())
    figure, grid = plt.subplots(2, 2, figsize=(9.2, 6.2))

    axes = grid[0, 0]
    axes.plot(target.ravel(), forecast.ravel(), ".", color=BLUE, ms=2, alpha=0.25, rasterized=True)
    ends = [min(target.min(), forecast.min()), max(target.max(), forecast.max())]
    axes.plot(ends, ends, color=DARK, lw=0.8)
    axes.set(xlabel="measured (log2)", ylabel="forecast (log2)")
    axes.set_title("values", pad=18)
    pooled = [np.corrcoef(target.ravel(), other.ravel())[0, 1] for other in (forecast, last)]
    said = f"r over all values: {pooled[0]:.3f}; the value before: {pooled[1]:.3f}"
    axes.text(0, 1.02, said, transform=axes.transAxes, fontsize=8)

    axes = grid[0, 1]
    changes = target - last, forecast - last
    edge = np.quantile(np.abs(changes[0]), 0.99) or 1.0
    bins = np.linspace(-edge, edge, 41)
    for change, colour, label in zip(changes, (GREY, BLUE), ("measured", "forecast"), strict=True):
        axes.hist(change.ravel(), bins, color=colour, alpha=0.6, density=True, label=label)
    axes.set(title="changes from one time to the next", xlabel="change (log2)", ylabel="density")
    axes.legend(fontsize=8)

    axes = grid[1, 0]
    times = time_course.times[origins + 1]
    lines = {PERSISTENCE: (errors[PERSISTENCE], GREY, "s")}
    lines |= {best: (errors[best], ORANGE, "x")} if best != PERSISTENCE else {}
    for other, (error, colour, marker) in lines.items():
        axes.plot(times, np.sqrt(error), marker + "-", color=colour, ms=3, lw=1, label=named(other))
    error = ((forecast - target) ** 2).mean(axis=0)
    axes.plot(times, np.sqrt(error), "o-", color=BLUE, ms=3, lw=1, label=name)
    axes.set(title="error by time", xlabel=f"time ({time_unit})", ylabel="rms error (log2)")
    axes.set_ylim(0)
    axes.grid(axis="y", color=LIGHT, lw=0.6)
    axes.legend(fontsize=7)

    axes = grid[1, 1]
    for values, colour, label in ((last, GREY, named(PERSISTENCE)), (forecast, BLUE, name)):
        r = gene_correlation(values, target)
        axes.hist(
            r, np.linspace(-1, 1, 41), color=colour, alpha=0.6,
            label=f"{label}, median {np.median(r):.2f}" if len(r) else label,
        )  # fmt: skip
    axes.set(title="correlation of each gene", xlabel="r over origins", ylabel="genes")
    axes.legend(fontsize=7)
    write_below(
        figure,
        [
            f"{len(target)} genes, one-step forecasts from {len(origins)} origins; in orange the "
            "baseline with the least error. Expression differs more between genes than along time, "
            "so r over all values is high for any forecast."
        ],
    )
    return figure


def gene_correlation(forecast: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Pearson over origins of each gene that varies in both, [genes that do]."""
    if measured.shape[1] < 3:
        return np.empty(0)
    vary = (np.ptp(forecast, axis=1) > 0) & (np.ptp(measured, axis=1) > 0)
    pairs = zip(forecast[vary], measured[vary], strict=True)
    return np.array([np.corrcoef(one, other)[0, 1] for one, other in pairs])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
