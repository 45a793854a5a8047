"""Index a FASTA file, once and by itself: several processes at it at a time spoil the index."""

from foldcast.job import log, run
from foldcast.resources.genome_sequence import index_sequence


def main(snakemake):
    log.info("%d sequences", index_sequence(snakemake.input.fasta, snakemake.output.index))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
