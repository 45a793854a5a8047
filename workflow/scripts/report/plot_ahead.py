"""Figure: time courses with what is forecast beyond the data."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.future_figure import ahead, surest


def main(snakemake) -> None:
    forecasts = read_table(snakemake.input.ahead, dtype={"gene": str})
    # Genes of another dataset may be asked for too.
    asked = [gene for gene in snakemake.params.genes if (forecasts["gene"] == gene).any()]
    figure = ahead(
        asked or surest(forecasts),
        read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene"),
        forecasts,
        read_table(snakemake.input.coverage),
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
