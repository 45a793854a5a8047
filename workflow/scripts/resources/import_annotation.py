"""Genes and their loci from the user's annotation, named as the genome's chromosomes are."""

from foldcast.files import write_table
from foldcast.job import log, run
from foldcast.resources.annotation import import_annotation
from foldcast.resources.chromosomes import read_sizes


def main(snakemake):
    genes = import_annotation(
        snakemake.input.annotation,
        snakemake.params.format,
        read_sizes(snakemake.input.sizes),
        snakemake.input.aliases or None,
        snakemake.params.alias_format,
    )
    write_table(genes, snakemake.output.annotation)
    log.info("%d genes", len(genes))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
