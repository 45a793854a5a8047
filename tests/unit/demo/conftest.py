"""The demo as its scripts make it, at its usual size and at a tiny one."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from scripts.demo import demo_beluga, demo_contacts, demo_expression, demo_genome, demo_tissues

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
    "sequence_genes": 420,
    "contacts": 4_000_000,
    "resolutions": [1_000, 10_000, 50_000],
    "regime": "folding",
    "strength": 1.0,
    "together": 0.0,
    "noise": 0.1,
    "distal": 1.0,
    "samples": SHEET,
}
FOLDING = ("compartments.bed", "boundaries.bed", "loops.bedpe")
OTHER = tuple(f"other_{name}" for name in FOLDING)
TRUTH = (*FOLDING, "genes.tsv")
MAPS = {"hic": (FOLDING, 2), "other": (OTHER, 6)}  # what each is drawn from, with which stream


def files(folder: Path, *names: str) -> dict[str, Path]:
    """Files of the truth by their names in the rules."""
    return {name.split(".")[0]: folder / "truth" / name for name in names}


def make_genome(folder: Path, **options) -> Path:
    params = SimpleNamespace(**{**USUAL, **options})
    out = SimpleNamespace(
        fasta=folder / "genome.fa",
        sizes=folder / "chrom.sizes",
        annotation=folder / "annotation.gtf",
        **files(folder, *TRUTH, *OTHER, "places.bed", "motifs.bed", "all_genes.tsv"),
    )
    demo_genome.main(SimpleNamespace(params=params, output=out))
    return folder


def make_contacts(folder: Path, name: str = "hic", **options) -> Path:
    truth, stream = MAPS[name]
    params = SimpleNamespace(**{**USUAL, "stream": stream, **options})
    given = dict(zip(files(folder, *FOLDING), files(folder, *truth).values(), strict=True))
    bad = folder / "truth" / ("bad_bins.bed" if name == "hic" else f"{name}_bad_bins.bed")
    out = SimpleNamespace(map=folder / f"{name}.mcool", bad_bins=bad)
    demo_contacts.main(SimpleNamespace(params=params, input=SimpleNamespace(**given), output=out))
    return folder


def make_tissues(folder: Path, into: Path, **options) -> Path:
    params = SimpleNamespace(**{**USUAL, **options})
    given = files(folder, *FOLDING, *OTHER, "motifs.bed")
    given["genes"] = folder / "truth" / "all_genes.tsv"
    out = SimpleNamespace(table=into / "tissues.tsv", truth=into / "truth" / "tissues.tsv")
    demo_tissues.main(SimpleNamespace(params=params, input=SimpleNamespace(**given), output=out))
    return into


def make_beluga(folder: Path) -> Path:
    demo_beluga.main(SimpleNamespace(output=SimpleNamespace(weights=folder / "beluga.pth")))
    return folder


def make_expression(folder: Path, into: Path, **options) -> Path:
    params = SimpleNamespace(**{**USUAL, **options})
    given = files(folder, *TRUTH)
    out = SimpleNamespace(
        table=into / "expression.tsv",
        drivers=into / "truth" / "drivers.tsv",
        time_course=into / "truth" / "course.tsv",
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
    """The folder of a demo at its usual size, without maps."""
    folder = make_genome(tmp_path_factory.mktemp("usual"))
    make_tissues(folder, folder)
    return make_expression(folder, folder)


@pytest.fixture(scope="session")
def usual_maps(usual: Path) -> Path:
    """The same folder with its maps."""
    for name in MAPS:
        make_contacts(usual, name)
    return usual


@pytest.fixture(scope="session")
def beluga(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's weights of Beluga."""
    return make_beluga(tmp_path_factory.mktemp("beluga")) / "beluga.pth"


@pytest.fixture(scope="session")
def tiny() -> Callable[[Path], Path]:
    """Makes a demo of two chromosomes, 20 + 20 genes and 6 times in a folder."""

    def make(folder: Path) -> Path:
        sheet = folder / "samples.tsv"
        pd.DataFrame(
            {"sample": list("abcdef"), "column": range(2, 8), "time": range(6), "replicate": 1}
        ).to_csv(sheet, sep="\t", index=False)
        sizes = {"chr1": 500_000, "chr8": 500_000}
        make_genome(folder, chromosomes=sizes, genes=20, sequence_genes=20)
        for name in MAPS:
            make_contacts(folder, name, contacts=50_000)
        make_tissues(folder, folder)
        make_beluga(folder)
        return make_expression(folder, folder, samples=sheet)

    return make


@pytest.fixture(scope="session")
def regime(usual: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of the usual demo's expression in another regime."""
    return lambda name, **options: make_expression(
        usual, tmp_path_factory.mktemp(name), regime=name, **options
    )


@pytest.fixture(scope="session")
def tissues_with(usual: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The folder of the usual demo's tissues with other options."""
    return lambda **options: make_tissues(usual, tmp_path_factory.mktemp("tissues"), **options)


@pytest.fixture(scope="session")
def genome_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The folder of the usual demo's genome with other options."""
    return lambda **options: make_genome(tmp_path_factory.mktemp("genome"), **options)
