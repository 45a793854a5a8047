"""Figure: skill of genes against level, variance and degree."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, save
from foldcast.report.genes_shown import gene_skill
from foldcast.report.graph_edges import degrees, edges_at_the_end
from foldcast.report.page.wording import named
from foldcast.resampling import expanded_interval

PROPERTIES = {
    "level": "mean expression (log2)",
    "variance": "variance over time (log2²)",
    "degree": "neighbours in the graph",
}
GROUPS, FEWEST = 5, 4  # groups of equal size whose medians are drawn, and genes in each at least
LOWEST = -1.5  # skill at which the axis is cut
DRAWS, CHUNK = 2000, 200
MANY = 2000  # genes; of more, points are an image in the SVG file


def main(snakemake) -> None:
    graph = snakemake.wildcards.graph
    of, model = snakemake.params.forecast
    skill = gene_skill(snakemake.input.scores, of, model, "skill_over_local_level")
    time_course = read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene")
    edges = edges_at_the_end(read_graphs(snakemake.input.graph))
    genes = pd.DataFrame(
        {
            "skill": skill,
            "level": time_course.mean(axis=1),
            "variance": time_course.var(axis=1),
            "degree": degrees(edges, time_course.index.tolist()),
        }
    ).loc[skill.index]
    save(
        predictability(genes, f"{named(model, of)}, genes of graph {graph}"),
        [snakemake.output.png, snakemake.output.svg],
    )


def predictability(genes: pd.DataFrame, name: str) -> Figure:
    """One panel per property, with Spearman's correlation and its interval.

    Args:
        genes: skill, level, variance, degree: one row per gene.
        name: the model, in words.
    """
    figure, grid = plt.subplots(1, len(PROPERTIES), figsize=(9.2, 3.4), sharey=True)
    shown = genes["skill"].clip(lower=LOWEST)
    below, many = genes["skill"] < LOWEST, len(genes) > MANY
    for axes, (column, label) in zip(grid, PROPERTIES.items(), strict=True):
        axes.plot(
            genes[column][~below], shown[~below], "o", color=BLUE, ms=3.5, alpha=0.5, mew=0,
            label="gene", rasterized=many,
        )  # fmt: skip
        if below.any():
            axes.plot(
                genes[column][below], shown[below], "v", color=GREY, ms=4, rasterized=many,
                label=f"gene with less than {LOWEST} ({below.sum()})",
            )  # fmt: skip
        _draw_medians(axes, genes[column], genes["skill"])
        axes.axhline(0, color=DARK, lw=0.8)
        axes.set_xlabel(label)
        axes.set_title(said(*spearman(genes[column], genes["skill"]), len(genes)), fontsize=8)
    if (genes["variance"] > 0).all():
        grid[1].set_xscale("log")
        grid[1].xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=12))
        grid[1].xaxis.set_major_formatter("{x:g}")
        grid[1].xaxis.set_minor_locator(NullLocator())
        grid[1].tick_params(axis="x", labelsize=7)
    grid[2].xaxis.set_major_locator(MaxNLocator(integer=True))
    grid[0].set_ylabel("skill over the local level")
    figure.legend(*grid[0].get_legend_handles_labels(), loc="outside lower left", ncols=3)
    figure.suptitle(f"{name}: one-step skill of {len(genes)} genes", fontsize=10, x=0.01, ha="left")
    return figure


def spearman(
    x: pd.Series, y: pd.Series, draws: int = DRAWS, seed: int = 1
) -> tuple[float, float, float]:
    """Spearman's correlation and its 95 % interval; NaN where either side is constant.

    Genes are drawn with replacement, as if they were independent; draws in which a side is
    constant do not count.
    """
    values = np.array([x, y], dtype=float)
    if values.shape[1] < 3 or not (np.ptp(values, axis=1) > 0).all():
        return np.nan, np.nan, np.nan
    n, generator = values.shape[1], np.random.default_rng(seed)
    places = [np.unique(side, return_inverse=True)[1] for side in values]
    found = [_rank_correlation(places, np.arange(n)[None])]
    for _ in range(0, draws, CHUNK):
        found.append(_rank_correlation(places, generator.integers(n, size=(CHUNK, n))))
    every = np.concatenate(found)
    return (float(every[0]), *expanded_interval(every, n))


def _rank_correlation(places: list[np.ndarray], drawn: np.ndarray) -> np.ndarray:
    """Spearman's correlation of the genes ``drawn`` [draws, n], by `places` of either side."""
    ranks = np.stack([drawn_ranks(place, drawn) for place in places])
    ranks -= ranks.mean(axis=-1, keepdims=True)
    spread = np.sqrt((ranks**2).sum(axis=-1).prod(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 0, (ranks[0] * ranks[1]).sum(axis=-1) / spread, np.nan)


def drawn_ranks(places: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Mean ranks [draws, n] within draws of values, by `places` [n] among the distinct ones.

    They are counted: to order every draw anew takes many times as long.
    """
    draws, distinct = len(drawn), places.max() + 1
    at = places[drawn] + distinct * np.arange(draws)[:, None]
    held = np.bincount(at.ravel(), minlength=draws * distinct).reshape(draws, distinct)
    ranks = held.cumsum(axis=1) - (held - 1) / 2
    return ranks.ravel()[at]


def said(rho: float, low: float, high: float, n: int) -> str:
    if np.isnan(rho):
        return f"no correlation: constant, or too few (n = {n})"
    return f"ρ = {rho:+.2f} [{low:+.2f}, {high:+.2f}], n = {n}"


def _draw_medians(axes: Axes, x: pd.Series, skill: pd.Series) -> None:
    """Medians of groups of equal size along x, where there are genes enough for groups."""
    groups = min(GROUPS, x.nunique())
    if len(x) < GROUPS * FEWEST or groups < 2:
        return
    # Genes with one value stay together: a degree is shared by many.
    group = pd.qcut(x.rank(method="average"), groups, labels=False, duplicates="drop")
    middle = pd.DataFrame({"x": x, "y": skill}).groupby(group).median()
    axes.plot(middle["x"], middle["y"].clip(lower=LOWEST), "D-", color=DARK, ms=4, lw=1,
              mfc="white", label="median of a group of genes")  # fmt: skip


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
