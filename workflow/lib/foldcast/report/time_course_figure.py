"""Courses of genes with what was forecast for them."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from foldcast.report.figure_style import BLUE, DARK, GREY, ORANGE

COLUMNS = 3


def time_courses(
    genes: list[str],
    samples: pd.DataFrame,
    panel: pd.DataFrame,
    forecasts: pd.DataFrame,
    baseline: pd.DataFrame,
    skill: pd.Series,
    time_unit: str,
) -> Figure:
    """Replicates, their mean, and the one-step forecasts of a model and of the comparator.

    Args:
        samples: sample, time.
        panel: genes × samples, log2.
        forecasts: target_time, gene, predicted (the mean over seeds).
        baseline: the same for the comparator.
        skill: gene → skill over persistence of the model.
    """
    rows = -(-len(genes) // COLUMNS)
    figure, grid = plt.subplots(
        rows, COLUMNS, figsize=(9.2, 1.9 * rows + 0.7), squeeze=False, sharex=True
    )
    times = samples["time"].to_numpy(dtype=float)
    for axes, gene in zip(grid.flat, genes, strict=False):
        values = panel.loc[gene, samples["sample"]].to_numpy(dtype=float)
        axes.plot(times, values, ".", color=GREY, ms=3, alpha=0.6, label="replicate")
        mean = pd.Series(values).groupby(times).mean()
        axes.plot(mean.index, mean, color=DARK, lw=1, label="mean of replicates")
        for table, colour, marker, label in (
            (baseline, ORANGE, "x", "per-gene smoothing"),
            (forecasts, BLUE, "o", "model"),
        ):
            ahead = table[table["gene"] == gene]
            axes.plot(
                ahead["target_time"], ahead["predicted"], marker, color=colour, ms=3.5,
                mfc="none", mew=1, label=f"forecast, {label}",
            )  # fmt: skip
        axes.axvspan(times.min(), forecasts["origin_time"].min(), color=GREY, alpha=0.08, lw=0)
        name = textwrap.shorten(gene, 28, placeholder=" …")
        axes.set_title(f"{name}  (skill {skill[gene]:+.2f})", fontsize=8)
    for axes in list(grid.flat)[len(genes) :]:
        axes.set_visible(False)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, fontsize=8)
    figure.supxlabel(f"time ({time_unit}); grey: times before the first origin", fontsize=9)
    figure.supylabel("expression (log2)", fontsize=9)
    return figure


def best_middle_worst(skill: pd.Series, each: int = 3) -> list[str]:
    """The genes with the highest, the median and the lowest skill; all, if there are few."""
    ranked = skill.sort_values(ascending=False, kind="stable").index
    if len(ranked) <= 3 * each:
        return [str(gene) for gene in ranked]
    middle = (len(ranked) - each) // 2
    chosen = np.concatenate([ranked[:each], ranked[middle : middle + each], ranked[-each:]])
    return [str(gene) for gene in chosen]
