"""Figure: predicted and observed expression of held-out genes; the base, the best feature set."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREY, ORANGE, save, write_below
from foldcast.spex.comparison.heldout_predictions import Fit, HeldOut, read_held_out
from foldcast.spex.comparison.map_contrasts import FeatureSet
from foldcast.spex.run_settings import ALL, TYPES

CROWDED = 3000  # genes from which on they are counted instead of drawn
SUBSETS = {
    "protein_coding": ("o", BLUE, "protein-coding"),
    "lincRNA": ("^", ORANGE, "lincRNA"),
    "": ("s", GREY, "other"),
}


def main(snakemake) -> None:
    paths = snakemake.input
    scores = read_table(paths.scores)
    models = list(dict.fromkeys(scores["model"]))
    base = snakemake.params.base
    columns = {
        model: list(dict.fromkeys([base, best_feature_set(scores, model, base)]))
        for model in models
    }
    # A user's tables may lack genes; what all feature sets have is shown, as it is scored.
    shown = {
        name: path
        for name, path in zip(snakemake.params.fits, paths.predictions, strict=True)
        if name.startswith("features+") or name in _names(columns)
    }
    held = read_held_out(list(shown), list(shown.values()), paths.genes, paths.expression)
    figure = spex_scatter(held, scores, columns)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def _names(columns: dict[str, list[str]]) -> set[str]:
    return {
        f"{feature_set}/{model}"
        for model, feature_sets in columns.items()
        for feature_set in feature_sets
    }


def best_feature_set(scores: pd.DataFrame, model: str, base: str) -> str:
    """The feature set whose Spearman is highest; maps, all of them, users' tables compete.

    The base where there are none.
    """
    asked = {"model": model, "subset": "all", "metric": "spearman"}
    asked |= {"tissue": scores["tissue"].iloc[0]}  # the headline comes first
    of_model = scores[(scores[list(asked)] == pd.Series(asked)).all(axis=1)]
    competes = of_model["feature_set"].map(
        lambda name: FeatureSet.of(name).kind in ("map", ALL, "features")
    )
    ranked = of_model[competes].sort_values("value", ascending=False, kind="stable")
    return str(ranked["feature_set"].iloc[0]) if len(ranked) else base


def spex_scatter(held: HeldOut, scores: pd.DataFrame, columns: dict[str, list[str]]) -> Figure:
    """A panel per model (row) and feature set (column), of the run's first tissue.

    Args:
        held: the fits of the feature sets shown.
        scores: ``scores.tsv``.
        columns: feature sets by model.
    """
    tissue = held.tissues[0]
    width = max(map(len, columns.values()))
    figure, grid = plt.subplots(
        len(columns),
        width,
        figsize=(1.2 + 3.6 * width, 1.2 + 3.5 * len(columns)),
        squeeze=False,
        sharex=True,
        sharey="row",
    )
    fits = {(fit.feature_set, fit.model): fit for fit in held.fits}
    lines = []
    for row, (model, feature_sets) in zip(grid, columns.items(), strict=True):
        for axes in row[len(feature_sets) :]:
            axes.set_visible(False)
        for axes, feature_set in zip(row, feature_sets, strict=False):
            _draw(axes, held, fits[feature_set, model])
            axes.set_title(f"{feature_set}, {model}")
            lines.append(_said(scores, feature_set, model, tissue))
        row[0].set_ylabel("predicted expression (log)")
    for axes in grid[-1]:
        axes.set_xlabel("observed expression (log)")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside upper right", ncols=3, fontsize=8)
    caption = f"{tissue}; held-out genes; Spearman's rho with 95 % interval"
    write_below(figure, [caption, *lines])
    return figure


def _draw(axes: Axes, held: HeldOut, fit: Fit) -> None:
    known = np.isfinite(held.observed[0])
    observed = held.observed[0][known]
    predicted = fit.predicted[:, 0, known].mean(axis=0, dtype=float)
    ends = np.array([observed.min(), observed.max()])
    axes.plot(ends, ends, color=DARK, lw=0.8, ls="--", zorder=3)
    if len(observed) > CROWDED:
        image = axes.hexbin(
            observed, predicted, gridsize=45, bins="log", mincnt=1, cmap="viridis_r", lw=0
        )
        plt.colorbar(image, ax=axes, label="genes", pad=0.01)
        return
    biotype = held.genes["biotype"][known]
    of_type = {name: biotype.isin(types).to_numpy() for name, types in TYPES.items()}
    of_type[""] = ~np.any(list(of_type.values()), axis=0)
    for name, (marker, colour, label) in SUBSETS.items():
        some = of_type[name]
        if some.any():
            axes.plot(
                observed[some], predicted[some], marker, color=colour, ms=4, mfc="none", mew=0.8,
                alpha=0.8, label=f"{label} ({some.sum()})",
            )  # fmt: skip


def _said(scores: pd.DataFrame, feature_set: str, model: str, tissue: str) -> str:
    """Spearman's rho of a feature set in every subset."""
    asked = {"feature_set": feature_set, "model": model, "tissue": tissue, "metric": "spearman"}
    rows = scores[(scores[list(asked)] == pd.Series(asked)).all(axis=1)]
    parts = [
        f"{SUBSETS[row.subset][2] if row.subset in SUBSETS else row.subset} {row.value:.3f} "
        f"({row.low:.3f} to {row.high:.3f}, n\u00a0=\u00a0{row.n})"
        for row in rows.itertuples()
    ]
    return f"{feature_set}, {model}: {'; '.join(parts)}"


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
