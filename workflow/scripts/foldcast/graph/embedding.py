"""Causal node embeddings: at each time, from the graphs up to that time only.

Random walks on the graph of time t are sentences for gensim's skip-gram with negative sampling
(node2vec, Grover and Leskovec 2016). The vectors of t − 1 are the start for t, so embeddings of
neighbouring times stay comparable and later times need fewer walks.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from gensim.models import Word2Vec

from foldcast.graph.store import Graph
from foldcast.graph.walks import to_csr, walk

ENGINE = "numba walks + gensim skip-gram"


def embed(
    graphs: Iterable[Graph],
    nodes: int,
    *,
    dimensions: int = 32,
    walk_length: int = 25,
    walks_per_node: int = 75,
    walks_per_update: int = 10,
    p: float = 1,
    q: float = 1,
    window: int = 5,
    epochs: int = 5,
    seed: int = 1,
) -> Iterator[np.ndarray]:
    """Yield the embedding (nodes, dimensions) float32 of each time in turn.

    Nodes without an edge at a time are zeros there. The same seed gives the same bytes.

    Args:
        graphs: one graph per time over the same nodes.
        nodes: their number, N.
        dimensions: width of the embedding.
        walk_length: nodes in a walk.
        walks_per_node: walks from each node on the first graph with edges.
        walks_per_update: walks from each node on every later graph.
        p, q: return and in-out parameters of node2vec.
        window: context on each side.
        epochs: passes over the walks of one time.
        seed: of the walks, the first vectors and the negative samples.
    """
    tokens = np.array([str(node) for node in range(nodes)], dtype=object)
    model = _untrained(tokens, dimensions, window, seed)
    count = walks_per_node
    for t, graph in enumerate(graphs):
        x = np.zeros((nodes, dimensions), dtype=np.float32)
        csr = to_csr(graph.edge_index, graph.edge_weight, nodes)
        connected = np.flatnonzero(np.diff(csr.indptr))
        if len(connected):
            rng = np.random.default_rng([seed, t])
            starts = rng.permutation(np.repeat(connected, count))
            states = rng.integers(2**64 - 1, size=len(starts), dtype=np.uint64, endpoint=True)
            walks = walk(csr, starts, states, walk_length, p, q)
            _train(model, walks, tokens, epochs)
            x[connected] = model.wv.vectors[connected]
            count = walks_per_update
        yield x


def _untrained(tokens: np.ndarray, dimensions: int, window: int, seed: int) -> Word2Vec:
    """A model whose row i is node i (its vocabulary keeps the order in which it is given)."""
    model = Word2Vec(
        vector_size=dimensions,
        window=window,
        sg=1,
        negative=5,
        sample=0,
        min_count=1,
        sorted_vocab=0,
        workers=1,
        seed=seed,
    )
    model.build_vocab_from_freq(dict.fromkeys(tokens, 1))
    return model


def _train(model: Word2Vec, walks: np.ndarray, tokens: np.ndarray, epochs: int) -> None:
    """Go on training with ``walks``, drawing negatives by how often they visit each node."""
    model.wv.expandos["count"][:] = np.bincount(walks.ravel(), minlength=len(tokens))
    model.make_cum_table()
    # The learning rate starts anew at each time, which is what gensim would warn of.
    model.min_alpha_yet_reached = float(model.alpha)
    model.train(tokens[walks].tolist(), total_examples=len(walks), epochs=epochs)
