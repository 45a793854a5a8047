"""Faults at moments that seeds draw: the next run makes what one that was left alone makes.

`kill -9` of all of a run, of Snakemake alone (its jobs write on) and of one job; Ctrl-C and TERM;
two runs in one folder; a full disk, and one that turns read-only; results that are cut off.
"""

import os
import pickle
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from compare_results import arrays
from demo_files import SEQUENCE_RUN
from project import Complete, Project

SEEDS = (1, 2)
FAULTS = 17  # on the way to a run's end
JOBS = 5  # that may end between a start and its fault
LONGEST = 1.5  # s from the last of them to the fault: within the next job
PATIENCE = 3000  # s for a run
CUT = 16  # results that are cut off at once
DATED = ".mcool"  # carries the date of its making
NOT_READ = r"/report/|^resources/files/"
NAMED = r"Error: (\S+)\n  found: .*\n  expected: .*\n  remedy: +delete it and run again"
PARTS = ("expression", "graph")  # what the quick test makes anew
SEQUENCE_FAULTS = 10
SPEX = SEQUENCE_RUN | {
    "control_contacts": {"kinds": ["shuffled"]},
    "trees": {"rounds": 50, "patience": 10, "eta": 0.1, "reg_lambda": 10},
    "seeds": [1],
}


