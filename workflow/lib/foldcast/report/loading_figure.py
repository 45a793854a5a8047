"""How much of a panel is loading: its first component against age, mean and controls."""

import textwrap

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.report.figure_style import BLUE, DARK, GREEN, GREY, ORANGE

STAGES = {"raw": "as measured", "panel": "as forecast"}
CONTROLS = {
    "negative": ("v", GREY),
    "positive": ("^", GREEN),
    "housekeeping": ("s", ORANGE),
}


def loading(
    metrics: pd.DataFrame, samples: pd.DataFrame, sentences: list[str], time_unit: str
) -> Figure:
    """PC1 of the samples against time, the samples' mean and the controls; a row per stage.

    Args:
        metrics: stage, metric, value.
        samples: stage, sample, time, pc1, mean, negative, positive, housekeeping.
        sentences: warnings, shown below.
    """
    controls = [role for role in CONTROLS if samples[role].notna().any()]
    stages = [stage for stage in STAGES if stage in set(samples["stage"])]
    figure, grid = plt.subplots(
        len(stages),
        2 + bool(controls),
        figsize=(9.2, 2.4 * len(stages) + 0.5 + 0.35 * len(sentences)),
        squeeze=False,
    )
    for row, stage in zip(grid, stages, strict=True):
        table = samples[samples["stage"] == stage]
        said = metrics[metrics["stage"] == stage].set_index("metric")["value"]
        name = f"{STAGES[stage]}: {said['genes']:.0f} rows, PC1 {said['pc1_share']:.0%}"
        row[0].set_title(name, fontsize=9)
        row[0].set_ylabel("PC1 of the samples")
        _points(row[0], table["time"], table, f"time ({time_unit})", said["pc1_r_age"])
        _points(row[1], table["mean"], table, "mean of the sample (log2)", said["pc1_r_mean"])
        for role in controls:
            marker, colour = CONTROLS[role]
            label = f"{role}\nr = {said[f'pc1_r_{role}']:.2f}"
            row[2].plot(table[role], table["pc1"], marker, color=colour, ms=3, label=label)
        if controls:
            row[2].set_xlabel("mean of the controls (log2)")
            row[2].legend(
                fontsize=6, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, handletextpad=0.1
            )
    width = int(figure.get_figwidth() * 16)
    words = [line for sentence in sentences for line in textwrap.wrap(sentence, width)]
    if words:
        figure.supxlabel("\n".join(words), fontsize=8, ha="left", x=0.01)
    return figure


def _points(axes: Axes, x: pd.Series, table: pd.DataFrame, label: str, r: float) -> None:
    axes.plot(x, table["pc1"], "o", color=BLUE, ms=3)
    axes.axhline(0, color=DARK, lw=0.5)
    axes.set_xlabel(f"{label}: r = {r:.2f}")
