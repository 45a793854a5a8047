"""Figure: what other designs would see, against the number of times."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.power.design_advice import design_in_words
from foldcast.report.figure_style import (
    BLUE,
    DARK,
    GREEN,
    GREY,
    LIGHT,
    ORANGE,
    RED,
    save,
    write_below,
)

PANELS = {  # column → title, axis
    "change_together": ("change together", "seen from (correlation per doubling) on"),
    "help_to_forecast": ("help to forecast", "seen from (sd per sd) on"),
    "interval_width": ("next time", "width of 90 % interval (log2)"),
}
LOOKS = [("o", BLUE), ("s", ORANGE), ("D", GREEN), ("^", GREY), ("v", RED)]
STYLES = ["-", "--", ":", "-."]


def main(snakemake) -> None:
    designs, advice = read_table(snakemake.input.designs), read_table(snakemake.input.advice)
    save(power(designs, advice), [snakemake.output.png, snakemake.output.svg])


def power(designs: pd.DataFrame, advice: pd.DataFrame) -> Figure:
    """A panel for each measure; a line for each number of replicates and depth.

    Args:
        designs: of one dataset and graph, as `weigh_designs` writes them.
        advice: its sentences.
    """
    figure, grid = plt.subplots(1, len(PANELS), figsize=(9.2, 4.4))
    for axes, (column, (title, label)) in zip(grid, PANELS.items(), strict=True):
        _draw(axes, designs, column)
        axes.set_title(title)
        axes.set_ylabel(label)
        axes.set_xlabel("number of times")
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, fontsize=8)
    own = designs[designs["own"]].iloc[0]
    unseen = designs[list(PANELS)].isna().to_numpy().any()
    below = [f"Ringed: {design_in_words(own)}", *advice["sentence"]]
    write_below(figure, [*below, *(["No mark: nothing of any size is seen."] if unseen else [])])
    return figure


def _draw(axes: Axes, designs: pd.DataFrame, column: str) -> None:
    replicates = sorted(designs["replicates"].unique())
    depths = sorted(designs["depth"].unique())
    rows: pd.DataFrame
    for (count, depth), rows in designs.groupby(["replicates", "depth"]):
        marker, colour = LOOKS[replicates.index(count) % len(LOOKS)]
        style = STYLES[depths.index(depth) % len(STYLES)]
        rows = rows.sort_values("times")
        label = f"{count} replicate{'s' if count > 1 else ''}"
        label += f", {depth:g} × the reads" if len(depths) > 1 else ""
        axes.plot(rows["times"], rows[column], color=colour, ls=style, lw=1.2, marker=marker,
                  ms=4, mfc=colour if depth == 1 else "white", label=label)  # fmt: skip
        if f"{column}_low" in rows:
            ends = rows[[f"{column}_low", f"{column}_high"]]
            known = np.isfinite(ends).all(axis=1) & (len(replicates) * len(depths) <= 3)
            axes.vlines(rows["times"][known], *ends[known].to_numpy().T, color=colour, lw=0.8)
    own = designs[designs["own"]]
    axes.plot(own["times"], own[column], "o", ms=11, mfc="none", mec=DARK, mew=1.2)
    values = designs[column].to_numpy(float)
    if not np.isfinite(values).any():
        axes.text(0.5, 0.5, "no effect of any size\nwould be seen", transform=axes.transAxes,
                  ha="center", va="center", color=GREY)  # fmt: skip
        axes.set_yticks([])
    else:
        axes.set_ylim(0, 1.08 * np.nanmax(values) or 1)
    axes.set_xlim(designs["times"].min() - 1, designs["times"].max() + 1)
    # A time more than the table has would stand on its own number.
    ticks = {*designs["times"]} - {*(own["times"] + 1)}
    axes.set_xticks(sorted(ticks))
    axes.grid(axis="y", color=LIGHT, lw=0.6)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
