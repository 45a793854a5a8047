"""Slurm for real, on one node and without accounting: `profiles/slurm` as it is shipped.

What one machine cannot show is said in docs/clusters.md: several nodes, a file system that is slow
to show files, slurmdbd, cgroups.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from one_node_slurm import Slurm, missing, one_node_slurm
from project import Complete, Project

pytestmark = pytest.mark.slow

CONFIG = ("--profile", "profiles/slurm", "--configfile", "config/tiny.yaml", "--nocolor")
DATED = {".mcool", ".zip"}  # carry the date of their making
PATIENCE = 900  # s for a run
MOST_TIMES_LOCAL, AND_SECONDS = 2, 60
# Snakemake in a job needs more than that, so the first attempt is killed.
LITTLE_AT_FIRST = "test_changes:mem_mb=100*20**(attempt-1)"


@pytest.fixture(scope="module")
def slurm(tmp_path_factory) -> Iterator[Slurm]:
    if why := missing():
        pytest.skip(f"no Slurm here: {why}")
    with one_node_slurm(tmp_path_factory.mktemp("slurm")) as slurm:
        yield slurm


def start(project: Project, slurm: Slurm, *args: str, **variables: str) -> subprocess.Popen:
    """Snakemake on Slurm, in a process group of its own; what it says is in `said.txt`."""
    python = project.command()[0]
    with open(project.folder / "said.txt", "w") as said:
        return subprocess.Popen(
            [python, "-m", "snakemake", *CONFIG, *args],
            cwd=project.folder,
            env=project.environment | slurm.variables | variables,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def take_away(project: Project, complete: Complete, rule: str) -> list[str]:
    """Delete what a rule made; its paths."""
    paths = [path for job in complete.jobs if job.rule == rule for path in job.made]
    for path in paths:
        (project.folder / path).unlink()
    return paths


def said(project: Project) -> str:
    return (project.folder / "said.txt").read_text()


def seconds_of_last_run(project: Project) -> float:
    """How long it says that it took."""
    log = max((project.folder / ".snakemake/log").glob("*.log"), key=os.path.getmtime)
    hours, minutes, seconds = re.findall(r"Elapsed time: (\d+):(\d+):([\d.]+)", log.read_text())[-1]
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def until(true: Callable[[], object], process: subprocess.Popen, project: Project) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert process.poll() is None and time.monotonic() < end, said(project)[-4000:]
        time.sleep(0.5)


def test_the_demo_through_the_profile_is_that_of_a_local_run(slurm, complete, clone, capsys):
    began = time.monotonic()
    process = start(clone, slurm)
    try:
        assert process.wait(PATIENCE) == 0, said(clone)[-4000:]
    finally:
        process.kill()
    took, local = time.monotonic() - began, seconds_of_last_run(complete.project)
    with capsys.disabled():
        print(f"\nthe tiny demo: {took:.0f} s on Slurm, {local:.0f} s without")
    paths = [path for job in complete.jobs for path in job.made]
    assert len(paths) > 100
    assert [path for path in paths if not same(clone, complete, path)] == []
    # Nothing waits in the queue that takes longer to start than to do.
    assert 10 < len(slurm.jobs()) < len(complete.jobs) / 3
    assert took <= MOST_TIMES_LOCAL * local + AND_SECONDS


def same(project: Project, complete: Complete, path: str) -> bool:
    """Whether a file, or all files of a folder, have the bytes of the local run."""
    ours, theirs = project.folder / path, complete.project.folder / path
    if not theirs.is_dir():
        return ours.exists() and (ours.suffix in DATED or ours.read_bytes() == theirs.read_bytes())
    names = [str(file.relative_to(theirs)) for file in theirs.rglob("*") if file.is_file()]
    return all(same(project, complete, str(Path(path) / name)) for name in names)


def test_a_job_that_was_killed_for_memory_gets_more(slurm, project, complete):
    before = {*slurm.jobs("%i")}
    paths = take_away(project, complete, "test_changes")
    process = start(project, slurm, "--set-resources", LITTLE_AT_FIRST, "--", paths[0])
    try:
        assert process.wait(PATIENCE) == 0, said(project)[-4000:]
    finally:
        process.kill()
    jobs = [line.split() for line in slurm.jobs("%i %T %m") if line.split()[0] not in before]
    (killed, *first), (_, *second) = sorted(jobs, key=lambda job: int(job[0]))
    assert (first, second) == (["FAILED", "100M"], ["COMPLETED", "2000M"])
    log = (slurm.folder / "slurmd.log").read_text()
    assert f"StepId={killed}.batch exceeded memory limit" in log
    assert all(same(project, complete, path) for path in paths)


def test_a_fit_asks_for_its_gpu_and_ctrl_c_takes_all_out_of_the_queue(slurm, project, complete):
    """The node has one, so one fit runs and one waits."""
    take_away(project, complete, "train_step")
    before = {*slurm.jobs("%i")}
    process = start(project, slurm, "--until", "train_step", FOLDCAST_GPUS="1")

    def ours() -> dict[str, str]:
        lines = map(str.split, slurm.jobs("%i %T"))
        return {number: state for number, state in lines if number not in before}

    def both_taken() -> bool:
        """Also Snakemake knows: what it just then hands over it does not take back."""
        states = sorted(ours().values())
        return states == ["PENDING", "RUNNING"] and said(project).count("submitted with SLURM") == 2

    try:
        until(both_taken, process, project)
        for number in ours():
            asked = slurm.ask("scontrol", "show", "job", number)
            assert re.search(r"TresPer(Job|Node)=gres(:|/)gpu[:=]1", asked), asked
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) != 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    end = time.monotonic() + 30
    while {*ours().values()} & {"COMPLETING"} and time.monotonic() < end:
        time.sleep(0.5)
    assert [*ours().values()] == ["CANCELLED"] * 2
