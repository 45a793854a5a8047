"""Figure: how good forecasts are at each horizon."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import (
    BLUE,
    DARK,
    GREEN,
    GREY,
    LIGHT,
    ORANGE,
    save,
    write_below,
)
from foldcast.report.genes_shown import LOCAL_LEVEL
from foldcast.report.page.wording import named

PANELS = {  # metric → title, axis, the ends of its bars
    "skill": ("skill", "skill over persistence", ("low", "high")),
    "crps": ("loss of quantiles", "CRPS (log2)", ("low", "high")),
    "coverage_90": ("90 % intervals", "share of values held", ("lowest", "highest")),
}
LOOKS = [("o", BLUE, "-"), ("s", ORANGE, "--"), ("D", GREY, ":"), ("^", GREEN, "-.")]
APART = 0.11  # steps between the marks of two forecasters
LOWEST = -0.6  # skill at which the axis is cut; none is above 1


def main(snakemake) -> None:
    scores = read_table(snakemake.input.horizons)
    figure = horizons(scores, tuple(snakemake.params.forecast))
    save(figure, [snakemake.output.png, snakemake.output.svg])


def horizons(scores: pd.DataFrame, forecast: tuple[str, str]) -> Figure:
    """Skill, CRPS and coverage against the horizon.

    Args:
        scores: model, graph, kind, how, horizon, metric, value, low, high, lowest, highest,
            n_genes, n_origins.
        forecast: graph and model of the forecast that the dataset gets.
    """
    figure, grid = plt.subplots(1, len(PANELS), figsize=(9.2, 3.9))
    keys = shown(scores, forecast)
    for axes, (metric, (title, label, ends)) in zip(grid, PANELS.items(), strict=True):
        for place, (look, (model, graph)) in enumerate(zip(LOOKS, keys, strict=False)):
            rows = scores[(scores["model"] == model) & (scores["graph"] == graph)]
            rows = rows[rows["metric"] == metric].sort_values("horizon")
            off = APART * (place - (len(keys) - 1) / 2)
            _draw(axes, rows, look, off, ends, f"{named(model, graph)}, {how_made(scores, model)}")
        axes.set_title(title)
        axes.set_ylabel(label)
        axes.set_xlabel("horizon (times after the origin)")
        axes.set_xticks(sorted(scores["horizon"].unique()))
        axes.grid(axis="y", color=LIGHT, lw=0.6)
    low, high = grid[0].get_ylim()
    grid[0].set_ylim(max(min(low, -0.02), LOWEST), min(max(high, 0.1), 1.02))
    grid[0].axhline(0, color=DARK, lw=0.8)
    grid[1].set_ylim(bottom=0)
    grid[2].axhline(0.9, color=DARK, lw=0.8)
    figure.legend(
        *grid[0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize=8
    )
    write_below(figure, [_numbers(scores)])
    return figure


def shown(scores: pd.DataFrame, forecast: tuple[str, str]) -> list[tuple[str, str]]:
    """(model, graph) of the forecast, the local level, the best other baseline and the network."""
    graph, model = forecast
    skill = scores[scores["metric"] == "skill"]
    known = set(zip(skill["model"], skill["graph"], strict=True))
    keys = [(model, graph), (LOCAL_LEVEL, "-")]
    others = skill[(skill["kind"] == "baseline") & ~skill["model"].isin([model, LOCAL_LEVEL])]
    keys.append((others.groupby("model", sort=False)["value"].mean().idxmax(), "-"))
    networks = skill[skill["kind"] == "model"]
    keys += list(zip(networks["model"], networks["graph"], strict=True))[:1]
    return [key for key in dict.fromkeys(keys) if key in known]


def how_made(scores: pd.DataFrame, model: str) -> str:
    """Whether it forecasts all steps directly or is iterated."""
    return str(scores.loc[scores["model"] == model, "how"].iloc[0])


def _draw(
    axes: Axes,
    rows: pd.DataFrame,
    look: tuple[str, str, str],
    off: float,
    ends: tuple[str, str],
    label: str,
) -> None:
    marker, colour, style = look
    at = rows["horizon"] + off
    barred = np.isfinite(rows[list(ends)]).all(axis=1)
    axes.plot(at, rows["value"], color=colour, ls=style, lw=1, marker=marker, ms=5, mfc="white")
    # Hollow: without a bar, of which nothing is certain.
    axes.plot(at.where(barred), rows["value"], marker, color=colour, ms=5)
    axes.plot([], [], color=colour, ls=style, lw=1, marker=marker, ms=5, label=label)
    axes.vlines(at[barred], *(rows.loc[barred, end] for end in ends), color=colour, lw=1.2)


def _numbers(scores: pd.DataFrame) -> str:
    """How many genes and origins there are, and what the bars are."""
    skill = scores[scores["metric"] == "skill"]
    origins = skill.groupby("horizon")["n_origins"].max()
    counts = ", ".join(f"{count} at {horizon}" for horizon, count in origins.items())
    bars = "95 % intervals" if skill["low"].notna().any() else "no intervals"
    return (
        f"{skill['n_genes'].iloc[0]} genes; origins by horizon: {counts}. Bars of skill and "
        f"CRPS: {bars}; hollow: none, with fewer than 6 origins for each step. Bars of coverage: "
        "the range over origins. Third in the legend: the best other baseline, as seen afterwards."
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
