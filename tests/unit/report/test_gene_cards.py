"""Genes on the page: every number is its table's, and 20,000 of them fit."""

import base64
import gzip
import json

import numpy as np
import pandas as pd
import pytest

import made_genes
from foldcast.files import write_table
from foldcast.report.page import charts, gene_cards, page
from foldcast.report.page.page_tables import Tables


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Tables:
    return made_genes.make(tmp_path_factory.mktemp("genes"), made_genes.names(60))


@pytest.fixture(scope="module")
def cards(tables) -> dict:
    text = page.packed(gene_cards.cards(tables, "mrna", made_genes.ABOUT, {}))
    return json.loads(gzip.decompress(base64.b64decode(text)))


def test_numbers_are_the_tables_but_for_rounding(tables, cards):
    panel = tables.read("panel.mrna").set_index("gene").to_numpy()
    drawn = np.array(cards["values"]) + np.array(cards["level"])[:, None]
    np.testing.assert_allclose(drawn / 100, panel, atol=0.00501)
    future = tables.read("future.mrna")
    for at, (horizon, rows) in enumerate(future.groupby("horizon")):
        assert cards["ahead"]["times"][at] == 11 + horizon
        ends = np.array([gene[at][:3] for gene in cards["ahead"]["genes"]]) / 1000
        np.testing.assert_allclose(ends, rows[["predicted", "low", "high"]], atol=0.000501)
        called = [gene[at][3] for gene in cards["ahead"]["genes"]]
        assert called == (rows["forecast_to_change"] == "up").astype(int).tolist()
    table = tables.read("scores.mrna")
    own = table[table["model"] == "stack"]["skill_over_local_level"]
    np.testing.assert_allclose(np.array(cards["over_level"]) / 1000, own, atol=0.000501)
    assert len(cards["scores"]) == 16


def test_directions_are_counted_as_scores_count_them(tables, cards):
    course = tables.read("course.mrna").set_index("gene")
    baselines = tables.read("baselines.mrna")
    for model, key in (("stack", "direction"), ("local_level", "direction_of_level")):
        made = baselines[baselines["model"] == model]
        wide = made.pivot(index="gene", columns="target_time", values="predicted")
        wide = wide.loc[course.index]
        seen = course[[str(time) for time in wide.columns]].to_numpy()
        last = course[[str(time - 1) for time in wide.columns]].to_numpy()
        moved = seen != last  # what did not change does not count
        right = moved & (np.sign(wide.to_numpy() - last) == np.sign(seen - last))
        right = right.sum(axis=1) / moved.sum(axis=1)
        np.testing.assert_allclose(np.array(cards[key]) / 1000, right, atol=0.000501)


def test_a_gene_has_all_its_names(cards):
    of_third = {key: cards[key][3] for key in ("genes", "symbols", "ids", "aliases")}
    assert of_third == {
        "genes": "Gene3", "symbols": "Gene3", "ids": "ENSMUSG00000000003.3",
        "aliases": "Alias3|Other3",
    }  # fmt: skip


def test_genes_that_share_a_symbol_have_their_own_names_beside_it(tmp_path):
    loci = pd.DataFrame(
        {"gene": ["miR-26a-5p", "miR-26a-3p", "x"], "symbol": ["Mir26a", "Mir26a", None],
         "gene_id": ["1", "1", None]}
    )  # fmt: skip
    write_table(loci, tmp_path / "loci.tsv")
    found = gene_cards.names(Tables({"loci.m": tmp_path / "loci.tsv"}, tmp_path), "m", loci)
    assert found["labels"] == ["Mir26a (miR-26a-5p)", "Mir26a (miR-26a-3p)", "x"]
    assert found["ids"] == ["1", "1", ""]


def test_neighbours_compartment_and_tad_are_those_of_the_map(cards):
    on = cards["graphs"]["f"]
    assert on["degree"][:4] == [3, 4, 5, 6]
    assert on["near"][0] == [1, 1000, 2, 500, 3, 333]
    # TADs hold ten genes, compartments 25.
    assert on["tad"][:21] == [k // 10 for k in range(21)]
    assert on["compartment"][:60] == "A" * 25 + "B" * 25 + "A" * 10
    assert on["tads"][1] == [200_000, 400_000] and on["boundaries"][0][:2] == [0, 200_000]
    assert on["e1_bin"] == 50_000 and on["e1"][0][9:11] == [50, -50]


def test_a_short_time_course_has_no_forecasts(tables):
    files = {name: tables.file(f"{name}.mrna") for name in ("loci", "samples", "panel", "course")}
    few = Tables({f"{name}.mrna": path for name, path in files.items()}, tables.file("loci.mrna"))
    about = made_genes.ABOUT | {"scored": False, "graphs": ["no_map"]}
    made = gene_cards.cards(few, "mrna", about, {})
    assert made["ahead"] == {} and made["changes"] == [] and made["graphs"] == {}
    assert "scores" not in made and made["aliases"] == [""] * 60


@pytest.mark.slow
def test_twenty_thousand_genes_fit_in_the_page(tmp_path):
    names = made_genes.names(20_000)
    made = made_genes.make(tmp_path, names, times=24, replicates=3)
    cards = gene_cards.cards(made, "mrna", made_genes.ABOUT, {})
    shown = gene_cards.predictability(made, "mrna", made_genes.ABOUT)
    chart = len(json.dumps(charts.predictability(shown, "it")))
    text = page.render(
        name="big", lead="", datasets=[], runs=[], enrichment=None, pictures=[], limits=[],
        taken=None, planted="", made={}, versions={}, config="", genes={"mrna": cards},
    )  # fmt: skip
    assert len(text) + chart < 12_000_000  # 3 MB are left for figures and tables
