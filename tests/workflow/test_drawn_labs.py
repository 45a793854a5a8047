"""What preflight passes does not fail later for the input's sake: drawn labs, spoilt or not.

Jobs are called in the order of the rules, in this process (see `in_one_process`).
"""

import logging
from pathlib import Path

import pytest

import in_one_process
import small_lab
from drawn_lab import draw, targets
from foldcast.errors import InputError
from in_one_process import Refused
from snakemake_starts import environment, start

MANY, SOME = range(200), range(200, 210)
STARTED = [200, 201, *(pytest.param(seed, marks=pytest.mark.full) for seed in (202, 203, 204))]


@pytest.fixture(scope="module")
def made(made_once) -> Path:
    return made_once("small_lab", small_lab.make)


@pytest.fixture(autouse=True)
def quiet():
    """Scripts log to a file of their own; here there is none."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def passes(lab: small_lab.Lab, spoilt: str) -> bool:
    """Whether preflight passes a lab; what was spoilt on purpose never does."""
    try:
        lab.preflight()
    except Refused as refused:
        assert "what cannot be read" not in str(refused)
        return False
    assert not spoilt
    return True


def run_on(lab: small_lab.Lab) -> None:
    """The jobs behind preflight, but for figures, which read no input of the user's."""
    for job in in_one_process.plan(lab.folder, small_lab.CONFIG, *targets(lab)):
        try:
            in_one_process.call(job, lab.folder)
        except InputError as error:
            pytest.fail(f"{job.rule}, after preflight had passed:\n{error}")


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", MANY)
def test_what_passes_ends(seed, made, tmp_path):
    lab = small_lab.copy_of(made, tmp_path / "lab")
    if passes(lab, draw(lab, seed)):
        run_on(lab)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_some_end(made, tmp_path):
    passed = 0
    for seed in SOME:
        lab = small_lab.copy_of(made, tmp_path / str(seed))
        if passes(lab, draw(lab, seed)):
            run_on(lab)
            passed += 1
    assert passed >= 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", STARTED)
def test_a_start_says_the_same(seed, made, tmp_path):
    """Through Snakemake: preflight passes the same labs, and what it passes ends."""
    lab = small_lab.copy_of(made, tmp_path / "lab")
    passed = passes(lab, draw(lab, seed))
    where = ["--snakefile", str(in_one_process.SNAKEFILE), "--configfile", small_lab.CONFIG]
    where += ["--profile", str(in_one_process.ROOT / "profiles/default"), "--cores", "1"]
    after = targets(lab) if passed else []
    status, said = start(lab.folder, [*where, "preflight", *after], environment(), 600)
    assert (status == 0) == passed, said
    assert "Traceback" not in said
