"""Figure: the gene graph at the last time, along the chromosomes."""

import pandas as pd

from foldcast.files import read_table
from foldcast.graph.store import read_graphs
from foldcast.job import run
from foldcast.report.gene_graph import gene_graph
from foldcast.report.style import save


def main(snakemake) -> None:
    graphs = read_graphs(snakemake.input.graph)
    last = graphs.graphs[-1]
    once = last.edge_index[0] < last.edge_index[1]
    genes = pd.Series(graphs.genes)
    pairs = pd.DataFrame(
        {
            "gene1": genes.iloc[last.edge_index[0, once]].to_numpy(),
            "gene2": genes.iloc[last.edge_index[1, once]].to_numpy(),
            "weight": last.edge_weight[once],
        }
    )
    loci = read_table(snakemake.input.loci).merge(
        compartment_of_genes(pd.read_csv(snakemake.input.interactions)), on="gene", how="left"
    )
    sizes = pd.read_csv(
        snakemake.input.sizes, sep="\t", header=None, names=["chrom", "length"], index_col="chrom"
    )["length"]
    figure = gene_graph(pairs, loci, sizes, labels=snakemake.params.genes)
    save(figure, [snakemake.output.png, snakemake.output.svg])


def compartment_of_genes(interactions: pd.DataFrame) -> pd.DataFrame:
    """gene, compartment: as the interactions table has it."""
    sides = [
        interactions[[side, f"{side}_Compartment"]].set_axis(["gene", "compartment"], axis=1)
        for side in ("Gene1", "Gene2")
    ]
    return pd.concat(sides).drop_duplicates("gene")


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
