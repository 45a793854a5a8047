"""Stale means stale: after a run one thing changes, and a dry run names what follows.

Nothing is run here, and a dry run cannot know that a job's outputs will be as before, so
everything downstream of a change is named. Tables and figures are there and empty: a plan looks
at none of them.
"""

import os
from collections.abc import Callable

import pytest
import yaml

from project import PAGE

AHEAD = {"forecast_ahead", "plot_ahead"}
SCORES = {"plot_courses", "plot_forecast_map", "plot_neighbours", "plot_predictability"}
HORIZONS = {"score_horizons", "plot_horizons"}
EVALUATION = {"evaluate", "plot_skill"} | HORIZONS | SCORES
FIT = {"train_step", "plot_loss", "plot_step_scores"} | EVALUATION | AHEAD
EMBEDDING = {"embed"} | FIT
GRAPH = {"build_graph", "plot_graph", "plot_graph_times"} | EMBEDDING
GENES = {"plot_graph", "plot_courses", "plot_ahead", "plot_neighbours"}
TIMED = {
    "plot_courses",
    "plot_step_scores",
    "plot_graph_times",
    "plot_ahead",
    "plot_loading",
    "plot_forecast_map",
}
# The page has everything in it, the config too; what makes it stale alone is tested elsewhere.
FOLDING = {"change_together", "place_changes", "judge_folding"}
INTERACTIONS = {"interactions", "help_to_forecast", "judge_folding"} | GRAPH
LABELLED = {"plot_courses", "plot_ahead", "plot_forecast_map"}
NAMES = {"resolve_genes", "plot_contact_map"} | LABELLED | FOLDING | INTERACTIONS
ANNOTATION = {"import_annotation"} | NAMES
LOADING = {"diagnose_loading", "plot_loading"}
ROWS = {"build_panel", "baselines", "forecast_next"} | LOADING | NAMES
PANEL = {"import_expression", "test_changes"} | ROWS
COMPARTMENTS = {"compartments", "place_changes", "plot_contact_map"} | INTERACTIONS


def replaced(path: str, old: str, new: str) -> Callable:
    def change(project):
        before = (project.folder / path).read_text()
        assert before.count(old) == 1
        project.write(path, before.replace(old, new))

    return change


def moved_mirror(project) -> None:
    (project.folder / "mirror").rename(project.folder / "elsewhere")
    project.configure("mirror", "elsewhere")


OPTIONS = {
    "report.genes": (["GENE001"], GENES),
    "datasets.mrna.time_unit": ("day", TIMED),
    "step.stepmr.epochs": (6, FIT),
    "step.stepmr.loss.direction": (0.5, FIT),
    "step.stepmr.future.steps": (2, AHEAD | {"forecast_next"}),
    "step.stepmr.future.level": (0.8, AHEAD | HORIZONS | {"forecast_next"}),
    "step.stepmr.base": ("persistence", FIT),
    "evaluation.seeds": ([2], FIT),
    "graphs.folded.embedding.dimensions": (5, EMBEDDING),
    "graphs.folded.weights.tad": (0.3, GRAPH),
    "graphs.folded.neighbours": (3, INTERACTIONS),
    "graphs.folded.max_distance": (500_000, INTERACTIONS),
    "graphs.folded.min_contacts": (3, INTERACTIONS),
    "hic.insulation_windows": (
        [5],
        {"insulation", "tads", "plot_contact_map"} | FOLDING | INTERACTIONS,
    ),
    "hic.weak_compartment": (0.3, COMPARTMENTS),
    "names.resolver": ("mygene", {"query_names"} | NAMES),
    "datasets.mrna.duplicates": ("merge", ROWS),
    "datasets.mrna.normalise": ("median", PANEL),
    "datasets.mrna.values": ("counts", PANEL),
}


QUICK = {
    "report.genes",
    "step.stepmr.loss.direction",
    "graphs.folded.neighbours",
    "datasets.mrna.normalise",
    "names.resolver",
    "step/losses.py",
    "hic/phasing_track.py",
    "resources/download.py",
}


def some_quick(cases: dict) -> list:
    """Arguments of a test, one case each: `QUICK` ones for `make test`, the others are slow."""
    return [
        pytest.param(
            key,
            *(values if isinstance(values, tuple) else (values,)),
            marks=[] if key in QUICK else [pytest.mark.slow],
            id=key,
        )
        for key, values in cases.items()
    ]


@pytest.mark.parametrize(("key", "value", "expected"), some_quick(OPTIONS))
def test_an_option_reruns_what_depends_on_it(pretended, key, value, expected):
    pretended.configure(key, value)
    assert pretended.stale() - PAGE == expected


def test_options_that_swap_their_values_are_seen(pretended):
    """Snakemake compares the values of params without their names."""
    pretended.configure("hic.balance.min_nnz", 2)
    pretended.configure("hic.balance.ignore_diags", 10)
    assert "import_map" in pretended.stale()


def test_another_order_and_defaults_written_out_rerun_nothing(pretended):
    pretended.configure("graphs.folded.weights", {"tad": 0.1})
    pretended.configure("step.stepmr.loss", {"trend": 0.05, "direction": 0.05})
    config = yaml.safe_load((pretended.folder / "config/tiny.yaml").read_text())
    pretended.write("config/tiny.yaml", yaml.safe_dump(config, sort_keys=True))
    assert pretended.stale() == set()


