"""Insulation scores of each bin, and the boundaries at the primary window."""

import cooler

from foldcast.files import write_table
from foldcast.hic.features import boundaries, insulation, no_insulation
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write both tables; of a map coarser than the limit, their headers alone."""
    clr = cooler.Cooler(snakemake.input.map)
    windows, limit = list(snakemake.params.windows), snakemake.params.tad_limit
    if clr.binsize > limit:
        log.info("no insulation: bins of %d bp are coarser than tad_limit, %d", clr.binsize, limit)
        scores = no_insulation(windows, clr.binsize)
    else:
        scores = insulation(clr, windows, threads=snakemake.threads)
    write_table(scores, snakemake.output.insulation)
    write_table(boundaries(scores, windows[0] * clr.binsize), snakemake.output.boundaries)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
