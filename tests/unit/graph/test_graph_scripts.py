"""The three scripts one after the other, on files: names, causality and what the log says."""

import logging
import shutil
import warnings
from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pytest
from bench.bench_graph import SIZE, WINDOW, Room, simulate

from foldcast.files import read_table, write_table
from foldcast.graph.graph_store import read_embedding, read_graphs
from scripts.graph import build_graph, embed, interactions


class Named(dict):
    """Items that are attributes too, as Snakemake's inputs are."""

    __getattr__ = dict.__getitem__


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Room:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        room = simulate(tmp_path_factory.mktemp("map"), genes=20, bins=60, times=4)
    for table in (room.loci, room.time_course):
        table["gene"] = table["gene"].replace({"g1": "NA", "g2": "2", "g3": "None"})
    return room


def run_stage(
    folder,
    room: Room,
    time_course: pd.DataFrame,
    rewire: dict | None = None,
    maps: list[str] | None = None,
    min_contacts: int = 0,
):
    """Graphs and embedding that the scripts make of these tables."""
    folder.mkdir()
    files = Named(map=[room.clr.uri] if maps is None else maps)
    for name, table in (vars(room) | {"time_course": time_course}).items():
        if name != "clr":
            path = str(folder / f"{name}.tsv")
            write_table(table, path)
            files[name] = path if name in ("loci", "time_course") else [path]
    made = {
        "interactions": str(folder / "interactions.csv"),
        "graph": str(folder / "graph.h5"),
        "pairs": str(folder / "pairs.tsv"),
        "genes": str(folder / "genes.tsv"),
        "embedding": str(folder / "embedding.h5"),
    }
    weights = {"hic": 0.3, "compartment": 0.1, "tad": 0.1, "insulation": 0.1, "expression": 0.4}
    embedding = {"method": "warm_start", "engine": "numba", "dimensions": 8, "walk_length": 8}
    embedding |= {"walks_per_node": 4, "seed": 2}
    for script, params in (
        (
            interactions,
            Named(
                map_times=[None],
                neighbours=None,
                contact="observed_over_expected",
                max_distance=None,
                min_contacts=min_contacts,
                window=WINDOW,
                compartment_resolution=2 * SIZE,
            ),
        ),
        (
            build_graph,
            Named(
                map_times=[None],
                contact="observed_over_expected",
                transform="ratio",
                weights=weights,
                rewire=rewire,
            ),
        ),
        (embed, Named(options=embedding)),
    ):
        inputs = Named(files | made)
        script.main(SimpleNamespace(input=inputs, output=Named(made), params=params))
    return read_graphs(made["graph"]), read_embedding(made["embedding"])


@pytest.mark.parametrize("origin", [0, 2])
def test_the_files_after_an_origin_change_nothing_before_it(room, tmp_path, origin):
    other = room.time_course.copy()
    other.iloc[:, origin + 2 :] = np.random.default_rng(3).normal(50, 20, (20, 3 - origin))
    graphs, (x, genes, times) = run_stage(tmp_path / "one", room, room.time_course)
    changed, (y, _, _) = run_stage(tmp_path / "two", room, other)
    assert genes == graphs.genes == list(room.time_course["gene"])
    assert list(times) == [0.5, 1.5, 2.5, 3.5]
    assert x[: origin + 1].tobytes() == y[: origin + 1].tobytes()
    assert x[origin + 1].tobytes() != y[origin + 1].tobytes()
    for t in range(origin + 1):
        for a, b in zip(graphs.graphs[t], changed.graphs[t], strict=True):
            assert a.tobytes() == b.tobytes()


def test_the_log_says_what_is_left_out(room, tmp_path, caplog):
    caplog.set_level(logging.INFO, logger="foldcast")
    bare = Room(
        **vars(room) | {"insulation": room.insulation[:0], "boundaries": room.boundaries[:0]}
    )
    graphs, _ = run_stage(tmp_path / "bare", bare, room.time_course)
    assert graphs.left_out == ["tad", "insulation"]
    assert "The map gives no tad, insulation: left out of the edge weights" in caplog.text
    isolated = len(graphs.genes) - len(np.unique(graphs.graphs[0].edge_index))
    assert f"20 genes ({isolated} without a contact)" in caplog.text


def test_a_rewired_graph_joins_others_and_says_so(room, tmp_path, caplog):
    caplog.set_level(logging.INFO, logger="foldcast")
    graphs, _ = run_stage(tmp_path / "one", room, room.time_course)
    rewired, _ = run_stage(tmp_path / "two", room, room.time_course, {"how": "matched", "seed": 1})
    assert rewired.genes == graphs.genes and rewired.attr_names == graphs.attr_names
    assert rewired.graphs[0].edge_index.shape == graphs.graphs[0].edge_index.shape
    assert "rewired (matched)" in caplog.text
    own, other = (read_table(tmp_path / folder / "pairs.tsv") for folder in ("one", "two"))
    n_pairs = graphs.graphs[0].edge_index.shape[1] // 2
    assert own["pairs"].sum() == own["shared"].sum() == other["pairs"].sum() == n_pairs
    assert f"{n_pairs} pairs, of which {other['shared'].sum()} are pairs of" in caplog.text
    nothing, (x, _, _) = run_stage(
        tmp_path / "three", room, room.time_course, {"how": "identity", "seed": 1}
    )
    assert nothing.graphs[0].edge_index.shape == (2, 0) and not x.any()


def test_genes_without_a_contact_are_listed(room, tmp_path):
    graphs, _ = run_stage(tmp_path / "one", room, room.time_course)
    genes = read_table(tmp_path / "one" / "genes.tsv")
    assert genes["gene"].tolist() == graphs.genes
    neighbours = np.bincount(graphs.graphs[0].edge_index[0], minlength=len(genes))
    assert genes["neighbours"].tolist() == neighbours.tolist()
    assert genes["in_contact"].tolist() == (neighbours > 0).astype(int).tolist()


def test_without_a_map_every_gene_stands_alone(room, tmp_path, caplog):
    caplog.set_level(logging.INFO, logger="foldcast")
    graphs, (x, genes, _) = run_stage(tmp_path / "none", room, room.time_course, maps=[])
    assert graphs.genes == genes == list(room.time_course["gene"])
    assert all(one.edge_index.shape == (2, 0) for one in graphs.graphs) and not x.any()
    assert "no map: a graph of 20 genes without pairs" in caplog.text
    assert read_table(tmp_path / "none" / "genes.tsv")["in_contact"].eq(0).all()


def test_counts_are_not_asked_of_a_map_that_has_none(room, tmp_path, caplog):
    whole, _ = run_stage(tmp_path / "one", room, room.time_course)
    few, _ = run_stage(tmp_path / "two", room, room.time_course, min_contacts=10**6)
    assert few.graphs[0].edge_index.shape[1] == 0 < whole.graphs[0].edge_index.shape[1]
    path = tmp_path / "ratio.cool"
    shutil.copy(room.clr.filename, path)
    with h5py.File(path, "r+") as file:
        counts, weight = file["pixels/count"][:] / 2.5, file["bins/weight"][:] * 2.5**0.5
        del file["pixels/count"]
        file["pixels/count"] = counts
        file["bins/weight"][:] = weight
    ratio, _ = run_stage(
        tmp_path / "three", room, room.time_course, maps=[str(path)], min_contacts=10**6
    )
    assert (ratio.graphs[0].edge_index == whole.graphs[0].edge_index).all()
    assert "ratio.cool holds no raw counts: `min_contacts` cannot be asked of it" in caplog.text
