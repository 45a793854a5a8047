"""Whether folding matters, as the page says it: every word that a verdict may have."""

import re

import numpy as np
import pandas as pd
import pytest

from foldcast.evaluation import folding_verdict
from foldcast.files import write_table
from foldcast.graph.map_times import NO_MAP
from foldcast.report.page import folding_answer, folding_section
from foldcast.report.page.page_tables import Tables

CHANGE, HELP = folding_verdict.CHANGE, folding_verdict.HELP
WORDS = list(folding_answer.SAID)
ABOUT = {"graphs": ["mesc"], "model": None}


def test_every_verdict_has_words():
    said = {word for _, word in WORDS}
    assert said == {
        CHANGE,
        HELP,
        folding_verdict.SUGGESTIVE,
        folding_verdict.NO_EFFECT,
        folding_verdict.CANNOT_TELL,
    }


@pytest.mark.parametrize(("question", "word"), WORDS)
def test_an_answer_is_said_in_short_and_in_full_with_where_it_is_from(tmp_path, question, word):
    rows = pd.DataFrame(
        {
            "question": question, "dataset": "mrna", "graph": ["mesc", "liver"],
            "feature": "contact", "verdict": word, "sentence": "Of this map & that.",
            "value": 0.02, "low": [-0.01, -0.2], "high": [0.05, 0.2], "seen": 0.04, "p": 0.2,
        }
    )  # fmt: skip
    write_table(rows, tmp_path / "folding.tsv")
    tables = Tables({"folding": tmp_path / "folding.tsv"}, tmp_path)
    number, beside, said, figure = folding_answer.answer(tables, "mrna", ABOUT)
    assert ">+0.020</data>" in number and ">−0.010</data>" in beside and ">+0.050</data>" in beside
    first, _, rest = folding_answer.SAID[question, word].partition("{}")
    assert said.startswith(first) and rest in said
    # That nothing was found is never said without what would have been seen.
    assert ("0.040</data> would have been seen" in said) == (word == folding_verdict.CANNOT_TELL)
    none = re.search("^No effect above <data[^>]*>0.040</data>: ", said)
    assert bool(none) == (word == folding_verdict.NO_EFFECT)
    assert f"0.050 ({folding_answer.UNITS[question]}): {word}" in figure
    found = folding_section.found(tables, "mrna")
    assert [one["verdict"] for one in found] == [word] * 2
    assert "Of this map &amp; that." in found[0]["sentence"]
    assert f"question={question};dataset=mrna;graph=mesc" in found[0]["sentence"]
    assert folding_section.found(tables, "mirna") == []


def test_nothing_is_said_where_it_was_not_asked(tmp_path):
    tables = Tables({}, tmp_path)
    number, beside, said, figure = folding_answer.answer(tables, "mrna", ABOUT)
    assert (number, beside, figure) == ("–", "not asked", "") and "not here" in said
    assert folding_section.found(tables, "mrna") == []
    of_no_map = folding_answer.answer(tables, "mrna", {"graphs": [NO_MAP], "model": "stepmr"})
    assert of_no_map[2].startswith("No contact map was given.")


def test_rewired_pairs_are_the_answer_where_nothing_else_was_asked(tmp_path):
    rows = pd.DataFrame(
        {
            "comparison": ["stepmi: mesc - rewired pairs"], "verdict": ["cannot be decided"],
            "difference": [0.001], "low": [-0.01], "high": [0.012], "detectable": [0.02],
        }
    )  # fmt: skip
    write_table(rows, tmp_path / "verdict.tsv")
    tables = Tables({"verdict.mrna": tmp_path / "verdict.tsv"}, tmp_path)
    number, beside, said, _ = folding_answer.answer(tables, "mrna", ABOUT | {"model": "stepmi"})
    assert ">+0.001<" in number and ">−0.010<" in beside and ">0.020</data> would have" in said


@pytest.mark.parametrize("question", [CHANGE, HELP])
def test_where_no_effect_would_have_been_seen_that_is_said(tmp_path, question):
    other = HELP if question == CHANGE else CHANGE
    rows = pd.DataFrame(
        {
            "question": [question, other], "dataset": "mrna", "graph": "mesc",
            "feature": "contact", "verdict": folding_verdict.CANNOT_TELL, "sentence": "x",
            "value": 0.01, "low": -0.1, "high": 0.12, "seen": np.nan, "p": [0.4, 0.5],
        }
    )  # fmt: skip
    write_table(rows, tmp_path / "folding.tsv")
    tables = Tables({"folding": tmp_path / "folding.tsv"}, tmp_path)
    _, _, said, _ = folding_answer.answer(tables, "mrna", ABOUT)
    assert "– would" not in said and "of – " not in said
    assert "No effect would have been: too few" in said
    assert "; no effect would have been seen)" in said


def test_what_was_found_comes_before_what_was_not(tmp_path):
    rows = pd.DataFrame(
        {
            "question": [CHANGE, HELP], "dataset": "mrna", "graph": "mesc", "feature": "contact",
            "verdict": [folding_verdict.CANNOT_TELL, HELP], "sentence": "x", "value": [0.01, 0.5],
            "low": [-0.1, 0.4], "high": [0.12, 0.6], "seen": [0.15, 0.1], "p": [0.5, 0.001],
        }
    )  # fmt: skip
    write_table(rows, tmp_path / "folding.tsv")
    tables = Tables({"folding": tmp_path / "folding.tsv"}, tmp_path)
    number, _, said, _ = folding_answer.answer(tables, "mrna", ABOUT)
    assert ">+0.500<" in number
    assert said.index("Yes:") < said.index("Not seen: genes in contact") < said.index(">0.150<")
    assert [one["verdict"] for one in sorted(
        folding_section.found(tables, "mrna"), key=lambda one: one["weight"]
    )] == [HELP, folding_verdict.CANNOT_TELL]  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "together", "verdicts", "said"),
    [
        (None, 0, None, ""),
        ("folding", 0, ("cannot tell", "help to forecast"), "one time before. This was found."),
        ("folding", 0, ("cannot tell", "no effect"), "one time before. This was not found."),
        ("none", 0, ("cannot tell", "no effect"), "another. Folding was not said to help."),
        ("distance", 0, ("cannot tell", "help to forecast"), "Folding was said to help."),
        ("folding", 0, None, "did one time before."),
        ("folding", 0.5, ("change together", "help to forecast"), "before. Both were found."),
        ("folding", 0.5, ("cannot tell", "no effect"), "before. Neither was found."),
        ("lag", 0.5, ("change together", "no effect"), " The first was found, the second was not."),
        ("none", 0.5, ("cannot tell", "no effect"), "another. Folding was not said to help."),
    ],
)
def test_a_simulation_says_what_was_planted_and_whether_it_was_found(
    tmp_path, regime, together, verdicts, said
):
    files = {}
    if verdicts:
        path = tmp_path / "folding.tsv"
        asked = ["change together", "help to forecast"]
        write_table(pd.DataFrame({"question": asked, "verdict": verdicts}), path)
        files = {"folding": path}
    demo = regime and {"regime": regime, "together": together}
    found = str(folding_answer.planted(Tables(files, tmp_path), demo))
    assert found.endswith(said) and found.startswith("Simulated data: ") == bool(regime)
    assert ("change together" in found) == bool(together and regime != "none")
