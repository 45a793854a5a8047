"""Edge weights and their causality; graphs on disk."""

import h5py
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.graph.edge_weights import build_graphs
from foldcast.graph.graph_store import (
    Graph,
    is_causal,
    read_embedding,
    read_graphs,
    write_embedding,
    write_graphs,
)
from foldcast.graph.interactions import strongest

WEIGHTS = {"hic": 0.3, "compartment": 0.1, "tad": 0.1, "insulation": 0.1, "expression": 0.4}


@pytest.fixture
def table() -> pd.DataFrame:
    """a–b know everything, a–c have no compartment for c, c–d no TAD boundary for d."""
    return pd.DataFrame(
        {
            "Gene1": ["a", "a", "c"],
            "Gene2": ["b", "c", "d"],
            "HiC_Interaction": [1.0, 3.0, 0.25],
            "Gene1_Compartment": ["A", "A", None],
            "Gene2_Compartment": ["A", None, "B"],
            "Gene1_Insulation_Score": [0.5, 0.5, -0.5],
            "Gene2_Insulation_Score": [1.5, -0.5, -0.5],
            "Gene1_TAD_Boundary_Distance": [3.0, 3.0, 0.0],
            "Gene2_TAD_Boundary_Distance": [0.0, 0.0, np.nan],
        }
    )


@pytest.fixture
def time_course() -> pd.DataFrame:
    values = np.random.default_rng(2).normal(8, 2, (5, 6))
    values[:2, 0] = 4, 8
    values[2:, 0] = 5, 6, 7
    return pd.DataFrame(values, index=list("abcde"), columns=np.arange(6) + 0.5)


def edge(graph: Graph, i: int, j: int) -> tuple[float, np.ndarray]:
    at = np.flatnonzero((graph.edge_index[0] == i) & (graph.edge_index[1] == j))
    return graph.edge_weight[at].item(), graph.edge_attr[at[0]]


def same(one: Graph, two: Graph) -> bool:
    return all(a.tobytes() == b.tobytes() for a, b in zip(one, two, strict=True))


def test_components_by_hand(table, time_course):
    graphs = build_graphs(table, time_course, WEIGHTS)
    assert graphs.attr_names == list(WEIGHTS) and graphs.left_out == []
    weight, attr = edge(graphs.graphs[0], 0, 1)
    np.testing.assert_allclose(attr, [0.5, 1, 1 / 4, 1 / 2, 1 / 2])  # expression: the whole range
    assert weight == pytest.approx(0.15 + 0.1 + 0.025 + 0.05 + 0.2)


def test_missing_is_not_similar(table, time_course):
    first = build_graphs(table, time_course, WEIGHTS).graphs[0]
    weight, attr = edge(first, 0, 2)
    assert np.isnan(attr[1])
    known = [0, 2, 3, 4]
    share = np.array(list(WEIGHTS.values()))[known]
    assert weight == pytest.approx((attr[known] * share).sum() / share.sum())


def test_a_component_that_the_map_cannot_give_is_left_out(table, time_course):
    table[["Gene1_TAD_Boundary_Distance", "Gene2_TAD_Boundary_Distance"]] = np.nan
    graphs = build_graphs(table, time_course, WEIGHTS)
    assert graphs.left_out == ["tad"]
    assert graphs.attr_names == ["hic", "compartment", "insulation", "expression"]
    weight, attr = edge(graphs.graphs[0], 0, 1)
    assert weight == pytest.approx((attr * [0.3, 0.1, 0.1, 0.4]).sum() / 0.9)


def test_edges_both_ways_in_order(table, time_course):
    graphs = build_graphs(table, time_course, WEIGHTS)
    shuffled = build_graphs(table.iloc[::-1], time_course, WEIGHTS)
    for graph, other in zip(graphs.graphs, shuffled.graphs, strict=True):
        edges = list(map(tuple, graph.edge_index.T))
        assert edges == sorted(edges) and {(j, i) for i, j in edges} == set(edges)
        assert edge(graph, 2, 3)[0] == edge(graph, 3, 2)[0]
        assert ((graph.edge_weight > 0) & (graph.edge_weight <= 1)).all()
        assert same(graph, other)
    assert graphs.genes == list("abcde")  # e has no edge and is a node


@pytest.mark.parametrize("origin", range(5))
def test_no_value_after_the_origin_changes_a_graph(table, time_course, origin):
    other = time_course.copy()
    other.iloc[:, origin + 1 :] = np.random.default_rng(9).normal(100, 50, (5, 5 - origin))
    before, after = (build_graphs(table, c, WEIGHTS).graphs for c in (time_course, other))
    assert all(same(before[t], after[t]) for t in range(origin + 1))
    assert not same(before[origin + 1], after[origin + 1])


def test_scaling_is_learnt_as_time_goes(table, time_course):
    time_course.loc["e", 1.5] = (
        1000.0  # a new maximum narrows all later differences, no earlier one
    )
    graphs = build_graphs(table, time_course, WEIGHTS).graphs
    assert edge(graphs[0], 0, 1)[1][-1] == 0.5
    assert edge(graphs[1], 0, 1)[1][-1] > 0.98


