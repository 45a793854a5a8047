"""The report page: every number is its table's, nothing is remote, names cannot break it."""

import json
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foldcast.files import write_table
from foldcast.report.page import charts, page, temporal_section
from foldcast.report.page.page_tables import FORMATS, Tables


class Cited(HTMLParser):
    """Every number of a page that says where it is from: its attributes and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[dict, str]] = []
        self._open: dict | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "data":
            self._open = given

    def handle_data(self, text):
        if self._open is not None:
            self.found.append((self._open, text))
            self._open = None


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    (tmp_path / "evaluation").mkdir()
    evaluation = pd.DataFrame(
        {
            "model": ["stepmr", "persistence"], "graph": ["folded", "-"],
            "kind": ["model", "baseline"],
            "metric": "skill", "value": [-0.12345, 0.0], "low": [-0.3, 0.0], "high": [np.nan, 0.0],
        }
    )  # fmt: skip
    write_table(evaluation, tmp_path / "evaluation/evaluation.tsv")
    return Tables({"evaluation": tmp_path / "evaluation/evaluation.tsv"}, tmp_path)


def test_a_number_carries_the_cell_that_it_is(tables):
    cited = tables.cite("evaluation", "value", "score", model="stepmr", metric="skill")
    ((attributes, text),) = Cited(str(cited)).found
    assert text == "−0.123"
    assert float(attributes["value"]) == -0.12345
    assert attributes["data-table"] == "evaluation/evaluation.tsv"
    assert attributes["data-row"] == "model=stepmr;metric=skill"


def test_an_empty_cell_is_a_dash_and_no_number(tables):
    assert tables.cite("evaluation", "high", "score", model="stepmr") == "–"


def test_a_number_that_could_be_several_cells_is_refused(tables):
    with pytest.raises(ValueError, match="2 rows"):
        tables.cite("evaluation", "value", "score", metric="skill")


def test_rows_are_counted_where_a_sentence_counts(tables):
    ((attributes, text),) = Cited(str(tables.count("evaluation", metric="skill"))).found
    assert (text, attributes["value"], attributes["data-column"]) == ("2", "2", "")


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        ("share", 0.774, "77 %"), ("signed", 0.01, "+0.010"), ("r", -0.098, "−0.10"),
        ("count", 1e4, "10,000"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_people_read_them(form, value, text):
    assert FORMATS[form](value) == text


def test_names_from_a_users_table_cannot_break_out_of_the_page():
    nasty = "</script><script>alert(1)</script><!--"
    text = str(page.safe_json({"gene": nasty}))
    assert "</" not in text and "<!--" not in text
    assert json.loads(text.replace("<\\!--", "<!--"))["gene"] == nasty


def test_tables_say_how_many_rows_they_leave_out():
    found = page.table(pd.DataFrame({"x": np.arange(500) / 7}), "a.tsv", "All", longest=20)
    assert (len(found["rows"]), found["total"]) == (20, 500)
    assert found["rows"][1] == ["0.1429"]


def test_a_chart_has_words_for_those_who_cannot_see_it(tables):
    made = charts.skill(tables.read("evaluation"))
    assert "STEPmr on folded reaches -0.123" in made["text"]
    symbols = {trace["marker"]["symbol"] for trace in made["figure"]["data"]}
    assert symbols == {"circle", "square"}
    assert len({symbol for symbol, _, _ in charts.KINDS.values()}) == len(charts.KINDS)


def test_every_answer_has_words():
    for words in temporal_section.AGAINST.values():
        assert set(words) == {"better", "worse", "cannot be decided"}


@pytest.mark.parametrize(
    ("comparison", "model", "said"),
    [
        ("stepmr on es_cells - persistence", None, "STEPmr on es_cells against persistence"),
        ("stepmr: es_cells - rewired pairs", None, "STEPmr on es_cells against rewired pairs"),
        ("folded - expecto", "trees", "folded against ExPecto, boosted trees"),
        ("how many comparisons", np.nan, "how many comparisons"),
    ],
)
def test_comparisons_are_named_as_models_are_elsewhere(comparison, model, said):
    assert temporal_section.in_words(comparison, model) == said
