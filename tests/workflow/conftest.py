"""Tiny demos that the tests of the workflow share: complete ones, and clones that never ran."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from made_once import MadeOnce
from project import Complete, Job, Project

DEMO = ("resources/demo/genome.fa", "resources/demo/hic.mcool", "resources/demo/expression.tsv")


@pytest.fixture(scope="session")
def complete(made_once: MadeOnce) -> Complete:
    """The tiny demo, run once. Many tests look at it, at a time: change a `project` instead."""

    def make(folder: Path) -> None:
        project = Project.clone(folder / "foldcast")
        (folder / "plan.json").write_text(json.dumps([asdict(job) for job in project.plan()]))
        project.snakemake("--benchmark-extended")

    folder = made_once("complete", make)
    jobs = [Job(**job) for job in json.loads((folder / "plan.json").read_text())]
    return Complete(Project(folder / "foldcast"), jobs)


@pytest.fixture
def project(complete: Complete, tmp_path: Path) -> Project:
    """A private copy of the complete tiny demo."""
    return complete.project.copy(tmp_path / "foldcast")


@pytest.fixture(scope="session")
def nearly_complete(made_once: MadeOnce) -> Project:
    """The tiny demo's files are made; of what comes of them, every file is there and empty."""

    def make(folder: Path) -> None:
        project = Project.clone(folder)
        project.snakemake(*DEMO)
        project.pretend()

    return Project(made_once("nearly_complete", make))


@pytest.fixture
def pretended(nearly_complete: Project, tmp_path: Path) -> Project:
    """A private copy of it: for plans, which look at no content of what a rule made."""
    return nearly_complete.copy(tmp_path / "foldcast")


@pytest.fixture
def clone(tmp_path: Path) -> Project:
    """A private clone with the tiny demo's config, in which nothing has been run."""
    return Project.clone(tmp_path / "foldcast")


@pytest.fixture(scope="module")
def module_clone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone that the tests of a module share, in which nothing has been run."""
    return Project.clone(tmp_path_factory.mktemp("module") / "foldcast")


@pytest.fixture(scope="session")
def given_files(nearly_complete: Project, made_once: MadeOnce) -> Project:
    """A project that brings the demo's files itself, by path: copy it and spoil one of them."""

    def make(folder: Path) -> None:
        project = nearly_complete.copy(folder)
        shutil.move(folder / "resources/demo", folder / "data")
        (folder / "data/genome.fa.fai").unlink()  # it was only pretended
        shutil.rmtree(folder / "results")
        text = (folder / "config/tiny.yaml").read_text()
        project.write("config/tiny.yaml", text.replace("resources/demo/", "data/"))
        project.configure("demo", None)
        project.configure("genome.aliases", None)
        project.snakemake("results/tiny/genome/chrom.sizes")

    return Project(made_once("given", make))
