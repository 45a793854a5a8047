"""One graph of genes per time, each weighted from its past only."""

import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.graph.edge_weights import build_graphs
from foldcast.graph.graph_store import write_graphs
from foldcast.graph.rewiring import pairs_by_distance, rewire
from foldcast.job import log, run

NAMES = {"Gene1": str, "Gene2": str, "Gene1_Compartment": str, "Gene2_Compartment": str}


def main(snakemake):
    params, path = snakemake.params, snakemake.input.interactions
    table = pd.read_csv(path, dtype=NAMES, keep_default_na=False, na_values=[""])
    time_course = read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene")
    time_course.columns = time_course.columns.astype(float)
    loci = read_table(snakemake.input.loci, dtype={"gene": str, "chrom": str})
    given = table
    if params.rewire:
        table = rewire(given, loci, params.rewire["how"], params.rewire["seed"])
    pairs = pairs_by_distance(table, loci, given)
    write_table(pairs, snakemake.output.pairs)
    if params.rewire:
        counts = pairs[["pairs", "shared"]].sum()
        log.info(
            "rewired (%s): %d pairs, of which %d are pairs of %s too",
            *(params.rewire["how"], *counts, path),
        )
    graphs = build_graphs(
        table,
        time_course,
        params.weights,
        contact=params.contact,
        transform=params.transform,
        map_times=params.map_times,
        source=path,
    )
    genes = contacts_of_genes(table, graphs.genes)
    write_table(genes, snakemake.output.genes)
    log.info(
        "%d genes (%d without a contact), %d pairs, %d times",
        *(len(genes), genes["in_contact"].eq(0).sum(), len(table), len(graphs.times)),
    )
    if graphs.left_out:
        log.info(
            "The map gives no %s: left out of the edge weights, the others renormalised",
            ", ".join(graphs.left_out),
        )
    write_graphs(graphs, snakemake.output.graph)


def contacts_of_genes(table: pd.DataFrame, genes: list[str]) -> pd.DataFrame:
    """gene, neighbours (of all maps), in_contact (0 or 1), one row per gene of the panel."""
    pairs = table[["Gene1", "Gene2"]].drop_duplicates()
    counts = pd.concat([pairs["Gene1"], pairs["Gene2"]]).value_counts()
    neighbours = counts.reindex(genes, fill_value=0).to_numpy()
    return pd.DataFrame(
        {"gene": genes, "neighbours": neighbours, "in_contact": (neighbours > 0).astype(int)}
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
