"""Figure: time courses and forecasts of all genes, ordered by the time of their peak."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, ORANGE, fitted, save
from foldcast.report.genes_shown import gene_skill, of_model, read_labels

MOST = 2.5  # standard deviations of a gene at which the colours end
NAMED = 60  # genes that have room for a name
LOWEST = -1.0  # skill at which the axis is cut
SMOOTH = 3  # times over which a time course is averaged before its peak is sought


def main(snakemake) -> None:
    time_course = read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene")
    time_course.columns = time_course.columns.astype(float)
    made = pd.concat([read_table(path, dtype={"gene": str}) for path in snakemake.input.forecasts])
    named = snakemake.wildcards.graph, snakemake.wildcards.model
    forecasts = of_model(made, *named).groupby(["gene", "target_time"])["predicted"].mean()
    called = read_labels(snakemake.input.loci)
    figure = forecast_map(
        time_course.rename(index=called),
        forecasts.unstack().rename(index=called),
        gene_skill(snakemake.input.scores, *named).rename(called),
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def forecast_map(
    time_course: pd.DataFrame, forecasts: pd.DataFrame, skill: pd.Series, time_unit: str
) -> Figure:
    """Genes × times: observed, forecast, the difference, and each gene's skill, in one order.

    Values are in standard deviations of a gene's own time course, from its mean. Genes are ordered
    by the time of their peak, the earliest on top.

    Args:
        time_course: genes × times, log2.
        forecasts: genes × target times (the mean over seeds).
        skill: gene → skill over persistence.
    """
    order = by_peak(time_course)
    time_course, forecasts = (
        time_course.loc[order],
        forecasts.loc[order].reindex(columns=time_course.columns),
    )
    middle, scale = time_course.mean(axis=1), time_course.std(axis=1)
    scale = scale.where(scale > 0, 1.0)
    observed, predicted = (
        table.sub(middle, axis=0).div(scale, axis=0).to_numpy()
        for table in (time_course, forecasts)
    )
    off = predicted - observed
    # These are one-step forecasts: persistence is the value before, at the same times.
    stayed = np.where(np.isnan(off[:, 1:]), np.nan, observed[:, :-1] - observed[:, 1:])
    height = min(9.0, 3.4 + 0.13 * len(order) if len(order) <= NAMED else 7.4)
    figure, grid = plt.subplots(
        2, 4, figsize=(9.2, height), sharex="col", sharey="row",
        height_ratios=[1.1, height - 1.1], width_ratios=[3, 3, 3, 1],
    )  # fmt: skip
    peaks = observed.argmax(axis=1)
    panels = (
        (observed, f"observed, {len(order)} genes"),
        (predicted, "one-step forecast"),
        (off, f"forecast − observed: rms {rms(off):.2f}; persistence {rms(stayed):.2f}"),
    )
    for k, (values, title) in enumerate(panels):
        strip, axes = grid[:, k]
        image = axes.imshow(
            np.ma.masked_invalid(values), cmap="RdBu_r", vmin=-MOST, vmax=MOST,
            aspect="auto", interpolation="none",
        )  # fmt: skip
        axes.set_facecolor(LIGHT)
        strip.set_title(title, fontsize=8)
        _name_times(axes, time_course.columns.to_numpy(dtype=float))
        _draw_mean(strip, observed if k == 0 else values, "o-" if k == 0 else ".--")
    for axes, values in zip(grid[1, :2], (observed, predicted), strict=True):
        seen = np.isfinite(values[range(len(order)), peaks])
        axes.plot(peaks[seen], np.flatnonzero(seen), "k.", ms=3 if len(order) <= 200 else 1)
    grid[0, 0].set_ylabel("mean of\nthe genes", fontsize=8)
    shown = [fitted(one, 24) for one in order if len(order) <= NAMED]
    grid[1, 0].set_yticks(range(len(shown)), shown, fontsize=6)
    grid[1, 0].set_ylabel(None if shown else f"{len(order)} genes, earliest peak on top")
    _draw_skill(grid[1, 3], skill.loc[order])
    grid[0, 3].set_axis_off()
    bar = figure.colorbar(image, ax=grid[1, 3], location="right", extend="both", fraction=0.25)
    bar.set_label("standard deviations of the gene's time course", fontsize=8)
    figure.supxlabel(
        f"time ({time_unit}), drawn evenly; black dots: where what was observed is highest; grey:"
        " times that were not forecast",
        fontsize=8,
    )
    return figure


def by_peak(time_course: pd.DataFrame) -> list[str]:
    """Genes by the time at which their time course, smoothed over three times, is highest."""
    smooth = time_course.T.rolling(SMOOTH, center=True, min_periods=1).mean().T
    peak = pd.Series(smooth.to_numpy().argmax(axis=1), index=time_course.index)
    # Of one peak: who is nearer to an earlier one, by the mean time of what is above the least.
    above = smooth.sub(smooth.min(axis=1), axis=0)
    total = above.sum(axis=1)
    middle = (above * np.arange(time_course.shape[1])).sum(axis=1) / total.where(total > 0, 1.0)
    keys = pd.DataFrame({"peak": peak, "middle": middle})
    return keys.sort_values(["peak", "middle"], kind="stable").index.tolist()


def rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.nanmean(values**2)))


def _name_times(axes: Axes, times: np.ndarray) -> None:
    every = max(1, len(times) // 6)
    where = np.arange(0, len(times), every)
    axes.set_xticks(where, [f"{times[k]:g}" for k in where], fontsize=7)
    axes.tick_params(left=False)


def _draw_mean(axes: Axes, values: np.ndarray, style: str) -> None:
    """The same as a line: what the colours say on average."""
    known = np.isfinite(values).any(axis=0)
    axes.plot(np.flatnonzero(known), np.nanmean(values[:, known], axis=0), style, color=DARK,
              ms=2.5, lw=1)  # fmt: skip
    axes.axhline(0, color=GREY, lw=0.6)
    axes.tick_params(bottom=False, labelsize=7)


def _draw_skill(axes: Axes, skill: pd.Series) -> None:
    where = np.arange(len(skill))
    shown = skill.clip(lower=LOWEST).to_numpy()
    size = 3 if len(skill) <= 200 else 1.5
    for some, marker, colour in ((shown >= 0, "o", BLUE), (shown < 0, "x", ORANGE)):
        axes.plot(shown[some], where[some], marker, color=colour, ms=size, mew=0.8)
    axes.axvline(0, color=DARK, lw=0.8)
    axes.set_xlabel(f"skill\n(crosses: {(skill < 0).sum()} below 0)", fontsize=7)
    axes.tick_params(labelsize=7, left=False)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
