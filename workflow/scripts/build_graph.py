"""One graph of genes per time, each weighted from its past only."""

import pandas as pd

from foldcast.files import read_table
from foldcast.graph.store import write_graphs
from foldcast.graph.weights import build_graphs, strongest
from foldcast.job import log, run


def main(snakemake):
    names = {"Gene1": str, "Gene2": str, "Gene1_Compartment": str, "Gene2_Compartment": str}
    path = snakemake.input.interactions
    table = pd.read_csv(path, dtype=names, keep_default_na=False, na_values=[""])
    course = read_table(snakemake.input.course, dtype={"gene": str}).set_index("gene")
    course.columns = course.columns.astype(float)
    contacts = len(table)
    table = strongest(table, snakemake.params.neighbours)
    graphs = build_graphs(
        table, course, snakemake.params.weights, contact=snakemake.params.contact, source=path
    )
    isolated = len(graphs.genes) - pd.concat([table["Gene1"], table["Gene2"]]).nunique()
    log.info(
        "%d genes (%d without a contact), %d of %d pairs kept, %d times",
        *(len(graphs.genes), isolated, len(table), contacts, len(graphs.times)),
    )
    if graphs.left_out:
        log.info(
            "The map gives no %s: left out of the edge weights, the others renormalised",
            ", ".join(graphs.left_out),
        )
    write_graphs(graphs, snakemake.output.graph)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
