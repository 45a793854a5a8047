"""The tiny demo from end to end: what is there, whether the planted truth is found, the report."""

import base64

import pandas as pd
import pytest

from cited import Page, wrong
from field_words import GIVEN_UP
from used_memory import asked_and_used, wrongly_asked

pytestmark = pytest.mark.slow

BED = ["chrom", "start", "end"]
# Rules that have something to tell, whatever the data.
TALKATIVE = {
    "build_graph",
    "demo_contacts",
    "demo_expression",
    "demo_genome",
    "evaluate",
    "fetch",
    "import_annotation",
    "import_expression",
    "import_map",
    "interactions",
    "resolve_genes",
    "train_step",
}


@pytest.fixture(scope="module")
def folder(complete):
    return complete.project.folder


@pytest.fixture(scope="module")
def results(complete):
    return complete.project.folder / complete.project.results


def test_everything_announced_is_there(complete, folder):
    missing = [path for job in complete.jobs for path in job.output if not (folder / path).exists()]
    assert len(complete.jobs) > 20
    assert not missing
    assert not list((folder / "results").rglob(".*")), "temporary files were left"


def test_every_job_writes_its_log(complete, folder):
    for job in complete.jobs:
        (log,) = job.log
        assert log.startswith(f"results/tiny/logs/{job.rule}/")
        assert (folder / log).is_file(), log
        if job.rule in TALKATIVE:
            assert (folder / log).read_text().strip(), f"{log} is empty"


def test_jobs_ask_for_as_much_memory_as_they_take(results):
    jobs = asked_and_used(results)
    assert {"import_map", "embed", "train_step", "evaluate", "change_together"} <= {*jobs["rule"]}
    assert wrongly_asked(jobs).empty, wrongly_asked(jobs).to_string()


def test_a_second_run_has_nothing_to_do(project):
    assert project.plan() == []


def test_planted_boundaries_are_found(folder, results):
    found = pd.read_csv(results / "hic/folded/10000/boundaries.tsv", sep="\t")
    truth = pd.read_csv(folder / "resources/demo/truth/boundaries.bed", sep="\t", names=BED)
    bins = {
        (row.chrom, row.start // 10_000 + shift)
        for row in found.itertuples()
        for shift in (-1, 0, 1)
    }
    # A boundary between bins k - 1 and k may be called in either.
    recalled = [(row.chrom, row.start // 10_000) in bins for row in truth.itertuples()]
    assert sum(recalled) >= 0.9 * len(truth)
    assert len(found) <= 1.2 * len(truth)


def test_planted_compartments_are_found_with_the_right_sign(folder, results):
    found = pd.read_csv(results / "hic/folded/50000/compartments.tsv", sep="\t").dropna()
    truth = pd.read_csv(
        folder / "resources/demo/truth/compartments.bed", sep="\t", names=[*BED, "kind"]
    )
    both = found.merge(truth, on="chrom", suffixes=("", "_domain"))
    both = both[(both["start"] >= both["start_domain"]) & (both["end"] <= both["end_domain"])]
    assert len(both) == len(found) >= 50
    assert ((both["E1"] > 0) == (both["kind"] == "A")).mean() >= 0.95


def test_every_gene_is_scored_also_without_a_locus(folder, results):
    table = pd.read_csv(folder / "resources/demo/expression.tsv", sep="\t")
    loci = pd.read_csv(results / "expression/mrna/loci.tsv", sep="\t")
    scores = pd.read_csv(results / "evaluation/mrna/scores.tsv", sep="\t")
    genes = set(table["gene"])
    assert set(loci.loc[loci["chrom"].isna(), "gene"]) == {f"CTRL{k}" for k in range(1, 5)}
    for (model, _), of_model in scores.groupby(["model", "graph"]):
        assert set(of_model["gene"]) == genes, model
        assert of_model["mse"].notna().all(), model
    assert {"stepmr", "persistence", "smoothing_per_gene", "stack"} <= set(scores["model"])


def test_the_forecast_is_the_base_forecast_and_the_network_has_its_own(results):
    tables = {
        name: pd.read_csv(results / path, sep="\t")
        for name, path in {
            "stack": "evaluation/mrna/stack/ahead.tsv",
            "stepmr": "step/mrna/folded/stepmr/ahead.tsv",
        }.items()
    }
    for table in tables.values():
        assert len(table) == 44 and table["low"].lt(table["high"]).all()
    page = (results / "report/index.html").read_text()
    assert "base forecast (stack) against persistence" in page
    assert "leave their present level by time" in page


def test_figures_carry_no_dates(results):
    figures = sorted((results / "report/figures").glob("*.svg"))
    assert len(figures) == 16
    for figure in figures:
        assert "<dc:date>" not in figure.read_text(), figure.name


def test_the_report_holds_every_figure(project):
    project.snakemake("--report", "report.html")
    html = (project.folder / "report.html").read_text()
    figures = sorted((project.folder / project.results / "report/figures").glob("*.png"))
    assert len(figures) == 16
    for figure in figures:
        assert base64.b64encode(figure.read_bytes()).decode() in html, figure.name


def test_every_number_of_the_page_is_that_of_its_table(results):
    page = Page((results / "report/index.html").read_text())
    assert len(page.cited) > 20
    assert wrong(page, results) == []


def test_the_page_says_no_word_that_we_gave_up(results):
    page = Page((results / "report/index.html").read_text())
    said = " ".join(" ".join(page.words).split())
    assert "Words used here" in said
    assert [found.group() for found in GIVEN_UP.finditer(said)] == []


def test_the_page_holds_everything_that_it_shows(results):
    page = Page((results / "report/index.html").read_text())
    assert not [address for address in page.addresses if "://" in address]
    assert all(image.get("alt") or image.get("aria-label") for image in page.images)
