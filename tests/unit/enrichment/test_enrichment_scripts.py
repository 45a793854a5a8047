"""Tables, sentences and figures of the stage, from files to files; which marks models use."""

import re
from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pytest
import xgboost

from foldcast.enrichment import chromatin_marks
from foldcast.enrichment.enrichment_sentences import GSEA, ORA, Answer
from foldcast.enrichment.gene_lists import CHANGE, tail_lists
from foldcast.enrichment.gene_sets import read_gmt
from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.spex.models.folds import Fold
from foldcast.spex.models.linear import Linear
from foldcast.spex.models.saved_models import save_index, save_linear, save_trees
from foldcast.spex.models.trees import Trees
from scripts.demo import demo_gene_sets
from scripts.enrichment import enrich, match_gene_sets, rank_marks
from scripts.report import plot_enrichment

GENES = [f"Gene{k}" for k in range(60)]


def options(**kwargs):
    return {"identifiers": "symbol", "ignore_case": False, "names": None, "foreign": False} | kwargs


@pytest.fixture
def folder(tmp_path):
    """A panel of 60 genes (one row more is no gene), sets of which PLANTED rises."""
    rng = np.random.default_rng(1)
    rows = [*GENES, "unresolved"]
    write_table(pd.DataFrame({"gene": rows, "1": 0.0}), tmp_path / "course.tsv")
    loci = pd.DataFrame({"gene": rows, "symbol": [*GENES, None], "gene_id": [*GENES, None]})
    write_table(loci, tmp_path / "loci.tsv")
    annotation = pd.DataFrame({"gene": GENES, "symbol": GENES, "aliases": ""})
    write_table(annotation, tmp_path / "annotation.tsv")
    sets = {"PLANTED": GENES[:8], "SMALL": GENES[:4], "FAR": ["Other1", "Other2"], "ALL": GENES}
    sets |= {f"SET{k}": list(rng.choice(GENES, 10, replace=False)) for k in range(12)}
    for name, part in (("a", list(sets)[:7]), ("b", list(sets)[7:])):
        lines = ["\t".join([one, "x", *sets[one], "Elsewhere"]) for one in part]
        (tmp_path / f"{name}.gmt").write_text("\n".join(lines))
    values = pd.Series(rng.normal(size=60), index=GENES)
    values[:8] += 3
    table = pd.DataFrame({"ranking": CHANGE, "gene": GENES, "value": values.to_numpy()})
    table["list"] = tail_lists(values, CHANGE, 0.1).to_numpy()
    write_table(table, tmp_path / "rankings.tsv")
    return tmp_path


def run_match(folder, collections=None, names=(), **given):
    collections = collections or {"first": options(), "second": options()}
    files = {"annotation": folder / "annotation.tsv", "names": [path for _, path in names]}
    match_gene_sets.main(
        SimpleNamespace(
            input=SimpleNamespace(
                panel=folder / "course.tsv",
                loci=folder / "loci.tsv",
                sets=[folder / "a.gmt", folder / "b.gmt"],
                **(files | given),
            ),
            output=SimpleNamespace(
                sets=folder / "sets.tsv", identifiers=folder / "identifiers.tsv"
            ),
            params=SimpleNamespace(collections=collections, names=[one for one, _ in names]),
        )
    )
    return [read_table(folder / f"{name}.tsv", dtype=str) for name in ("sets", "identifiers")]


TABLES = ("overrepresentation", "prerank", "enrichment")


def run_enrich(folder, minimum=5, remark=""):
    enrich.main(
        SimpleNamespace(
            input=SimpleNamespace(
                **{name: folder / f"{name}.tsv" for name in ("sets", "identifiers", "rankings")}
            ),
            output=SimpleNamespace(**{name: folder / f"{name}.tsv" for name in TABLES}),
            params=SimpleNamespace(minimum=minimum, seed=1, kind="measured", remark=remark),
        )
    )
    return [read_table(folder / f"{name}.tsv") for name in TABLES]


def test_sets_are_those_of_the_measured_genes(folder):
    sets, identifiers = run_match(folder)
    planted = sets.set_index("set").loc["PLANTED"]
    assert planted["genes"].split("|") == GENES[:8]
    assert (planted["collection"], planted["size"], planted["size_in_panel"]) == ("first", "9", "8")
    assert "FAR" not in set(sets["set"])
    assert identifiers.groupby("collection").size().tolist() == [60, 60]
    assert "unresolved" not in set(identifiers["gene"])


