"""Timed maps: which one holds when, and graphs whose edges change with time."""

import warnings

import cooler
import cooltools
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.graph.edge_weights import build_graphs
from foldcast.graph.graph_store import read_graphs, write_graphs
from foldcast.graph.interactions import interactions
from foldcast.graph.map_times import maps_at
from foldcast.hic.expected import expected_cis

WEIGHTS = {"hic": 0.6, "compartment": 0.1, "tad": 0.1, "insulation": 0.1, "expression": 0.1}


def test_the_latest_map_at_or_before_a_time():
    maps = {"late": 10.0, "early": 1.0, "before": None}
    times = [-5.0, 0.99, 1.0, 9.0, 10.0, 99.0]
    held = maps_at(times, maps, "c.yaml", "graphs.g.maps")
    assert held == ["before", "before", "early", "early", "late", "late"]
    assert maps_at([1.0, 2.0], {"one": None}, "c.yaml", "p") == ["one", "one"]


def test_times_before_the_first_map_are_named():
    with pytest.raises(InputError, match=r"graphs\.g\.maps[\s\S]*no map for -5, 0\.5") as error:
        maps_at([-5.0, 0.5, 1.0], {"m": 1.0, "n": 3.0}, "c.yaml", "graphs.g.maps")
    assert "static map" in error.value.remedy


@pytest.mark.parametrize(
    ("maps", "found"),
    [({"a": None, "b": None, "c": 1.0}, "a, b"), ({"a": 2.0, "b": 2.0}, "both of time 2")],
)
def test_maps_of_one_time_are_refused(maps, found):
    with pytest.raises(InputError, match=found):
        maps_at([], maps, "c.yaml", "p")


def test_real_time_course_of_maps(shared, tmp_path):
    """RAD21 comes back to HCT116 after wash-out: four maps, 20 to 180 minutes."""
    minutes = [20.0, 40.0, 60.0, 180.0]
    size, rng = 50_000, np.random.default_rng(0)
    tss = np.sort(rng.choice(np.arange(20_000_000, 51_000_000, size), 60, replace=False))
    genes = [f"g{i}" for i in range(len(tss))]
    loci = pd.DataFrame({"gene": genes, "chrom": "22", "start": tss, "end": tss, "tss": tss})
    times = [20.0, 30.0, 40.0, 60.0, 120.0, 180.0, 240.0]
    values = rng.normal(8, 2, (len(genes), len(times)))
    time_course = pd.DataFrame(values, columns=[str(time) for time in times])
    time_course.insert(0, "gene", genes)
    parts = []
    for i, time in enumerate(minutes, start=1):
        path = next((shared / "hic").glob(f"HCT116_RAD21_timemats_{i}of4*.cool"))
        clr = balanced(path, tmp_path / f"{i}.cool")
        chrom = clr.chromnames[0]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            features = expected_cis(clr), cooltools.insulation(clr, [10 * size])
        parts.append(
            interactions(
                loci.assign(chrom=chrom),
                time_course,
                clr,
                *features,
                pd.DataFrame(columns=["chrom", "start", "end", "window"]),
                pd.DataFrame(columns=["chrom", "start", "score"]),
                window=10,
                compartment_resolution=size,
                neighbours=4,
                contact="balanced",
            ).assign(Map_Time=time)
        )
    table = pd.concat(parts, ignore_index=True)
    indexed = time_course.set_index("gene").rename(columns=float)
    built = build_graphs(table, indexed, WEIGHTS, contact="balanced", map_times=minutes)
    write_graphs(built, tmp_path / "graph.h5")
    graphs = read_graphs(tmp_path / "graph.h5").graphs

    def edges(graph):
        return set(map(tuple, graph.edge_index.T))

    used = [20.0, 20.0, 40.0, 60.0, 60.0, 180.0, 180.0]
    for graph, time in zip(graphs, used, strict=True):
        rows = table[table["Map_Time"] == time]
        ends = [[genes.index(g) for g in rows[side]] for side in ("Gene1", "Gene2")]
        assert edges(graph) == set(zip(*ends, strict=True)) | set(zip(*ends[::-1], strict=True))
    assert edges(graphs[0]) != edges(graphs[2])
    # The maps of one experiment agree more than chance, and not wholly.
    kept = len(edges(graphs[0]) & edges(graphs[5])) / len(edges(graphs[0]))
    assert 0.5 < kept < 1
    # What a later map says changes no earlier graph.
    other = table.copy()
    other.loc[other["Map_Time"] > 40, "HiC_Interaction"] **= 2
    again = build_graphs(other, indexed, WEIGHTS, contact="balanced", map_times=minutes).graphs
    for t in range(3):
        assert all(a.tobytes() == b.tobytes() for a, b in zip(graphs[t], again[t], strict=True))
    assert graphs[3].edge_weight.tobytes() != again[3].edge_weight.tobytes()


def balanced(source, target) -> cooler.Cooler:
    """A copy with weights, where the map brings none."""
    target.write_bytes(source.read_bytes())
    clr = cooler.Cooler(str(target))
    if "weight" not in clr.bins().columns:
        cooler.balance_cooler(clr, cis_only=True, store=True, max_iters=300)
    return cooler.Cooler(str(target))


def test_a_map_without_pairs_gives_a_time_without_edges():
    time_course = pd.DataFrame(np.eye(2), index=["a", "b"], columns=[1.0, 2.0])
    columns = [
        f"{side}_{name}"
        for name in ("Compartment", "Insulation_Score", "TAD_Boundary_Distance")
        for side in ("Gene1", "Gene2")
    ]
    table = pd.DataFrame(
        {"Gene1": ["a"], "Gene2": ["b"], "HiC_Interaction": [1.0], "Map_Time": [1.0]}
    ).assign(**dict.fromkeys(columns, np.nan))
    one, two = build_graphs(table, time_course, WEIGHTS, map_times=[1.0, 2.0]).graphs
    assert one.edge_index.shape == (2, 2) and two.edge_index.shape == (2, 0)
