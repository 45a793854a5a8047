"""Figure: time courses of genes with their forecasts."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, ORANGE, fitted, hide_unused, save
from foldcast.report.genes_shown import (
    LOCAL_LEVEL,
    asked_genes,
    best_middle_worst,
    gene_skill,
    of_model,
    read_labels,
)

COLUMNS = 3


def main(snakemake) -> None:
    named = snakemake.wildcards.graph, snakemake.wildcards.model
    skill = gene_skill(snakemake.input.scores, *named)
    forecasts = pd.concat(
        [read_table(path, dtype={"gene": str}) for path in snakemake.input.forecasts]
    )
    keys = ["gene", "origin_time", "target_time"]
    baselines = read_table(snakemake.input.baselines, dtype={"gene": str})
    figure = time_courses(
        asked_genes(snakemake.params.genes, skill.index) or best_middle_worst(skill),
        read_table(snakemake.input.samples, dtype={"sample": str}),
        read_table(snakemake.input.panel, dtype={"gene": str}).set_index("gene"),
        of_model(forecasts, *named).groupby(keys, as_index=False)["predicted"].mean(),
        baselines[baselines["model"] == LOCAL_LEVEL],
        skill,
        read_labels(snakemake.input.loci),
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def time_courses(
    genes: list[str],
    samples: pd.DataFrame,
    panel: pd.DataFrame,
    forecasts: pd.DataFrame,
    baseline: pd.DataFrame,
    skill: pd.Series,
    names: pd.Series,
    time_unit: str,
) -> Figure:
    """Replicates, their mean, and the one-step forecasts of a model and of the local level.

    Args:
        samples: sample, time.
        panel: genes × samples, log2.
        forecasts: target_time, gene, predicted (the mean over seeds).
        baseline: the same for the local level.
        skill: gene → skill over persistence of the model.
        names: gene → what it is called.
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
            (baseline, ORANGE, "x", "local level"),
            (forecasts, BLUE, "o", "model"),
        ):
            own = table[table["gene"] == gene]
            axes.plot(
                own["target_time"], own["predicted"], marker, color=colour, ms=3.5,
                mfc="none", mew=1, label=f"forecast, {label}",
            )  # fmt: skip
        axes.axvspan(times.min(), forecasts["origin_time"].min(), color=GREY, alpha=0.08, lw=0)
        name = fitted(names[gene], 28)
        axes.set_title(f"{name}  (skill {skill[gene]:+.2f})", fontsize=8)
    hide_unused(grid, len(genes))
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, fontsize=8)
    figure.supxlabel(f"time ({time_unit}); grey: times before the first origin", fontsize=9)
    figure.supylabel("expression (log2)", fontsize=9)
    return figure


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
