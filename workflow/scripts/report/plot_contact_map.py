"""Figure: a contact map with insulation, boundaries and compartments."""

import cooler

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.contact_map_figure import busiest_region, contact_map
from foldcast.report.figure_style import save


def main(snakemake) -> None:
    clr = cooler.Cooler(snakemake.input.map)
    region = busiest_region(clr, read_table(snakemake.input.loci))
    figure = contact_map(
        clr,
        region,
        read_table(snakemake.input.insulation),
        read_table(snakemake.input.boundaries),
        read_table(snakemake.input.compartments),
        window=snakemake.params.window * clr.binsize,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
