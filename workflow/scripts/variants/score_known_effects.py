"""Predicted effects of variants held against a table of known ones."""

from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.effect_tables import read_effects
from foldcast.variants.known_effects import pair_up, read_known, score_known
from foldcast.variants.placed_variants import place_variants


def main(snakemake) -> None:
    files, params = snakemake.input, snakemake.params
    known = read_known(files.known)
    with Genome(files.fasta, files.index) as genome:
        known = place_variants(known, read_sizes(files.sizes), genome, files.known)
    log.info("%s: %s", files.known, known.count())
    genes = read_table(files.genes, dtype={"gene": str, "symbol": str, "chrom": str})
    pairs = pair_up(known.table, read_effects(files.variants), genes)
    scores = score_known(pairs, params.locus_block, params.draws, params.bootstrap_seed)
    write_table(pairs, snakemake.output.pairs)
    write_table(scores, snakemake.output.scores)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
