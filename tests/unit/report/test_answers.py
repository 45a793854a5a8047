"""The four answers of a dataset: each number is a cell, and short time courses have theirs."""

import re

import numpy as np
import pandas as pd
import pytest

from cited import Page, wrong
from foldcast.files import write_table
from foldcast.report.page import answers, cautions, short_answers, small_figures
from foldcast.report.page.answer_parts import Answer
from foldcast.report.page.page_tables import Tables

ABOUT = {
    "forecast": ("-", "stack"), "model": None, "scored": True, "first_origin": None,
    "time_unit": "hour", "graphs": ["folded"], "maps": {"folded": ["early", "late"]}, "rewired": {},
}  # fmt: skip
LOCI = {"gene": ["a", "b", "c"], "symbol": ["Ada2", None, "Nov"]}
SAMPLES = {"sample": list("uvwxyz"), "time": [0, 0, 1, 1, 2, 2], "copy_of": None, "batch": None}
AHEAD = {
    "gene": ["a", "b", "c"] * 2, "horizon": [1, 1, 1, 2, 2, 2], "target_time": [9] * 3 + [10] * 3,
    "predicted": [5.0, 3, 1] * 2, "low": [4.5, 2, 0] * 2, "high": [5.5, 4, 2] * 2,
    "level": [4.0, 3.1, 1.2] * 2, "forecast_to_change": ["up", "no", "no", "up", "down", "no"],
}  # fmt: skip
CALLS = {
    "model": ["stack"], "graph": "-", "horizon": 1, "past_calls": [340], "right": [0.781],
    "low": [0.702], "high": [0.85],
}  # fmt: skip
SCORES = {
    "model": "stack", "graph": "-", "gene": ["a", "b", "c"],
    "skill_over_local_level": [0.2, -0.1, 0.05],
}  # fmt: skip
HORIZONS = {
    "model": ["stack", "local_level", "stack"], "graph": "-", "horizon": 1,
    "metric": ["direction_accuracy", "direction_accuracy", "coverage_90"],
    "value": [0.664, 0.651, 0.9],
}  # fmt: skip
EVALUATION = {
    "model": ["stack", "local_level", "noise_floor"], "graph": "-", "metric": "skill",
    "value": [0.023, 0.006, 0.96], "low": [0.004, np.nan, np.nan], "high": [0.036, np.nan, np.nan],
    "n_origins": 25,
}  # fmt: skip
VERDICT = {
    "comparison": ["stack - local_level"], "verdict": ["cannot be decided"], "detectable": [0.031],
}  # fmt: skip


def tables(folder, **made: dict) -> Tables:
    files = {f"{name}.mrna": folder / f"{name}.tsv" for name in made}
    for path, table in zip(files.values(), made.values(), strict=True):
        write_table(pd.DataFrame(table), path)
    return Tables(files, folder)


def said(answer: Answer) -> str:
    return re.sub("<[^>]+>", "", f"{answer.number} {answer.beside} {answer.sentence}")


def numbers_are_cells(folder, answer: Answer) -> int:
    page = Page(f"<p>{answer.number}</p><p>{answer.beside}</p><p>{answer.sentence}</p>")
    assert wrong(page, folder) == []
    return len(page.cited)


def test_what_comes_next_and_how_such_forecasts_fared(tmp_path):
    made = tables(tmp_path, future=AHEAD, calls=CALLS, loci=LOCI)
    found = answers.what_comes_next(made, "mrna", ABOUT)
    assert said(found) == (
        "1 up, 0 down of 3 genes leave their present level by time 9 (hour). First: ▲Ada2, ▼Nov, "
        "▼b. Of 340 such forecasts before, 78 % went that way (95 %: 70 % to 85 %)."
    )
    assert numbers_are_cells(tmp_path, found) == 8
    assert "9: 1 up, 0 down; 10: 1 up, 1 down; of 3 genes" in found.figure


def test_where_no_gene_is_forecast_to_change_the_nearest_are_named(tmp_path):
    ahead = AHEAD | {"forecast_to_change": "no", "level": [4.8, 3.1, 1.2] * 2}
    none = CALLS | {"past_calls": [0], "right": None, "low": None, "high": None}
    found = answers.what_comes_next(
        tables(tmp_path, future=ahead, calls=none, loci=LOCI), "mrna", ABOUT
    )
    assert said(found).startswith("0 up, 0 down of 3 genes")
    assert "Nearest to it: ▲Ada2" in said(found)
    assert "No earlier one to check" in said(found)
    assert "No interval leaves out a gene’s level" in found.figure


def test_how_many_genes_are_predictable_and_which_best(tmp_path):
    made = tables(tmp_path, scores=SCORES, horizons=HORIZONS, loci=LOCI)
    found = answers.which_genes(made, "mrna", ABOUT)
    assert said(found).startswith("2 of 3 genes; half would be by chance")
    assert "Best: Ada2, Nov, b." in said(found) and 'data-gene="b"' in found.sentence
    assert "66 % of changes (65 % by their level)" in said(found)
    assert numbers_are_cells(tmp_path, found) == 4


