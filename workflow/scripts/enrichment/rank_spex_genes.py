"""Rank held-out genes by how much better they are predicted with a map's contacts."""

from foldcast.enrichment.gene_identifiers import panel_genes
from foldcast.enrichment.map_gains import gain_table
from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.spex.comparison.heldout_predictions import read_held_out


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    held = read_held_out(params.fits, given.predictions, given.genes, given.expression)
    genes = read_table(given.genes, dtype={"gene": str, "symbol": str})
    panel = panel_genes(genes, held.genes["gene"])
    table = gain_table(panel, held, params.map, params.share)
    write_table(table, snakemake.output.rankings)
    log.info("%d held-out genes are %d with a symbol", len(held.genes), len(panel))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
