"""Walks against the probabilities that define them; embeddings against planted truths."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import pdist
from scipy.stats import chi2_contingency, chisquare

import foldcast
from foldcast.graph.graph_store import Graph
from foldcast.graph.node_embedding import Options, _anew, connected, embed, temporal_graph
from foldcast.graph.random_walks import to_csr, walk
from foldcast.graph.skipgram import package_walks

SMALL = Options(dimensions=8, walk_length=10, walks_per_node=5, walks_per_update=2)
CAUSAL = [("warm_start", "numba"), ("alignment", "numba"), ("alignment", "node2vec")]
EVERY = [*CAUSAL, ("joint", "numba"), ("joint", "node2vec")]
pytestmark = pytest.mark.filterwarnings("ignore:pkg_resources")


def embedding(graphs, nodes: int = 12, how=("warm_start", "numba"), options=SMALL) -> np.ndarray:
    return np.stack(list(embed(graphs, nodes, method=how[0], engine=how[1], options=options)))


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


@pytest.mark.slow
@pytest.mark.parametrize(("p", "q"), [(1.0, 1.0), (4.0, 0.25)])
def test_both_engines_walk_alike(p, q):
    """First and second order, by counts of where walks go next: one table per place."""
    package = package_walks(KITE, dimensions=4, length=12, count=1500, p=p, q=q, seed=3)
    theirs = np.array(package.walks, dtype=int)
    ours = walks_on(KITE, 5, 1500, 12, p, q)
    assert theirs.shape == ours.shape
    tested = 0
    for before, node in [(None, node) for node in range(4)] + [*zip(*KITE.edge_index, strict=True)]:
        counts = np.array([after(walks, before, node) for walks in (ours, theirs)])
        counts = counts[:, counts.sum(axis=0) > 0]
        if counts.shape[1] > 1:
            assert chi2_contingency(counts).pvalue > 1e-3, (before, node)
            tested += 1
    assert tested == 3 + 7  # from 3 there is one way only


def after(walks: np.ndarray, before: int | None, node: int) -> np.ndarray:
    """How often each node follows ``node`` (as the first step, or having come from ``before``)."""
    if before is None:
        following = walks[walks[:, 0] == node, 1]
    else:
        here = (walks[:, :-2] == before) & (walks[:, 1:-1] == node)
        following = walks[:, 2:][here]
    return np.bincount(following, minlength=5)


@pytest.mark.parametrize("how", EVERY)
def test_communities_are_found_and_isolated_genes_are_zero(how):
    rng = np.random.default_rng(1)
    pairs = {
        (i, j): 1.0 if i // 10 == j // 10 else 0.05
        for j in range(20)
        for i in range(j)
        if i // 10 == j // 10 or rng.random() < 0.1
    }
    options = Options(dimensions=16, walks_per_node=20, seed=3)
    for x in embedding([graph(pairs)] * 2, 22, how, options):
        assert not x[20:].any() and np.isfinite(x).all()
        unit = x[:20] / np.linalg.norm(x[:20], axis=1, keepdims=True)
        cosine = unit @ unit.T
        within = np.arange(20)[:, None] // 10 == np.arange(20) // 10
        off = ~np.eye(20, dtype=bool)
        assert cosine[within & off].mean() > cosine[~within].mean() + 0.15


@pytest.mark.parametrize("how", CAUSAL)
@pytest.mark.parametrize("origin", [0, 2])
def test_later_graphs_change_no_earlier_embedding(origin, how):
    graphs = random_graphs(5)
    others = [*graphs[: origin + 1], *random_graphs(4 - origin, seed=7)]
    x, y = (embedding(g, how=how) for g in (graphs, others))
    assert x[: origin + 1].tobytes() == y[: origin + 1].tobytes()
    assert not np.array_equal(x[origin + 1], y[origin + 1])


def test_a_joint_embedding_sees_the_future():
    graphs = random_graphs(4)
    others = [*graphs[:3], *random_graphs(1, seed=7)]
    x, y = (embedding(g, how=("joint", "numba")) for g in (graphs, others))
    assert not np.array_equal(x[0], y[0])


def test_a_shorter_time_course_is_a_prefix():
    graphs = random_graphs(4)
    assert embedding(graphs)[:2].tobytes() == embedding(graphs[:2]).tobytes()


def test_warm_start_keeps_neighbouring_times_close():
    x = embedding(random_graphs(1) * 3, options=replace(SMALL, walks_per_node=50))
    moved = np.linalg.norm(x[2] - x[1], axis=1)[:8]
    assert (moved < 0.5 * np.linalg.norm(x[1], axis=1)[:8]).all()


def test_alignment_only_turns():
    """Distances are those of embeddings made apart; and each time lies as near as can be."""
    graphs = random_graphs(3)
    x = embedding(graphs, how=("alignment", "numba"))
    apart = _anew(graphs, 12, "numba", SMALL)
    for aligned, alone in zip(x, apart, strict=True):
        np.testing.assert_allclose(pdist(aligned), pdist(alone), rtol=1e-3, atol=1e-5)
    for now, later in pairwise(x):
        turn = orthogonal_procrustes(later, now)[0]
        np.testing.assert_allclose(turn @ turn.T, np.eye(8), atol=1e-5)
        assert np.linalg.norm(later @ turn - now) == pytest.approx(
            np.linalg.norm(later - now), rel=1e-3
        )


def test_temporal_graph_by_hand():
    two = graph({(0, 1): 0.8}), graph({(0, 1): 0.4, (1, 2): 1.0})
    vectors = [np.array([[1, 0], [1, 1], [0, 0]], float), np.array([[1, 0], [1, -0.5], [1, 1]])]
    joint = temporal_graph(list(two), vectors)
    weights = dict(zip(map(tuple, joint.edge_index.T.tolist()), joint.edge_weight, strict=True))
    assert all(weights[i, j] == weights[j, i] for i, j in weights)
    assert {pair for pair in weights if pair[0] < pair[1]} == {
        (0, 1),
        (3, 4),
        (4, 5),
        (0, 3),
        (1, 4),
    }
    assert weights[0, 3] == 0.5  # the same direction
    assert weights[1, 4] == pytest.approx(0.5 * 0.5 / np.sqrt(2 * 1.25))
    assert list(connected(joint)) == [0, 1, 3, 4, 5]


@pytest.mark.parametrize("how", EVERY)
def test_the_seed_decides(how):
    one, again, other = (
        embedding(random_graphs(2), how=how, options=replace(SMALL, seed=seed)).tobytes()
        for seed in (4, 4, 5)
    )
    assert one == again != other


def in_every_way() -> list[bytes]:
    options = replace(SMALL, seed=4)
    return [embedding(random_graphs(2), how=how, options=options).tobytes() for how in EVERY]


@pytest.mark.slow
def test_nothing_but_the_seed_decides():
    """Another process, with another hash seed and thread count, gives the same bytes."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_node_embedding as t;"
        "sys.stdout.buffer.write(b''.join(t.in_every_way()))"
    )
    library = Path(foldcast.__file__).parents[1]
    there = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(Path(__file__).parent)],
        env={
            **os.environ,
            "PYTHONPATH": str(library),
            "PYTHONHASHSEED": "12345",
            "NUMBA_NUM_THREADS": "1",
        },
        capture_output=True,
        check=True,
    ).stdout
    for how, here in zip(EVERY, in_every_way(), strict=True):
        assert there[: len(here)] == here, how
        there = there[len(here) :]
    assert not there


