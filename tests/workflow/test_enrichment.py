"""The enrichment stage on the tiny demo: what it makes, and what makes it stale."""

import pandas as pd
import pytest

from project import PAGE

SETS = {"demo": {"path": "data/sets.gmt"}}
SUBJECTS = ("enrichment/step/mrna/folded", "enrichment/forecast/mrna/stack")
ENRICH = {"enrich", "plot_enrichment"}
STAGE = {"match_gene_sets", "rank_genes"} | ENRICH


@pytest.fixture(scope="module")
def enriched(complete, tmp_path_factory):
    """The complete tiny demo, then gene sets of the user's own, and the stage run."""
    project = complete.project.copy(tmp_path_factory.mktemp("enriched") / "foldcast")
    project.snakemake("resources/demo/sets.gmt")
    gmt = (project.folder / "resources/demo/sets.gmt").read_text()
    project.write("data/sets.gmt", gmt)
    project.configure("enrichment.sets", SETS)
    project.snakemake()
    return project


@pytest.fixture
def changed(enriched, tmp_path):
    return enriched.copy(tmp_path / "foldcast")


def read(project, name, subject=SUBJECTS[0]):
    return pd.read_csv(project.folder / project.results / subject / f"{name}.tsv", sep="\t")


def test_without_gene_sets_there_is_no_such_stage(clone):
    assert not STAGE & {job.rule for job in clone.plan()}


def test_gene_sets_bring_the_stage_and_nothing_else(pretended):
    project = pretended
    project.write("data/sets.gmt", "A\tx\tGENE001\tGENE002\n")
    project.configure("enrichment.sets", SETS)
    assert project.stale() - PAGE == STAGE


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_question_has_its_row_and_sentence(enriched, subject):
    summary = read(enriched, "enrichment", subject)
    assert summary["question"].tolist() == [
        "predictable over local level",
        "unpredictable over local level",
        "forecast up",
        "forecast down",
        "skill over local level",
        "forecast change",
    ]
    assert summary["sentence"].str.endswith(".").all()
    assert summary["genes"][2:4].eq(4).all()
    lists = read(enriched, "overrepresentation", subject)
    tested = lists[lists["question"] == "forecast up"]
    assert len(tested) == summary["sets"][2] > 10 and (tested["size"] >= 5).all()
    assert set(tested["background"]) == {40}  # the controls have no symbol
    assert len(read(enriched, "prerank", subject)) == summary["sets"][4:].sum()


@pytest.mark.slow
def test_an_option_reruns_what_depends_on_it(changed):
    for key, value, expected in (
        ("enrichment.minimum", 6, ENRICH),
        ("enrichment.seed", 2, ENRICH),
        ("enrichment.sets.demo.ignore_case", True, {"match_gene_sets"} | ENRICH),
        ("enrichment.share", 0.2, {"rank_genes"} | ENRICH),
        ("enrichment.comparators", ["persistence"], {"rank_genes"} | ENRICH),
    ):
        project = changed.copy(changed.folder.parent / key)
        project.configure(key, value)
        assert project.stale() - PAGE == expected, key


@pytest.mark.slow
def test_another_gene_in_a_set_reruns_the_matching(changed):
    text = (changed.folder / "data/sets.gmt").read_text()
    changed.write("data/sets.gmt", text.replace("\n", "\tGENE001\n", 1))
    assert changed.stale() - PAGE == {"match_gene_sets"} | ENRICH


@pytest.mark.slow
def test_an_edited_test_reruns_the_tests_and_an_edited_figure_itself(changed):
    library = "workflow/lib/foldcast"
    changed.append(f"{library}/report/enrichment_figure.py", "\nEDITED = True\n")
    assert changed.stale() - PAGE == {"plot_enrichment"}
    changed.append(f"{library}/enrichment/prerank.py", "\nEDITED = True\n")
    assert changed.stale() - PAGE == ENRICH


def test_a_file_of_sets_that_is_not_there_is_named_by_its_key(clone):
    clone.configure("enrichment.sets", SETS)
    said = clone.snakemake("--dry-run", check=False)
    assert "enrichment.sets.demo.path" in said and "data/sets.gmt: no such file" in said


@pytest.mark.slow
def test_sets_of_nobody_here_end_with_one_message(changed):
    changed.write("data/sets.gmt", "A\tx\tABCA1\tCDH1\n")
    said = changed.snakemake(check=False)
    assert "data/sets.gmt" in said and "none of 40 genes" in said and "`species`" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_sets_of_another_species_need_a_table_or_the_network(changed):
    changed.configure("names", {"species": "mouse", "url": "http://127.0.0.1:9/v3"})
    changed.configure("enrichment.sets.demo.species", "human")
    assert "query_orthologs" in changed.stale()
    names = "".join(f"GENE{k:03d}\tGENE{k:03d}\n" for k in range(1, 31))
    changed.write("data/human.tsv", "gene\tname\n" + names)
    changed.configure("enrichment.names", {"human": {"path": "data/human.tsv"}})
    assert changed.stale() - PAGE == {"match_gene_sets"} | ENRICH
    changed.snakemake("results/tiny/enrichment/step/mrna/folded/enrichment.tsv")
    assert set(read(changed, "enrichment")["background"]) == {30}


def test_a_library_of_enrichr_is_fetched_by_name_only_when_asked_for(pretended):
    assert "fetch_library" not in pretended.stale("--forceall")
    pretended.configure("enrichment.sets", {"kegg": {"enrichr": "KEGG_2021_Human"}})
    jobs = {job.rule: job for job in pretended.plan()}
    assert jobs["fetch_library"].output == ["resources/enrichr/KEGG_2021_Human.gmt"]
