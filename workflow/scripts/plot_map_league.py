"""Figure: what each map gains over ExPecto, beside its controls."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.map_league import map_league
from foldcast.report.style import save


def main(snakemake) -> None:
    figure = map_league(read_table(snakemake.input.maps))
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
