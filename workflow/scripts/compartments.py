"""Compartment eigenvectors of each chromosome, oriented by the phasing track."""

import cooler

from foldcast.files import read_table, write_table
from foldcast.hic.features import compartments
from foldcast.job import run


def main(snakemake) -> None:
    """Write E1 to E3 of each bin."""
    track = read_table(snakemake.input.track, dtype={"chrom": str, "track": float})
    write_table(compartments(cooler.Cooler(snakemake.input.map), track), snakemake.output.table)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
