"""Figure: gene sets in the lists and rankings of genes."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.enrichment_figure import enrichment
from foldcast.report.figure_style import save


def main(snakemake) -> None:
    given = snakemake.input
    figure = enrichment(
        read_table(given.overrepresentation),
        read_table(given.prerank),
        read_table(given.enrichment),
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
