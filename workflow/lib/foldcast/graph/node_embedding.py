"""Node embeddings of a time course of graphs: node2vec at each time, made comparable between times.

Random walks are sentences for a skip-gram with negative sampling (node2vec, Grover and Leskovec
2016). Three methods:

- ``warm_start``: the vectors of t − 1 are the start for t, so embeddings of neighbouring times
  stay comparable and later times need fewer walks. Causal.
- ``alignment``: each time anew, then turned onto the time before (orthogonal Procrustes over the
  genes with edges at both; Schönemann 1966). Causal.
- ``joint``: one embedding of the published temporal graph, in which every gene is tied to itself
  at the next time. It sees the future: what is made of it is no forecast.

Engines: ``numba``, our walks and gensim; ``node2vec``, the package, always from scratch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import orthogonal_procrustes

from foldcast.graph.graph_store import Graph
from foldcast.graph.random_walks import to_csr, walk
from foldcast.graph.skipgram import SkipGram, package_vectors, package_walks

WARM_START, ALIGNMENT, JOINT = "warm_start", "alignment", "joint"
NUMBA, NODE2VEC = "numba", "node2vec"
LEAST_WALKS = 3  # from each node, however many nodes there are
TIE = 0.5  # weight of a gene's edge to itself at the next time, times the cosine


@dataclass(frozen=True)
class Options:
    """How an embedding is made.

    dimensions: width of the embedding.
    walk_length: nodes in a walk.
    walks_per_node, epochs: walks from each node, and passes over them, where it starts anew.
    walks_per_update, epochs_per_update: the same where it starts from vectors that are there.
    most_visits, most_visits_per_update: nodes in all walks and passes of a time; where nodes are so
        many that it would be more, there are fewer walks from each, and then fewer passes.
    p, q: return and in-out parameters of node2vec.
    window: context on each side.
    seed: of the walks, the first vectors and the negative samples.
    """

    dimensions: int = 32
    walk_length: int = 25
    walks_per_node: int = 75
    walks_per_update: int = 10
    p: float = 1
    q: float = 1
    window: int = 5
    epochs: int = 5
    epochs_per_update: int = 2
    most_visits: float = 2e7
    most_visits_per_update: float = 1.5e6
    seed: int = 1

    def effort(self, nodes: int, times: int = 1) -> tuple[int, int]:
        """Walks from each of so many nodes, and passes over them, where it starts anew.

        Args:
            nodes: that have an edge.
            times: how many times they are of.
        """
        return self._within(nodes, self.walks_per_node, self.epochs, times * self.most_visits)

    def effort_of_update(self, nodes: int, times: int = 1) -> tuple[int, int]:
        """The same where it starts from vectors that are there."""
        most = times * self.most_visits_per_update
        return self._within(nodes, self.walks_per_update, self.epochs_per_update, most)

    def _within(self, nodes: int, walks: int, epochs: int, most: float) -> tuple[int, int]:
        once = max(nodes, 1) * self.walk_length
        walks = max(min(walks, int(most / (once * epochs))), min(walks, LEAST_WALKS))
        return walks, max(min(epochs, int(most / (once * walks))), 1)


def embed(
    graphs: Iterable[Graph],
    nodes: int,
    *,
    method: str = WARM_START,
    engine: str = NUMBA,
    options: Options,
) -> Iterator[np.ndarray]:
    """Yield the embedding (nodes, dimensions) float32 of each time in turn.

    Nodes without an edge at a time are zeros there. The same seed gives the same bytes.

    Args:
        graphs: one graph per time over the same nodes.
        nodes: their number, N.
        method: ``warm_start`` (engine ``numba`` only), ``alignment`` or ``joint``.
        engine: ``numba`` or ``node2vec``.
    """
    if method == WARM_START:
        return (x for x, _ in _warm_start(graphs, nodes, options))
    if method == ALIGNMENT:
        return _aligned(_anew(graphs, nodes, engine, options))
    return _joint(list(graphs), nodes, engine, options)


def temporal_graph(graphs: list[Graph], vectors: list[np.ndarray]) -> Graph:
    """All times' graphs as one; node t·N + i is gene i at time t.

    A gene is tied to itself at the next time with 0.5 × the cosine of its vectors at both, where
    that is above 0.
    """
    nodes = len(vectors[0])
    parts = [(graph.edge_index + t * nodes, graph.edge_weight) for t, graph in enumerate(graphs)]
    for t, (now, later) in enumerate(zip(vectors, vectors[1:], strict=False)):
        norm = np.linalg.norm(now, axis=1) * np.linalg.norm(later, axis=1)
        cosine = np.divide((now * later).sum(axis=1), norm, out=np.zeros_like(norm), where=norm > 0)
        gene = np.flatnonzero(cosine > 0)
        tie = np.stack([gene + t * nodes, gene + (t + 1) * nodes])
        parts += [(ends, TIE * cosine[gene]) for ends in (tie, tie[::-1])]
    index = np.concatenate([ends for ends, _ in parts], axis=1)
    weight = np.concatenate([weights for _, weights in parts]).astype(np.float32)
    order = np.lexsort(index[::-1])
    return Graph(index[:, order], weight[order], np.empty((len(order), 0), np.float32))


def connected(graph: Graph) -> np.ndarray:
    """Nodes with an edge of weight above 0, ascending."""
    return np.unique(graph.edge_index[0, graph.edge_weight > 0])


def _warm_start(
    graphs: Iterable[Graph], nodes: int, options: Options
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Vectors and contexts of each time, each learnt from those of the time before."""
    model = SkipGram(nodes, options.dimensions, options.window, options.seed)
    effort = options.effort
    for t, graph in enumerate(graphs):
        x, contexts = np.zeros((2, nodes, options.dimensions), dtype=np.float32)
        here = connected(graph)
        if len(here):
            count, epochs = effort(len(here))
            model.train(_walks(graph, nodes, count, [options.seed, t], options), epochs)
            x[here], contexts[here] = model.vectors[here], model.contexts[here]
            effort = options.effort_of_update
        yield x, contexts