def test_sets_in_another_species_by_a_table_of_names(folder):
    names = pd.DataFrame({"gene": GENES[:50], "name": [one.upper() for one in GENES[:50]]})
    write_table(names, folder / "names.tsv")
    for name in "ab":
        path = folder / f"{name}.gmt"
        path.write_text(path.read_text().replace("Gene", "GENE"))
    human = options(names="human", foreign=True)
    given = [("human", folder / "names.tsv")]
    sets, identifiers = run_match(folder, {"first": human, "second": human}, given)
    assert sets.set_index("set")["genes"]["PLANTED"].split("|") == GENES[:8]
    first = identifiers[identifiers["collection"] == "first"].set_index("gene")
    assert first["background"].tolist() == ["True"] * 50 + ["False"] * 10
    lists, _, summary = run_enrich(folder)
    assert set(lists["background"]) == {50} and set(summary["background"]) == {50}
    with pytest.raises(InputError, match="a.gmt[\\s\\S]*but for case"):
        run_match(folder)
    sets, _ = run_match(folder, {k: options(ignore_case=True) for k in ("first", "second")})
    assert sets.set_index("set")["genes"]["PLANTED"].split("|") == GENES[:8]


def test_a_run_without_an_annotation_goes_by_symbols(folder):
    sets, _ = run_match(folder, annotation=[])
    assert "PLANTED" in set(sets["set"])


def test_the_planted_set_is_found_and_the_family_is_all_collections(folder):
    run_match(folder)
    lists, ranks, summary = run_enrich(folder)
    up = lists[lists["question"] == "forecast up"]
    assert up["set"].iloc[0] == "PLANTED" and up["q"].iloc[0] < 0.05
    assert len(up) == 13 and set(up["collection"]) == {"first", "second"}
    assert not {"SMALL", "ALL"} & {*lists["set"], *ranks["set"]}
    assert ranks["set"].iloc[0] == "PLANTED" and ranks["nes"].iloc[0] > 0
    assert summary["question"].tolist() == ["forecast up", "forecast down", CHANGE]
    assert summary["test"].tolist() == [ORA, ORA, GSEA]
    for table, test in ((lists, ORA), (ranks, GSEA)):
        of_test = summary[summary["test"] == test].set_index("question")
        for question, part in table.groupby("question"):
            row = of_test.loc[question]
            assert row["sets"] == len(part) and row["significant"] == (part["q"] < 0.05).sum()
            assert (part["q"] >= part["p"] - 1e-12).all()


def test_numbers_in_sentences_are_those_of_the_tables(folder):
    run_match(folder)
    lists, ranks, summary = run_enrich(folder)
    sentence = summary.set_index("question")["sentence"]
    row = lists[lists["question"] == "forecast up"].iloc[0]
    said = re.search(
        r"PLANTED \((\d+) of its (\d+) measured genes, odds ratio (\S+), q (\S+)\)",
        sentence["forecast up"],
    )
    assert [int(said[1]), int(said[2])] == [row["overlap"], row["size"]]
    assert float(said[3]) == pytest.approx(row["odds_ratio"], abs=0.05)
    assert float(said[4]) == pytest.approx(row["q"], rel=0.05)
    assert "The background is the 60 measured genes, not the genome" in sentence["forecast up"]
    nothing = lists[lists["question"] == "forecast down"].iloc[0]
    assert sentence["forecast down"].startswith("Nothing is significant: none of 13 sets")
    assert f"the first: {nothing['set']}, p {nothing['p']:.2g}" in sentence["forecast down"]


def test_what_must_be_said_of_targets_is_said_of_every_result(folder):
    run_match(folder)
    assert run_enrich(folder, remark=" MIRNA.")[2]["sentence"].str.endswith(". MIRNA.").all()


