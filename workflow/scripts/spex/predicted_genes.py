"""The genes that a run predicts beside those with a label, in the layout of its own genes."""

from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.models.gene_table import read_genes
from foldcast.spex.models.predicted_genes import genes_to_predict
from foldcast.spex.models.run_genes import add_lengths


def main(snakemake) -> None:
    paths, params = snakemake.input, snakemake.params
    labelled = read_table(paths.labelled, dtype={"gene": str})["gene"]
    every = read_genes(paths.genes) if paths.get("genes") else None
    genes = genes_to_predict(
        every,
        {*labelled},
        paths.get("tss"),
        read_sizes(paths.sizes),
        params.chromosomes,
        params.gene_type,
        str(paths.get("genes")),
        params.place,
    )
    if paths.get("annotation"):
        given = genes.pop("given")
        genes = add_lengths(genes, read_genes(paths.annotation)).assign(given=given)
    write_table(genes, snakemake.output.genes)
    for given, count in genes["given"].value_counts().items():
        log.info("%d genes without a label, from %s", count, given)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
