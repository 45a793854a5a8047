"""foldcast used from elsewhere: as a module, with `--directory`, read-only, in a path with spaces.

What is run is compared with a run in the repository's root, byte for byte.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from project import ROOT, TINY, Project
from snakemake_starts import environment

# Jobs that read a bundled file, what other jobs make, and write a table.
SLICE = ["results/tiny/expression/mrna/samples.tsv", "results/tiny/genome/chrom.sizes"]
SHEETS = {"demo": "config/sheets/demo.tsv", "mrna": "config/sheets/mrna.tsv"}
# The checkout mounted read-only, for this command alone: permissions do not bind root.
READ_ONLY = (
    'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && ! touch "$0/x" 2>&- && exec "$@"'
)
# Each import in a fork of its own: a start of Python for each would cost more.
EACH_ALONE = """
import os, sys
for module in sys.argv[1:]:
    if not os.fork():
        __import__(f"foldcast.{module}" if module != "__init__" else "foldcast")
        assert "snakemake" not in sys.modules
        sys.exit()
    if os.wait()[1]:
        sys.exit(f"foldcast.{module} cannot be imported by itself")
"""
MODULE = """
configfile: "tiny.yaml"

module foldcast:
    snakefile: "{checkout}/workflow/Snakefile"
    config: config

use rule * from foldcast{renamed}
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in a path with spaces whose own config is the tiny demo, with its sheets."""
    project = Project.clone(tmp_path_factory.mktemp("a place") / "with spaces")
    for name, path in SHEETS.items():
        project.write(path, (project.folder / f"sheets/{name}.tsv").read_text())
    shutil.rmtree(project.folder / "sheets")
    project.configure("demo.samples", SHEETS["demo"])
    project.configure("datasets.mrna.samples", SHEETS["mrna"])
    shutil.move(project.folder / "config/tiny.yaml", project.folder / "config/config.yaml")
    return project.folder


@pytest.fixture(scope="module")
def sandbox(checkout: Path) -> list[str]:
    """The start of a command to which the checkout is read-only, where this machine allows that."""
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", READ_ONLY, str(checkout)]
    try:
        return command if not subprocess.run([*command, "true"]).returncode else []
    except FileNotFoundError:
        return []


def start(folder: Path, *args: object, sandbox: list[str], check: bool = True) -> str:
    """Start Snakemake in a folder; what it said."""
    done = subprocess.run(
        [*sandbox, sys.executable, "-m", "snakemake", "--cores", "2", "--nocolor", *map(str, args)],
        cwd=folder,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1200,
    )
    assert not check or not done.returncode, done.stdout[-6000:]
    return done.stdout


def state(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def importer(folder: Path, checkout: Path, renamed: str = "") -> Path:
    """A workflow of somebody else that imports foldcast, with the tiny demo as its config."""
    folder.mkdir()
    text = MODULE.format(checkout=checkout, renamed=renamed)
    (folder / "Snakefile").write_text(text)
    config = yaml.safe_load((checkout / "config/config.yaml").read_text())
    (folder / "tiny.yaml").write_text(yaml.safe_dump(config | {"mirror": None}, sort_keys=False))
    return folder


def assert_same(folder: Path, complete, paths: list[str]) -> None:
    ours, theirs = (
        {path: (root / path).read_bytes() for path in paths}
        for root in (folder, complete.project.folder)
    )
    assert [path for path in paths if ours[path] != theirs[path]] == []


@pytest.mark.slow
def test_a_module_of_a_read_only_checkout(complete, checkout, sandbox, tmp_path):
    folder, before = importer(tmp_path / "some where", checkout), state(checkout)
    profile = checkout / "profiles/default"
    said = start(folder, "--profile", profile, "--", *SLICE, sandbox=sandbox)
    assert "Warning" not in said
    assert_same(folder, complete, SLICE)
    assert state(checkout) == before


@pytest.mark.slow
def test_another_directory_without_a_config(complete, checkout, sandbox, tmp_path):
    """The demo of the checkout then, with its sheets; results are where Snakemake was sent."""
    before, home, folder = state(checkout), tmp_path / "home", tmp_path / "far away"
    home.mkdir()
    snakefile = checkout / "workflow/Snakefile"
    said = start(home, "-s", snakefile, "--directory", folder, "--", *SLICE, sandbox=sandbox)
    assert "Warning" not in said  # the profile is found beside the Snakefile
    assert_same(folder, complete, SLICE)
    assert (folder / ".snakemake/foldcast/modules.json").is_file()
    assert state(checkout) == before and not list(home.iterdir())


def test_a_lost_profile_is_said(clone, tmp_path):
    """Where links are not kept, workflow/profiles is a file with the text of the link."""
    profiles = clone.folder / "workflow/profiles"
    shutil.rmtree(profiles)
    profiles.write_text("../profiles")
    snakefile, folder = clone.folder / "workflow/Snakefile", tmp_path / "far"
    shutil.copytree(clone.folder / "sheets", folder / "sheets")
    args = ("-s", snakefile, "--directory", folder, "--configfile", TINY)
    said = start(tmp_path, *args, "--", "demo_genome", sandbox=[])
    assert said.count("foldcast's default profile is not in use") == 1
    assert f"--profile {clone.folder}/profiles/default" in said


def test_a_git_address_is_refused_in_one_sentence(clone, tmp_path):
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "workflow"],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "One"],
    ):
        subprocess.run(["git", *command], cwd=clone.folder, check=True)
    address = f'gitfile("{clone.folder}", path="workflow/Snakefile", ref="main")'
    (tmp_path / "Snakefile").write_text(
        f"module foldcast:\n    snakefile: {address}\n\nuse rule * from foldcast\n"
    )
    said = start(tmp_path, "--dry-run", sandbox=[], check=False)
    said = said[said.index("Error") :].strip()
    assert said.startswith("Error: foldcast cannot be imported from git+file://")
    assert said.endswith("clone the repository and name its workflow/Snakefile in `snakefile:`.")
    assert "\n" not in said


def test_a_notebook_needs_lib_on_its_path_and_nothing_else(tmp_path):
    """Each module of the ground floor is imported by an interpreter that knows no other yet."""
    lib = ROOT / "workflow/lib"
    modules = sorted(path.stem for path in lib.glob("foldcast/*.py"))
    assert {"errors", "files", "fingerprint", "job", "protocol"} <= set(modules)
    done = subprocess.run(
        [sys.executable, "-c", EACH_ALONE, *modules],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(lib)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert not done.returncode, done.stderr


@pytest.mark.slow
def test_the_whole_tiny_demo_as_a_module(complete, checkout, sandbox, tmp_path):
    """Every rule with its script, environment and caption, under other names."""
    folder = importer(tmp_path / "some where", checkout, " as its_*")
    rest = "\nrule first:\n    default_target: True\n    input: rules.its_all.input\n"
    with open(folder / "Snakefile", "a") as file:
        file.write(rest)
    config = yaml.safe_load((folder / "tiny.yaml").read_text())
    mirror = str(complete.project.folder / "mirror")
    (folder / "tiny.yaml").write_text(yaml.safe_dump(config | {"mirror": mirror}, sort_keys=False))
    start(folder, sandbox=sandbox)
    ours, theirs = Project(folder).tables(), complete.project.tables()
    assert len(theirs) > 30 and ours.keys() == theirs.keys()
    assert [path for path in theirs if ours[path] != theirs[path]] == []
    start(folder, "--report", "report.html", sandbox=sandbox)
    assert (folder / "report.html").stat().st_size > 100_000
