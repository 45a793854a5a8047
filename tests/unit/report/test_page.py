"""The report page: every number is its table's, nothing is remote, names cannot break it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup, escape

from field_words import GIVEN_UP
from foldcast.files import write_table
from foldcast.report.page import charts, page, verdicts_in_words
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
        ("share", 0.774, "77 %"), ("score", -0.0104, "−0.010"), ("r", -0.098, "−0.10"),
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
    assert verdicts_in_words.in_words(comparison, model) == said


def test_what_is_off_the_axis_is_not_drawn_as_if_on_it(tables):
    evaluation = tables.read("evaluation").assign(value=[-1.625, 0.0])
    traces = charts.skill(evaluation)["figure"]["data"]
    (beyond,) = [trace for trace in traces if trace["name"] == "beyond the axis"]
    assert beyond["y"] == ["STEPmr on folded"] and beyond["text"] == ["−1.62"]
    assert all("STEPmr on folded" not in trace["y"] for trace in traces if trace is not beyond)


def test_a_negative_word_stands_for_nothing_good(tmp_path):
    """That a part or a control does worse is good for what it stands beside."""
    ends = {"low": -0.4, "high": [-0.2, -0.1, -0.1]}
    rows = pd.DataFrame(
        {
            "comparison": ["promoter - expecto", "stepmr_without_base on f - persistence", "x - y"],
            "verdict": "worse", "difference": [-0.3, -0.3, -0.3], **ends, "sentence": "As it is.",
        }
    )  # fmt: skip
    write_table(rows, tmp_path / "verdict.tsv")
    tables = Tables({"verdict": tmp_path / "verdict.tsv"}, tmp_path)
    said = [(one["of"], one["verdict"]) for one in verdicts_in_words.verdicts(tables, "verdict")]
    assert said == [
        ("ExPecto against promoter", "better"),
        ("persistence against STEPmr without a base on f", "better"),
        ("x against y", "worse"),
    ]


def rendered(*limits: str) -> str:
    """A page that says nothing but these sentences."""
    return page.render(
        name="run", lead="", datasets=[], runs=[], enrichment=None, pictures=[], limits=limits,
        taken=None, planted="", made={}, versions={}, config="", genes={},
    )  # fmt: skip


def test_every_word_of_the_glossary_is_explained_where_it_is_used():
    html = rendered(*page.GLOSSARY)
    for word, said in page.GLOSSARY.items():
        assert f"<dt>{escape(word)}</dt><dd>{escape(said)}</dd>" in html, word


def test_words_that_a_page_does_not_use_are_not_explained():
    html = rendered("Rewired  graphs join other genes; Q is no question.")
    assert re.findall("<dt>(.*?)</dt>", html) == ["graph", "rewired graph", "q"]
    assert not page.words_used(Markup('<b class="skill">question</b>'))


def test_what_is_said_in_the_glossary_says_no_word_that_we_gave_up():
    for word, said in page.GLOSSARY.items():
        assert not GIVEN_UP.search(f"{word} {said}"), word
        assert said.endswith("."), word
