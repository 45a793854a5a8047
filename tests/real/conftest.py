"""Runs on real data that several files look at."""

from pathlib import Path

import pytest
from lung import BESIDE, CONFIG, MIRROR, clone_with_data, snakemake

LIMIT = 1800  # seconds on 2 cores


@pytest.fixture(scope="session")
def whole(tmp_path_factory, shared, mirror) -> Path:
    """A folder in which the whole mouse-lung config was run, in one piece (12 minutes)."""
    folder = clone_with_data(tmp_path_factory.mktemp("whole"), shared)
    snakemake(folder, "--configfile", CONFIG, BESIDE, timeout=LIMIT, **MIRROR)
    return folder
