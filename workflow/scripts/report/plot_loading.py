"""Figure: how much of a panel is loading."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.expression.sample_loading import warnings_of
from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREEN, GREY, ORANGE, save, write_below

STAGES = {"raw": "as measured", "panel": "as forecast"}
CONTROL_PROBES = {
    "negative": ("v", GREY),
    "positive": ("^", GREEN),
    "housekeeping": ("s", ORANGE),
}


def main(snakemake) -> None:
    metrics = read_table(snakemake.input.loading)
    sentences = [
        f"{STAGES[stage].capitalize()}: {sentence}."
        for stage, table in metrics.groupby("stage", sort=False)
        for sentence in warnings_of(table.set_index("metric")["value"].to_dict())
    ]
    figure = loading(
        metrics,
        read_table(snakemake.input.samples, dtype={"sample": str}),
        sentences,
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def loading(
    metrics: pd.DataFrame, samples: pd.DataFrame, sentences: list[str], time_unit: str
) -> Figure:
    """PC1 of the samples against time, the samples' mean and the control probes; a row per stage.

    Args:
        metrics: stage, metric, value.
        samples: stage, sample, time, pc1, mean, negative, positive, housekeeping.
        sentences: warnings, shown below.
    """
    probes = [role for role in CONTROL_PROBES if samples[role].notna().any()]
    stages = [stage for stage in STAGES if stage in set(samples["stage"])]
    figure, grid = plt.subplots(
        len(stages),
        2 + bool(probes),
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
        for role in probes:
            marker, colour = CONTROL_PROBES[role]
            label = f"{role}\nr = {said[f'pc1_r_{role}']:.2f}"
            row[2].plot(table[role], table["pc1"], marker, color=colour, ms=3, label=label)
        if probes:
            row[2].set_xlabel("mean of the control probes (log2)")
            row[2].legend(
                fontsize=6, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, handletextpad=0.1
            )
    if sentences:
        write_below(figure, sentences)
    return figure


def _points(axes: Axes, x: pd.Series, table: pd.DataFrame, label: str, r: float) -> None:
    axes.plot(x, table["pc1"], "o", color=BLUE, ms=3)
    axes.axhline(0, color=DARK, lw=0.5)
    axes.set_xlabel(f"{label}: r = {r:.2f}")


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
