"""Figure: variants by their largest effect, tissue by tissue, and beside all effects of the run."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.files import read_table, write_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, fitted, save, write_below

MOST = 25  # variants that are drawn; the table has all
LEAST = 30  # effects of a tissue from which on their spread is worth dividing by
ROUGH = 0.05  # error of the spread from which on it is said
TO_SD = 1.4826  # median absolute deviation of normal values → standard deviation
COLUMNS = ["rank", "variant", "id", "gene", "symbol", "distance", "where", "tissue", "effect",
           "spread", "z", "n_background"]  # fmt: skip


def main(snakemake) -> None:
    effects = read_table(snakemake.input.variants, dtype={"gene": str, "variant": str, "id": str})
    ranked = ranks(effects)
    write_table(ranked, snakemake.output.table)
    save(variants(ranked), [snakemake.output.png, snakemake.output.svg])


def ranks(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects of one feature set and model, the variant with the largest one first.

    Args:
        effects: ``variants.tsv``.

    Returns:
        `COLUMNS`: a row per variant, gene and tissue of the feature set and model that come first.
        z: effect less the median of the tissue's effects in this run, over their spread (median
        absolute deviation × 1.4826); empty with fewer than `LEAST` of them or no spread.
    """
    if effects.empty:
        return pd.DataFrame(columns=COLUMNS)
    first = effects.iloc[0]
    same = effects["feature_set"].eq(first["feature_set"]) & effects["model"].eq(first["model"])
    own = effects[same].copy()
    of_tissue = own.groupby("tissue")["effect"]
    away = own["effect"] - of_tissue.transform("median")
    spread = TO_SD * away.abs().groupby(own["tissue"]).transform("median")
    own["n_background"] = of_tissue.transform("size")
    own["z"] = (away / spread).where((own["n_background"] >= LEAST) & (spread > 0))
    largest = own["effect"].abs().groupby([own["variant"], own["gene"]]).transform("max")
    own["rank"] = largest.rank(method="dense", ascending=False).astype(int)
    own = own.sort_values(["rank", "variant", "gene", "tissue"], kind="stable")
    return own[COLUMNS].reset_index(drop=True)


def variants(ranked: pd.DataFrame) -> Figure:
    """Left: effects of the first variants, tissue by tissue; right: all effects of the run.

    Args:
        ranked: of `ranks`.
    """
    keys = ["variant", "gene"]
    shown = ranked.drop_duplicates(keys).head(MOST)
    tissues = list(dict.fromkeys(ranked["tissue"]))
    wide = 0.17 * max(len(tissues), 8)  # inches, so that each tissue can be read
    figure, (cells, strip) = plt.subplots(
        1, 2, figsize=(6.2 + wide, 2.6 + 0.24 * max(len(shown), 4)), width_ratios=[wide, 2.4]
    )
    if shown.empty:
        for axes in (cells, strip):
            axes.set_axis_off()
        figure.text(0.5, 0.5, "no variant is read by a gene of this run", ha="center", color=GREY)
        return figure
    index = pd.MultiIndex.from_frame(shown[keys])
    table = ranked.pivot_table(index=keys, columns="tissue", values="effect")
    values = table.reindex(index)[tissues].to_numpy(dtype=float)
    most = float(np.nanmax(np.abs(values), initial=1e-9))
    image = cells.imshow(values, cmap="PuOr_r", vmin=-most, vmax=most, aspect="auto")
    names = [
        fitted(f"{row.variant} on {row.symbol if isinstance(row.symbol, str) else row.gene}", 34)
        for row in shown.itertuples()
    ]
    cells.set_yticks(range(len(shown)), names, fontsize=7)
    shortened = [fitted(one, 30) for one in tissues]
    cells.set_xticks(range(len(tissues)), shortened, rotation=90, fontsize=7)
    cells.set_title("by tissue")
    figure.colorbar(image, ax=cells, label="effect (ln expression)", pad=0.02, aspect=30)
    _strip(strip, ranked, shown)
    figure.legend(
        *strip.get_legend_handles_labels(), loc="outside upper right", ncols=2, fontsize=7
    )
    known = ranked["z"].notna().any()
    write_below(
        figure,
        [
            f"{ranked.drop_duplicates(keys).shape[0]:,} pairs of variant and gene, "
            f"{len(tissues)} tissues; effect of the new allele as predicted: no test, no interval.",
            z_in_words(int(ranked.loc[ranked["z"].notna(), "n_background"].min()))
            if known
            else f"No z: fewer than {LEAST} effects in a tissue, or no spread among them.",
        ],
    )
    return figure


def z_in_words(background: int) -> str:
    """What a z is against, and how far its scale may be off by chance, where few are behind it.

    Args:
        background: effects of the tissue that has fewest.
    """
    said = f"z is against the {background:,} effects of this run in a tissue, no random variants"
    # Relative standard error of the median absolute deviation (Rousseeuw and Croux 1993).
    off = 1.17 / np.sqrt(background)
    if off >= ROUGH:
        return f"{said}; of so few, its scale is known to about {off:.0%} at best."
    return f"{said}."


def _strip(axes: Axes, ranked: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Every variant's largest effect, in the order of their size; the drawn ones filled."""
    order = ranked["effect"].abs().sort_values(ascending=False, kind="stable").index
    largest = ranked.loc[order].drop_duplicates(["variant", "gene"])
    place = np.arange(1, len(largest) + 1)
    drawn = place <= len(shown)
    axes.axvline(0, color=LIGHT, lw=0.8, zorder=0)
    for some, colour, label in ((~drawn, GREY, "others"), (drawn, BLUE, "drawn at the left")):
        if some.any():
            axes.plot(largest["effect"][some], place[some], "o", ms=3, color=colour, label=label)
    axes.invert_yaxis()
    axes.locator_params(axis="x", nbins=4)
    axes.set_title("all, by size")
    axes.set_xlabel("largest effect (ln expression)")
    axes.set_ylabel("rank (pairs of variant and gene)")
    if largest["z"].notna().any():
        best = largest.iloc[0]
        side = -1 if best["effect"] > 0 else 1  # towards 0, where there is room
        axes.annotate(f"z {best['z']:+.1f}", (best["effect"], 1), xytext=(6 * side, -3),
                      textcoords="offset points", ha="left" if side > 0 else "right",
                      fontsize=7, color=DARK)  # fmt: skip


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
