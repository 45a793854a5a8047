"""Killed in the middle, taken up again: and the results are those of a run that was left alone."""

import os
import signal
import subprocess
import time

import pytest

pytestmark = pytest.mark.slow

DATED = ".mcool"  # carries the date of its making


@pytest.fixture(scope="module")
def killed(complete, tmp_path_factory):
    """A second clone, on one core, whose first fit was killed together with Snakemake."""
    elsewhere = tmp_path_factory.mktemp("killed") / "elsewhere"
    project = complete.project.clone(elsewhere, source=complete.project.folder)
    process = subprocess.Popen(
        project.command("--cores", "1"),
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    logs = project.folder / project.results / "logs/train_step"
    try:
        while not any(log.stat().st_size for log in logs.glob("*.log")):
            assert process.poll() is None, "the run ended before its first fit"
            time.sleep(0.1)
    finally:
        # Its jobs are in its process group.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return project


@pytest.fixture(scope="module")
def resumed(killed):
    """What a locked run says; the jobs that were left; the project after they have run."""
    locked = killed.snakemake(check=False)
    killed.snakemake("--unlock")
    left = killed.plan()
    killed.snakemake("--cores", "1")
    return locked, left, killed


def test_a_killed_run_leaves_a_lock_that_says_what_to_do(resumed):
    locked, _, _ = resumed
    assert "--unlock" in locked


def test_what_was_done_is_not_done_again(resumed, complete):
    _, left, _ = resumed
    rules = {job.rule for job in left}
    assert {"train_step", "evaluate"} <= rules
    assert not rules & {"demo_genome", "import_map", "interactions", "build_graph", "embed"}


def test_the_same_seed_gives_the_same_bytes_elsewhere_on_one_core_and_resumed(resumed, complete):
    _, _, project = resumed
    compared = 0
    for job in complete.jobs:
        for path in job.output:
            first, second = (p.folder / path for p in (complete.project, project))
            if first.suffix != DATED:
                assert first.read_bytes() == second.read_bytes(), path
                compared += 1
    assert compared > 40
    assert project.plan() == []
