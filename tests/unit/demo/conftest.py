"""The demo as its three scripts make it, at its usual size and at a tiny one."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import demo_contacts
import demo_expression
import demo_genome

SHEET = Path(__file__).resolve().parents[3] / "config" / "demo" / "samples.tsv"
USUAL = {
    "seed": 1,
    "chromosomes": {
        "chr1": 2_200_000,
        "chr2": 2_100_000,
        "chr3": 2_000_000,
        "chr4": 1_950_000,
        "chr8": 1_900_000,
        "chr9": 1_850_000,
    },
    "genes": 180,
    "contacts": 4_000_000,
    "resolutions": [1_000, 10_000, 50_000],
    "regime": "folding",
    "strength": 1.0,
    "noise": 0.1,
    "samples": SHEET,
}
TRUTH = ("compartments.bed", "boundaries.bed", "loops.bedpe", "genes.tsv")


def make_genome(folder: Path, **options) -> Path:
    params = SimpleNamespace(**{**USUAL, **options})
    truth = {name.split(".")[0]: folder / "truth" / name for name in TRUTH}
    out = SimpleNamespace(
        fasta=folder / "genome.fa",
        sizes=folder / "chrom.sizes",
        annotation=folder / "annotation.gtf",
        **truth,
    )
    demo_genome.main(SimpleNamespace(params=params, output=out))
    return folder


def make_contacts(folder: Path, **options) -> Path:
    params = SimpleNamespace(**{**USUAL, **options})
    given = {name.split(".")[0]: folder / "truth" / name for name in TRUTH}
    out = SimpleNamespace(map=folder / "hic.mcool", bad_bins=folder / "truth" / "bad_bins.bed")
    demo_contacts.main(SimpleNamespace(params=params, input=SimpleNamespace(**given), output=out))
    return folder


def make_expression(folder: Path, into: Path, **options) -> Path:
    params = SimpleNamespace(**{**USUAL, **options})
    given = {name.split(".")[0]: folder / "truth" / name for name in TRUTH}
    out = SimpleNamespace(
        table=into / "expression.tsv",
        drivers=into / "truth" / "drivers.tsv",
        course=into / "truth" / "course.tsv",
    )
    demo_expression.main(
        SimpleNamespace(
            params=params, input=SimpleNamespace(**given, samples=params.samples), output=out
        )
    )
    return into


@pytest.fixture(scope="session")
def sheet() -> Path:
    """The demo's own sample sheet."""
    return SHEET


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo at its usual size."""
    folder = make_genome(tmp_path_factory.mktemp("usual"))
    make_contacts(folder)
    return make_expression(folder, folder)


@pytest.fixture(scope="session")
def tiny() -> Callable[[Path], Path]:
    """Makes a demo of two chromosomes, 20 genes and 6 times in a folder."""

    def make(folder: Path) -> Path:
        sheet = folder / "samples.tsv"
        pd.DataFrame(
            {"sample": list("abcdef"), "column": range(2, 8), "time": range(6), "replicate": 1}
        ).to_csv(sheet, sep="\t", index=False)
        sizes = {"chr1": 500_000, "chr8": 500_000}
        make_genome(folder, chromosomes=sizes, genes=20)
        make_contacts(folder, contacts=50_000)
        return make_expression(folder, folder, samples=sheet)

    return make


@pytest.fixture(scope="session")
def regime(usual: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of the usual demo's expression in another regime."""
    return lambda name: make_expression(usual, tmp_path_factory.mktemp(name), regime=name)
