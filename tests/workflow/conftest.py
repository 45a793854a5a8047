"""Tiny demos that the tests of the workflow share: complete ones, and clones that never ran."""

import shutil
from pathlib import Path

import pytest

from project import Complete, Project


@pytest.fixture(scope="session")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Complete:
    """The tiny demo, run once. Many tests look at it: change a `project` instead."""
    project = Project.clone(tmp_path_factory.mktemp("complete") / "foldcast")
    jobs = project.plan()
    project.snakemake()
    return Complete(project, jobs)


@pytest.fixture
def project(complete: Complete, tmp_path: Path) -> Project:
    """A private copy of the complete tiny demo."""
    return complete.project.copy(tmp_path / "foldcast")


@pytest.fixture
def clone(tmp_path: Path) -> Project:
    """A private clone with the tiny demo's config, in which nothing has been run."""
    return Project.clone(tmp_path / "foldcast")


@pytest.fixture(scope="module")
def module_clone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone that the tests of a module share, in which nothing has been run."""
    return Project.clone(tmp_path_factory.mktemp("module") / "foldcast")


@pytest.fixture(scope="module")
def given_files(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that brings the demo's files itself, by path: copy it and spoil one of them."""
    project = Project.clone(tmp_path_factory.mktemp("given") / "foldcast")
    project.snakemake("demo_expression", "demo_contacts")
    shutil.move(project.folder / "resources/demo", project.folder / "data")
    shutil.rmtree(project.folder / "results")
    text = (project.folder / "config/tiny.yaml").read_text()
    project.write("config/tiny.yaml", text.replace("resources/demo/", "data/"))
    project.configure("demo", None)
    project.configure("genome.aliases", None)
    project.snakemake("results/tiny/genome/chrom.sizes")
    return project
