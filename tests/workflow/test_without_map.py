"""A time course of raw counts and no contact map at all: from preflight to the report."""

import numpy as np
import pandas as pd
import pytest

from project import Project


@pytest.fixture
def project(given_files, tmp_path) -> Project:
    """Counts of the demo's genes and of 20 that nothing places, in libraries of many depths."""
    project = given_files.copy(tmp_path / "foldcast")
    log2 = pd.read_csv(project.folder / "data/expression.tsv", sep="\t", index_col=0)
    others = log2.iloc[:20].iloc[:, ::-1].set_axis(log2.columns, axis=1)
    log2 = pd.concat([log2, others.set_axis([f"locus_{k}" for k in range(20)])])
    depth = 2 ** np.random.default_rng(1).normal(0, 1, log2.shape[1])
    (2**log2 * depth + 5).round().astype(int).to_csv(
        project.folder / "data/expression.tsv", sep="\t"
    )
    project.configure("datasets.mrna.values", "counts")
    project.configure("datasets.mrna.graphs", [])
    project.configure("graphs", None)
    project.configure("maps", None)
    return project


@pytest.mark.slow
def test_counts_without_a_map_run_to_the_report(project):
    project.snakemake("preflight")
    results = project.folder / "results/tiny"
    said = (results / "preflight.txt").read_text()
    assert "libraries of " in said and "by the median of ratios" in said and "map" not in said
    project.snakemake()
    assert not (results / "hic").exists()
    evaluation = pd.read_csv(results / "evaluation/mrna/evaluation.tsv", sep="\t")
    assert set(evaluation.loc[evaluation["kind"] == "model", "graph"]) == {"no_map"}
    assert (results / "step/mrna/no_map/stepmr/ahead.tsv").is_file()
    figures = {path.stem.split(".")[0] for path in (results / "report/figures").glob("*.png")}
    assert not figures & {"contact_map", "graph", "graph_times", "neighbours"}
    assert figures >= {"skill", "courses", "loading", "forecast_map", "predictability"}
    page = (results / "report/index.html").read_text()
    assert "No contact map: each gene is forecast from its own past." in page
    assert "No contact map was given. With one," in page
    assert "STEPmr without a map" in page and "STEPmr on no_map" not in page
    scaling = pd.read_csv(results / "expression/mrna/scaling.tsv", sep="\t")
    assert f">{scaling['library_size'].max():,.0f}</data>" in page
    assert f">{scaling['size_factor'].max():.2f}</data>" in page
    assert set(project.stale("preflight")) <= {"preflight"} and project.stale() == set()
