"""Figure: the gene graph at the last time, along the chromosomes."""

import pandas as pd

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.graph_edges import compartments_of_genes, edges_at_the_end
from foldcast.report.graph_figure import gene_graph


def main(snakemake) -> None:
    pairs = edges_at_the_end(read_graphs(snakemake.input.graph))
    loci = read_table(snakemake.input.loci, dtype={"gene": str})
    loci["compartment"] = loci["gene"].map(compartments_of_genes(snakemake.input.interactions))
    sizes = pd.read_csv(
        snakemake.input.sizes, sep="\t", header=None, names=["chrom", "length"], index_col="chrom"
    )["length"]
    figure = gene_graph(pairs, loci, sizes, labels=snakemake.params.genes)
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
