"""Figure: what each map gains in each tissue."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.map_tissue_figure import map_tissue


def main(snakemake) -> None:
    figure = map_tissue(read_table(snakemake.input.map_tissue))
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
