"""Figure: the gene graph at each time: which pairs there are, and how their weights change."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.graph.graph_store import Graphs, read_graphs
from foldcast.job import run
from foldcast.report.figure_style import DARK, LIGHT, hide_unused, save, write_below

COLUMNS, ROWS = 4, 2


def main(snakemake) -> None:
    loci = read_table(snakemake.input.loci, dtype={"gene": str})
    figure = graph_times(read_graphs(snakemake.input.graph), loci, snakemake.params.time_unit)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def graph_times(graphs: Graphs, loci: pd.DataFrame, time_unit: str) -> Figure:
    """The pairs at times spread over the time course, genes along the genome.

    A pair is coloured by its weight less its mean over the times that have it: weights differ more
    between pairs than along time.

    Args:
        graphs: one per time.
        loci: gene, chrom, tss; genes without a pair are left out.
        time_unit: of the times.
    """
    joined = np.unique(np.concatenate([graph.edge_index[0] for graph in graphs.graphs]))
    genes = loci.set_index("gene").reindex(np.asarray(graphs.genes)[joined])
    order = joined[np.lexsort((genes["tss"].to_numpy(), genes["chrom"].astype(str).to_numpy()))]
    place = pd.Series(range(len(order)), index=order)
    chromosomes = loci.set_index("gene")["chrom"].reindex(np.asarray(graphs.genes)[order])
    shown = np.unique(np.linspace(0, len(graphs.times) - 1, COLUMNS * ROWS).round().astype(int))
    weights = centred(graphs)
    top = max((np.abs(weight).max(initial=0) for weight in weights), default=0) or 1
    rows = -(-len(shown) // COLUMNS)
    figure, grid = plt.subplots(
        rows, COLUMNS, figsize=(9.2, 2.5 * rows + 0.6), squeeze=False, sharex=True, sharey=True
    )
    borders = np.flatnonzero(chromosomes.to_numpy()[1:] != chromosomes.to_numpy()[:-1]) + 0.5
    for axes, t in zip(grid.flat, shown, strict=False):
        graph = graphs.graphs[t]
        for border in borders:
            axes.axhline(border, color=LIGHT, lw=0.4, zorder=0)
            axes.axvline(border, color=LIGHT, lw=0.4, zorder=0)
        one, two = (place[ends].to_numpy() for ends in graph.edge_index)
        drawn = axes.scatter(
            one, two, c=weights[t], s=5, cmap="PuOr_r", vmin=-top, vmax=top, lw=0,
            rasterized=True,
        )  # fmt: skip
        axes.set_title(f"{graphs.times[t]:g} {time_unit}", fontsize=8)
        axes.set(xlim=(-1, len(order)), ylim=(len(order), -1), aspect="equal", xticks=[], yticks=[])
        axes.text(
            0.98, 0.97, f"{len(one) // 2} pairs" if len(one) else "no pair",
            transform=axes.transAxes, ha="right", va="top", fontsize=7, color=DARK,
        )  # fmt: skip
    hide_unused(grid, len(shown))
    if len(order):
        figure.colorbar(
            drawn, ax=grid, shrink=0.6, aspect=30, label="weight, less its mean over times"
        )
    write_below(
        figure,
        [
            f"{len(order)} of {len(graphs.genes)} genes have a pair; they stand along the genome, "
            f"lines part chromosomes. {len(shown)} of {len(graphs.times)} times."
        ],
    )
    return figure


def centred(graphs: Graphs) -> list[np.ndarray]:
    """Weights of each time's edges, less the edge's mean over the times that have it."""
    tables = [
        pd.DataFrame(
            {"one": graph.edge_index[0], "two": graph.edge_index[1], "w": graph.edge_weight}
        )
        for graph in graphs.graphs
    ]
    every = pd.concat(tables, keys=range(len(tables)))
    every["w"] -= every.groupby(["one", "two"])["w"].transform("mean")
    return [
        every.loc[t, "w"].to_numpy() if len(tables[t]) else np.empty(0) for t in range(len(tables))
    ]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
