"""Environments: ranges that hold the lock, each with what its scripts import and nothing else."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from foldcast.fingerprint import WORKFLOW, library_of, script_path
from rule_files import RULES

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = {path.stem: path for path in sorted((ROOT / "envs").glob("*.yaml"))}
STAGES = sorted(set(ENVIRONMENTS) - {"snakemake"})
# Names on conda-forge and bioconda, where they are not those on PyPI.
PYPI = {
    "matplotlib-base": "matplotlib",
    "py-xgboost": "xgboost-cpu",
    "pyg": "torch-geometric",
    "pytorch": "torch",
}
# Packages by what is imported, where that is not their name on PyPI.
PACKAGE = {
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "torch_geometric": "torch-geometric",
    "xgboost": "xgboost-cpu",
    "yaml": "pyyaml",
}
# Packages that no module imports, and why they are in an environment.
UNSEEN = {
    "evaluation": {"pyfaidx": "bioframe reads sequence with it"},
    "graph": {"setuptools": "node2vec imports pkg_resources and does not ask for it"},
    "hic": {"pyfaidx": "bioframe reads sequence with it"},
    "snakemake": {
        "pygments": "snakemake --report needs it and does not ask for it",
        "snakemake-executor-plugin-cluster-generic": "profiles/generic-cluster",
        "snakemake-executor-plugin-slurm": "profiles/slurm",
    },
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(path: Path) -> dict[str, str]:
    """Packages of a requirements file and their versions; anything else in it is an error.

    Markers are left out: what stands behind `;` says on which machines.
    """
    lines = [re.split("[#;]", line)[0].strip() for line in path.read_text().splitlines()]
    entries = [line.partition("==") for line in lines if line]
    assert all(pin == "==" for _, pin, _ in entries)
    return {normal(name): version for name, _, version in entries}


def ranges(environment: str) -> dict[str, str]:
    """Names on conda-forge and bioconda and ranges of versions, in the order of the file."""
    entries = yaml.safe_load(ENVIRONMENTS[environment].read_text())["dependencies"]
    found = dict(entry.split(" ") for entry in entries)
    assert len(found) == len(entries)
    return found


def packages(environment: str) -> dict[str, str]:
    """PyPI names and ranges of versions of a conda environment, less python."""
    found = ranges(environment)
    found.pop("python")
    return {PYPI.get(name, normal(name)): versions for name, versions in found.items()}


def imported(script: str, workflow: Path = WORKFLOW) -> set[str]:
    """Packages that a script and the library behind it import, at any depth of the code."""
    modules: set[str] = set()
    for path in [script_path(script, workflow), *library_of(script, workflow)]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.split(".")[0])
    modules -= {"foldcast", *sys.stdlib_module_names}
    return {PACKAGE.get(module, normal(module)) for module in modules}


@pytest.fixture(scope="module")
def lock() -> dict[str, str]:
    return pins(ROOT / "requirements.lock")


def test_every_rule_has_a_script_of_its_name_and_an_environment():
    assert len(RULES) > 20
    for rule, (environment, script) in RULES.items():
        assert script.split("/")[1] == rule
        assert environment in STAGES, f"{rule}: envs/{environment}.yaml is not there"
        assert script_path(script).is_file()
    assert {environment for environment, _ in RULES.values()} == set(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_an_environment_holds_what_its_scripts_import_and_nothing_else(stage):
    needed = set().union(*(imported(script) for env, script in RULES.values() if env == stage))
    assert set(packages(stage)) - UNSEEN.get(stage, {}).keys() == needed


def test_snakemakes_environment_holds_what_parsing_the_workflow_imports(tmp_path):
    smk = [ROOT / "workflow/Snakefile", *(ROOT / "workflow/rules").rglob("*.smk")]
    lines = re.findall(
        r"(?m)^(?:from|import) [^\n(]*(?:\([^)]*\))?", "\n".join(path.read_text() for path in smk)
    )
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/parsing.py").write_text("\n".join(lines))
    (tmp_path / "lib").symlink_to(WORKFLOW / "lib")
    held = set(packages("snakemake")) - UNSEEN["snakemake"].keys()
    assert held == imported("parsing", tmp_path)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_lock_lies_in_every_range(environment, lock):
    """Ranges, as conda-forge and bioconda skip releases; the lock is what was tried."""
    for package, versions in packages(environment).items():
        assert re.fullmatch(r">=[\d.]+,<[\d.]+", versions), package
        assert lock[package] in SpecifierSet(versions), package
    channels = yaml.safe_load(ENVIRONMENTS[environment].read_text())["channels"]
    assert channels == ["conda-forge", "bioconda", "nodefaults"]


def test_a_package_has_one_range_and_no_environment_a_pin_file():
    """Snakemake prefers pin files (`envs/*.pin.txt`) to ranges, and only a solver writes them."""
    found = {entry for environment in ENVIRONMENTS for entry in ranges(environment).items()}
    assert len(found) == len({name for name, _ in found})
    assert not [*(ROOT / "envs").glob("*.txt")]


def test_the_page_tells_of_every_package_what_was_seen_of_it(lock):
    """Name, channel, range, what the lock has, which version of its recipe was read, where."""
    page = (ROOT / "docs/environments.md").read_text()
    row = r"(?m)^\| `(\S+)` \| (\S+) \| `(\S+)` \| (\S+) \| (.+?) \| (.+?) \|$"
    rows = {name: more for name, *more in re.findall(row, page)}
    wanted = {entry for environment in ENVIRONMENTS for entry in ranges(environment).items()}
    assert {(name, versions) for name, (_, versions, *_) in rows.items()} == wanted
    for name, (channel, versions, locked, seen, commit) in rows.items():
        assert channel in {"conda-forge", "bioconda"}
        assert name == "python" or locked == lock[PYPI.get(name, normal(name))]
        # A recipe of a version in the range was read, or it is said that none was.
        read = re.match(r"[\d.]+", seen)
        assert seen == "unknown" or read, name
        assert ("unknown" in seen) != bool(read and read[0] in SpecifierSet(versions)), name
        assert commit == "–" or re.fullmatch(r"`[0-9a-f]{12}`", commit), name


def test_the_lock_holds_every_requirement_as_asked_for(lock):
    asked = pins(ROOT / "requirements.in")
    assert asked.items() <= lock.items()


def test_the_lock_suits_every_machine(lock):
    """No index addresses, local builds or CUDA packages, whatever machine resolved it."""
    assert not [package for package in lock if package.startswith(("nvidia", "cuda", "triton"))]
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text and "--" not in text and "+" not in text and " @ " not in text


def test_an_environment_behind_a_link_is_not_emptied(tmp_path):
    """Another clone's, of an older lock: making it anew would take it from that clone."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/package").touch()
    (tmp_path / ".venv").symlink_to("theirs")
    (tmp_path / "requirements.lock").write_text("six==1.17.0\n")
    install = [sys.executable, str(ROOT / "envs/install.py")]
    done = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode and "is a link" in done.stderr
    assert (tmp_path / "theirs/package").exists()
