"""Node vectors from walks: skip-gram with negative sampling (gensim) or the node2vec package."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from gensim.models import Word2Vec

from foldcast.graph.graph_store import Graph

CHUNK = 100_000  # walks that are text at a time


class SkipGram:
    """A model whose row i is node i, and which can go on learning from where it is.

    Args:
        nodes: their number.
        dimensions: width of the vectors.
        window: context on each side.
        seed: of the first vectors and the negative samples.
    """

    def __init__(self, nodes: int, dimensions: int, window: int, seed: int) -> None:
        self._names = np.array([str(node) for node in range(nodes)], dtype=object)
        self._model = Word2Vec(
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
        self._model.build_vocab_from_freq(dict.fromkeys(self._names, 1))

    @property
    def vectors(self) -> np.ndarray:
        """(nodes, dimensions) float32; may be written to."""
        return self._model.wv.vectors

    @property
    def contexts(self) -> np.ndarray:
        """The other half of the model, (nodes, dimensions) float32; may be written to."""
        return self._model.syn1neg

    def train(self, walks: np.ndarray, epochs: int) -> None:
        """Go on with ``walks``, drawing negatives by how often they visit each node."""
        model = self._model
        model.wv.expandos["count"][:] = np.bincount(walks.ravel(), minlength=len(self._names))
        model.make_cum_table()
        # The learning rate starts anew at each call, which is what gensim would warn of.
        model.min_alpha_yet_reached = float(model.alpha)
        model.train(_Sentences(walks, self._names), total_examples=len(walks), epochs=epochs)


class _Sentences:
    """Walks as lists of names, a part at a time: all of a genome's at once would fill memory."""

    def __init__(self, walks: np.ndarray, names: np.ndarray) -> None:
        self._walks, self._names = walks, names

    def __iter__(self) -> Iterator[list[str]]:
        for start in range(0, len(self._walks), CHUNK):
            yield from self._names[self._walks[start : start + CHUNK]].tolist()


def package_walks(
    graph: Graph, *, dimensions: int, length: int, count: int, p: float, q: float, seed: int
) -> Any:
    """The node2vec package (Grover and Leskovec 2016; version 0.4.3) with its walks drawn.

    Edges of weight 0 are none. The package seeds Python's and numpy's global random states.

    Args:
        graph: one time's graph, each edge in both directions.
        dimensions: of the vectors.
        length, count: nodes of a walk, walks from each node.
        p, q: node2vec's return and in-out parameters.
        seed: of the walks.
    """
    # Imported here: they are slow, and only published configs use them.
    import networkx
    from node2vec import Node2Vec

    once = (graph.edge_index[0] < graph.edge_index[1]) & (graph.edge_weight > 0)
    network = networkx.Graph()
    network.add_weighted_edges_from(
        zip(*graph.edge_index[:, once].tolist(), graph.edge_weight[once].tolist(), strict=True)
    )
    return Node2Vec(
        network,
        dimensions=dimensions,
        walk_length=length,
        num_walks=count,
        p=p,
        q=q,
        workers=1,
        seed=seed,
        quiet=True,
    )


def package_vectors(package: Any, nodes: int, *, window: int, epochs: int, seed: int) -> np.ndarray:
    """Vectors (nodes, dimensions) float32 by the package's own `fit`; zeros without an edge.

    Args:
        package: what `package_walks` gives.
        nodes: of the graph, with those that have no edge.
        window, epochs: of the skip-gram.
        seed: of the fit.
    """
    model = package.fit(window=window, min_count=1, epochs=epochs, seed=seed, workers=1)
    x = np.zeros((nodes, package.dimensions), dtype=np.float32)
    x[[int(name) for name in model.wv.index_to_key]] = model.wv.vectors
    return x