def test_balanced_contact_in_units_of_the_median(table, time_course):
    graph = build_graphs(table, time_course, WEIGHTS, contact="balanced").graphs[0]
    tiny = build_graphs(
        table.assign(HiC_Interaction=table["HiC_Interaction"] * 1e-4),
        time_course,
        WEIGHTS,
        contact="balanced",
    ).graphs[0]
    assert edge(graph, 0, 1)[1][0] == 0.5  # the median
    np.testing.assert_allclose(graph.edge_attr, tiny.edge_attr)


@pytest.mark.parametrize(
    ("transform", "similarity"),
    [
        ("ratio", [0.5, 0.75, 0.2]),
        ("log1p", np.log([2 / 1.25, 4 / 1.25, 1]) / np.log(4 / 1.25)),
        ("raw", [0.75 / 2.75, 1, 0]),
    ],
)
def test_transforms_of_a_contact(table, time_course, transform, similarity):
    graph = build_graphs(table, time_course, WEIGHTS, transform=transform).graphs[0]
    hic = [edge(graph, i, j)[1][0] for i, j in ((0, 1), (0, 2), (2, 3))]
    np.testing.assert_allclose(hic, similarity, rtol=1e-6)


def test_constant_and_missing_expression(table, time_course):
    time_course.iloc[:, 0] = 7.0
    time_course.loc["a", 1.5] = np.nan
    graphs = build_graphs(table, time_course, WEIGHTS).graphs
    assert edge(graphs[0], 0, 1)[1][-1] == 1
    weight, attr = edge(graphs[1], 0, 1)
    assert np.isnan(attr[-1]) and weight > 0


def test_no_pairs_is_a_graph_of_isolated_genes(table, time_course):
    graphs = build_graphs(table.iloc[:0], time_course, WEIGHTS)
    assert graphs.graphs[0].edge_index.shape == (2, 0)
    assert graphs.graphs[0].edge_attr.shape == (0, 5) and graphs.left_out == []


def test_unknown_gene_is_named(table, time_course):
    table.loc[1, "Gene2"] = "zz"
    with pytest.raises(InputError, match=r"pairs\.csv, line 3, column Gene2\n.*zz"):
        build_graphs(table, time_course, WEIGHTS, source="pairs.csv")


def test_weights_of_nothing_are_refused(table, time_course):
    table[["Gene1_TAD_Boundary_Distance", "Gene2_TAD_Boundary_Distance"]] = np.nan
    with pytest.raises(InputError, match=r"the map gives no tad[\s\S]*raise `weights`"):
        build_graphs(table, time_course, dict.fromkeys(WEIGHTS, 0.0) | {"tad": 1.0})


def test_graphs_on_disk(table, time_course, tmp_path):
    graphs = build_graphs(table, time_course, WEIGHTS)
    for name in ("one.h5", "two.h5"):
        write_graphs(graphs, tmp_path / name)
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()
    back = read_graphs(tmp_path / "one.h5")
    assert (back.genes, back.attr_names, back.left_out) == (
        graphs.genes,
        graphs.attr_names,
        graphs.left_out,
    )
    np.testing.assert_array_equal(back.times, time_course.columns)
    assert all(same(a, b) for a, b in zip(back.graphs, graphs.graphs, strict=True))
    with h5py.File(tmp_path / "one.h5") as file:
        assert file["t/0/edge_index"] == file["t/5/edge_index"]  # stored once
        assert file["t/3/edge_index"].dtype == np.int64


def test_embedding_on_disk(tmp_path):
    x = np.random.default_rng(0).random((2, 3, 4), dtype=np.float32)
    axes = ["NA", "é", "c"], np.array([-4.5, 0.5])
    write_embedding(x, *axes, tmp_path / "e.h5", engine="t", seed=7)
    back, genes, times = read_embedding(tmp_path / "e.h5")
    assert (
        back.tobytes() == x.tobytes() and genes == ["NA", "é", "c"] and list(times) == [-4.5, 0.5]
    )
    with h5py.File(tmp_path / "e.h5") as file:
        assert dict(file.attrs) == {"engine": "t", "seed": 7, "causal": True}
    assert is_causal(tmp_path / "e.h5")
    write_embedding(x, *axes, tmp_path / "e.h5", engine="t", seed=7, causal=False)
    assert not is_causal(tmp_path / "e.h5")


def test_each_gene_keeps_its_strongest_contacts():
    first, second = np.array([0, 0, 0, 1, 2]), np.array([1, 2, 3, 2, 3])
    contact = np.array([5.0, 4.0, 3.0, 1.0, 9.0])
    # 0–1 is the best of 0 and 1, 2–3 of 2 and 3; the others are nobody's best.
    assert strongest(first, second, contact, 1).tolist() == [True, False, False, False, True]
    assert strongest(first, second, contact, None).all()
    kept = strongest(first, second, contact, 2)
    assert np.bincount(np.concatenate([first[kept], second[kept]])).min() >= 2