def test_nothing_to_test_is_a_result_with_a_sentence_and_empty_tables(folder):
    run_match(folder)
    lists, ranks, summary = run_enrich(folder, minimum=50)
    assert lists.empty and ranks.empty and {"question", "set", "p", "q"} <= set(lists.columns)
    assert {"question", "set", "nes", "p", "q", "genes"} <= set(ranks.columns)
    assert summary["sentence"].str.contains("none has 50 or more of the 60 measured genes").all()
    table = read_table(folder / "rankings.tsv").assign(value=0.0, list="")
    write_table(table, folder / "rankings.tsv")
    lists, ranks, summary = run_enrich(folder)
    assert lists.empty and ranks.empty
    assert summary["sentence"].tolist() == [
        "No gene is forecast up: there is nothing to test.",
        "No gene is forecast down: there is nothing to test.",
        "The genes do not differ in forecast change: there is nothing to test.",
    ]
    assert draw(folder).exists()


def test_a_panel_that_is_too_small_is_said_to_be():
    table = pd.DataFrame({"set": ["A", "B"], "size": [5, 6], "p": [0.2, 1.0], "q": [0.4, 1.0]})
    answer = Answer("forecast up", ORA, table, 1, 30, 5, np.array([0.17, 0.2]), tests=2)
    assert "cannot reach a p below 0.18" in answer.sentence
    assert "none of 2 sets could reach q < 0.05 by itself" in answer.sentence
    assert "among the one gene in the list forecast up" in answer.sentence


def test_equal_inputs_give_equal_bytes(folder):
    run_match(folder)
    run_enrich(folder)
    first = [(folder / f"{name}.tsv").read_bytes() for name in TABLES]
    run_enrich(folder)
    assert [(folder / f"{name}.tsv").read_bytes() for name in TABLES] == first


def draw(folder):
    plot_enrichment.main(
        SimpleNamespace(
            input=SimpleNamespace(**{name: folder / f"{name}.tsv" for name in TABLES}),
            output=SimpleNamespace(png=folder / "figure.png", svg=folder / "figure.svg"),
        )
    )
    return folder / "figure.png"


def test_the_figure_says_what_is_significant_and_what_is_not(folder, tidy_figures):
    run_match(folder)
    run_enrich(folder)
    draw(folder)
    text = (folder / "figure.svg").read_text()
    assert "planted" in text and "2 of 3 lists and rankings have sets with q &lt; 0.05" in text
    assert "forecast up (6 of 60 genes): 1 of 13 sets" in text
    first = (folder / "figure.svg").read_bytes()
    draw(folder)
    assert (folder / "figure.svg").read_bytes() == first
    assert tidy_figures


def test_the_demo_writes_sets_that_are_true_of_it(tmp_path):
    rng = np.random.default_rng(1)
    symbols = [f"GENE{k:03d}" for k in range(90)]
    time_course = pd.DataFrame(rng.normal(size=(90, 10)), index=pd.Index(symbols, name="gene"))
    write_table(time_course, tmp_path / "course.tsv", index=True)
    ids = [f"ID{k}" for k in range(90)]
    genes = pd.DataFrame({"gene_id": ids, "symbol": symbols, "chrom": "chr1"})
    write_table(genes.assign(compartment=["A", "B", "B"] * 30), tmp_path / "genes.tsv")
    distal = rng.normal(size=90)
    write_table(
        pd.DataFrame({"gene": ids, "tissue": "alpha", "distal": distal}), tmp_path / "tissues.tsv"
    )
    demo_gene_sets.main(
        SimpleNamespace(
            input=SimpleNamespace(
                time_course=tmp_path / "course.tsv",
                **{name: tmp_path / f"{name}.tsv" for name in ("genes", "tissues")},
            ),
            output=SimpleNamespace(sets=tmp_path / "sets.gmt"),
            params=SimpleNamespace(seed=1),
        )
    )
    sets = read_gmt(tmp_path / "sets.gmt")
    deviation = time_course.iloc[:, -1] - time_course.mean(axis=1)
    below = set(sets["DEMO_BELOW_OWN_LEVEL_AT_THE_END"])
    assert len(below) == 10 and deviation[list(below)].max() < deviation.drop(list(below)).min()
    assert set(sets["DEMO_DISTAL_ALPHA"]) == {symbols[k] for k in np.argsort(np.abs(distal))[-10:]}
    assert len(sets["DEMO_COMPARTMENT_A"]) == 30 and len(sets) == 26


OUTPUTS = 4


