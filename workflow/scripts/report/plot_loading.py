"""Figure: how much of a panel is loading."""

from foldcast.expression.sample_loading import warnings_of
from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.loading_figure import STAGES, loading


def main(snakemake) -> None:
    metrics = read_table(snakemake.input.loading)
    sentences = [
        f"{STAGES[stage].capitalize()}: {sentence}."
        for stage, table in metrics.groupby("stage", sort=False)
        for sentence in warnings_of(table.set_index("metric")["value"].to_dict())
    ]
    figure = loading(
        metrics,
        read_table(snakemake.input.samples, dtype={"sample": str}),
        sentences,
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
