"""Walks against the probabilities that define them; embeddings against planted truths."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chisquare

import foldcast
from foldcast.graph.embedding import embed
from foldcast.graph.store import Graph
from foldcast.graph.walks import to_csr, walk

SMALL = {"dimensions": 8, "walk_length": 10, "walks_per_node": 5, "walks_per_update": 2}


def graph(pairs: dict[tuple[int, int], float]) -> Graph:
    edges = sorted([*pairs, *((j, i) for i, j in pairs)])
    weight = [pairs.get((i, j), pairs.get((j, i))) for i, j in edges]
    index = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    return Graph(index, np.array(weight, np.float32), np.zeros((len(edges), 1), np.float32))


def random_graphs(times: int, nodes: int = 12, seed: int = 0) -> list[Graph]:
    rng = np.random.default_rng(seed)
    pairs = [(i, j) for i in range(nodes - 2) for j in range(i) if rng.random() < 0.4]
    return [graph({pair: rng.random() for pair in pairs}) for _ in range(times)]


def walks_on(g: Graph, nodes: int, count: int, length: int, p: float = 1, q: float = 1):
    csr = to_csr(g.edge_index, g.edge_weight, nodes)
    starts = np.repeat(np.flatnonzero(np.diff(csr.indptr)), count)
    states = np.random.default_rng(5).integers(2**64 - 1, size=len(starts), dtype=np.uint64)
    return walk(csr, starts, states, length, p, q)


# A kite: 0–1–2 is a triangle, 3 hangs on 2, and 4 has only an edge of weight 0.
KITE = graph({(0, 1): 1.0, (0, 2): 0.25, (1, 2): 0.5, (2, 3): 2.0, (3, 4): 0.0})
KITE_WEIGHT = np.zeros((5, 5))
KITE_WEIGHT[KITE.edge_index[0], KITE.edge_index[1]] = KITE.edge_weight


def test_first_order_follows_the_weights():
    walks = walks_on(KITE, 5, 3000, 10)
    assert walks.shape == (4 * 3000, 10) and 4 not in walks
    for node in range(4):
        here = walks[:, :-1] == node
        seen = np.bincount(walks[:, 1:][here], minlength=5)
        probability = KITE_WEIGHT[node] / KITE_WEIGHT[node].sum()
        assert seen[probability == 0].sum() == 0
        kept = probability > 0
        if kept.sum() > 1:
            assert chisquare(seen[kept], probability[kept] * seen.sum()).pvalue > 1e-3


@pytest.mark.parametrize(("p", "q"), [(4.0, 0.25), (0.2, 3.0), (1.0, 0.5)])
def test_second_order_is_that_of_node2vec(p, q):
    walks = walks_on(KITE, 5, 4000, 12, p, q)
    triples = Counter(
        zip(walks[:, :-2].ravel(), walks[:, 1:-1].ravel(), walks[:, 2:].ravel(), strict=True)
    )
    for before, node in zip(*KITE.edge_index, strict=True):
        bias = np.where(KITE_WEIGHT[before] > 0, 1.0, 1 / q)
        bias[before] = 1 / p
        probability = KITE_WEIGHT[node] * bias
        if 4 in (before, node) or (probability > 0).sum() < 2:
            continue
        probability /= probability.sum()
        seen = np.array([triples[before, node, after] for after in range(5)])
        kept = probability > 0
        assert seen[~kept].sum() == 0
        assert chisquare(seen[kept], probability[kept] * seen.sum()).pvalue > 1e-3


def test_a_walk_does_not_depend_on_the_others():
    csr = to_csr(KITE.edge_index, KITE.edge_weight, 5)
    starts, states = np.array([0, 1, 2, 3]), np.arange(4, dtype=np.uint64)
    whole = walk(csr, starts, states, 20, 2.0, 0.5)
    parts = [walk(csr, starts[k : k + 1], states[k : k + 1], 20, 2.0, 0.5) for k in range(4)]
    np.testing.assert_array_equal(whole, np.concatenate(parts))


def test_communities_are_found_and_isolated_genes_are_zero():
    rng = np.random.default_rng(1)
    pairs = {
        (i, j): 1.0 if i // 10 == j // 10 else 0.05
        for j in range(20)
        for i in range(j)
        if i // 10 == j // 10 or rng.random() < 0.1
    }
    for x in embed([graph(pairs)] * 2, 22, dimensions=16, walks_per_node=20, seed=3):
        assert not x[20:].any() and np.isfinite(x).all()
        unit = x[:20] / np.linalg.norm(x[:20], axis=1, keepdims=True)
        cosine = unit @ unit.T
        within = np.arange(20)[:, None] // 10 == np.arange(20) // 10
        off = ~np.eye(20, dtype=bool)
        assert cosine[within & off].mean() > cosine[~within].mean() + 0.2


@pytest.mark.parametrize("origin", [0, 2])
def test_later_graphs_change_no_earlier_embedding(origin):
    graphs = random_graphs(5)
    others = [*graphs[: origin + 1], *random_graphs(4 - origin, seed=7)]
    x, y = (np.stack(list(embed(g, 12, **SMALL))) for g in (graphs, others))
    assert x[: origin + 1].tobytes() == y[: origin + 1].tobytes()
    assert not np.array_equal(x[origin + 1], y[origin + 1])


def test_a_shorter_course_is_a_prefix():
    graphs = random_graphs(4)
    whole, part = (np.stack(list(embed(g, 12, **SMALL))) for g in (graphs, graphs[:2]))
    assert whole[:2].tobytes() == part.tobytes()


def test_warm_start_keeps_neighbouring_times_close():
    x = np.stack(list(embed(random_graphs(1) * 3, 12, **SMALL | {"walks_per_node": 50})))
    moved = np.linalg.norm(x[2] - x[1], axis=1)[:8]
    assert (moved < 0.5 * np.linalg.norm(x[1], axis=1)[:8]).all()


def test_seed_decides_everything_and_hashing_nothing():
    """Another process, with another hash seed and thread count, gives the same bytes."""
    here = b"".join(x.tobytes() for x in embed(random_graphs(2), 12, **SMALL, seed=4))
    other = b"".join(x.tobytes() for x in embed(random_graphs(2), 12, **SMALL, seed=5))
    assert here != other
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_graph_embedding as t;"
        "g = t.embed(t.random_graphs(2), 12, **t.SMALL, seed=4);"
        "sys.stdout.buffer.write(b''.join(x.tobytes() for x in g))"
    )
    scripts = Path(foldcast.__file__).parents[1]
    there = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        env={
            **os.environ,
            "PYTHONPATH": str(scripts),
            "PYTHONHASHSEED": "12345",
            "NUMBA_NUM_THREADS": "1",
        },
        capture_output=True,
        check=True,
    )
    assert there.stdout == here


def test_a_course_without_edges_is_zero_and_edges_may_come_later():
    none = graph({})
    x = np.stack(list(embed([none, *random_graphs(1)], 12, **SMALL)))
    assert not x[0].any() and x[1].any()
