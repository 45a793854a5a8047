"""A real Hi-C time course through the workflow: a graph per time, and what changes between maps."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lung import check_figures, clone_with_data, snakemake

from cited import Page, wrong
from foldcast.files import read_table, write_table
from foldcast.graph.graph_store import read_graphs

pytestmark = pytest.mark.slow

TIMES = range(20, 201, 10)
MAP_TIMES = [20, 40, 60, 180]


def write_course(folder: Path, genes: list[str]) -> None:
    """A walk for each gene, and the sheet of its samples."""
    rng = np.random.default_rng(1)
    columns = [f"m{time}" for time in TIMES]
    walks = 8 + rng.normal(scale=0.3, size=(len(genes), len(TIMES))).cumsum(axis=1)
    table = pd.DataFrame(walks, columns=columns).assign(gene=genes)
    write_table(table[["gene", *columns]], folder / "table.tsv")
    sheet = {"sample": columns, "column": range(2, len(TIMES) + 2), "time": TIMES, "replicate": 1}
    write_table(pd.DataFrame(sheet), folder / "samples.tsv")


@pytest.fixture(scope="module")
def results(tmp_path_factory, shared) -> Path:
    folder = clone_with_data(tmp_path_factory.mktemp("timed"), shared)
    genes = read_table(shared / "annotation/annotables_grch37.tsv.gz", dtype={"chr": str})
    genes = genes[(genes["chr"] == "22") & (genes["biotype"] == "protein_coding")]
    write_course(folder / "data", genes["symbol"].drop_duplicates().tolist()[:80])
    snakemake(folder, "--configfile", "tests/real/timed.yaml")
    return folder / "results/timed"


def test_the_graph_changes_where_another_map_begins_to_hold_and_nowhere_else(results):
    graphs = read_graphs(results / "graph/made/washout/graph.h5")
    assert graphs.times.tolist() == list(TIMES)
    edges = [graph.edge_index for graph in graphs.graphs]
    same = [np.array_equal(before, after) for before, after in pairwise(edges)]
    assert graphs.times[1:][~np.array(same)].tolist() == MAP_TIMES[1:]


def test_the_figure_of_changes_and_the_page_show_the_maps_in_order(results):
    assert {"map_changes.washout", "contact_map.washout"} <= check_figures(results)
    drawing = (results / "report/figures/map_changes.washout.svg").read_text()
    places = [drawing.index(f"after_{time} ({time})") for time in MAP_TIMES]
    assert places == sorted(places)
    text = (results / "report/index.html").read_text()
    page = Page(text)
    assert wrong(page, results) == []
    assert "map changes, washout" in text
