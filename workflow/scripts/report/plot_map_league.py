"""Figure: what each map gains over ExPecto, beside its controls."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.map_comparison_figure import map_comparison_figure


def main(snakemake) -> None:
    figure = map_comparison_figure(read_table(snakemake.input.maps))
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
