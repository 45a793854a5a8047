"""`profiles/generic-cluster`, with a stand-in for LSF, SGE and PBS Pro that runs a job at once."""

import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from project import ROOT, Complete, Project

STAND_IN = Path(__file__).with_name("cluster_stand_in") / "bin"
PROFILE = ROOT / "profiles/generic-cluster"
SYSTEMS = ("lsf", "sge", "pbs")
PATIENCE = 300  # s


class Cluster:
    """The stand-in for one of them, as seen from the environment."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.folder = folder / "cluster"
        self.folder.mkdir()
        self.variables = {
            "STAND_IN": str(self.folder),
            "STAND_IN_IS": kind,
            "PATH": os.pathsep.join([str(STAND_IN), os.environ["PATH"]]),
            "FOLDCAST_CLUSTER": kind,
            "FOLDCAST_SUBMIT_OPTIONS": "-q long",
        }

    def asked(self) -> list[str]:
        """The options of every submission."""
        files = sorted(self.folder.glob("*.asked"), key=lambda path: int(path.stem))
        return [" ".join(json.loads(file.read_text())) for file in files]

    def ended(self) -> list[str]:
        return [file.read_text().strip() for file in sorted(self.folder.glob("*.ended"))]


@pytest.fixture(params=SYSTEMS)
def cluster(request, tmp_path) -> Cluster:
    return Cluster(request.param, tmp_path)


def start(project: Project, cluster: Cluster, *args: str, **variables: str) -> subprocess.Popen:
    with open(project.folder / "said.txt", "w") as said:
        return subprocess.Popen(
            [*project.command()[:3], "--profile", "profiles/generic-cluster", "--nocolor",
             "--seconds-between-status-checks", "1", "--configfile", "config/tiny.yaml", *args],
            cwd=project.folder,
            env=project.environment | cluster.variables | variables,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip


def said(project: Project) -> str:
    return (project.folder / "said.txt").read_text()


def take_away(project: Project, complete: Complete, rule: str) -> list[str]:
    """Delete what a rule made; its paths."""
    paths = [path for job in complete.jobs if job.rule == rule for path in job.made]
    for path in paths:
        (project.folder / path).unlink()
    return paths


@pytest.mark.slow
def test_a_job_that_was_killed_for_memory_gets_more(cluster, project, complete):
    paths = take_away(project, complete, "test_changes")
    process = start(project, cluster, "--", paths[0], STAND_IN_NEEDS="3000")
    assert process.wait(PATIENCE) == 0, said(project)[-4000:]
    memory = [int(re.search(r"(?:-M |h_vmem=|mem=)(\d+)", line)[1]) for line in cluster.asked()]
    assert memory == [2000, 4000]
    assert cluster.ended() == ["137", "0"]
    again = start(project, cluster, "--", paths[0])
    assert again.wait(PATIENCE) == 0 and "Nothing to be done" in said(project)
    for path in paths:
        ours, theirs = project.folder / path, complete.project.folder / path
        assert ours.read_bytes() == theirs.read_bytes()


# Snakemake's own list lacks jobs that are being handed over or asked for.
@pytest.mark.slow
@pytest.mark.parametrize("moment", ["2.asked", "1.looked"])
def test_ctrl_c_takes_jobs_out_of_the_queue(moment, project, complete, tmp_path):
    cluster = Cluster("lsf", tmp_path)
    take_away(project, complete, "train_step")
    slow = {"STAND_IN_TAKES": "3", "STAND_IN_WAITS": "60"}
    process = start(project, cluster, "--until", "train_step", **slow)
    try:
        until((cluster.folder / moment).exists)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) != 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    until(lambda: not [*(project.folder / ".snakemake/cluster_logs").glob("run.*")])
    assert cluster.ended() == ["cancelled"] * 2, said(project)[-4000:]


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


# In place of Snakemake: a process that calls what it is told to.
CALLS = """
import json, subprocess, sys
for line in sys.stdin:
    done = subprocess.run(json.loads(line), capture_output=True, text=True)
    print(json.dumps([done.returncode, done.stdout.strip(), done.stderr.strip()]), flush=True)
