"""What the page says of samples, of graphs, and of a run without a map."""

import re

import pandas as pd
import pytest

from foldcast.files import write_table
from foldcast.graph.map_times import NO_MAP
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.temporal_section import left_out, libraries, what_was_run

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
        "maps": {"folded": ["hic"]},
        "limits": {"folded": " (up to 2,000,000 bp, of 10 or more counts)"},
    }
    made = run_of(tmp_path, "folded")
    assert (
        "Graph folded from map hic: 1 pairs of genes; 2 of 3 genes have a contact (up to "
        "2,000,000 bp, of 10 or more counts)." in text(what_was_run(made, "mrna", about))
    )


def test_without_a_map_nothing_is_said_of_pairs(tmp_path):
    about = ABOUT | {"graphs": [NO_MAP], "maps": {NO_MAP: []}, "limits": {}}
    made = run_of(tmp_path, NO_MAP)
    said = text(what_was_run(made, "mrna", about))
    assert "No contact map: each gene is forecast from its own past." in said
    assert "pairs" not in said and "interactions" not in said
