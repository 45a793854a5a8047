"""The reference implementation of the base forecaster, and public time courses."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from foldcast.files import read_text
from foldcast.forecast.replicated_course import ReplicatedCourse


@pytest.fixture(scope="session")
def reference(shared: Path) -> ModuleType:
    """An independent implementation, which the project's own is held against."""
    path = shared.parent / "reference/base_forecaster.py"
    if not path.is_file():
        pytest.skip(f"the reference is not here ({path})")
    spec = importlib.util.spec_from_file_location("reference_forecaster", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def public_samples(shared: Path) -> Callable[[str], tuple[np.ndarray, np.ndarray]]:
    """Name → log2 samples [genes, samples] of a public course, and their times."""

    def read(name: str) -> tuple[np.ndarray, np.ndarray]:
        path = shared / f"courses/{name}.tsv.gz"
        if not path.is_file():
            pytest.skip(f"the course is not here ({path})")
        head, *rows = [line.split("\t") for line in read_text(path).splitlines()]
        return np.array([row[1:] for row in rows], float), np.array(head[1:], float)

    return read


@pytest.fixture(scope="session")
def public_course(public_samples) -> Callable[[str], ReplicatedCourse]:
    return lambda name: ReplicatedCourse.of_samples(*public_samples(name))
