"""Figure: a contact map with insulation, boundaries and compartments."""

import bioframe
import cooler
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, ORANGE, RED, save

MB = 1e6


def main(snakemake) -> None:
    clr = cooler.Cooler(snakemake.input.map)
    loci, insulation, boundaries, compartments = (
        read_table(snakemake.input[name], dtype={"chrom": str})
        for name in ("loci", "insulation", "boundaries", "compartments")
    )
    figure = contact_map(
        clr,
        busiest_region(clr, loci),
        insulation,
        boundaries,
        compartments,
        window=snakemake.params.window * clr.binsize,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def contact_map(
    clr: cooler.Cooler,
    region: tuple[str, int, int],
    insulation: pd.DataFrame,
    boundaries: pd.DataFrame,
    compartments: pd.DataFrame,
    window: int,
) -> Figure:
    """Balanced contacts of a region; below it insulation with boundaries, and compartments.

    Args:
        region: chromosome, start, end (bp).
        insulation: cooltools' table; empty where the bins are too coarse for it.
        boundaries: chrom, start, end; drawn on the map and on the score.
        compartments: chrom, start, end, score.
        window: the insulation window (bp).
    """
    chrom, start, end = region
    figure, (matrix, score, vector) = plt.subplots(
        3, 1, figsize=(6.2, 7.6), sharex=True, height_ratios=[6, 1, 1]
    )
    _draw_matrix(matrix, clr, region)
    insulation, boundaries, compartments = (
        bioframe.select(table, region) for table in (insulation, boundaries, compartments)
    )
    middles = (boundaries["start"] + boundaries["end"]) / 2 / MB
    matrix.plot(middles, middles, marker="d", ls="", ms=4, mec=DARK, mfc="white", mew=0.8)

    if insulation.empty:
        note = f"no insulation score or TADs at {clr.binsize / 1000:,.0f}-kb bins"
        score.text(0.5, 0.5, note, transform=score.transAxes, ha="center", va="center", color=GREY)
        score.set_yticks([])
    else:
        values = insulation[f"log2_insulation_score_{window}"]
        score.plot(insulation["start"] / MB, values, color=BLUE, lw=1)
        for middle in middles:
            score.axvline(middle, color=ORANGE, lw=0.8, zorder=0)
    score.set_ylabel("insulation\n(log2)")

    _draw_eigenvector(vector, compartments)
    vector.set_xlabel(f"{chrom} (Mb)")
    vector.set_xlim(start / MB, end / MB)
    return figure


def _draw_matrix(axes: Axes, clr: cooler.Cooler, region: tuple[str, int, int]) -> None:
    chrom, start, end = region
    values = clr.matrix(balance=True).fetch(region)
    seen = values[np.isfinite(values) & (values > 0)]
    if seen.size:
        low, high = np.quantile(seen, [0.05, 0.995])
        image = axes.imshow(
            np.where(values > 0, values, np.nan),
            norm=LogNorm(low, max(high, low * 1.01)),
            cmap="magma_r",
            extent=(start / MB, end / MB, end / MB, start / MB),
            interpolation="none",
            aspect="auto",
        )
        plt.colorbar(image, ax=axes, label="balanced contacts", shrink=0.6, pad=0.01)
    axes.set_facecolor(LIGHT)
    axes.set_ylabel(f"{chrom} (Mb)")
    axes.set_title(f"{chrom}:{start:,}–{end:,}, {clr.binsize / 1000:,.0f}-kb bins")


def _draw_eigenvector(axes: Axes, compartments: pd.DataFrame) -> None:
    where = np.repeat(np.append(compartments["start"], compartments["end"].tail(1)) / MB, 2)[1:-1]
    values = np.repeat(compartments["score"].to_numpy(dtype=float), 2)
    axes.fill_between(where, values, 0, where=values >= 0, color=RED, lw=0, label="A")
    axes.fill_between(
        where, values, 0, where=values < 0, color=BLUE, lw=0, label="B", hatch="////", alpha=0.8
    )
    axes.axhline(0, color=DARK, lw=0.6)
    axes.set_ylabel("compartment\nscore")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=7, borderaxespad=0)


def busiest_region(
    clr: cooler.Cooler, loci: pd.DataFrame, largest: int = 10_000_000
) -> tuple[str, int, int]:
    """The stretch of at most ``largest`` bp with most panel genes; whole chromosomes where shorter.

    Coarse maps show more: at least 150 bins. Chromosomes that the map lacks are passed over.
    """
    largest = max(largest, 150 * clr.binsize)
    best = (-1, clr.chromnames[0], 0)
    placed = loci[loci["tss"].notna() & loci["chrom"].isin(clr.chromnames)]
    for chrom, genes in placed.groupby("chrom", sort=True):
        length = int(clr.chromsizes[chrom])
        for start in range(0, max(length - largest, 0) + 1, max(largest // 4, 1)):
            count = int(genes["tss"].between(start, start + largest, inclusive="left").sum())
            if count > best[0]:
                best = (count, str(chrom), start)
    _, chrom, start = best
    return chrom, start, int(min(start + largest, clr.chromsizes[chrom]))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
