"""Whether folding matters, as the page says it: every word that a verdict may have."""

import pandas as pd
import pytest

from foldcast.evaluation import folding_verdict
from foldcast.files import write_table
from foldcast.report.page import folding_section
from foldcast.report.page.page_tables import Tables

CHANGE, HELP = folding_verdict.CHANGE, folding_verdict.HELP
WORDS = [
    *((CHANGE, word) for word in folding_section.SHORT),
    *((HELP, word) for word in folding_section.NEIGHBOURS),
]


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
        }
    )  # fmt: skip
    write_table(rows, tmp_path / "folding.tsv")
    tables = Tables({"folding": tmp_path / "folding.tsv"}, tmp_path)
    (short,) = folding_section.in_short(tables, "mrna", "mesc")
    assert short.endswith(".")
    found = folding_section.found(tables, "mrna")
    assert [one["verdict"] for one in found] == [word] * 2
    assert "Of this map &amp; that." in found[0]["sentence"]
    assert f"question={question};dataset=mrna;graph=mesc" in found[0]["sentence"]
    assert folding_section.found(tables, "mirna") == []


def test_nothing_is_said_where_it_was_not_asked(tmp_path):
    tables = Tables({}, tmp_path)
    assert folding_section.in_short(tables, "mrna", "mesc") == []
    assert folding_section.found(tables, "mrna") == []
