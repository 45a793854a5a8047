"""Figure: what each map gains over the base, beside its control contacts."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREEN, GREY, LIGHT, ORANGE, RED, save
from foldcast.spex.comparison.map_contrasts import UNDECIDED
from foldcast.spex.run_settings import base_in_words

KINDS = {
    "map": ("o", BLUE, "map"),
    "depth": ("P", BLUE, "map, thinned to equal depth"),
    "all": ("*", BLUE, "all maps"),
    "features": ("X", GREEN, "table of one's own"),
    "shuffled": ("s", ORANGE, "control contacts: shuffled partners"),
    "degree": ("D", ORANGE, "control contacts: degree only"),
    "expected": ("^", ORANGE, "control contacts: expected by distance"),
    "random": ("v", ORANGE, "control contacts: random block"),
    "promoter": ("p", GREY, "no network"),
}
GROUPED = list(KINDS)  # the order within a map


def main(snakemake) -> None:
    figure = map_comparison(read_table(snakemake.input.maps), snakemake.params.base)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def map_comparison(table: pd.DataFrame, base: str) -> Figure:
    """Differences in Spearman's rho with their intervals, a panel per model, grouped by map.

    Args:
        table: ``maps.tsv``; its first tissue (all of them together, where there are
            several) is shown.
        base: the feature set that maps are added to.
    """
    shown = table[table["tissue"] == table["tissue"].iloc[0]]
    models = list(dict.fromkeys(shown["model"]))
    order = _order(shown)
    where = {feature_set: -float(y) for feature_set, y in order.items()}
    figure, grid = plt.subplots(
        1,
        len(models),
        figsize=(3.4 + 3.6 * len(models), 1.7 + 0.25 * max(order.values())),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    limits = _limits(shown)
    for axes, model in zip(grid[0], models, strict=True):
        _draw(axes, shown[shown["model"] == model], where, limits)
        axes.set_title(model)
        axes.set_xlabel(f"Spearman's rho − that of {base_in_words(base)}")
    grid[0, 0].set_yticks(list(where.values()), list(where))
    grid[0, 0].set_ylim(-max(order.values()) - 0.7, 0.7)
    for label, kind in zip(grid[0, 0].get_yticklabels(), _kinds(shown, where), strict=True):
        label.set_fontweight("bold" if kind in ("map", "all") else "normal")
    handles = {
        label: handle
        for axes in grid[0]
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside upper left", ncols=3, fontsize=7)
    first = shown.iloc[0]
    tissues = table["tissue"].nunique() - 1
    over = f"mean of {tissues} tissues" if tissues else str(first["tissue"])
    caption = (
        f"{over}; {first['n']} held-out genes in {first['blocks']} stretches of the genome\n"
        "thick: 95 % interval of each; thin: of all comparisons together, which decides"
    )
    figure.supxlabel(caption, fontsize=8, ha="left", x=0.01)
    return figure


def _order(shown: pd.DataFrame) -> dict[str, float]:
    """Position of each feature set from the top: maps and their control contacts, then a gap."""
    feature_sets = shown.drop_duplicates("feature_set").reset_index(drop=True)
    maps = list(feature_sets.loc[feature_sets["kind"] == "map", "feature_set"])
    feature_sets["group"] = (
        feature_sets["map"].map({name: k for k, name in enumerate(maps)}).fillna(len(maps))
    )
    feature_sets["rank"] = feature_sets["kind"].map(GROUPED.index)
    feature_sets = feature_sets.sort_values(["group", "rank"], kind="stable")
    steps = np.r_[0, 1 + 0.7 * (np.diff(feature_sets["group"]) > 0)].cumsum()
    return dict(zip(feature_sets["feature_set"], steps, strict=True))


def _kinds(shown: pd.DataFrame, feature_sets: dict[str, float]) -> list[str]:
    kind = shown.drop_duplicates("feature_set").set_index("feature_set")["kind"]
    return [str(kind[feature_set]) for feature_set in feature_sets]


def _draw(
    axes: Axes, table: pd.DataFrame, where: dict[str, float], limits: tuple[float, float]
) -> None:
    left, right = limits
    for kind, (marker, colour, label) in KINDS.items():
        some = table[table["kind"] == kind]
        if some.empty:
            continue
        y = some["feature_set"].map(where)
        wide = some[["low_simultaneous", "high_simultaneous"]].clip(left, right)
        axes.hlines(y, wide.iloc[:, 0], wide.iloc[:, 1], color=colour, lw=0.9)
        narrow = some[["low", "high"]].clip(left, right)
        axes.hlines(y, narrow.iloc[:, 0], narrow.iloc[:, 1], color=colour, lw=2.6)
        inside = some["delta_spearman"].between(left, right)
        axes.plot(
            some["delta_spearman"][inside], y[inside], marker, color=colour,
            ms=11 if marker == "*" else 6, mec="white", mew=0.6, ls="", label=label,
        )  # fmt: skip
        for value, at in zip(some["delta_spearman"][~inside], y[~inside], strict=True):
            end, side, text = (
                (left, "left", f"◂ {value:+.2f}")
                if value < left
                else (right, "right", f"{value:+.2f} ▸")
            )
            axes.text(end, at, text, ha=side, va="bottom", fontsize=7, color=colour)
    for row in table[table["verdict"] != UNDECIDED].itertuples():
        axes.text(
            1.01, where[row.feature_set], row.verdict, transform=axes.get_yaxis_transform(),
            va="center", fontsize=7, color=GREEN if row.verdict == "better" else RED,
        )  # fmt: skip
    axes.axvline(0, color=DARK, lw=0.8)
    axes.set_xlim(left, right)
    axes.grid(axis="x", color=LIGHT, lw=0.6)


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Room for all intervals, but for what needs no network, which may lie far off.

    From few stretches of the genome simultaneous intervals are next to endless: they are cut.
    """
    near = table[table["kind"] != "promoter"]
    near = near if len(near) else table
    left, right = min(near["low"].min(), 0), max(near["high"].max(), 0)
    room = max(right - left, 0.02)
    left = min(left, max(near["low_simultaneous"].min(), left - room))
    right = max(right, min(near["high_simultaneous"].max(), right + room))
    return left - 0.05 * room, right + 0.05 * room


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
