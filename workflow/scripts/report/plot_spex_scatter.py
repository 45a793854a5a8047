"""Figure: predicted and observed expression of held-out genes; ExPecto, the best feature set."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.spex_scatter_figure import best_feature_set, spex_scatter
from foldcast.spex.comparison.heldout_predictions import read_held_out
from foldcast.spex.run_settings import EXPECTO


def main(snakemake) -> None:
    paths = snakemake.input
    scores = read_table(paths.scores)
    models = list(dict.fromkeys(scores["model"]))
    columns = {
        model: list(dict.fromkeys([EXPECTO, best_feature_set(scores, model)])) for model in models
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


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
