"""The mouse-lung config in a folder of its own, and what its figures must be."""

import shutil
import xml.etree.ElementTree
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
import yaml
from snakemake.utils import update_config

from snakemake_starts import environment, start

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("workflow", "envs", "profiles", "config", "tests/real")
CONFIG = "config/mouse_lung.yaml"
BESIDE = "tests/real/shared.yaml"
MIRROR = {"FOLDCAST_MIRROR": "../shared/mirror"}
# The dataset that has a run of its own, and the config of that.
ONE, ONE_CONFIG = "mrna", "mrna.yaml"
LIMIT = 1800  # seconds on 2 cores


def clone(folder: Path) -> Path:
    """What a clone holds that the workflow reads."""
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    return folder


def snakemake(folder: Path, *args: str, timeout: int = 900, **variables: str) -> str:
    """What Snakemake said; the test fails when it fails, or takes more than so many seconds."""
    args = ("--cores", "2", "--nocolor", *args)
    status, said = start(folder, list(args), environment(**variables), timeout)
    if status:
        pytest.fail(f"snakemake {' '.join(args)} in {folder}:\n{said[-6000:]}")
    return said


def clone_with_data(parent: Path, shared: Path) -> Path:
    """A clone beside the folder that the config's files come from."""
    parent.mkdir(parents=True, exist_ok=True)
    (parent / "shared").symlink_to(shared.parent)
    return clone(parent / "foldcast")


@dataclass(frozen=True)
class LungRun:
    """A run of the mouse-lung config with all its datasets, or with one."""

    folder: Path
    configs: tuple[str, ...]

    @property
    def results(self) -> Path:
        return self.folder / "results/mouse_lung"

    def snakemake(self, *args: str, beside: tuple[str, ...] = (), **variables: str) -> str:
        files = ("--configfile", *self.configs, *beside)
        return snakemake(self.folder, *args, *files, timeout=LIMIT, **MIRROR | variables)


def write_one(folder: Path) -> None:
    """The config with one dataset; the files beside it are in it, as Snakemake merges them.

    Networks are fitted twice: six times, as by default, where the config is run as it is.
    """
    config, beside = (yaml.safe_load((folder / path).read_text()) for path in (CONFIG, BESIDE))
    update_config(config, beside)
    config["datasets"] = {ONE: config["datasets"][ONE]}
    config["evaluation"] |= {"refit_every": 15}
    (folder / ONE_CONFIG).write_text(yaml.safe_dump(config, sort_keys=False))


def check_figures(results: Path) -> set[str]:
    """Names of the figures; each has a PNG and an SVG that are not empty."""
    made = {path.stem for path in (results / "report/figures").iterdir()}
    for name in made:
        image = plt.imread(results / f"report/figures/{name}.png")
        assert min(image.shape[:2]) > 300 and image.std() > 0.02, name
        drawing = xml.etree.ElementTree.parse(results / f"report/figures/{name}.svg").getroot()
        assert len(list(drawing.iter("{http://www.w3.org/2000/svg}path"))) > 10, name
    return made
