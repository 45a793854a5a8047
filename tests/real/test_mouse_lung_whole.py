"""The mouse-lung config in one piece: three datasets, two maps, two rewired graphs.

The same is asserted of a run with one of the datasets, which takes a fifth of the time.
"""

import numpy as np
import pandas as pd
import pytest
from lung import ONE, check_figures

from cited import Page, wrong
from foldcast.files import read_table

REWIRED = ("mesc_no_pairs", "mesc_rewired")
# The whole config: models and graphs of each dataset, and how many genes it has.
WHOLE = {
    "mrna": ("stepmr", ("mesc", "mesc_hindiii", *REWIRED), 126),
    "mirna_loci": ("stepmi", ("mesc",), 95),
    "mirna_targets": ("stepmi", ("mesc",), 386),
}
slow, full = pytest.mark.slow, pytest.mark.full
RUNS = {ONE: ((ONE,), slow), "whole": (tuple(WHOLE), full)}
each_run = pytest.mark.parametrize(
    ("run", "datasets"),
    [pytest.param(run, own, marks=mark, id=run) for run, (own, mark) in RUNS.items()],
    indirect=["run"],
)
each_dataset = pytest.mark.parametrize(
    ("run", "dataset"),
    [
        pytest.param(run, dataset, marks=mark, id=f"{run}-{dataset}")
        for run, (own, mark) in RUNS.items()
        for dataset in own
    ],
    indirect=["run"],
)


@pytest.fixture
def run(request, lung_run):
    return lung_run(request.param)


@pytest.fixture
def results(run):
    return run.results


@each_run
def test_after_the_run_there_is_nothing_to_be_done(run, datasets):
    assert "Nothing to be done" in run.snakemake("--dry-run")
    assert {path.name for path in (run.results / "step").iterdir()} == set(datasets)


@each_dataset
def test_every_gene_of_every_dataset_is_scored_by_every_model(results, dataset):
    model, graphs, n_genes = WHOLE[dataset]
    panel = read_table(results / f"expression/{dataset}/panel.tsv", dtype={"gene": str})
    assert len(panel) == n_genes
    scores = read_table(results / f"evaluation/{dataset}/scores.tsv", dtype={"gene": str})
    by_model = scores.groupby(["model", "graph"])
    for name, part in by_model:
        assert part["gene"].tolist() == panel["gene"].tolist(), name
        assert np.isfinite(part["mse"]).all() and (part["n"] == 30).all(), name
    assert {(model, graph) for graph in graphs} <= set(by_model.groups)
    assert {("persistence", "-"), ("smoothing_per_gene", "-")} <= set(by_model.groups)
    evaluation = read_table(results / f"evaluation/{dataset}/evaluation.tsv")
    assert (evaluation["n_genes"] == n_genes).all() and (evaluation["n_origins"] == 30).all()
    # Each forecast itself, and no second one of the same.
    for graph in graphs:
        folder = results / f"step/{dataset}/{graph}/{model}"
        blocks = sorted(folder.glob("*-*/forecasts.tsv"))
        made = pd.concat([read_table(path, dtype={"gene": str}) for path in blocks])
        made = made[made["model"] == model]
        assert not made.duplicated(["seed", "origin", "gene"]).any()
        assert len(made) == 30 * n_genes and np.isfinite(made["predicted"]).all()


@each_dataset
def test_every_verdict_of_the_config_has_its_interval(results, dataset):
    model, graphs, n_genes = WHOLE[dataset]
    table = read_table(results / f"evaluation/{dataset}/verdict.tsv")
    contrasts = [
        f"{one}: mesc - {other}"
        for one in ("stepmr", "stack_with_stepmr")
        for other in ("rewired pairs", "no pairs")
    ]
    own = [graph for graph in graphs if graph not in REWIRED]
    references = ["smoothing_per_gene", "persistence", "local_level", "stack"]
    expected = [f"stack - {reference}" for reference in references[:-1]]
    expected += [f"stack_with_{model} on {graph} - stack" for graph in own]
    expected += contrasts if dataset == "mrna" else []
    expected += [
        f"{one} on {graph} - {reference}"
        for one in (model, f"{model}_without_base")
        for graph in own
        for reference in references
    ]
    assert sorted(table["comparison"]) == sorted(expected)
    numbers = table[["low", "difference", "high"]].to_numpy()
    assert np.isfinite(numbers).all() and (np.diff(numbers) >= 0).all()
    for row in table.itertuples():
        word = "better" if row.low > 0 else "worse" if row.high < 0 else "cannot be decided"
        assert row.verdict in (word, "the same")
        assert f"{row.low:+.3f} to {row.high:+.3f}" in row.sentence
        if ": mesc - " in row.comparison:  # the others know nothing of the graph
            assert np.isnan(row.p) and " genes with neighbours, 30 origins" in row.sentence
        elif not row.comparison.endswith(" on mesc - stack"):
            assert f"; {n_genes} genes" in row.sentence or "stack_with" in row.comparison
    assert table["sentence"].str.contains("no evidence on folding").all() == (
        dataset == "mirna_targets"
    )


