"""What an image would be made of says what `envs/` says. No image is built here."""

import os
from pathlib import Path

import pytest

from project import ROOT
from snakemake_starts import environment, start_plain

CONDA = Path(__file__).with_name("conda_stand_in") / "bin"


@pytest.mark.slow
def test_the_dockerfile_is_what_snakemake_writes_of_the_environments():
    variables = environment(PATH=os.pathsep.join([str(CONDA), os.environ["PATH"]]))
    status, said = start_plain(ROOT, ["--quiet", "all", "--containerize"], variables, 120)
    assert not status, said[-3000:]
    kept = (ROOT / "containers/Dockerfile").read_text()
    assert kept.strip() in said, "`make container` writes it anew"
    stages = sorted({path.stem for path in (ROOT / "envs").glob("*.yaml")} - {"snakemake"})
    assert [line.split()[1] for line in kept.splitlines() if line.startswith("COPY")] == [
        f"envs/{stage}.yaml" for stage in stages
    ]
