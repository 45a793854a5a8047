"""Figure: what each base of a region does for a gene, as a logo, by base and tissue by tissue."""

from collections.abc import Mapping
from typing import Any

import h5py
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path as MplPath
from matplotlib.textpath import TextPath
from matplotlib.ticker import StrMethodFormatter
from matplotlib.transforms import Affine2D

from foldcast.job import run
from foldcast.report.figure_style import (
    BLUE,
    DARK,
    GREEN,
    GREY,
    LIGHT,
    ORANGE,
    RED,
    fitted,
    save,
    write_below,
)
from foldcast.variants.mutated_bases import (
    BASES,
    OTHERS,
    by_position,
    mean_size,
    own_bases,
    read_first,
    summed,
)

COLOURS = {"A": GREEN, "C": BLUE, "G": ORANGE, "T": RED, "N": GREY}
LETTERS = 400  # bases up to which letters can be read; of more there are bars
MOST = 25  # tissues that are drawn


def main(snakemake) -> None:
    with h5py.File(snakemake.input.matrix) as file:
        gene = dict(file.attrs)
    figure = mutagenesis(read_first(snakemake.input.effects), gene)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def mutagenesis(table: pd.DataFrame, gene: Mapping[str, Any]) -> Figure:
    """A logo and the four bases in the tissue of the largest effects; mean sizes in every tissue.

    Args:
        table: of `read_first`; gene: its name, tss (from 1) and strand.
    """
    sizes = by_position(table, mean_size(table))
    tissues = sizes.mean().sort_values(ascending=False, kind="stable").index[:MOST]
    positions, one = sizes.index.to_numpy(), table[table["tissue"] == tissues[0]]
    bases = one.set_index("position").loc[positions, list(BASES)].to_numpy(float)
    high = 0.17 * max(len(tissues), 4)
    figure, (logo, cells, strip) = plt.subplots(
        3,
        1,
        sharex=True,
        figsize=(np.clip(0.075 * len(positions), 8, 24), 4.4 + high),
        height_ratios=[1.9, 1.1, high],
    )
    first = table.iloc[0]
    logo.set_title(f"{gene['name']} ({gene['strand']} strand) in {fitted(tissues[0], 40)}")
    own = by_position(one, -summed(one) / OTHERS).iloc[:, 0].to_numpy()
    _logo(logo, positions, own_bases(table), own)
    most = float(np.nanmax(np.abs(bases), initial=1e-9))
    _image(
        figure,
        cells,
        bases.T,
        positions,
        "effect (ln expression)",
        cmap="PuOr_r",
        vmin=-most,
        vmax=most,
    )
    cells.set_yticks(range(len(BASES)), list(BASES))
    cells.set_title("each base in its place")
    shown = sizes[tissues].to_numpy(float).T
    _image(figure, strip, shown, positions, "mean size (ln expression)", cmap="Purples", vmin=0)
    strip.set_yticks(range(len(tissues)), [fitted(one, 30) for one in tissues], fontsize=7)
    strip.set_title("tissue by tissue")
    strip.set_xlabel(f"position on {first['chrom']} (bp)")
    strip.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    strip.locator_params(axis="x", nbins=6)
    tss = gene["tss"]
    if positions[0] <= tss <= positions[-1]:
        for axes in (logo, cells, strip):
            axes.axvline(tss - 0.5, color=DARK, lw=0.8, ls=":")
    write_below(
        figure,
        [
            f"{first['feature_set']}, {first['model']}: {len(positions):,} bases, "
            f"{sizes.shape[1]} tissues{_cut(sizes.shape[1])}. Effects of single bases, as "
            "predicted: no test, no interval. A dotted line is the TSS, where it is inside.",
        ],
    )
    return figure


def _cut(tissues: int) -> str:
    return f", {MOST} drawn" if tissues > MOST else ""


def _logo(axes: Axes, positions: np.ndarray, bases: np.ndarray, heights: np.ndarray) -> None:
    """The genome's bases, as high as the mean effect of their loss is low."""
    axes.axhline(0, color=LIGHT, lw=0.8, zorder=0)
    if len(positions) > LETTERS:
        axes.bar(positions, heights, width=1, color=[COLOURS[base] for base in bases])
    else:
        for position, base, height in zip(positions, bases, heights, strict=True):
            if np.isfinite(height) and height:
                outline = _letter(base).transformed(
                    Affine2D().scale(0.9, height).translate(position - 0.45, 0)
                )
                axes.add_patch(PathPatch(outline, color=COLOURS[base], lw=0))
    low, high = np.nanmin(heights, initial=0), np.nanmax(heights, initial=0)
    room = max(high - low, 1e-9) * 0.05
    axes.set(xlim=(positions[0] - 0.5, positions[-1] + 0.5), ylim=(low - room, high + room))
    axes.set_ylabel("gives (ln expression)")


def _letter(base: str) -> MplPath:
    """A letter that fills the unit square."""
    path = TextPath((0, 0), base, size=1, prop=FontProperties(weight="bold"))
    box = path.get_extents()
    fill = Affine2D().translate(-box.x0, -box.y0).scale(1 / box.width, 1 / box.height)
    return path.transformed(fill)


def _image(
    figure: Figure, axes: Axes, values: np.ndarray, positions: np.ndarray, label: str, **how
) -> None:
    extent = (positions[0] - 0.5, positions[-1] + 0.5, len(values) - 0.5, -0.5)
    image = axes.imshow(values, aspect="auto", extent=extent, interpolation="nearest", **how)
    figure.colorbar(image, ax=axes, label=label.replace(" (", "\n("), pad=0.01, aspect=12)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