@pytest.fixture
def spex(tmp_path):
    """Fits of which the linear ones take output 2 from the map, the shuffled ones none."""
    rng = np.random.default_rng(2)
    for chrom in ("chr1", "chr2"):
        with h5py.File(tmp_path / f"{chrom}.h5", "w") as file:
            for feature_set in ("m", "m+shuffled1"):
                x = rng.normal(size=(80, 2 * OUTPUTS)) * ([1, 1, 1, 10] * 2)
                file[f"{feature_set}/x"] = x.astype("f4")
    fold = Fold("fixed", "fixed", ("chr1",), ("chr9",), ("chr8",))
    for feature_set, weight in (("m", 5.0), ("m+shuffled1", 0.0)):
        coef = np.concatenate([np.full(10 * OUTPUTS, 9.0), np.full(2 * OUTPUTS, 0.1)])
        coef[10 * OUTPUTS + np.array([2, OUTPUTS + 2])] += [weight, -weight / 2]
        for model in ("linear", "trees"):
            path = tmp_path / feature_set / model
            save_index(path, ["liver"], [fold])
        zeros = np.zeros(len(coef))
        save_linear(tmp_path / feature_set / "linear", 0, 1, [Linear(coef, zeros, 0.0)])
        x = rng.normal(size=(300, len(coef)))
        y = x[:, 10 * OUTPUTS + 1] * weight + x[:, 0] * 3 + rng.normal(size=300) * 0.1
        booster = xgboost.train({"max_depth": 2, "nthread": 1}, xgboost.DMatrix(x, y), 20)
        save_trees(tmp_path / feature_set / "trees", 0, 1, 0, Trees(booster))
    return tmp_path


def run_marks(folder, names=()):
    fits = [
        f"{feature_set}/{model}"
        for feature_set in ("m", "m+shuffled1")
        for model in ("linear", "trees")
    ]
    rank_marks.main(
        SimpleNamespace(
            input=SimpleNamespace(
                models=[folder / fit for fit in fits],
                features=[folder / f"{chrom}.h5" for chrom in ("chr1", "chr2")],
                names=names,
            ),
            output=SimpleNamespace(marks=folder / "marks.tsv", summary=folder / "summary.tsv"),
            params=SimpleNamespace(
                map="m", feature_sets=["m", "m+shuffled1"], fits=fits, models=["linear", "trees"]
            ),
        )
    )
    return read_table(folder / "marks.tsv"), read_table(folder / "summary.tsv")


def test_the_marks_that_models_take_from_a_map_come_first(spex):
    names = pd.DataFrame({"name": ["DNase", "CTCF", "H3K27ac", "H3K9me3"]})
    write_table(names, spex / "names.tsv")
    table, summary = run_marks(spex, spex / "names.tsv")
    first = table.groupby("model", sort=False).first()
    assert first["name"].to_dict() == {"linear": "H3K27ac", "trees": "CTCF"}
    for _, part in table.groupby("model"):
        assert part["share"].sum() == pytest.approx(1) and len(part) == OUTPUTS
        assert part["share"].to_numpy() == pytest.approx(part["downstream"] + part["upstream"])
        assert part["gain"].is_monotonic_decreasing
    assert first.loc["linear", "downstream"] > first.loc["linear", "upstream"]
    assert first.loc["linear", "effect"] > 0 and table["effect"].isna().sum() == OUTPUTS
    assert "H3K27ac (" in summary["sentence"][0] and "shuffled partners" in summary["sentence"][0]
    assert summary["fits"].tolist() == summary["controls"].tolist() == [1, 1]


def test_outputs_without_names_are_numbered_and_a_wrong_table_is_refused(spex):
    table, _ = run_marks(spex)
    assert table["name"][0] == "output 2"
    write_table(pd.DataFrame({"name": ["a"]}), spex / "names.tsv")
    with pytest.raises(InputError, match=r"names.tsv[\s\S]*4 lines"):
        run_marks(spex, spex / "names.tsv")


def test_models_that_do_not_use_the_contacts_are_said_not_to():
    coef = Linear(np.zeros(12), np.zeros(12), 0.0)
    shares, effect = chromatin_marks.importance(coef, np.ones(2))
    assert (shares == 0).all() and (effect == 0).all()
    table = chromatin_marks.mark_table(
        "linear", [(shares, effect)], [], chromatin_marks.read_output_names(None, 1)
    )
    assert "do not use what touches the TSS in m" in chromatin_marks.sentence("m", table, 1, 0)
