"""The sequence half on the tiny demo: what it makes, and what makes which part of it stale."""

import json

import h5py
import numpy as np
import pandas as pd
import pytest

from demo_files import SEQUENCE_RUN
from foldcast.files import read_table
from project import PAGE, Project
from used_memory import asked_and_used, wrongly_asked

RUN = SEQUENCE_RUN | {
    "control_contacts": {"kinds": ["shuffled"]},
    "models": ["linear"],
    "locus_block": 100_000,
}
FIGURES = {"plot_spex_scatter", "plot_map_league", "plot_map_tissue"}
SCORE = {"score_spex"} | FIGURES
# Which of Beluga's outputs the fits use is enrichment that needs no sets.
FIT = {"fit_spex", "rank_marks"} | SCORE
DISTAL = {"distal_features"} | FIT
CONTACTS = {"tss_contacts"} | DISTAL
NETWORK = {"local_features"} | DISTAL
STAGE = {"spex_genes", "promoter_features", "tss_contacts"} | NETWORK


def ask_for(project: Project) -> None:
    project.configure("beluga", {"weights": {"path": "resources/demo/beluga.pth"}})
    project.configure("spex", {"tiny": RUN})


@pytest.fixture(scope="module")
def predicted(complete, tmp_path_factory):
    """The complete tiny demo, then a run of the sequence half."""
    project = complete.project.copy(tmp_path_factory.mktemp("predicted") / "foldcast")
    ask_for(project)
    project.snakemake("--benchmark-extended")
    return project


@pytest.fixture
def changed(predicted, tmp_path):
    return predicted.copy(tmp_path / "foldcast")


def read(project, name) -> pd.DataFrame:
    return pd.read_csv(project.folder / project.results / f"spex/tiny/{name}.tsv", sep="\t")


def test_a_run_brings_the_stage_and_nothing_else(pretended):
    ask_for(pretended)
    assert pretended.stale() - PAGE == STAGE | {"demo_beluga", "demo_tissues"}


@pytest.mark.slow
def test_after_the_run_there_is_nothing_to_be_done(predicted):
    assert predicted.plan() == []


@pytest.mark.slow
def test_jobs_ask_for_as_much_memory_as_they_take(predicted):
    jobs = asked_and_used(predicted.folder / predicted.results)
    heavy = {"local_features", "tss_contacts", "distal_features", "fit_spex", "score_spex"}
    assert heavy <= {*jobs["rule"]}
    assert wrongly_asked(jobs).empty, wrongly_asked(jobs).to_string()


@pytest.mark.slow
def test_every_feature_set_is_scored_on_the_same_genes(predicted):
    scores = read(predicted, "scores")
    assert set(scores["feature_set"]) == {"expecto", "promoter", "folded", "folded+shuffled1"}
    whole = scores[(scores["subset"] == "all") & (scores["metric"] == "spearman")]
    assert whole["n"].nunique() == 1
    assert (whole["low"] <= whole["value"]).all() and (whole["value"] <= whole["high"]).all()


@pytest.mark.slow
def test_what_was_lost_on_the_way_is_counted(predicted):
    join, genes = read(predicted, "join"), read(predicted, "genes")
    assert join["genes"].iloc[-1] == len(genes)
    assert join["explanation"].notna().all()


@pytest.mark.slow
def test_features_have_the_published_shapes(predicted):
    genes = read(predicted, "genes")
    folder = predicted.folder / predicted.results / "spex/tiny"
    for chrom, own in genes.groupby("chrom"):
        with h5py.File(folder / f"local/{chrom}.h5") as local:
            outputs = int(local.attrs["outputs"])
            assert local["x"].shape == (len(own), 10 * outputs)
            assert local["genes"].asstr()[:].tolist() == own["gene"].tolist()
            assert np.isfinite(local["x"][:]).all()
        with h5py.File(folder / f"distal/{chrom}.h5") as distal:
            assert distal["folded/x"].shape == (len(own), 2 * outputs)


