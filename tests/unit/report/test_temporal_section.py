"""What the page says of samples, of graphs, and of a run without a map."""

import re

import pandas as pd
import pytest

from foldcast.files import write_table
from foldcast.graph.map_times import NO_MAP
from foldcast.report.page import calls_section
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.temporal_section import left_out, libraries, what_was_run
from foldcast.report.page.verdicts_in_words import NOT_ASKED, WITHOUT_MAP, in_short

ABOUT = {
    "forecast": ("-", "stack"),
    "model": "stepmr",
    "scored": True,
    "first_origin": None,
    "time_unit": "hour",
    "nodes": "gene",
    "rewired": {},
}
SCALING = {"sample": ["a", "b", "1"], "library_size": [1200.0, 3400, 99], "size_factor": None}


def tables(folder, **made: dict) -> Tables:
    files = {name.replace("__", "."): folder / f"{name}.tsv" for name in made}
    for path, table in zip(files.values(), made.values(), strict=True):
        write_table(pd.DataFrame(table), path)
    return Tables(files, folder)


def text(sentences) -> str:
    return re.sub("<[^>]+>", "", " ".join(sentences))


def test_libraries_and_size_factors_are_the_tables(tmp_path):
    made = tables(tmp_path, scaling__mrna=SCALING)
    said = text(libraries(made, "mrna"))
    assert said == "Libraries hold from 99 (1) to 3,400 (b). Each sample’sa 1,200; b 3,400; 1 99."
    sizes = SCALING | {"size_factor": [0.912, 2.5, 0.071]}
    found = libraries(tables(tmp_path, scaling__mrna=sizes), "mrna")
    assert "size factors go from 0.07 (1) to 2.50 (b) (median of ratios" in text(found)
    assert "a 1,200, 0.91; b 3,400, 2.50; 1 99, 0.07." in text(found)
    assert 'data-row="sample=b" data-column="size_factor">2.50<' in found[0]
    logarithms = SCALING | {"library_size": None}
    assert libraries(tables(tmp_path, scaling__mrna=logarithms), "mrna") == []


@pytest.mark.parametrize("limit", ["negative control probes", "least of 10 scaled counts"])
def test_rows_that_are_not_detected_are_counted_by_what_they_miss(tmp_path, limit):
    made = tables(
        tmp_path,
        resolution__mrna={"gene": ["a", "b"], "symbol": ["a", "b"], "explanation": "x"},
        detection__mrna={"gene": ["a", "b"], "detected": [1, 0], "limit": limit},
    )
    said = text(left_out(made, "mrna"))
    assert said == f"1 rows of 2 are not above the {limit} before the first origin."


def run_of(folder, graph: str) -> Tables:
    return tables(
        folder,
        samples__mrna={"sample": ["a", "b"], "time": [0.0, 1.0], "copy_of": None},
        loci__mrna={"gene": ["x", "y", "z"]},
        scaling__mrna={"sample": ["a", "b"], "library_size": None, "size_factor": None},
        evaluation__mrna={
            "model": ["stepmr", "stack"], "graph": [graph, "-"], "kind": ["model", "baseline"],
            "metric": "skill", "value": [0.1, 0.2], "n_origins": 9, "n_seeds": 1,
        },
        verdict__mrna={"comparison": [f"stepmr on {graph} - persistence"], "verdict": ["better"]},
        **{
            f"interactions__mrna__{graph}": {"Gene1": ["x"], "Gene2": ["y"]},
            f"genes__mrna__{graph}": {"gene": ["x", "y", "z"], "in_contact": [1, 1, 0]},
        },
    )  # fmt: skip


def test_how_many_genes_have_a_contact(tmp_path):
    about = ABOUT | {
        "graphs": ["folded"],
        "maps": {"folded": "hic"},
        "limits": {"folded": " (up to 2,000,000 bp, of 10 or more counts)"},
    }
    made = run_of(tmp_path, "folded")
    assert (
        "Graph folded from map hic: 1 pairs of genes; 2 of 3 genes have a contact (up to "
        "2,000,000 bp, of 10 or more counts)." in text(what_was_run(made, "mrna", about))
    )
    assert NOT_ASKED in in_short(made, "mrna", about)


def test_without_a_map_nothing_is_said_of_pairs(tmp_path):
    about = ABOUT | {"graphs": [NO_MAP], "maps": {NO_MAP: ""}, "limits": {}}
    made = run_of(tmp_path, NO_MAP)
    said = text(what_was_run(made, "mrna", about))
    assert "No contact map: each gene is forecast from its own past." in said
    assert "pairs" not in said and "interactions" not in said
    short = in_short(made, "mrna", about)
    assert WITHOUT_MAP in short and NOT_ASKED not in short


def calls(**changed) -> dict:
    table = {
        "model": ["stack", "stack"], "graph": "-", "horizon": [1, 5], "n_genes": 126,
        "up": [2, 8], "down": [1, 4], "past_calls": [340, 9], "right": [0.781, 0.5],
        "low": [0.702, None], "high": [0.85, None],
    }  # fmt: skip
    return table | changed


DIRECTION = {
    "model": ["stack", "local_level"], "graph": "-", "horizon": 1, "metric": "direction_accuracy",
    "value": [0.664, 0.651],
}  # fmt: skip


def test_how_many_genes_are_forecast_to_change_and_how_such_forecasts_fared(tmp_path):
    made = tables(tmp_path, calls__mrna=calls(), horizons__mrna=DIRECTION)
    assert text(calls_section.in_short(made, "mrna", ABOUT)) == (
        "Forecast to change by the next time: 2 of 126 genes up, 1 down (5 steps on: 8 and 4). "
        "Of 340 such forecasts in the past 78 % went that way (95 %: 70 % to 85 %); of all changes "
        "the direction was right for 66 %, by the local level alone for 65 %."
    )


def test_where_nothing_was_forecast_to_change_it_is_said(tmp_path):
    none = calls(up=[0, 0], down=[0, 0], past_calls=[0, 0], right=None, low=None, high=None)
    made = tables(tmp_path, calls__mrna=none, horizons__mrna=DIRECTION)
    said = text(calls_section.in_short(made, "mrna", ABOUT))
    assert said.startswith("Forecast to change by the next time: 0 of 126 genes up, 0 down")
    assert "Such forecasts in the past: 0; of all changes" in said


def test_what_a_network_forecasts_to_change_is_of_its_own_table(tmp_path):
    of = calls(model="stepmr", graph="folded", up=None, down=None)
    scores = DIRECTION | {"model": ["stepmr", "local_level"], "graph": ["folded", "-"]}
    future = {
        "gene": ["a", "b", "c"], "horizon": 1, "forecast_to_change": ["up", "no", "up"],
    }  # fmt: skip
    made = tables(tmp_path, calls__mrna=of, horizons__mrna=scores, future__mrna=future)
    about = ABOUT | {"forecast": ("folded", "stepmr")}
    said = text(calls_section.in_short(made, "mrna", about))
    assert said.startswith("Forecast to change by the next time: 2 of 126 genes up, 0 down. Of 340")
    without = tables(tmp_path, calls__mrna=of, horizons__mrna=scores)
    assert calls_section.now(without, "mrna", about) == []
