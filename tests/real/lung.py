"""The mouse-lung config in a folder of its own, and what its figures must be."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("workflow", "envs", "profiles", "config", "tests/real")
CONFIG = "config/mouse_lung.yaml"
BESIDE = "tests/real/shared.yaml"
MIRROR = {"FOLDCAST_MIRROR": "../shared/mirror"}


def clone(folder: Path) -> Path:
    """What a clone holds that the workflow reads."""
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    return folder


def snakemake(folder: Path, *args: str, timeout: int = 900, **variables: str) -> str:
    """What Snakemake said; the test fails when it fails, or takes more than so many seconds."""
    kept = {k: v for k, v in os.environ.items() if k not in ("FOLDCAST_MIRROR", "PYTHONPATH")}
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", "--nocolor", *args],
        cwd=folder,
        env=kept | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )
    if done.returncode:
        pytest.fail(f"snakemake {' '.join(args)} in {folder}:\n{done.stdout[-6000:]}")
    return done.stdout


def clone_with_data(parent: Path, shared: Path) -> Path:
    """A clone beside the folder that the config's files come from."""
    (parent / "shared").symlink_to(shared.parent)
    return clone(parent / "foldcast")


def check_figures(results: Path) -> set[str]:
    """Names of the figures; each has a PNG and an SVG that are not empty."""
    made = {path.stem for path in (results / "report/figures").iterdir()}
    for name in made:
        image = plt.imread(results / f"report/figures/{name}.png")
        assert min(image.shape[:2]) > 300 and image.std() > 0.02, name
        drawing = xml.etree.ElementTree.parse(results / f"report/figures/{name}.svg").getroot()
        assert len(list(drawing.iter("{http://www.w3.org/2000/svg}path"))) > 10, name
    return made
