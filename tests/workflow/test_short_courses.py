"""Short time courses, with and without replicates, run to a report that says what it cannot say.

In one process; what does not depend on the times is made once, and only some figures are drawn.
"""

import logging
import shutil
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

import in_one_process
import small_lab
from foldcast.what_times_allow import allowed_in_words
from in_one_process import Refused
from small_lab import CONFIG, SHEET, TABLE, Lab

RESULTS = "results/lab"
OWN = f"{RESULTS}/evaluation/mrna"
WITH_FIGURES = [(8, 2)]


@pytest.fixture(autouse=True)
def quiet():
    """Scripts log to a file of their own; here there is none."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def made(made_once) -> Path:
    return made_once("small_lab", small_lab.make)


@pytest.fixture(scope="module")
def with_maps(made, made_once) -> Path:
    """A small lab whose map has been looked at: nothing of that depends on the time course."""

    def make(folder: Path) -> None:
        lab = small_lab.copy_of(made, folder)
        lab.save()
        for job in in_one_process.plan(lab.folder, CONFIG, "hic"):
            in_one_process.call(job, lab.folder)

    return made_once("small_lab_with_maps", make)


def short_lab(folder: Path, times: int, replicates: int) -> Lab:
    """The first times of a small lab, with so many of their samples; the defaults of scoring."""
    lab = Lab(folder)
    lab.config = small_lab.copy_of(folder, folder.with_name("spare")).config
    header, *rows = small_lab.sample_sheet().splitlines(keepends=True)
    kept = [row for row in rows if int(row.split("\t")[3]) <= replicates]
    lab.write(SHEET, header + "".join(kept[: times * replicates]))
    lab.set("evaluation.first_origin", None)
    lab.set("evaluation.folding", {"shifts": 99, "planted": 10})
    lab.save()
    return lab


def run(lab: Lab, figures: bool) -> str:
    """The page, after every job up to it; without figures they are one white pixel."""
    for job in in_one_process.plan(lab.folder, CONFIG):
        if job.rule.startswith("plot_") and not figures:
            for path in job.output:
                lab.path(path)
                Image.new("L", (1, 1)).save(lab.path(path), format="PNG")
        else:
            in_one_process.call(job, lab.folder)
    return lab.read(f"{RESULTS}/report/index.html")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("replicates", [1, 2])
@pytest.mark.parametrize("times", [3, 5, 8, 12])
def test_a_short_course_ends_in_a_report(times, replicates, with_maps, tmp_path):
    shutil.copytree(with_maps, tmp_path / "lab")
    lab = short_lab(tmp_path / "lab", times, replicates)
    said = in_one_process.preflight(lab.folder, CONFIG)
    allowed = allowed_in_words([replicates] * times, None)
    assert allowed in said
    page = run(lab, (times, replicates) in WITH_FIGURES)
    assert allowed in page

    changes = pd.read_csv(lab.path(f"{OWN}/changes.tsv"), sep="\t")
    assert changes["change"].notna().all() and len(changes) % (times - 1) == 0
    assert changes["p"].notna().all() if replicates > 1 else changes["p"].isna().all()
    assert ("genes change from one time to the next at one step at least" in page) == (
        replicates > 1
    )
    folding = pd.read_csv(lab.path(f"{RESULTS}/evaluation/folding.tsv"), sep="\t")
    assert folding["question"].tolist()[0] == "change together"

    held_out = pd.read_csv(lab.path(f"{OWN}/folded/held_out_genes.tsv"), sep="\t")
    assert all(sentence in page for sentence in held_out["sentence"])

    assert lab.path(f"{OWN}/stack/ahead.tsv").exists() == (times >= 5)
    if times >= 5:
        ahead = pd.read_csv(lab.path(f"{OWN}/stack/ahead.tsv"), sep="\t")
        assert ahead[["predicted", "low", "high"]].notna().all(axis=None)
    assert lab.path(f"{OWN}/verdict.tsv").exists() == (times >= 8)
    assert ("How good it is" in page) == (times >= 8)
    assert ("STEPmr" in page) == (times == 12)
    if times >= 8:
        verdict = pd.read_csv(lab.path(f"{OWN}/verdict.tsv"), sep="\t")
        assert verdict["p"].isna().all() == (times == 8)
        assert set(verdict["verdict"]) == {"cannot be decided"} or times == 12


def test_a_network_that_is_asked_for_needs_its_past(made, tmp_path):
    lab = small_lab.copy_of(made, tmp_path / "lab")
    short_lab(lab.folder, 8, 2)
    lab.set("evaluation.first_origin", None)
    header, *rows = small_lab.sample_sheet().splitlines(keepends=True)
    lab.write(SHEET, header + "".join(rows[:16]))
    lab.set("datasets.mrna.forecast", "stepmr")
    lab.save()
    with pytest.raises(Refused, match=r"5 past times; at least 6(.|\n)*first_origin: 0.75"):
        in_one_process.plan(lab.folder, CONFIG)
    lab.set("evaluation.first_origin", 0.75)
    lab.save()
    assert "train_step" in {job.rule for job in in_one_process.plan(lab.folder, CONFIG)}


def test_tested_genes_are_not_chosen_for_what_is_scored(made, tmp_path):
    """The panel is chosen by rules import_expression and build_panel, which know no test; what
    tests say is read by what places, shows and hands it on alone."""
    lab = small_lab.copy_of(made, tmp_path / "lab")
    lab.save()
    jobs = in_one_process.plan(lab.folder, CONFIG)
    (tested,) = [job for job in jobs if job.rule == "test_changes"]
    after, paths = set(), {*map(str, tested.output)}
    for job in jobs:  # inputs before outputs
        if paths & {*map(str, job.input)}:
            after.add(job.rule)
            paths |= {*map(str, job.output)}
    assert after == {"place_changes", "report_page", "take_away"}
    (importing,) = [job for job in jobs if job.rule == "import_expression"]
    assert {*map(str, importing.input)} == {TABLE, SHEET}
