"""Whom a gene is tied to: how far away, how strongly, and in which compartment."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, RED, fitted, hide_unused
from foldcast.report.genes_shown import labels

COLUMNS = 3
MOST = 10  # neighbours of a gene, by weight
KINDS = {
    "A": ("^", RED, "gene in A"),
    "B": ("v", BLUE, "gene in B"),
    "": ("o", GREY, "gene, compartment unknown"),
}
CLOSE = 0.15  # of the width: names of markers nearer than this would meet
LINE = (0.4, 3.0)  # width in points of the weakest and strongest possible edge
DISTANCES = ((1e6, "Mb"), (1e3, "kb"))


def neighbours(
    genes: list[str],
    edges: pd.DataFrame,
    loci: pd.DataFrame,
    compartments: pd.Series,
    skill: pd.Series,
) -> Figure:
    """One network per gene, drawn along the chromosome; height and line width are the weight.

    Args:
        genes: whose neighbours are drawn.
        edges: gene1, gene2, weight: each once.
        loci: gene, symbol, chrom, tss: one row per gene of the panel.
        compartments: gene → A or B, where known.
        skill: gene → skill over persistence.
    """
    places = loci.set_index("gene")
    symbols = labels(loci)
    rows = -(-len(genes) // COLUMNS)
    columns = min(COLUMNS, len(genes))
    figure, grid = plt.subplots(
        rows, columns, figsize=(3.4 * columns, 3.2 * rows + 0.6), squeeze=False
    )
    for axes, gene in zip(grid.flat, genes, strict=False):
        count = _draw_gene(axes, gene, edges, places, compartments, symbols)
        place, kind = places.loc[gene], compartments.get(gene)
        where = "no locus" if pd.isna(place["tss"]) else f"{place['chrom']}:{place['tss']:,.0f}"
        where += f", {kind}" if kind else ""
        where += f"; {count}" if count else ""
        name = fitted(symbols[gene], 26)
        axes.set_title(f"{name}  (skill {skill[gene]:+.2f})\n{where}", fontsize=8)
    hide_unused(grid, len(genes))
    grid[0, 0].set_ylabel("weight of the edge")
    handles = [
        Line2D([], [], marker=marker, color=colour, ls="", label=label)
        for marker, colour, label in KINDS.values()
    ]
    handles.append(Line2D([], [], color=LIGHT, ls="--", label="edge between neighbours"))
    figure.legend(handles=handles, loc="outside lower center", fontsize=8,
                  ncols=2 if columns == 1 else 4)  # fmt: skip
    return figure


def with_neighbours(skill: pd.Series, edges: pd.DataFrame) -> pd.Series:
    """Skill of the genes that have a neighbour; of all, where none has."""
    tied = skill.index.isin(pd.concat([edges["gene1"], edges["gene2"]]))
    return skill[tied] if tied.any() else skill


def neighbours_of(gene: str, edges: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """gene, weight, distance (bp, signed along the chromosome), the strongest first."""
    first, second = edges["gene1"] == gene, edges["gene2"] == gene
    others = edges["gene2"].where(first, edges["gene1"])[first | second]
    table = pd.DataFrame({"gene": others, "weight": edges["weight"][first | second]})
    tss = places["tss"].reindex(table["gene"]).to_numpy(dtype=float)
    table["distance"] = tss - float(places.loc[gene, "tss"])
    return table.sort_values(["weight", "gene"], ascending=[False, True], ignore_index=True)


def _draw_gene(
    axes: Axes,
    gene: str,
    edges: pd.DataFrame,
    places: pd.DataFrame,
    kinds: pd.Series,
    symbols: pd.Series,
) -> str:
    """Draws a gene's network; how many neighbours it has and how many are drawn, in words."""
    around = neighbours_of(gene, edges, places)
    if around.empty:
        axes.text(0.5, 0.5, "no neighbours:\na node without edges", transform=axes.transAxes,
                  ha="center", va="center", color=GREY)  # fmt: skip
        axes.set_xticks([])
        axes.set_yticks([])
        return ""
    shown = around[:MOST].assign(kind=lambda table: table["gene"].map(kinds).fillna(""))
    unit, unit_name = next(
        (one for one in DISTANCES if shown["distance"].abs().max() >= one[0]), DISTANCES[-1]
    )
    shown["x"] = shown["distance"] / unit
    low = _floor(shown["weight"])
    at = shown.set_index("gene")[["x", "weight"]]
    among = edges[edges["gene1"].isin(at.index) & edges["gene2"].isin(at.index)]
    for edge in among.itertuples():
        ends = at.loc[[edge.gene1, edge.gene2]]
        axes.plot(ends["x"], ends["weight"], "--", color=LIGHT, lw=0.7, zorder=0)
    for row in shown.itertuples():
        axes.plot([0, row.x], [low, row.weight], color=DARK, alpha=0.6, zorder=1,
                  lw=LINE[0] + (LINE[1] - LINE[0]) * row.weight)  # fmt: skip
    for kind, (marker, colour, _) in KINDS.items():
        some = shown[shown["kind"] == kind]
        axes.plot(some["x"], some["weight"], marker, color=colour, ms=7, mec="white", zorder=2)
    marker, colour, _ = KINDS[kinds.get(gene, "")]
    axes.plot(0, low, marker, color=colour, ms=11, mec=DARK, zorder=3, clip_on=False)
    _name(axes, shown, symbols)
    top = float(shown["weight"].max())
    axes.set_ylim(low, top + 0.15 * (top - low))
    reach = float(shown["x"].abs().max()) or 1.0
    axes.set_xlim(*(np.array([min(shown["x"].min(), 0), max(shown["x"].max(), 0)])
                    + 0.25 * reach * np.array([-1, 1])))  # fmt: skip
    axes.set_xlabel(f"distance from its TSS ({unit_name})", fontsize=8)
    few = "neighbour" if len(around) == 1 else "neighbours"
    return f"{f'{MOST} of ' if len(around) > MOST else ''}{len(around)} {few}"


def _floor(weight: pd.Series) -> float:
    """Where the gene itself stands: below its weakest edge, so that edges come apart."""
    spread = float(weight.max() - weight.min())
    return max(0.0, float(weight.min()) - max(0.5 * spread, 0.05))


def _name(axes: Axes, shown: pd.DataFrame, symbols: pd.Series) -> None:
    """Names above the markers, or where others stand close by below them or at a side."""
    x, y = (shown[column].to_numpy(dtype=float) for column in ("x", "weight"))
    near = np.abs(x - x[:, None]) < CLOSE * max(np.ptp(np.append(x, 0)), np.finfo(float).tiny)
    over, under = ((near & other).any(axis=1) for other in (y > y[:, None], y < y[:, None]))
    for k, row in enumerate(shown.itertuples()):
        left = x[k] < x[near[k]].mean()
        place, align = ((0, -11) if over[k] else (0, 6)), "center"
        if over[k] and under[k]:
            place, align = ((-6, -3), "right") if left else ((6, -3), "left")
        axes.annotate(
            fitted(symbols[row.gene], 18), (row.x, row.weight), xytext=place,
            textcoords="offset points", ha=align, fontsize=6.5, color=DARK, zorder=4,
        )  # fmt: skip