CHANGES = {
    "spex.tiny.locus_block": (200_000, SCORE),
    "spex.tiny.draws": (500, SCORE),
    "spex.tiny.linear": ({"penalties": [0.1, 1]}, FIT),
    "spex.tiny.contacts.strongest": (5, CONTACTS),
    "spex.tiny.contacts.enhancers": ({"path": "resources/demo/truth/motifs.bed"}, CONTACTS),
    "beluga.reverse_complement": (False, NETWORK),
    "spex.tiny.gene_type": ("protein_coding", STAGE),
    "beluga.cache": ("elsewhere", None),
    "step.stepmr.epochs": (6, None),
}


@pytest.mark.slow
@pytest.mark.parametrize("key", CHANGES)
def test_a_change_makes_stale_what_depends_on_it(changed, key):
    value, stale = CHANGES[key]
    changed.configure(key, value)
    found = changed.stale()
    if stale is None:
        assert not found & STAGE
    else:
        assert found - PAGE == stale and "report_page" in found


def kept(project) -> dict[str, list[bytes]]:
    """Keys of all rows that were computed and kept, by kind."""
    found: dict[str, list[bytes]] = {}
    for path in (project.folder / "resources/features").rglob("*.h5"):
        with h5py.File(path) as file:
            kind = json.loads(file.attrs["fingerprint"])["kind"]
            found.setdefault(kind, []).extend(file["key"][:].tolist())
    return found


@pytest.mark.slow
def test_another_run_of_other_genes_and_tissues_computes_only_what_is_new(changed):
    """A row is kept for each that was computed, so what is computed twice is there twice."""
    before = kept(changed)
    assert {len(keys) - len({*keys}) for keys in before.values()} == {0}
    tissues = pd.read_csv(changed.folder / "resources/demo/tissues.tsv", sep="\t")
    tissues = tissues.iloc[::2].assign(another=range(0, len(tissues), 2))
    changed.write("data/tissues.tsv", tissues.to_csv(sep="\t", index=False))
    changed.configure("spex.other", RUN)
    changed.configure("spex.other.expression.path", "data/tissues.tsv")
    folder = f"{changed.results}/spex/other"
    changed.snakemake(f"{folder}/distal/chr1.h5", f"{folder}/local/chr1.h5")
    after = kept(changed)
    assert {len(keys) - len({*keys}) for keys in after.values()} == {0}
    genes = "local features of genes"
    assert len(after[genes]) == len(before[genes])
    with h5py.File(changed.folder / folder / "local/chr1.h5") as file:
        assert {*file["key"][:].tolist()} < {*before[genes]}


def predictions(project, path) -> pd.DataFrame:
    table = read_table(project.folder / project.results / "spex" / path / "predictions.tsv.gz")
    return table.set_index(["gene", "tissue", "feature_set"]).sort_index()


@pytest.mark.slow
def test_every_gene_is_predicted_by_a_model_that_did_not_see_its_chromosome(predicted):
    table, genes = predictions(predicted, "tiny"), read(predicted, "genes")
    tissues = read_table(predicted.folder / predicted.results / "spex/tiny/expression.tsv")
    assert len(table) == len(genes) * (len(tissues.columns) - 1) * 4
    assert not table.index.has_duplicates and (table["fold"] == table["chrom"]).all()
    assert (table["trained_on"] == "no").all() and table["label"].notna().all()


