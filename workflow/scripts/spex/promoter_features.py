"""What can be known of a promoter without a network: CpG, GC, biotype, gene length."""

from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.features.promoter_features import promoter_features


def main(snakemake) -> None:
    genes = read_table(snakemake.input.genes, dtype={"gene": str, "chrom": str, "biotype": str})
    with Genome(snakemake.input.fasta, snakemake.input.index) as genome:
        table = promoter_features(genes, genome)
    write_table(table, snakemake.output.promoter)
    for column in ("gc", "log10_length"):
        if unknown := int(table[column].isna().sum()):
            log.info("%s is not known of %d of %d genes", column, unknown, len(table))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