def _anew(
    graphs: Iterable[Graph], nodes: int, engine: str, options: Options
) -> Iterator[np.ndarray]:
    """The embedding of each time by itself."""
    for t, graph in enumerate(graphs):
        x = np.zeros((nodes, options.dimensions), dtype=np.float32)
        here = connected(graph)
        if len(here) and engine == NODE2VEC:
            x = _by_package(graph, nodes, options)
        elif len(here):
            model = SkipGram(nodes, options.dimensions, options.window, options.seed)
            count, epochs = options.effort(len(here))
            model.train(_walks(graph, nodes, count, [options.seed, t], options), epochs)
            x[here] = model.vectors[here]
        yield x


def _aligned(vectors: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Each time's vectors, turned as a whole onto the latest vectors before that are there."""
    before = None
    for x in vectors:
        if before is not None:
            both = x.any(axis=1) & before.any(axis=1)
            x = (x @ orthogonal_procrustes(x[both], before[both])[0]).astype(np.float32)
        if x.any():
            before = x
        yield x


def _joint(graphs: list[Graph], nodes: int, engine: str, options: Options) -> Iterator[np.ndarray]:
    """The temporal graph, embedded at once: by the package from scratch, else from warm starts."""
    shape = (len(graphs), nodes, options.dimensions)
    if engine == NODE2VEC:
        graph = temporal_graph(graphs, list(_anew(graphs, nodes, engine, options)))
        if not len(connected(graph)):
            return iter(np.zeros(shape, dtype=np.float32))
        return iter(_by_package(graph, len(graphs) * nodes, options).reshape(shape))
    vectors, contexts = map(list, zip(*_warm_start(graphs, nodes, options), strict=True))
    graph = temporal_graph(graphs, vectors)
    here = connected(graph)
    x = np.zeros((len(graphs) * nodes, options.dimensions), dtype=np.float32)
    if len(here):
        model = SkipGram(len(x), options.dimensions, options.window, options.seed)
        model.vectors[:], model.contexts[:] = np.concatenate(vectors), np.concatenate(contexts)
        seed = [options.seed, len(graphs)]
        count, epochs = options.effort_of_update(len(here), len(graphs))
        model.train(_walks(graph, len(x), count, seed, options), epochs)
        x[here] = model.vectors[here]
    return iter(x.reshape(shape))


def _walks(graph: Graph, nodes: int, count: int, seed: list[int], options: Options) -> np.ndarray:
    """``count`` walks from each node that has an edge, in random order."""
    csr = to_csr(graph.edge_index, graph.edge_weight, nodes)
    rng = np.random.default_rng(seed)
    starts = rng.permutation(np.repeat(connected(graph), count))
    states = rng.integers(2**64 - 1, size=len(starts), dtype=np.uint64, endpoint=True)
    return walk(csr, starts, states, options.walk_length, options.p, options.q)


def _by_package(graph: Graph, nodes: int, options: Options) -> np.ndarray:
    package = package_walks(
        graph,
        dimensions=options.dimensions,
        length=options.walk_length,
        count=options.walks_per_node,
        p=options.p,
        q=options.q,
        seed=options.seed,
    )
    return package_vectors(
        package, nodes, window=options.window, epochs=options.epochs, seed=options.seed
    )
