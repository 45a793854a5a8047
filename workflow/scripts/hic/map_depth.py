"""How many bins of a contact map have contacts enough, at its bins and at larger ones."""

import cooler

from foldcast.files import write_table
from foldcast.hic.map_depth import ENOUGH, depth
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write the shares, and say the first."""
    table = depth(cooler.Cooler(snakemake.input.map))
    write_table(table, snakemake.output.depth)
    if len(table):
        share = 100 * table["share"].iloc[0]
        log.info("%.0f %% of the bins have %d contacts or more", share, ENOUGH)
    else:
        log.info("no counts, so no depth")


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
