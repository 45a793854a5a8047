"""Node embeddings of a time course of graphs."""

import numpy as np

from foldcast.graph.graph_store import read_graphs, write_embedding
from foldcast.graph.node_embedding import JOINT, NUMBA, Options, connected, embed
from foldcast.job import log, progress, run


def main(snakemake):
    graphs = read_graphs(snakemake.input.graph)
    options = dict(snakemake.params.options)
    method, engine = options.pop("method"), options.pop("engine")
    causal = method != JOINT
    if not causal:
        log.warning("a joint embedding sees the future: what is made of it is not a forecast")
    effort = Options(**options)
    if engine == NUMBA:
        genes = max(len(connected(graph)) for graph in graphs.graphs)
        log.info(
            "%d times, at most %d genes with edges: %d walks from each gene and %d passes where it "
            "starts anew, %d and %d where it goes on",
            *(len(graphs.times), genes, *effort.effort(genes), *effort.effort_of_update(genes)),
        )
    x = embed(graphs.graphs, len(graphs.genes), method=method, engine=engine, options=effort)
    write_embedding(
        np.stack(list(progress(x, total=len(graphs.times), what="times"))),
        graphs.genes,
        graphs.times,
        snakemake.output.embedding,
        engine=engine,
        seed=options["seed"],
        causal=causal,
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