"""


class Run:
    """A run of Snakemake's, as the commands see it."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CALLS],
            cwd=folder,
            env=os.environ | cluster.variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.noted = folder / f".snakemake/cluster_logs/run.{self.process.pid}"
        self.script = folder / "tmp.1/job.sh"
        self.script.parent.mkdir(exist_ok=True)
        self.script.write_text("sleep 60\n")
        self.script.chmod(0o755)

    def call(self, command: str, *args: str) -> tuple[int, str, str]:
        self.process.stdin.write(json.dumps([str(PROFILE / command), *args]) + "\n")
        self.process.stdin.flush()
        return tuple(json.loads(self.process.stdout.readline()))

    def submit(self) -> str:
        code, number, error = self.call("submit", "2001", "90", "2", "embed", str(self.script))
        assert not code, error
        return number

    def end(self) -> None:
        """And wait until nothing is noted."""
        self.process.stdin.close()
        self.process.wait()
        until(lambda: not self.noted.exists())


def test_a_job_is_submitted_asked_for_and_dropped(cluster, tmp_path):
    run = Run(cluster, tmp_path)
    number = run.submit()
    (asked,) = cluster.asked()
    wanted = {
        "lsf": "-n 2 .*mem=2001MB.* -M 2001MB -W 90",
        "sge": "-pe smp 2 -l h_vmem=1001M,h_rt=5400",
        "pbs": "ncpus=2:mem=2001mb -l walltime=5400",
    }
    assert re.search(wanted[cluster.variables["STAND_IN_IS"]], asked) and "-q long" in asked
    assert run.call("status", number)[1] == "running"
    assert run.call("cancel", number)[0] == 0
    run.end()
    later = Run(cluster, tmp_path)
    assert later.call("status", number)[1] == "failed"
    later.end()


def test_what_a_run_leaves_is_dropped_if_it_ended_by_itself(tmp_path):
    cluster = Cluster("pbs", tmp_path)
    killed = Run(cluster, tmp_path)
    number = killed.submit()
    killed.process.kill()
    killed.end()
    # The job goes on, and is the next run's.
    ended = Run(cluster, tmp_path)
    assert ended.call("status", number)[1] == "running"
    other = ended.submit()
    shutil.rmtree(ended.script.parent)
    ended.end()
    assert cluster.ended() == ["cancelled"] * 2
    later = Run(cluster, tmp_path)
    assert [later.call("status", one)[1] for one in (number, other)] == ["failed"] * 2
    later.end()


def test_a_system_that_cannot_be_asked_is_asked_again(tmp_path):
    cluster = Cluster("lsf", tmp_path)
    cluster.variables["PATH"] = os.environ["PATH"]
    run = Run(cluster, tmp_path)
    assert run.call("status", "1") == (0, "running", "")
    run.process.kill()
    run.end()


def test_what_is_not_taken_is_said(tmp_path):
    cluster = Cluster("lsf", tmp_path)
    cluster.variables["FOLDCAST_SUBMIT_OPTIONS"] = "--no-such-option"
    run = Run(cluster, tmp_path)
    code, number, error = run.call("submit", "2000", "9", "1", "embed", "job.sh")
    assert code == 1 and not number and "the job was not taken: lsf: no -q" in error
    assert [*run.noted.glob("handed_over.*")] == []
    run.end()
    cluster.variables["FOLDCAST_CLUSTER"] = "condor"
    run = Run(cluster, tmp_path)
    for asked in (("status", "1"), ("submit", "2000", "9", "1", "embed", "job.sh")):
        code, _, error = run.call(*asked)
        assert code == 1 and error == "FOLDCAST_CLUSTER: condor is not one of lsf, sge, pbs"
    assert [*run.noted.glob("handed_over.*")] == []
    run.end()


def test_the_page_shows_how_each_is_called():
    systems = runpy.run_path(str(PROFILE / "systems.py"))["SYSTEMS"]
    text = (ROOT / "docs/clusters.md").read_text()
    assert systems.keys() == {*SYSTEMS}
    assert [kind for kind in SYSTEMS if f"\n{systems[kind].submit} …\n" not in text] == []