@full
@pytest.mark.parametrize("run", ["whole"], indirect=True)
def test_the_whole_config_says_how_much_is_loading(results):
    found = {name: read_table(results / f"expression/{name}/loading.tsv") for name in WHOLE}
    value = pd.concat(found).droplevel(1).set_index(["stage", "metric"], append=True)["value"]
    value = value.sort_index()
    assert {name: set(table["stage"]) for name, table in found.items()} == {
        "mrna": {"panel"}, "mirna_loci": {"raw", "panel"}, "mirna_targets": {"raw", "panel"}
    }  # fmt: skip
    for name in ("mirna_loci", "mirna_targets"):
        raw = value[name, "raw"]
        assert raw["genes"] == 95  # of 599 probes, detected before the first origin
        assert raw["pc1_share"] == pytest.approx(0.77, abs=0.005)
        assert raw["pc1_r_mean"] == pytest.approx(1.0, abs=0.005)
        assert raw["pc1_r_age"] == pytest.approx(-0.10, abs=0.005)
        controls = ["pc1_r_negative", "pc1_r_positive", "pc1_r_housekeeping"]
        assert np.isfinite(raw[controls]).all()
    assert value["mirna_loci", "panel", "genes"] == 95
    assert value["mirna_targets", "panel", "genes"] == WHOLE["mirna_targets"][2]
    detection = results / "expression/mirna_loci/detection.tsv"
    assert read_table(detection)["detected"].value_counts().to_dict() == {0: 504, 1: 95}
    controls = results / "expression/mirna_loci/loading_controls.tsv"
    assert len(read_table(controls)) == 18
    log = (results / "logs/diagnose_loading/mirna_loci.log").read_text()
    assert "the panel is mostly loading" in log and "a batch effect" in log


@each_run
def test_the_figures_of_the_config_show_something(results, datasets):
    expected = {"contact_map.mesc", "contact_map.mesc_hindiii"}
    for dataset in datasets:
        model, graphs, _ = WHOLE[dataset]
        expected |= {f"{name}.{dataset}" for name in ("loading", "skill", "horizons")}
        for graph in graphs:
            of_model = ("ahead", "courses", "forecast_map", "loss")
            of_graph = ("graph", "neighbours", "predictability")
            if graph in REWIRED:  # of its own genes there is nothing to tell
                of_model, of_graph = ("courses", "loss"), ("graph",)
            expected |= {f"{name}.{dataset}.{graph}.{model}" for name in of_model}
            expected |= {f"{name}.{dataset}.{graph}" for name in of_graph}
    assert expected <= check_figures(results)


@each_run
def test_every_number_of_the_page_is_that_of_its_table(results, datasets):
    path = results / "report/index.html"
    assert path.stat().st_size <= 15_000_000
    page = Page(path.read_text())
    assert len(page.cited) > 100
    assert wrong(page, results) == []
    assert not [address for address in page.addresses if "://" in address]


@each_run
def test_genes_are_held_against_hallmark_and_go_sets(results, datasets):
    folder = results / "enrichment/step/mrna/mesc"
    tested = read_table(folder / "overrepresentation.tsv")
    assert tested["collection"].nunique() == 2
    assert tested["q"].between(0, 1).all() and (tested["q"] >= tested["p"]).all()
    assert read_table(folder / "enrichment.tsv")["sentence"].str.len().gt(20).all()
