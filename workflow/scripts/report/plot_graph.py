"""Figure: the gene graph at the last time, along the chromosomes."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, RED, save
from foldcast.report.genes_shown import labels
from foldcast.report.graph_edges import compartments_of_genes, edges_at_the_end

MB = 1e6
CLASSES = [0, 1e5, 1e6, 1e7, np.inf]
CLASS_NAMES = ["< 0.1", "0.1–1", "1–10", "> 10"]


def main(snakemake) -> None:
    pairs = edges_at_the_end(read_graphs(snakemake.input.graph))
    loci = read_table(snakemake.input.loci, dtype={"gene": str})
    loci["compartment"] = loci["gene"].map(compartments_of_genes(snakemake.input.interactions))
    sizes = pd.read_csv(
        snakemake.input.sizes, sep="\t", header=None, names=["chrom", "length"], index_col="chrom"
    )["length"]
    figure = gene_graph(pairs, loci, sizes, named=snakemake.params.genes)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def gene_graph(
    pairs: pd.DataFrame,
    loci: pd.DataFrame,
    sizes: pd.Series,
    named: list[str],
    strongest: int = 300,
) -> Figure:
    """Chromosomes as lines, placed genes as ticks, edges as arcs; and the pairs by distance.

    Args:
        pairs: gene1, gene2, weight: the edges at the last time, each once.
        loci: gene, symbol, chrom, tss, compartment; one row per panel gene.
        sizes: chromosome → length (bp).
        named: genes to name: few, and none named here is left out.
        strongest: arcs drawn, the heaviest first; all pairs are counted.
    """
    placed, names = loci.dropna(subset=["tss"]).set_index("gene"), labels(loci)
    chromosomes = [chrom for chrom in sizes.index if (placed["chrom"] == chrom).any()]
    height = 1.0 + 0.55 * len(chromosomes)
    figure = plt.figure(figsize=(9.2, max(3.0, height)))
    # The bars keep their height however many chromosomes stand beside them.
    grid = figure.add_gridspec(
        2, 2, width_ratios=[3.2, 1], height_ratios=[2.2, max(0.01, height - 2.2)]
    )
    map_axes, bars = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[0, 1])
    rows = {chrom: -i for i, chrom in enumerate(chromosomes)}
    for chrom, row in rows.items():
        map_axes.plot([0, sizes[chrom] / MB], [row, row], color=LIGHT, lw=2, zorder=0)
    drawn = pairs.nlargest(strongest, "weight") if len(pairs) else pairs
    top = drawn["weight"].max() if len(drawn) else 1.0
    span = sizes[chromosomes].max() / MB if chromosomes else 1.0
    for edge in drawn.itertuples():
        _draw_arc(map_axes, placed, rows, edge, edge.weight / top, span)
    for name, marker, colour in (("A", "^", RED), ("B", "v", BLUE), ("", "o", GREY)):
        some = placed[placed["compartment"].fillna("") == name]
        if some.empty:
            continue
        map_axes.plot(
            some["tss"] / MB,
            some["chrom"].map(rows),
            marker,
            color=colour,
            ms=4,
            mec="white",
            mew=0.3,
            label=f"gene in {name}" if name else "gene, compartment unknown",
            ls="",
        )
    for gene in [gene for gene in named if gene in placed.index]:
        where = placed.loc[gene]
        map_axes.annotate(
            names[gene], (where["tss"] / MB, rows[where["chrom"]]), xytext=(0, -10),
            textcoords="offset points", ha="center", fontsize=6.5, color=DARK,
        )  # fmt: skip
    map_axes.set_yticks(list(rows.values()), list(rows))
    map_axes.set_ylim(-len(rows) + 0.4, 0.8)
    map_axes.set_xlabel("position (Mb)")
    map_axes.spines["left"].set_visible(False)
    map_axes.tick_params(left=False)
    figure.legend(loc="outside lower left", ncols=3, fontsize=7)
    shown = f"{len(drawn)} heaviest of {len(pairs)}" if len(drawn) < len(pairs) else f"{len(pairs)}"
    map_axes.set_title(f"{shown} pairs among {len(placed)} placed genes ({len(loci)} in the panel)")
    _draw_distances(bars, pairs, placed)
    return figure


def _draw_arc(
    axes: Axes, placed: pd.DataFrame, rows: dict, edge: Any, share: float, span: float
) -> None:
    first, second = placed.loc[edge.gene1], placed.loc[edge.gene2]
    left, right = sorted([first["tss"] / MB, second["tss"] / MB])
    axes.add_patch(
        Arc(
            ((left + right) / 2, rows[first["chrom"]]),
            width=right - left,
            height=1.2 * np.sqrt((right - left) / span),
            theta1=0,
            theta2=180,
            color=DARK,
            lw=0.3 + 1.2 * share,
            alpha=0.15 + 0.5 * share,
        )
    )


def _draw_distances(axes: Axes, pairs: pd.DataFrame, placed: pd.DataFrame) -> None:
    apart = np.abs(
        placed["tss"].reindex(pairs["gene1"]).to_numpy()
        - placed["tss"].reindex(pairs["gene2"]).to_numpy()
    )
    counts = pd.cut(apart, CLASSES, labels=CLASS_NAMES, include_lowest=True).value_counts()
    counts = counts.reindex(CLASS_NAMES)
    bars = axes.barh(CLASS_NAMES, counts, color=GREY)
    axes.bar_label(bars, padding=2, fontsize=8)
    axes.set_xlim(0, max(counts.max(), 1) * 1.25)
    axes.invert_yaxis()
    axes.set_ylabel("distance (Mb)")
    axes.set_xlabel("pairs")
    axes.set_title("pairs by distance")


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
