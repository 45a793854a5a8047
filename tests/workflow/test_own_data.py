"""A made lab follows docs/your-own-data.md word for word, from its files to the report."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from made_lab import make_lab
from project import PARTS, ROOT
from snakemake_starts import environment

PAGE = ROOT / "docs/your-own-data.md"


def blocks() -> list[tuple[str, str]]:
    """The commands of the page, each with the text that it says comes of them."""
    found = re.findall(r"(?m)^```(\w+)\n(.*?)^```$", PAGE.read_text(), re.DOTALL)
    assert {kind for kind, _ in found} == {"sh", "text"}
    says = [text if kind == "text" else None for kind, text in found[1:]] + [None]
    return [(code, says[i] or "") for i, (kind, code) in enumerate(found) if kind == "sh"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Path:
    """A clone that is set up, with this environment, and the files of a lab in data/."""
    folder = tmp_path_factory.mktemp("lab") / "foldcast"
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.suffix != ".sha256":
            (folder / ".venv" / part.name).symlink_to(part)
    lock = hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
    (folder / ".venv/foldcast.lock.sha256").write_text(lock)
    make_lab(folder / "data")
    return folder


@pytest.mark.slow
def test_the_page_holds_word_for_word(lab):
    """A whole genome of genes, a map of one chromosome; nothing is edited by hand."""
    variables = environment(OMP_NUM_THREADS="1")
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        variables.pop(name, None)
    for code, page in blocks():
        done = subprocess.run(
            ["bash", "-ec", code], cwd=lab, env=variables, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{code}\n{done.stderr[-6000:]}"
        if page:
            assert done.stdout == page, code
    page = (lab / "results/mine/report/index.html").read_text()
    assert "No verdict on forecasts from 3 origins" in page and "STEPmr" not in page
    verdict = (lab / "results/mine/evaluation/counts/verdict.tsv").read_text().splitlines()
    assert len(verdict) > 1
