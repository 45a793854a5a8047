"""GC content of each bin, or the TSS around it where the config gives no sequence."""

import cooler

from foldcast.files import read_table, write_table
from foldcast.hic.phasing_track import gc_content, gene_density
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write the track that orients E1."""
    clr = cooler.Cooler(snakemake.input.map)
    if fasta := snakemake.input.get("fasta"):
        log.info("phasing track: GC content of %s", fasta)
        track = gc_content(clr, fasta, snakemake.input.index)
    else:
        log.info("phasing track: TSS around each bin, since the config gives no genome.fasta")
        genes = read_table(snakemake.input.annotation, dtype={"chrom": str})
        track = gene_density(clr, genes)
    write_table(track, snakemake.output.track)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
