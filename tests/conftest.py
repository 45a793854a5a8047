"""Fixtures that several rooms share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def _real(path: Path) -> Path:
    if not path.is_dir():
        pytest.skip(f"real data are not here ({path})")
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """Tables and maps converted from public files."""
    return _real(SHARED / "data")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Bit-identical copies of public files, as HOST/PATH."""
    return _real(SHARED / "mirror" / "raw.githubusercontent.com")
