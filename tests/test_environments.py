"""Environments: pinned as the lock is, each with what its scripts import and nothing else."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from foldcast.fingerprint import WORKFLOW, library_of, script_path
from rule_files import RULES

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = {path.stem: path for path in sorted((ROOT / "envs").glob("*.yaml"))}
STAGES = sorted(set(ENVIRONMENTS) - {"snakemake"})
# Names on conda-forge and bioconda, where they are not those on PyPI.
PYPI = {
    "py-xgboost": "xgboost-cpu",
    "pytorch": "torch",
    "pytorch-geometric": "torch-geometric",
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
NODE2VEC = "a dependency of node2vec: pip is to bring node2vec alone"
UNSEEN = {
    "evaluation": {"pyfaidx": "bioframe reads sequence with it"},
    "graph": {
        "joblib": NODE2VEC,
        "setuptools": "node2vec imports pkg_resources and does not ask for it",
        "tqdm": NODE2VEC,
    },
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


def packages(environment: str) -> dict[str, str]:
    """PyPI names and versions of a conda environment, less python and pip; by either of them."""
    content = yaml.safe_load(ENVIRONMENTS[environment].read_text())
    *entries, last = content["dependencies"]
    by_pip = last["pip"] if isinstance(last, dict) else []
    by_conda = entries if by_pip else [*entries, last]
    assert ("pip" in by_conda) == bool(by_pip)
    splits = [entry.partition("=") for entry in by_conda]
    splits += [entry.partition("==") for entry in by_pip]
    found = {normal(name): version for name, _, version in splits}
    assert len(found) == len(splits)
    found.pop("python")
    found.pop("pip", None)
    return {PYPI.get(name, name): version for name, version in found.items()}


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
def test_environments_pin_what_the_lock_pins(environment, lock):
    for package, version in packages(environment).items():
        assert lock[package] == version, package
    channels = yaml.safe_load(ENVIRONMENTS[environment].read_text())["channels"]
    assert channels == ["conda-forge", "bioconda", "nodefaults"]


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
