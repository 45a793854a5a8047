"""With folding as the driver of the demo it is found; with none, it is not.

By the demo as it is shipped: do neighbours help to forecast? And by whole networks, on the map's
own pairs against rewired ones: the design of that was settled on other demo seeds than the one
here, and what makes it tell a difference is the number of times; the shipped demo has 36.
"""

import shutil

import pandas as pd
import pytest
import yaml

from demo_files import GENOME, MAPS
from foldcast.files import read_table
from project import Project

TIMES, REPLICATES = range(0, 160, 2), (1, 2, 3)
REWIRED = [f"rewired_{seed}" for seed in (1, 2, 3)]
SHEET = "sheets/long.tsv"
CONFIG = {
    "name": "tiny",
    "demo": {"samples": SHEET},
    "genome": GENOME,
    "maps": MAPS,
    "graphs": {
        "folded": {
            "maps": ["folded"],
            "resolution": 10_000,
            "compartment_resolution": 50_000,
            "max_distance": 1_000_000,
            "min_contacts": 0,  # as the demo, whose drivers are far for their contacts
        },
        **{name: {"rewire": {"of": "folded", "seed": k}} for k, name in enumerate(REWIRED, 1)},
    },
    "datasets": {
        "mrna": {
            "expression": {"path": "resources/demo/expression.tsv"},
            "samples": SHEET,
            "values": "log2",
            "graphs": ["folded", *REWIRED],
        }
    },
    "step": {"stepmr": {"future": {"steps": 0}}},
    "evaluation": {"first_origin": 0.5, "refit_every": 20, "seeds": [1, 2]},
}


@pytest.fixture(scope="module")
def contrasts(module_clone) -> dict[str, pd.Series]:
    """By regime: what the map's pairs add. Both have one genome and one map."""
    project = module_clone
    rows = ["sample\tcolumn\ttime\treplicate"]
    for time in TIMES:
        for replicate in REPLICATES:
            rows.append(f"h{time:03d}_r{replicate}\t{len(rows) + 1}\t{time}\t{replicate}")
    project.write(SHEET, "\n".join(rows) + "\n")
    project.write("config/tiny.yaml", yaml.safe_dump(CONFIG, sort_keys=False))
    target = project.results / "evaluation/mrna/verdict.tsv"
    found = {}
    for regime in ("folding", "none"):
        project.configure("demo.regime", regime)
        project.snakemake(str(target), timeout=1800)
        table = read_table(project.folder / target).set_index("comparison")
        found[regime] = table.loc["stepmr: folded - rewired pairs"]
    return found


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> dict[str, pd.DataFrame]:
    """By regime: what is said of folding in the demo as it is shipped."""
    project = Project.clone(tmp_path_factory.mktemp("shipped") / "foldcast")
    shutil.copy(project.folder / "config/config.yaml", project.folder / "config/tiny.yaml")
    found = {}
    for regime in ("folding", "none"):
        project.configure("demo.regime", regime)
        project.snakemake("results/demo/evaluation/folding.tsv")
        found[regime] = read_table(project.folder / "results/demo/evaluation/folding.tsv")
    return found


@pytest.mark.slow
def test_the_shipped_demo_finds_both_effects_of_folding_and_only_where_they_are(shipped):
    said = {
        regime: table[table["feature"] == "contact"].set_index("question")["verdict"].to_dict()
        for regime, table in shipped.items()
    }
    assert said == {
        "folding": {"change together": "change together", "help to forecast": "help to forecast"},
        "none": {"change together": "cannot tell", "help to forecast": "no effect"},
    }


@pytest.mark.full
def test_with_folding_as_the_driver_the_map_beats_rewired_ones(contrasts):
    row = contrasts["folding"]
    assert row["low"] > 0 and row["verdict"] == "better", row["sentence"]
    assert "the contacts of graph folded make stepmr forecast better" in row["sentence"].lower()
    assert " genes with neighbours, 40 origins, 2 seeds, 3 rewired graphs" in row["sentence"]


@pytest.mark.full
def test_with_no_driver_it_does_not(contrasts):
    row = contrasts["none"]
    assert row["low"] <= 0 and row["verdict"] != "better", row["sentence"]
