"""Figure: time courses with what is forecast beyond the data."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, fitted, hide_unused, save
from foldcast.report.genes_shown import asked_genes, read_labels

COLUMNS = 3
SHOWN = 12  # past times


def main(snakemake) -> None:
    forecasts = read_table(snakemake.input.future, dtype={"gene": str})
    figure = beyond_the_data(
        asked_genes(snakemake.params.genes, set(forecasts["gene"])) or surest(forecasts),
        read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene"),
        forecasts,
        read_table(snakemake.input.coverage),
        read_labels(snakemake.input.loci),
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def beyond_the_data(
    genes: list[str],
    time_course: pd.DataFrame,
    forecasts: pd.DataFrame,
    coverage: pd.DataFrame,
    names: pd.Series,
    time_unit: str,
) -> Figure:
    """The last times of each gene's time course, then forecasts in a fan of their intervals.

    Args:
        time_course: genes × times, log2.
        forecasts: gene, horizon, target_time, predicted, low, high, level.
        coverage: level, coverage, origins; no row where there are no intervals.
        names: gene → what it is called.
    """
    rows = -(-len(genes) // COLUMNS)
    figure, grid = plt.subplots(
        rows, COLUMNS, figsize=(9.2, 1.9 * rows + 0.9), squeeze=False, sharex=True
    )
    times = time_course.columns.astype(float).to_numpy()[-SHOWN:]
    for axes, gene in zip(grid.flat, genes, strict=False):
        values = time_course.loc[gene].to_numpy(dtype=float)[-SHOWN:]
        axes.plot(times, values, ".-", color=DARK, lw=1, ms=4, label="mean of replicates")
        rows_of = forecasts[forecasts["gene"] == gene].sort_values("horizon")
        fan = np.append(times[-1], rows_of["target_time"])
        predicted = np.append(values[-1], rows_of["predicted"])
        low, high = (np.append(values[-1], rows_of[side]) for side in ("low", "high"))
        axes.fill_between(fan, low, high, color=BLUE, alpha=0.2, lw=0, label="interval")
        axes.plot(fan, predicted, "o--", color=BLUE, lw=1, ms=4, mfc="none", label="forecast")
        axes.hlines(
            rows_of["level"].iloc[0], times[-1], fan[-1], color=GREY, lw=1.2, label="level now"
        )
        axes.axvline(times[-1], color=GREY, lw=0.8, ls=":")
        axes.set_title(fitted(names[gene], 34), fontsize=8)
    hide_unused(grid, len(genes))
    handles, labels = grid[0, 0].get_legend_handles_labels()
    said = "; ".join(
        f"intervals of {row.level:.0%} held {row.coverage:.0%} of the values after "
        f"{row.origins} past origins"
        for row in coverage.itertuples()
    )
    said = said or "too few past origins for intervals"
    figure.legend(
        handles, labels, title=said, title_fontsize=8,
        loc="outside upper center", ncols=4, fontsize=8,
    )  # fmt: skip
    figure.supxlabel(f"time ({time_unit}); dotted: the last time with data", fontsize=9)
    figure.supylabel("expression (log2)", fontsize=9)
    return figure


def surest(forecasts: pd.DataFrame, n: int = 9) -> list[str]:
    """The genes that leave their level farthest at the first horizon, beside their interval."""
    first = forecasts[forecasts["horizon"] == 1].set_index("gene")
    width = (first["high"] - first["low"]).fillna(1.0)
    left = (first["predicted"] - first["level"]).abs()
    order = (left / width).sort_values(ascending=False, kind="stable")
    return [str(gene) for gene in order.index[:n]]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
