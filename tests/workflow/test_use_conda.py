"""`--use-conda`, with a stand-in for conda: every environment file is enough for its rules.

Snakemake runs from an environment of its own, envs/snakemake.yaml: it puts its packages at the
end of a script's path, where all of .venv would hide what an environment lacks.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo_files import BELUGA, TISSUES_TABLE
from uv_settings import uv_settings

STAND_IN = Path(__file__).with_name("conda_stand_in") / "bin"
ROOT = Path(__file__).resolve().parents[2]
# What the tiny demo leaves out.
REST = {
    "beluga": BELUGA,
    "spex": {
        "tiny": {
            "expression": TISSUES_TABLE,
            "chromosomes": ["chr1", "chr2", "chr3"],
            "hold_out": "each",
            "seeds": [1],
            "variants": {"path": "config/demo/variants.vcf"},
        }
    },
    "enrichment": {"sets": {"demo": {"path": "resources/demo/sets.gmt"}}},
}
RULE = r'conda:\s*"../../envs/(\w+)\.yaml".*?script:\s*"../scripts/(\w+/\w+)\.py"'


def with_conda(project, controller: Path, variables: dict[str, str], *args: str) -> None:
    """Run Snakemake from its own environment with `--use-conda`."""
    path = os.pathsep.join([str(STAND_IN), str(controller / "bin"), variables["PATH"]])
    done = subprocess.run(
        [controller / "bin/python", *project.command("--use-conda", *args)[1:]],
        cwd=project.folder,
        env=project.environment | variables | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1200,
    )
    assert not done.returncode, done.stdout[-6000:]


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    path = [STAND_IN, Path(sys.executable).parent, os.environ["PATH"]]
    variables = (
        os.environ
        | uv_settings(ROOT / "requirements.lock")
        | {"PATH": os.pathsep.join(map(str, path))}
    )
    find = ["uv", "python", "find", "--no-python-downloads", "3.11"]
    if subprocess.run(find, env=variables, capture_output=True).returncode:
        pytest.skip("no Python 3.11, which the environments ask for")
    return variables


@pytest.fixture(scope="module")
def controller(variables, tmp_path_factory) -> Path:
    """The environment that Snakemake itself runs from."""
    prefix = tmp_path_factory.mktemp("conda") / "foldcast"
    file = ROOT / "envs/snakemake.yaml"
    create = ["conda", "env", "create", "--quiet", "--no-default-packages"]
    subprocess.run([*create, "--file", file, "--prefix", prefix], env=variables, check=True)
    return prefix


def assert_same(clone, complete) -> None:
    """Every table that the clone has is that of the complete run."""
    ours, theirs = clone.tables(), complete.project.tables()
    assert len(ours) > 5
    assert [path for path in ours if ours[path] != theirs[path]] == []


@pytest.mark.full
def test_the_whole_demo_is_the_same(complete, clone, controller, variables):
    with_conda(clone, controller, variables)
    assert clone.tables().keys() == complete.project.tables().keys()
    assert_same(clone, complete)


@pytest.mark.slow
def test_every_environment_is_enough(complete, clone, controller, variables):
    """The first rules run in theirs; every script is imported by its own alone, without
    Snakemake's packages behind it, those of the stages too that the tiny demo leaves out.
    """
    with_conda(clone, controller, variables, f"{clone.results}/expression/mrna/loci.tsv")
    assert_same(clone, complete)
    for key, value in REST.items():
        clone.configure(key, value)
    with_conda(
        clone, controller, variables, "--conda-create-envs-only", "all", "power", "preflight"
    )
    prefixes = {
        file.read_bytes(): file.with_suffix("")
        for file in (clone.folder / ".snakemake/conda").glob("*.yaml")
    }
    rules = "".join(file.read_text() for file in (ROOT / "workflow/rules").glob("*.smk"))
    scripts: dict[str, list[str]] = {}
    for environment, script in re.findall(RULE, rules, re.DOTALL):
        scripts.setdefault(environment, []).append(script)
    assert len(scripts) == len(prefixes) == len(list((ROOT / "envs").glob("*.yaml"))) - 1
    for environment, names in scripts.items():
        prefix = prefixes[(ROOT / f"envs/{environment}.yaml").read_bytes()]
        modules = ", ".join(f"scripts.{name.replace('/', '.')}" for name in names)
        code = f"import sys; sys.path += ['workflow/lib', 'workflow']; import {modules}"
        python = [prefix / "bin/python", "-I", "-c", code]
        alone = subprocess.run(python, cwd=clone.folder, capture_output=True, text=True)
        assert not alone.returncode, f"envs/{environment}.yaml: {alone.stderr}"


def test_the_stand_in_refuses_what_snakemake_does_not_ask():
    done = subprocess.run(
        [sys.executable, STAND_IN / "conda", "install", "numpy"], capture_output=True, text=True
    )
    assert done.returncode == 1 and "does not know `conda install numpy`" in done.stderr
