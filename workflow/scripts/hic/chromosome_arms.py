"""Middles of the centromeres, which part the arms of chromosomes."""

from foldcast.files import write_table
from foldcast.hic.centromeres import known_centromeres, read_centromeres
from foldcast.job import log, run
from foldcast.resources.chromosomes import read_sizes


def main(snakemake) -> None:
    """Write chrom, middle (bp); without rows where no centromere is known."""
    sizes, assembly = read_sizes(snakemake.input.sizes), snakemake.params.assembly
    if given := snakemake.input.get("centromeres"):
        middles = read_centromeres(given, sizes)
    else:
        middles = known_centromeres(assembly, sizes)
    if len(middles):
        log.info("arms of %d chromosomes", len(middles))
    else:
        log.info("no centromeres are known for %s: whole chromosomes stand for arms", assembly)
    write_table(middles.reset_index(), snakemake.output.middles)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
