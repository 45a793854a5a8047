"""Figure: paths of genes through the embedding."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.graph.graph_store import read_embedding
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, LIGHT, ORANGE, fitted, hide_unused, save
from foldcast.report.genes_shown import asked_genes

COLUMNS = 3
MOST = 6  # genes, where none are asked for
APART = 0.1  # of the longest move: times nearer than this share a number
ARROWS = 4  # stretches of a time course, each with an arrow and its end named


def main(snakemake) -> None:
    x, names, times = read_embedding(snakemake.input.embedding)
    genes = asked_genes(snakemake.params.genes, names) or farthest(names, x)
    figure = trajectories(genes, names, x, times, snakemake.params.time_unit)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def trajectories(
    genes: list[str], names: list[str], x: np.ndarray, times: np.ndarray, time_unit: str
) -> Figure:
    """How far genes moved since the first time, in two principal components; a panel per gene.

    Where a gene is depends on its neighbours, which hardly change: the components are those of the
    moves of all genes at all times, so that every path starts at 0 and all have one scale.

    Args:
        genes: those that are drawn.
        names: of all genes of the embedding.
        x: embedding [times, genes, dimensions].
    """
    places, share = plane(x - x[0])
    moved = np.linalg.norm(x[-1] - x[0], axis=-1)
    rows = -(-len(genes) // COLUMNS)
    figure, grid = plt.subplots(
        rows, COLUMNS, figsize=(9.2, 2.7 * rows + 0.7), squeeze=False, sharex=True, sharey=True
    )
    ends = np.unique(np.linspace(0, len(times) - 1, ARROWS + 1).round().astype(int))
    for axes, gene in zip(grid.flat, genes, strict=False):
        index = names.index(gene)
        axes.plot(*places[-1].T, ".", color=LIGHT, ms=4, label="all genes at the last time")
        _draw_path(axes, places[:, index], times, ends, np.abs(places).max())
        name = fitted(gene, 24)
        axes.set_title(f"{name}  (moved {moved[index]:.2f})", fontsize=8)
    hide_unused(grid, len(genes))
    figure.supxlabel(
        f"PC1 of the moves ({share[0]:.0%}); numbers: time ({time_unit}); half of the {len(names)}"
        f" genes moved {np.median(moved):.2f} or more",
        fontsize=9,
    )
    figure.supylabel(f"PC2 of the moves ({share[1]:.0%})", fontsize=9)
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4,
                  fontsize=8)  # fmt: skip
    return figure


def plane(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First two principal components [times, genes, 2] of moves, and their shares [2].

    Moves are taken from 0, where all start. Each component's largest loading is positive.
    """
    flat = x.reshape(-1, x.shape[-1]).astype(float)
    squares, axes = np.linalg.eigh(flat.T @ flat)
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    total = max(squares.sum(), np.finfo(float).tiny)
    share = np.clip(squares[::-1][:2], 0, None) / total
    places = (flat @ axes).reshape(*x.shape[:2], -1)
    if places.shape[-1] < 2:  # an embedding of one dimension
        places = np.concatenate([places, np.zeros_like(places)], axis=-1)
        share = np.append(share, 0.0)
    return places, share


def farthest(names: list[str], x: np.ndarray, most: int = MOST) -> list[str]:
    """The genes that are farthest from their start at the last time, the farthest first."""
    moved = np.linalg.norm(x[-1] - x[0], axis=-1)
    return [names[k] for k in np.argsort(-moved, kind="stable")[:most]]


def _draw_path(
    axes: Axes, path: np.ndarray, times: np.ndarray, ends: np.ndarray, reach: float
) -> None:
    axes.plot(*path.T, ".-", color=BLUE, lw=0.6, ms=2, alpha=0.6, label="gene at each time")
    axes.plot(*path[0], "o", color=BLUE, mfc="white", ms=6, label="first time", ls="")
    axes.plot(*path[-1], "s", color=ORANGE, ms=6, label="last time", ls="")
    for start, end in zip(ends[:-1], ends[1:], strict=True):
        axes.annotate("", path[end], path[start],
                      arrowprops={"arrowstyle": "-|>", "color": DARK, "lw": 1})  # fmt: skip
    named: list[int] = []
    for end in (ends[-1], *ends[:-1]):
        # Where a gene comes back, one number is enough: two would lie over one another.
        far = np.abs(path[named] - path[end]).max(axis=1) if named else np.array([np.inf])
        if far.min() > APART * reach:
            axes.annotate(f"{times[end]:g}", path[end], xytext=(3, 4), textcoords="offset points",
                          fontsize=7, color=DARK)  # fmt: skip
            named.append(end)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