def test_what_cannot_be_decided_says_what_would_have_been_seen(tmp_path):
    made = tables(tmp_path, evaluation=EVALUATION, verdict=VERDICT, horizons=HORIZONS)
    found = answers.how_good(made, "mrna", ABOUT)
    assert said(found).startswith("2.3 % 95 %: 0.4 % to 3.6 % of the error")
    assert "Own levels may do as well: 3.1 % more would have been seen." in said(found)
    assert numbers_are_cells(tmp_path, found) == 7
    few = EVALUATION | {"low": np.nan, "high": np.nan, "n_origins": 3}
    made = tables(tmp_path, evaluation=few, verdict=VERDICT, horizons=HORIZONS)
    assert "no interval: 3 origins" in said(answers.how_good(made, "mrna", ABOUT))
    (careful,) = cautions.few_origins(made, "mrna", ABOUT)
    assert "no intervals" in careful.what and "More times" in careful.remedy


@pytest.mark.parametrize("replicates", [1, 2])
def test_a_short_time_course_says_what_it_can_and_what_it_would_need(tmp_path, replicates):
    samples = pd.DataFrame(SAMPLES).iloc[:: 3 - replicates]
    tested = replicates > 1
    steps = {
        "from": [0, 1], "to": [1, 2], "genes": 3, "up": [1, 2] if tested else None,
        "down": [0, 1] if tested else None, "sentence": "x",
    }  # fmt: skip
    q = [0.01, 0.2, 0.03] if tested else None
    changes = {"gene": ["a", "b", "c"], "from": 0, "to": 1, "p": q, "q": q}
    made = tables(tmp_path, samples=samples, change_steps=steps, changes=changes, loci=LOCI)
    about = ABOUT | {"scored": False}
    next_, which, sure = (
        make(made, "mrna", about)
        for make in (answers.what_comes_next, short_answers.which_changed, short_answers.how_sure)
    )
    assert "5 times are needed" in said(next_)
    assert "judged from 11 times on; here are 3" in said(which)
    if tested:
        assert said(next_).startswith("2 up, 1 down of 3 genes (q ≤ 0.05)")
        assert said(which).startswith("2 of 3 genes change") and "Ada2, Nov, b" in said(which)
        assert "5 in 100 may be false" in said(sure)
    else:
        assert "without replicates" in said(next_) and said(which).startswith("–")
        assert "nothing tells a change from noise" in said(sure)
    assert len(cautions.few_replicates(made, "mrna")) == 2 - replicates
    for found in (next_, which, sure):
        numbers_are_cells(tmp_path, found)


def test_a_small_figure_keeps_its_marks_and_words_within():
    rows = [
        small_figures.Interval("a", 0.5, 0.4, 0.6),
        small_figures.Interval("a label that is too long", -0.2, np.nan, np.nan, False),
        small_figures.Interval("without a value", np.nan, np.nan, np.nan),
    ]
    figure = str(small_figures.intervals(rows, "no effect", "a & b"))
    assert "a label that is…" in figure and "without" not in figure
    assert 'aria-label="a &amp; b"' in figure
    places = [float(x) for x in re.findall(r'(?:c?x[12]?)="([\d.-]+)"', figure)]
    assert min(places) >= 0 and max(places) <= small_figures.WIDE


def test_each_caution_has_a_remedy(tmp_path):
    samples = SAMPLES | {"batch": list("aabbcc")}
    flags = {"kind": ["identical samples"], "what": ["u|v"]}
    genes = {"gene": ["a", "b", "c"], "in_contact": [1, 0, 0]}
    loading = {
        "stage": "panel", "metric": ["pc1_share", "pc1_r_mean", "pc1_r_age", "error_share"],
        "value": [0.8, 0.99, 0.1, 0.6],
    }  # fmt: skip
    made = tables(
        tmp_path, samples=samples, flags=flags, loading=loading, horizons=HORIZONS,
        evaluation=EVALUATION, resolution={"gene": ["a", "b"], "symbol": ["A", None]},
    )  # fmt: skip
    write_table(pd.DataFrame(genes), tmp_path / "genes.tsv")
    files = {**made._files, "genes.mrna.folded": tmp_path / "genes.tsv"}
    for number, shares in enumerate(([0.9, 1.0], [0.62, 0.85])):
        files[f"depth.mrna.folded.{number}"] = tmp_path / f"depth{number}.tsv"
        depth = pd.DataFrame({"bin_size": [10_000, 20_000], "share": shares})
        write_table(depth, files[f"depth.mrna.folded.{number}"])
    made = Tables(files, tmp_path)
    found = cautions.cautions(made, "mrna", ABOUT | {"model": "stepmr"})
    text = re.sub("<[^>]+>", "", " ".join(one.what for one in found))
    for part in ("same values: 1", "80 % of the variance", "carries 60 %", "3 batches", "1 of 3",
                 "1 of 2 genes have no place", "not held against other pairs",
                 "Map late is shallow: 62 % of its bins of 10,000 bp"):  # fmt: skip
        assert part in text
    assert "Map early" not in text and "bins of 20,000 bp" in " ".join(one.remedy for one in found)
    assert all(one.remedy.endswith(".") for one in found)
