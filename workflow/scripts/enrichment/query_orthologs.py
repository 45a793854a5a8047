"""Ask mygene.info for the orthologs of a panel's genes, but for those that were asked before."""

from pathlib import Path

import pandas as pd

from foldcast.enrichment.gene_identifiers import COLUMNS, panel_genes
from foldcast.enrichment.orthologs import ask_orthologs
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    params, kept = snakemake.params, Path(snakemake.output.names)
    rows = read_table(snakemake.input.panel, usecols=["gene"], dtype=str)["gene"]
    loci = read_table(snakemake.input.loci, dtype={"gene": str, "symbol": str, "gene_id": str})
    genes = panel_genes(loci, rows)["gene"]
    known = pd.DataFrame(columns=[*COLUMNS, "explanation"])
    if kept.exists():
        known = read_table(kept, dtype=str).fillna("")
        known = known[known["gene"].isin(genes)]
    asked = sorted(set(genes) - set(known["gene"]))
    log.info("%d genes, %d not yet answered", len(genes), len(asked))
    if asked:
        answers = ask_orthologs(asked, params.species, params.other, params.url)
        known = pd.concat([known, answers], ignore_index=True)
    write_table(known.sort_values("gene", ignore_index=True), kept)
    unique = known["name"].ne("") & ~known["name"].str.contains("|", regex=False)
    log.info("%d genes have one ortholog in %s", unique.sum(), params.other)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
