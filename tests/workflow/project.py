"""The workflow in a folder of its own with a tiny demo: Snakemake run there, and what it plans."""

import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from snakemake_starts import environment, start

ROOT = Path(__file__).resolve().parents[2]
# Page and archive show whatever there is, so that most of what changes makes them anew.
TAKE_AWAY = (ROOT / "workflow/rules/take_away.smk").read_text()
PAGE = {"report_page", *re.findall(r"(?m)^rule (\w+):", TAKE_AWAY)}
PARTS = ("workflow", "envs", "profiles", "config")
TINY = Path(__file__).with_name("tiny.yaml")
TIMES, REPLICATES = range(0, 24, 2), (1, 2)


@dataclass(frozen=True)
class Job:
    """A job of a dry run."""

    rule: str
    input: list[str] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    wildcards: list[str] = field(default_factory=list)

    @property
    def made(self) -> tuple[str, ...]:
        """The outputs; a dry run marks those that are kept when it runs again."""
        return tuple(path.removesuffix(" (update)") for path in self.output)


class Project:
    """A folder that looks like a clone of foldcast, with ``config/tiny.yaml``."""

    results = Path("results/tiny")

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def clone(cls, folder: Path, source: Path = ROOT) -> "Project":
        """The workflow of ``source`` and the user's files; nothing has been run."""
        for part in PARTS:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source / part, folder / part, ignore=ignored)
        project = cls(folder)
        project.write("config/tiny.yaml", TINY.read_text())
        for sheet in ("demo", "mrna"):
            project.write(f"sheets/{sheet}.tsv", sample_sheet())
        project.write("mirror/example.org/aliases.tsv", "alias\tsymbol\nFIRST\tGENE001\n")
        return project

    def copy(self, folder: Path) -> "Project":
        """All of it, as it stands: with results, time stamps and what Snakemake noted."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("__pycache__", "log"))
        return Project(folder)

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def append(self, path: str, text: str) -> None:
        self.write(path, (self.folder / path).read_text() + text)

    def configure(self, key: str, value: Any) -> None:
        """Set a dotted key of the config; None deletes it."""
        path = self.folder / "config/tiny.yaml"
        config = part = yaml.safe_load(path.read_text())
        *sections, last = key.split(".")
        for section in sections:
            part = part.setdefault(section, {})
        part[last] = value
        if value is None:
            del part[last]
        path.write_text(yaml.safe_dump(config, sort_keys=False))

    def tables(self) -> dict[str, bytes]:
        """Tables by path, of results and resources, but for what jobs took: that never is alike."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for part in ("results", "resources")
            for path in sorted((self.folder / part).rglob("*"))
            if path.suffix in {".tsv", ".csv", ".bed", ".bedpe", ".gtf"}
            and "benchmarks" not in path.relative_to(self.folder).parts
        }

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "snakemake", *self.arguments(*args)]

    def arguments(self, *args: str) -> list[str]:
        if "--cores" not in args:
            args = ("--cores", "2", *args)
        return ["--configfile", "config/tiny.yaml", "--nocolor", *args]

    @property
    def environment(self) -> dict[str, str]:
        return environment()

    def start(self, *args: str, timeout: int = 600, **variables: str) -> tuple[int, str]:
        """Exit status of a run of Snakemake, and what it said on both streams."""
        return start(self.folder, self.arguments(*args), environment(**variables), timeout)

    def snakemake(
        self, *args: str, check: bool = True, timeout: int = 600, **variables: str
    ) -> str:
        """Run Snakemake to its end; what it said on both streams.

        Args:
            check: fail the test when Snakemake fails.
            timeout: seconds that it may take.
            variables: of the environment.
        """
        status, said = self.start(*args, timeout=timeout, **variables)
        if check and status:
            pytest.fail(f"snakemake {' '.join(args)} in {self.folder}:\n{said[-6000:]}")
        return said

    def plan(self, *args: str, **variables: str) -> list[Job]:
        """The jobs that a run would start, without targets, by a dry run."""
        said = self.snakemake("--dry-run", *args, **variables)
        jobs = parse_jobs(said)
        if not jobs and "Nothing to be done" not in said:
            pytest.fail(f"no plan in what Snakemake said:\n{said}")
        return [job for job in jobs if job.output]

    def stale(self, *args: str, **variables: str) -> set[str]:
        """The rules that a run would start."""
        return {job.rule for job in self.plan(*args, **variables)}

    def pretend(self) -> None:
        """As after a run, but that every output that was not there is empty."""
        for job in self.plan():
            for path in map(self.folder.joinpath, job.made):
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.suffix:
                    path.write_text("chr1\t1000000\n" if path.suffix == ".sizes" else "")
                else:
                    path.mkdir()
                    (path / "part").touch()
        self.snakemake("--touch", "--forceall")


def parse_jobs(said: str) -> list[Job]:
    """The jobs of a dry run's text: ``rule NAME:`` and indented ``key: value, value`` below."""
    jobs: list[Job] = []
    open_ = False
    for line in said.splitlines():
        if head := re.fullmatch(r"(?:local)?(?:rule|checkpoint) (\w+):", line):
            jobs.append(Job(head[1]))
            open_ = True
        elif open_ and (entry := re.fullmatch(r"    (\w+): (.*)", line)):
            if isinstance(values := getattr(jobs[-1], entry[1], None), list):
                values.extend(entry[2].split(", "))
        else:
            open_ = False
    return jobs


def sample_sheet() -> str:
    rows = [
        f"t{time:02d}_r{replicate}\t{{column}}\t{time}\t{replicate}\n"
        for time in TIMES
        for replicate in REPLICATES
    ]
    return "sample\tcolumn\ttime\treplicate\n" + "".join(
        row.format(column=column) for column, row in enumerate(rows, 2)
    )


@dataclass(frozen=True)
class Complete:
    """A project after its first run, and the jobs that the dry run before had announced."""

    project: Project
    jobs: list[Job]
