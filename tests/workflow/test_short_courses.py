"""Short time courses, with and without replicates, run to a report that says what it cannot say."""

import logging
from pathlib import Path

import pytest

import in_one_process
import small_lab
from in_one_process import Refused
from small_lab import CONFIG, SHEET, Lab


@pytest.fixture(scope="module")
def made(made_once) -> Path:
    return made_once("small_lab", small_lab.make)


@pytest.fixture(autouse=True)
def quiet():
    """Scripts log to a file of their own; here there is none."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def short_lab(made: Path, folder: Path, times: int, replicates: int) -> Lab:
    """The first times of a small lab, with so many of their samples; the defaults of scoring."""
    lab = small_lab.copy_of(made, folder)
    header, *rows = small_lab.sample_sheet().splitlines(keepends=True)
    kept = [row for row in rows if int(row.split("\t")[3]) <= replicates]
    lab.write(SHEET, header + "".join(kept[: times * replicates]))
    lab.set("evaluation.first_origin", None)
    lab.set("evaluation.folding", {"shifts": 99})
    return lab


def run(lab: Lab) -> str:
    """The page, after preflight and every job up to it."""
    lab.preflight()
    for job in in_one_process.plan(lab.folder, CONFIG):
        import time; c=time.process_time()
        in_one_process.call(job, lab.folder)
        print(job.rule, round(time.process_time()-c,2))
    return lab.read("results/lab/report/index.html")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("replicates", [1, 2])
@pytest.mark.parametrize("times", [3, 5, 8, 12])
def test_a_short_course_ends_in_a_report(times, replicates, made, tmp_path):
    page = run(short_lab(made, tmp_path / "lab", times, replicates))
    assert page
