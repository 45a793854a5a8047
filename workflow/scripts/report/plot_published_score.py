"""Figure: the published score of STEP beside what needs no network."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, ORANGE, save, write_below

# Pooled r that the authors of STEP report.
PUBLISHED = {"stepmr": 0.7816, "stepmi": 0.9389}
COLOURS = {"last coordinate of the embedding": BLUE, "expression": GREY}


def main(snakemake) -> None:
    tables = [read_table(path) for path in snakemake.input.scores]
    figure = published_score(tables, snakemake.params.names, snakemake.params.models)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def published_score(tables: list[pd.DataFrame], names: list[str], models: list[str]) -> Figure:
    """Pooled correlation of each forecast with what was measured, one panel per dataset.

    Args:
        tables: of rule `published_score`, one per panel.
        names: titles of the panels.
        models: of each panel, whose published score is drawn.
    """
    figure, grid = plt.subplots(
        1, len(tables), figsize=(9.2, 3.0), sharey=True, squeeze=False, sharex=True
    )
    for axes, table, name, model in zip(grid[0], tables, names, models, strict=True):
        rows = table.iloc[::-1].reset_index(drop=True)
        colours = [
            ORANGE if row.forecast == "expression" else COLOURS[row.space]
            for row in rows.itertuples()
        ]
        axes.barh(rows.index, rows["r"], color=colours, height=0.6)
        for i, r in enumerate(rows["r"]):
            axes.text(max(r, 0) + 0.02, i, f"{r:.2f}".replace("-", "−"), va="center", fontsize=8)
        known = PUBLISHED[model]
        axes.axvline(known, color=DARK, lw=1, ls="--")
        axes.text(known, len(rows) - 0.45, f"published {known:.2f} ", ha="right", fontsize=8)
        axes.set_title(name, pad=16)
        axes.set(xlim=(-0.15, 1.2), xlabel="correlation (r), all values pooled")
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
        axes.grid(axis="x", color=LIGHT, lw=0.6)
        axes.set_axisbelow(True)
    grid[0, 0].set_yticks(range(len(rows)), [label(row) for row in rows.itertuples()])
    write_below(
        figure,
        [
            "No bar needs a network. Blue: against the published target, the last coordinate of a "
            "joint node embedding. Grey: against expression. Orange: that target with expression."
        ],
    )
    return figure


def label(row) -> str:
    if row.forecast == "expression":
        return "the target itself\nagainst expression"
    space = "expression" if row.space == "expression" else "embedding"
    return f"{space}: {row.forecast.replace(' before', chr(10) + 'before')}"


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