LIBRARY = {
    "report/neighbours_figure.py": {"plot_neighbours"},
    "step/losses.py": FIT,
    "evaluation/origin_tests.py": EVALUATION,
    "evaluation/past_calls.py": HORIZONS,
    "step/future_forecasts.py": FIT,
    "graph/random_walks.py": EMBEDDING,
    "hic/phasing_track.py": {"phasing_track"} | FOLDING | COMPARTMENTS,
    "resources/gene_aliases.py": ANNOTATION,
    "genes/name_resolution.py": NAMES,
    "expression/sample_loading.py": LOADING,
    "resources/download.py": set(),  # a checksum says what the file is, whoever fetched it
}


@pytest.mark.parametrize(("module", "expected"), some_quick(LIBRARY))
def test_an_edited_library_module_reruns_the_rules_that_use_it(pretended, module, expected):
    pretended.append(f"workflow/lib/foldcast/{module}", "\nEDITED = True\n")
    assert pretended.stale() - PAGE == expected


def test_a_comment_or_docstring_in_the_library_reruns_nothing(pretended):
    losses = "workflow/lib/foldcast/step/losses.py"
    text = (pretended.folder / losses).read_text()
    assert text.startswith('"""')
    pretended.write(losses, '"""Edited. ' + text.removeprefix('"""') + "\n# edited\n")
    assert pretended.stale() == set()


def test_an_edited_script_reruns_its_rule(pretended):
    pretended.append("workflow/scripts/report/plot_skill.py", "\nEDITED = True\n")
    assert pretended.stale() - PAGE == {"plot_skill"}


def test_a_fresh_checkout_reruns_nothing(pretended):
    """Time stamps of scripts, comments in them, and how files are fetched do not count."""
    pretended.append("workflow/scripts/report/plot_skill.py", "\n# edited\n")
    pretended.append("workflow/scripts/resources/fetch.py", "\nEDITED = True\n")
    for path in (pretended.folder / "workflow").rglob("*"):
        os.utime(path)
    assert pretended.stale() == set()


SHEET, TABLE = "sheets/mrna.tsv", "resources/demo/expression.tsv"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(replaced(SHEET, "t22_r2\t25\t22\t2\n", ""), id="a sample fewer"),
        pytest.param(replaced(SHEET, "t22_r2\t25\t22\t2\n", "t22_r2\t25\t22\t3\n"), id="replicate"),
        pytest.param(replaced(SHEET, "t22_r2\t25\t22\t2\n", "t22_r2\t25\t22.5\t2\n"), id="time"),
    ],
)
def test_a_row_of_the_sample_sheet_reruns_the_panel_and_what_follows(pretended, change):
    change(pretended)
    assert pretended.stale() - PAGE == PANEL


def test_a_value_of_the_expression_table_reruns_the_panel_and_what_follows(pretended):
    replaced(TABLE, "CTRL4\t", "CTRL5\t")(pretended)
    assert pretended.stale() - PAGE == PANEL


def test_what_changes_no_result_reruns_nothing(pretended):
    """Cores, threads, memory, a mirror, time stamps of small files, an environment's pin."""
    moved_mirror(pretended)
    for path in ("sheets/mrna.tsv", "resources/demo/hic.mcool"):
        os.utime(pretended.folder / path)
    # Without the trigger software-env; see profiles/default.
    replaced("envs/step.yaml", "python >=3.11", "python >=3.12")(pretended)
    args = ["--cores", "1", "--set-threads", "train_step=1"]
    args += ["--set-resources", "train_step:mem_mb=9999"]
    assert pretended.stale(*args) == set()


@pytest.mark.slow
def test_fewer_stages_rerun_nothing(pretended):
    pretended.configure("stages", ["evaluation"])
    assert pretended.stale() == set()


def test_a_mirror_in_the_environment_reruns_nothing(pretended):
    assert pretended.stale(FOLDCAST_MIRROR="/nowhere") == set()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("report/figures/skill.mrna.png", {"plot_skill"}),
        ("step/mrna/folded/stepmr/008-010/forecasts.tsv", FIT),
    ],
)
def test_a_deleted_result_is_made_again(pretended, path, expected):
    (pretended.folder / pretended.results / path).unlink()
    assert pretended.stale() - PAGE == expected


def test_a_large_file_is_judged_by_its_time_stamp(pretended):
    """Snakemake notes no checksums of files of 1 MB and more."""
    genome = pretended.folder / "resources/demo/genome.fa"
    assert genome.stat().st_size > 1_000_000
    os.utime(genome)
    assert pretended.stale() - PAGE == {"index_genome", "phasing_track"} | FOLDING | COMPARTMENTS


def test_another_dataset_leaves_the_first_alone(pretended):
    """Evaluation is per dataset; what is said of folding is corrected over the run."""
    pretended.write("sheets/other.tsv", (pretended.folder / SHEET).read_text())
    table = {"expression": {"path": TABLE}, "values": "log2", "samples": "sheets/other.tsv"}
    pretended.configure("datasets.other", table | {"graphs": ["folded"]})
    jobs = pretended.plan()
    assert {job.rule for job in jobs} - PAGE == PANEL - {"plot_contact_map"}
    for job in jobs:
        if job.rule in PAGE | {"judge_folding"}:
            continue
        assert "dataset=other" in job.wildcards, job
        assert not any("/mrna/" in path for path in job.input), job


def test_another_graph_leaves_the_first_alone(pretended):
    """But what a dataset's models are worth is told in one table."""
    pretended.configure("graphs.near", {"maps": ["folded"], "resolution": 50_000})
    pretended.configure("datasets.mrna.graphs", ["folded", "near"])
    jobs = pretended.plan()
    refitted = [job for job in jobs if job.rule == "train_step"]
    assert refitted
    assert all("graph=near" in job.wildcards for job in refitted)
    assert not {"baselines", "import_expression"} & {job.rule for job in jobs}
