"""Runs on real data that several files look at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lung import BESIDE, CONFIG, ONE, ONE_CONFIG, LungRun, clone_with_data, write_one

from made_once import MadeOnce


@pytest.fixture(scope="session")
def lung_run(made_once: MadeOnce, shared: Path, mirror: Path) -> Callable[[str], LungRun]:
    """The run `mrna`, of that dataset alone, or `whole`, of the config as it is (12 minutes).

    Each is made in one piece when it is first asked for.
    """

    def run(name: str) -> LungRun:
        configs = (ONE_CONFIG,) if name == ONE else (CONFIG, BESIDE)

        def make(parent: Path) -> None:
            folder = clone_with_data(parent, shared)
            write_one(folder)
            LungRun(folder, configs).snakemake()

        return LungRun(made_once(f"lung_{name}", make) / "foldcast", configs)

    return run
