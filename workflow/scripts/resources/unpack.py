"""Unpack a gzipped FASTA file, since gzip gives no random access."""

from foldcast.job import log, run
from foldcast.resources.genome_sequence import unpack


def main(snakemake):
    size = unpack(snakemake.input.packed, snakemake.output.fasta)
    log.info("%d bytes of %s unpacked", size, snakemake.input.packed)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
