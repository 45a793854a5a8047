"""The oldest Snakemake that the Snakefile admits runs the demo, to the same tables."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from uv_settings import uv_settings

pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.search(r'min_version\("(.+)"\)', (ROOT / "workflow/Snakefile").read_text())[1]


@pytest.fixture
def oldest(tmp_path) -> Path:
    """A folder with that version and what it needs, to go before our environment's packages."""
    lock = (ROOT / "requirements.lock").read_text().splitlines()
    kept = [line for line in lock if not line.startswith("snakemake")]
    versions = tmp_path / "versions.txt"
    versions.write_text("\n".join(kept))
    install = ["uv", "pip", "install", "--quiet", "--target", str(tmp_path / "oldest")]
    subprocess.run(
        [*install, "--python", sys.executable, f"snakemake=={VERSION}"],
        env=os.environ | uv_settings(versions),
        check=True,
    )
    return tmp_path / "oldest"


def test_the_demo_is_the_same(complete, clone, oldest):
    variables = {"PYTHONPATH": str(oldest)}
    assert clone.snakemake("--version", **variables).strip() == VERSION
    clone.snakemake(**variables)
    ours, theirs = clone.tables(), complete.project.tables()
    assert len(theirs) > 30 and ours.keys() == theirs.keys()
    assert [path for path in theirs if ours[path] != theirs[path]] == []
