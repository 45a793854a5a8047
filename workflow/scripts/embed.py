"""Causal node embeddings of a course of graphs."""

import numpy as np

from foldcast.graph.embedding import ENGINE, embed
from foldcast.graph.store import read_graphs, write_embedding
from foldcast.job import progress, run


def main(snakemake):
    graphs = read_graphs(snakemake.input.graph)
    options = snakemake.params.options
    x = embed(graphs.graphs, len(graphs.genes), **options)
    write_embedding(
        np.stack(list(progress(x, total=len(graphs.times), what="times"))),
        graphs.genes,
        graphs.times,
        snakemake.output.embedding,
        engine=ENGINE,
        seed=options["seed"],
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
