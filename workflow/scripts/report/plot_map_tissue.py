"""Figure: what each map gains in each tissue."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import DARK, save
from foldcast.spex.comparison.map_contrasts import BETTER, UNDECIDED

MARKS = {BETTER: "▲", UNDECIDED: "", "worse": "▼"}


def main(snakemake) -> None:
    figure = map_tissue(read_table(snakemake.input.map_tissue))
    save(figure, [snakemake.output.png, snakemake.output.svg])


def map_tissue(cells: pd.DataFrame) -> Figure:
    """Gains over the base in Spearman's rho, tissue × map, a panel per model.

    Args:
        cells: ``map_tissue.tsv``.
    """
    models, maps, tissues = (
        list(dict.fromkeys(cells[column])) for column in ("model", "map", "tissue")
    )
    most = float(np.nanmax(np.abs(cells["delta_spearman"]), initial=0.01))
    width = 1.1 + 0.75 * len(maps) * len(models) + 0.085 * max(map(len, tissues))
    figure, grid = plt.subplots(
        1,
        len(models),
        figsize=(max(width, 4.2) + 0.8, max(1.4 + 0.27 * len(tissues), 2.8)),
        sharey=True,
        squeeze=False,
    )
    for axes, model in zip(grid[0], models, strict=True):
        table = cells[cells["model"] == model].set_index(["tissue", "map"])
        image = _draw(axes, table, tissues, maps, most)
        axes.set_title(model)
    grid[0, 0].set_yticks(range(len(tissues)), tissues)
    figure.colorbar(image, ax=list(grid[0]), label="gain in Spearman's rho", pad=0.01, aspect=30)
    framed = "framed: the tissue's own map; " if (cells["matched"] == "yes").any() else ""
    caption = f"{framed}▲ better, ▼ worse,\nall comparisons allowed for; others cannot be decided"
    figure.supxlabel(caption, fontsize=8, ha="left", x=0.01)
    return figure


def _draw(
    axes: Axes, table: pd.DataFrame, tissues: list[str], maps: list[str], most: float
) -> AxesImage:
    gain = table["delta_spearman"].unstack("map").reindex(tissues)[maps].to_numpy(dtype=float)
    # Shades end before they are too dark to read on.
    image = axes.imshow(gain, cmap="PuOr", vmin=-1.6 * most, vmax=1.6 * most, aspect="auto")
    for row, tissue in enumerate(tissues):
        for column, name in enumerate(maps):
            cell = table.loc[(tissue, name)]
            axes.text(
                column, row, f"{cell['delta_spearman']:+.3f}{MARKS[cell['verdict']]}", ha="center",
                va="center", fontsize=7, color=DARK,
                fontweight="normal" if cell["verdict"] == UNDECIDED else "bold",
            )  # fmt: skip
            if cell["matched"] == "yes":
                corner = (column - 0.47, row - 0.45)
                axes.add_patch(Rectangle(corner, 0.94, 0.9, fill=False, ec=DARK, lw=1.8))
    axes.set_xticks(range(len(maps)), maps, rotation=30, ha="right")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return image


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
