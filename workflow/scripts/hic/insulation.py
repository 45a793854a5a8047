"""Insulation scores of each bin, and the boundaries at the first window."""

import cooler

from foldcast.files import write_table
from foldcast.hic.insulation import boundaries, insulation, no_insulation
from foldcast.hic.map_sources import is_loops
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write both tables; their headers alone of a map that cannot give them."""
    clr, params = cooler.Cooler(snakemake.input.map), snakemake.params
    windows, limit = list(params.windows), params.tad_limit
    if is_loops(clr):
        log.info("no insulation: a list of loops holds no contacts but loops")
        scores = no_insulation(windows, clr.binsize)
    elif clr.binsize > limit:
        log.info("no insulation: bins of %d bp are coarser than tad_limit, %d", clr.binsize, limit)
        scores = no_insulation(windows, clr.binsize)
    else:
        scores = insulation(clr, windows, params.threshold, threads=snakemake.threads)
    sides = [window * clr.binsize for window in windows]
    write_table(scores, snakemake.output.insulation)
    write_table(boundaries(scores, sides), snakemake.output.boundaries)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