@pytest.mark.slow
def test_genes_taken_off_the_table_get_the_prediction_that_they_had_held_out(changed):
    """A gene is no part of the fit that its chromosome is held out of, so the models are the same;
    and a TSS in another sequence that holds the same letters is the same TSS."""
    genes = read(changed, "genes").set_index("gene")
    off = genes[genes["chrom"] == "chr2"].index[[3, 30]]
    tissues = read_table(changed.folder / "resources/demo/tissues.tsv")
    name = tissues.columns[0]
    left = tissues[~tissues[name].str.partition(".")[0].isin(off)]
    assert len(tissues) - len(left) == 2
    changed.write("data/tissues.tsv", left.to_csv(sep="\t", index=False))
    bed = "".join(
        f"{g.chrom}\t{g.tss - 10 * (g.strand == '-')}\t{g.tss + 1 + 10 * (g.strand == '+')}"
        f"\tof_{g.Index}\t0\t{g.strand}\r\n"
        for g in genes.loc[off].itertuples()
    )
    changed.write("data/tss.bed", "track name=mine\n" + bed)
    changed.write("data/copy.fa", (changed.folder / "resources/demo/genome.fa").read_text())
    changed.configure("spex.other", RUN | {"control_contacts": {"kinds": []}})
    changed.configure("spex.other.expression.path", "data/tissues.tsv")
    changed.configure("spex.other.predict", {"genes": "unlabelled", "chromosomes": ["chr2"]})
    tss = {"path": "data/tss.bed"}
    genome = {"assembly": "other", "fasta": {"path": "data/copy.fa"}}
    changed.configure("spex.tiny.predict", {"tss": tss, "genome": genome})
    said = changed.snakemake(
        "preflight",
        *(f"{changed.results}/spex/{run}/predict/predictions.tsv.gz" for run in ("other", "tiny")),
    )
    assert "run tiny: 2 genes without a label to predict" in said
    before = predictions(changed, "tiny")
    unlabelled = predictions(changed, "other/predict")
    assert {*unlabelled.index.get_level_values("gene")} == {*off}
    assert {*unlabelled.index.get_level_values("feature_set")} == {"expecto", "promoter", "folded"}
    assert (unlabelled["fold"] == "chr2").all() and unlabelled["seen_tss"].isna().all()
    expected = before["predicted"].loc[unlabelled.index]
    assert unlabelled["predicted"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-6)
    elsewhere = predictions(changed, "tiny/predict").reset_index()
    assert {*elsewhere["feature_set"]} == {"expecto", "promoter"}
    elsewhere["gene"] = elsewhere["gene"].str.removeprefix("of_")
    elsewhere = elsewhere[elsewhere["feature_set"] == "expecto"]
    elsewhere = elsewhere.set_index(["gene", "tissue", "feature_set"])["predicted"]
    expected = before["predicted"].loc[elsewhere.index]
    assert elsewhere.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-6)


@pytest.mark.slow
def test_maps_are_added_to_the_promoter_without_beluga(changed):
    changed.configure("beluga", None)
    changed.configure("spex", {"plain": RUN | {"base": "promoter"}})
    assert not changed.stale() & {"local_features", "distal_features", "rank_marks"}
    changed.snakemake()
    verdict = read_table(changed.folder / changed.results / "spex/plain/verdict.tsv")
    assert "folded - promoter" in verdict["comparison"].tolist()
    assert not verdict["sentence"].str.contains("ExPecto").any()
    scores = read_table(changed.folder / changed.results / "spex/plain/scores.tsv")
    assert {*scores["feature_set"]} == {"promoter", "folded", "folded+shuffled1"}
    page = (changed.folder / changed.results / "report/index.html").read_text()
    assert "predicts with what was measured" in page


@pytest.mark.slow
def test_an_edited_network_computes_features_anew_and_a_figure_does_not(changed):
    changed.append("workflow/lib/foldcast/spex/features/window_sharing.py", "\nTRUNK = 1\n")
    assert {"local_features", "distal_features"} <= changed.stale()
    assert "tss_contacts" not in changed.stale()


@pytest.mark.slow
def test_an_edited_page_is_made_anew_and_nothing_else(changed):
    changed.append("workflow/lib/foldcast/report/page/page.css", "\nbody { color: black; }\n")
    assert changed.stale() == {"report_page"}
