"""Random variants of a run, as far from a TSS or in contact as the user's may be, as a VCF file."""

from foldcast.files import atomic, read_table
from foldcast.job import log, run
from foldcast.spex.contacts.distal_features import plan_of
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.background import EDGES, draw

HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n"


def main(snakemake) -> None:
    files, params = snakemake.input, snakemake.params
    genes = read_table(files.genes, dtype={"gene": str, "symbol": str, "chrom": str})
    with Genome(files.fasta, files.index) as genome:
        plans = {
            chrom: plan_of(files.contacts, chrom, genome.length(chrom))
            for chrom in params.chromosomes
            if files.contacts
        }
        found = draw(genes, plans, genome, params.per_bin, params.seed)
    log.info(
        "%d random variants: %d in each of %d bins of distance%s",
        *(len(found), params.per_bin, len(EDGES) - 1, " and in places of contact" * bool(plans)),
    )
    with atomic(snakemake.output.background) as path:
        rows = [
            f"{row.chrom}\t{row.position + 1}\t.\t{row.ref}\t{row.alt}\n"
            for row in found.itertuples()
        ]
        path.write_text(HEADER + "".join(rows))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