@dataclass
class Started:
    """A run of Snakemake that has locked its folder: its jobs are under way."""

    process: subprocess.Popen
    said: Path

    @classmethod
    def of(cls, project: Project, *args: str) -> "Started":
        said = project.folder / "said.txt"
        with open(said, "w") as handle:
            process = subprocess.Popen(
                project.command(*args),
                cwd=project.folder,
                env=project.environment,
                stdout=handle,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        locks = project.folder / ".snakemake/locks"
        while process.poll() is None and not any(locks.glob("*")):
            time.sleep(0.05)
        return cls(process, said)

    def lasts(self, jobs: int, seconds: float) -> bool:
        """Whether it is still running so long after so many of its jobs have ended."""
        while self.process.poll() is None and self.said.read_text().count(") done") < jobs:
            time.sleep(0.05)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.process.poll() is None

    def ended(self) -> int:
        """Its exit status, once it has one."""
        return self.process.wait(PATIENCE)


def kill_all(started: Started, draw: random.Random) -> None:
    # Its jobs are in its process group.
    os.killpg(started.process.pid, signal.SIGKILL)


def kill_snakemake(started: Started, draw: random.Random) -> None:
    """Its jobs write on, beside those of the next run."""
    started.process.kill()


def kill_a_job(started: Started, draw: random.Random) -> None:
    with suppress(psutil.NoSuchProcess):
        below = psutil.Process(started.process.pid).children(recursive=True)
        if below:
            draw.choice(below).kill()


def interrupt(started: Started, draw: random.Random) -> None:
    """Ctrl-C: a terminal sends it to all of the run."""
    os.killpg(started.process.pid, signal.SIGINT)


def terminate(started: Started, draw: random.Random) -> None:
    started.process.terminate()


KINDS: tuple[Callable[[Started, random.Random], None], ...] = (
    kill_all, kill_snakemake, kill_a_job, interrupt, terminate,
)  # fmt: skip


def survive(
    project: Project, draw: random.Random, faults: int, jobs: int, *targets: str
) -> list[str]:
    """Runs with a fault each, then one to its end; the faults that hit a run that was under way."""
    kinds = [*KINDS] * (faults // len(KINDS) + 1)
    draw.shuffle(kinds)
    met = []
    for kind in kinds[:faults]:
        started = Started.of(project, "--rerun-incomplete", *targets)
        if started.lasts(draw.randint(0, jobs), draw.uniform(0, LONGEST)):
            kind(started, draw)
            met.append(kind.__name__)
        started.ended()
        project.snakemake("--unlock")
    project.snakemake("--rerun-incomplete", *targets, timeout=PATIENCE)
    return met


def made(complete: Complete, *parts: str) -> list[str]:
    """What the run that was left alone made, or of it what is in parts of `results/<name>/`."""
    folders = [Project.results / part for part in parts]
    return [
        path
        for job in complete.jobs
        for path in job.made
        if not parts or any(Path(path).is_relative_to(folder) for folder in folders)
    ]


def differences(project: Project, complete: Complete, *parts: str) -> list[str]:
    """The results that are not there, or other than those of the run that was left alone."""
    paths = [path for path in made(complete, *parts) if Path(path).suffix != DATED]
    assert paths
    return [
        path
        for path in paths
        if content(project.folder / path) != content(complete.project.folder / path)
    ]


def content(path: Path) -> dict[str, bytes]:
    """Path below → bytes, of a file or of all in a folder; nothing where there is none.

    Of HDF5 the arrays: where rows lie in the file depends on which were there already.
    """
    if path.suffix == ".h5" and path.is_file():
        return {name: pickle.dumps(values) for name, values in arrays(path).items()}
    files = [path] if path.is_file() else [one for one in sorted(path.rglob("*")) if one.is_file()]
    return {str(one.relative_to(path)): one.read_bytes() for one in files}


def left_over(project: Project) -> list[str]:
    """Drafts of files that a killed job had begun (`files.atomic`)."""
    found = re.compile(r"\..+\.[0-9a-f]{8}(\..+)?")
    return [
        str(path.relative_to(project.folder))
        for part in ("results", "resources")
        for path in (project.folder / part).rglob(".*")
        if found.fullmatch(path.name)
    ]


@pytest.mark.full
@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_that_is_hit_again_and_again_ends_as_one_that_was_left_alone(
    seed, complete, tmp_path
):
    project = Project.clone(tmp_path / "foldcast", source=complete.project.folder)
    met = survive(project, random.Random(seed), FAULTS, JOBS)
    print(f"seed {seed}: {', '.join(met)}")
    assert len(met) >= 15
    assert differences(project, complete) == []
    assert left_over(project) == []
    assert project.plan() == []


def ask_for_sequence(project: Project) -> None:
    project.configure("stages", ["spex"])
    project.configure("beluga", {"weights": {"path": "resources/demo/beluga.pth"}})
    project.configure("spex", {"tiny": SPEX})


@pytest.fixture(scope="module")
def sequence(module_clone: Project) -> Complete:
    """The sequence half of the tiny demo, run once and left alone."""
    ask_for_sequence(module_clone)
    jobs = module_clone.plan()
    module_clone.snakemake(timeout=PATIENCE)
    return Complete(module_clone, jobs)


@pytest.mark.full
@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_of_the_sequence_half_that_is_hit_ends_as_one_that_was_left_alone(
    seed, sequence, tmp_path
):
    """What its jobs had kept of Beluga's features when they were hit is taken by the next run."""
    project = Project.clone(tmp_path / "foldcast", source=sequence.project.folder)
    ask_for_sequence(project)
    met = survive(project, random.Random(seed), SEQUENCE_FAULTS, 3)
    print(f"seed {seed}: {', '.join(met)}")
    assert len(met) >= 8
    assert differences(project, sequence) == []
    assert left_over(project) == []
    assert project.plan() == []


@pytest.mark.slow
def test_stages_that_are_hit_end_as_those_that_were_left_alone(project, complete):
    """A seed's part of the full test, on two stages whose results are taken away."""
    for part in PARTS:
        shutil.rmtree(project.folder / project.results / part)
    assert len(survive(project, random.Random(2), 3, 1, *made(complete, *PARTS))) >= 2
    assert differences(project, complete, *PARTS) == []


@pytest.mark.full
def test_two_runs_in_one_folder_do_no_harm_even_where_the_lock_is_taken_away(complete, tmp_path):
    project = Project.clone(tmp_path / "foldcast", source=complete.project.folder)
    first = Started.of(project)
    status, said = project.start()
    assert status and "--unlock" in said  # the second says what it met, and ends
    # What its user then should not do: take away the lock of a run that lives.
    project.snakemake("--unlock")
    project.start("--rerun-incomplete", timeout=PATIENCE)
    first.ended()
    project.snakemake("--unlock")
    project.snakemake("--rerun-incomplete", timeout=PATIENCE)
    assert differences(project, complete) == []


@pytest.mark.full
@pytest.mark.parametrize("seed", SEEDS)
def test_results_that_are_cut_off_are_named_or_do_not_matter(seed, project, complete):
    """Files that jobs compute with are cut off; each is deleted when a message asks for it.

    Figures and files to take away are left out, since what shows or packs them does not read them;
    and downloads, which are checked as they come and never again.
    """
    draw = random.Random(seed)
    read = {path for job in complete.jobs for path in job.input}
    between = [
        path
        for path in sorted(read.intersection(made(complete)))
        if (project.folder / path).is_file() and not re.search(NOT_READ, path)
    ]
    cut = draw.sample(between, CUT)
    for path in cut:
        os.truncate(
            project.folder / path, int(draw.random() * (project.folder / path).stat().st_size)
        )
    status = 1
    while status:
        status, said = project.start("--keep-going", *made(complete), timeout=PATIENCE)
        named = set(re.findall(NAMED, said))
        assert status == 0 or named, said[-3000:]
        for path in named:
            (project.folder / path).unlink()
    assert differences(project, complete) == []


@pytest.fixture
def disk(project) -> Iterator[Callable[[str], None]]:
    """The graph stage's results on a small disk of their own; a call sets its options."""
    folder = project.folder / project.results / "graph"
    shutil.rmtree(folder)
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be made here: {mounted.stderr.strip()}")
    yield lambda options: subprocess.run(
        ["mount", "-o", f"remount,{options}", folder], check=True
    ).check_returncode()
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.full
@pytest.mark.parametrize(
    ("before", "found", "after"),
    [
        ("size=64k", "No space left on device\n  expected: room on the disk", "size=1g"),
        ("ro", "a folder that cannot be written to (read-only)\n  expected:", "rw,size=1g"),
    ],
    ids=["full", "read-only"],
)
def test_a_disk_that_takes_no_more_is_said_and_then_done(
    disk, project, complete, before, found, after
):
    targets = made(complete, "graph")
    disk(before)
    status, said = project.start(*targets)
    assert status and found in said
    assert "died with" not in said and "Traceback" not in said
    disk(after)
    project.snakemake("--unlock")
    project.snakemake("--rerun-incomplete", *targets)
    assert differences(project, complete, "graph") == []
