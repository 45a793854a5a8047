"""Figure: skill of models, baselines and bounds, with intervals."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.evaluation.forecast_verdict import FROM_OTHER_ARM, GIVEN, UNVERIFIED
from foldcast.files import read_table
from foldcast.job import run
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
from foldcast.report.page.verdicts_in_words import SHARED_END
from foldcast.report.page.wording import named

KINDS = {
    "model": ("o", BLUE, "model"),
    "part": ("v", BLUE, "part of a model"),
    "rewired graph": ("P", BLUE, "rewired graph: other pairs, or none"),
    GIVEN: ("^", GREEN, "given function"),
    UNVERIFIED: ("x", RED, f"given table: {UNVERIFIED}"),
    FROM_OTHER_ARM: ("*", ORANGE, "other arm: its next value known"),
    "baseline": ("s", GREY, "baseline"),
    "bound": ("D", ORANGE, "bound: sees the future"),
}
LOWEST, HIGHEST = -0.6, 1.0  # skill at which the axis is cut; none is above 1
SENTENCES = 3  # below the panels: the first; all stand in verdict.tsv and on the page


def main(snakemake) -> None:
    verdict = read_table(snakemake.input.verdict)
    told = verdict[~verdict["comparison"].str.contains("_without_base")]  # the rest is on the page
    # The best baseline is among the panels' rows, by its name there.
    sentences = told["sentence"].str.replace(SHARED_END, "", regex=True).tolist()
    figure = skill(read_table(snakemake.input.evaluation), sentences)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def skill(evaluation: pd.DataFrame, sentences: list[str]) -> Figure:
    """Skill over persistence with 95 % intervals: models, rewired graphs, baselines, bounds.

    Args:
        evaluation: model, graph, kind, metric, value, low, high, n_genes, n_origins.
        sentences: verdicts in words, shown below.
    """
    metrics = {"skill": "all genes pooled", "skill_scaled": "every gene counts alike"}
    shown = evaluation[evaluation["metric"].isin(metrics)]
    order = (
        shown[shown["metric"] == "skill"]
        .assign(rank=lambda table: table["kind"].map(list(KINDS).index))
        .sort_values(["rank", "value"], ascending=[True, False], kind="stable")
    )
    keys = list(zip(order["model"], order["graph"], strict=True))
    rows = {key: -i for i, key in enumerate(keys)}
    figure, grid = plt.subplots(
        1,
        len(metrics),
        figsize=(9.2, 0.9 + 0.3 * len(keys) + 0.4 * min(len(sentences), SENTENCES)),
        sharey=True,
    )
    for axes, (metric, title) in zip(grid, metrics.items(), strict=True):
        table = shown[shown["metric"] == metric]
        for kind, (marker, colour, label) in KINDS.items():
            some = table[table["kind"] == kind]
            if some.empty:
                continue
            where = [rows[key] for key in zip(some["model"], some["graph"], strict=True)]
            ends = (some[end].clip(2 * LOWEST, HIGHEST) for end in ("low", "high"))
            axes.hlines(where, *ends, color=colour, lw=1.5)
            axes.plot(some["value"], where, marker, color=colour, ms=6, label=label)
        axes.axvline(0, color=DARK, lw=0.8)
        _leave_room(axes, table, rows)
        axes.set_title(title)
        axes.grid(axis="x", color=LIGHT, lw=0.6)
        axes.set_xlabel("skill over persistence")
    grid[0].set_yticks(list(rows.values()), [named(*key) for key in keys])
    n = order.iloc[0]
    figure.legend(
        *grid[0].get_legend_handles_labels(), loc="outside upper right", ncols=4, fontsize=7
    )
    caption = f"{n['n_genes']} genes, {n['n_origins']} origins, one-step forecasts; "
    caption += "too few for intervals" if shown["low"].isna().all() else "95 % intervals"
    write_below(figure, [caption, *sentences[:SENTENCES]])
    return figure


def _leave_room(axes: Axes, table: pd.DataFrame, rows: dict) -> None:
    """Cut the axis where hopeless baselines would squeeze the rest, and write their value there."""
    low, high = table[["value", "low"]].min(axis=None), table[["value", "high"]].max(axis=None)
    axes.set_xlim(max(low - 0.05, LOWEST), min(max(high, 0.1), HIGHEST) + 0.05)
    for row in table[table["value"] < LOWEST].itertuples():
        where = rows[row.model, row.graph]
        axes.text(LOWEST + 0.02, where, f"◂ {row.value:.2f}", va="bottom", fontsize=8, color=GREY)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