@pytest.mark.parametrize("how", EVERY)
def test_a_time_course_without_edges_is_zero_and_edges_may_come_later(how):
    x = embedding([graph({}), *random_graphs(1), graph({})], how=how)
    assert not x[0].any() and x[1].any() and not x[2].any()
    assert not embedding([graph({})] * 2, how=how).any()


def test_effort_falls_with_size_and_small_panels_keep_theirs():
    options = Options()
    assert options.effort(2_133) == (75, 5) and options.effort_of_update(3_000) == (10, 2)
    for nodes in (2_500, 17_736, 60_000):
        for (walks, passes), most in (
            (options.effort(nodes), options.most_visits),
            (options.effort_of_update(nodes), options.most_visits_per_update),
        ):
            visits = nodes * options.walk_length * walks * passes
            # What is given is used, and no more but where each node has its least walks once.
            assert 0.5 * most < visits <= most or (walks, passes) == (3, 1)
    assert options.effort(10**7) == (3, 1)
    assert replace(options, walks_per_node=2).effort(10**7) == (2, 1)
    # Many times in one graph are as much work as each by itself.
    assert options.effort_of_update(3_000 * 21, 21) == (10, 2)


def test_communities_are_found_with_the_least_effort():
    """Rings of 25 genes, few walks from each: genes of one ring are nearer than those of others."""
    rings, size = 16, 25
    pairs = {
        (ring * size + i, ring * size + (i + 1 + step) % size): 1.0
        for ring in range(rings)
        for i in range(size)
        for step in range(3)
    }
    pairs |= {(ring * size, (ring + 1) % rings * size): 0.2 for ring in range(rings)}
    options = Options(most_visits=rings * size * 25 * 8 * 5, most_visits_per_update=1)
    assert options.effort(rings * size) == (8, 5)
    for x in embedding([graph(pairs)] * 2, rings * size, options=options):
        unit = x / np.linalg.norm(x, axis=1, keepdims=True)
        cosine = (unit @ unit.T).reshape(rings, size, rings, size)
        within = np.einsum("risj,rs->", cosine, np.eye(rings)) / (rings * size**2)
        between = (cosine.sum() - within * rings * size**2) / (rings * (rings - 1) * size**2)
        assert within > between + 0.3
