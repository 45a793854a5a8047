"""Cis expected: mean balanced contact per distance and chromosome, smoothed."""

import cooler

from foldcast.files import write_table
from foldcast.hic.features import expected
from foldcast.job import run


def main(snakemake) -> None:
    """Write the table of cooltools.expected_cis."""
    table = expected(cooler.Cooler(snakemake.input.map), threads=snakemake.threads)
    write_table(table, snakemake.output.expected)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
