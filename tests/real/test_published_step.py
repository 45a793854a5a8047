"""The two published configs of STEP: what they say about themselves is so."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from lung import MIRROR, clone_with_data, snakemake

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory, shared, mirror) -> Path:
    return clone_with_data(tmp_path_factory.mktemp("published"), shared)


def test_every_weight_of_the_published_graph_has_something_to_weigh(clone):
    config = yaml.safe_load((clone / "config/published_step.yaml").read_text())
    beside = yaml.safe_load((clone / "tests/real/shared.yaml").read_text())
    config["genome"] |= beside["genome"]
    (clone / "step.yaml").write_text(yaml.safe_dump(config))
    folder = "results/published_step/graph/mrna/mesc"
    snakemake(clone, f"{folder}/graph.h5", "--configfile", "step.yaml", **MIRROR)
    pairs = pd.read_csv(clone / folder / "interactions.csv")
    features = pairs.filter(regex="Compartment|Insulation|Boundary")
    assert features.shape[1] == 6 and (features.notna().mean() > 0.9).all()
    assert (pairs[["Gene1_Bin", "Gene2_Bin"]] % 1_000_000 == 0).all(axis=None)
    first = read_graphs(clone / folder / "graph.h5").graphs[0]
    weights = config["graphs"]["mesc"]["weights"]
    assert first.edge_attr.shape[1] == len(weights) == 5
    assert (first.edge_attr.std(axis=0) > 0).all()


def test_the_published_score_is_reached_without_a_network(clone):
    config = yaml.safe_load((clone / "config/published_score.yaml").read_text())
    # One table, and walks that take seconds.
    config["graphs"] = {"published_mrna": config["graphs"]["published_mrna"]}
    config["graphs"]["published_mrna"]["embedding"]["engine"] = "numba"
    config["datasets"] = {"mrna": config["datasets"]["mrna"]}
    (clone / "score.yaml").write_text(yaml.safe_dump(config))
    snakemake(clone, "plot_published_score", "--configfile", "score.yaml", **MIRROR)
    results = clone / "results/published_score"
    table = read_table(results / "step/mrna/published_mrna/published_score.tsv")
    r = table.set_index(["space", "forecast"])["r"]
    embedding = "last coordinate of the embedding"
    assert r[embedding, "mean of the times before and after"] > 0.782  # published
    assert abs(r[embedding, "expression"]) < 0.2
    # Of expression itself, by the published split: 8 windows, 50 genes.
    assert r["expression", "persistence"] == pytest.approx(0.984, abs=0.001)
    assert (table["windows"][:4] == 8).all() and (table["genes"] == 50).all()
    drawing = (results / "report/figures/published_score.svg").read_text()
    assert "published 0.78" in drawing
