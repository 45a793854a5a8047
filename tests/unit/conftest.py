"""The mouse-lung tables, and the mm9 annotation as the resources stage would write it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from figure_checks import cut, overlapping, without_unit
from foldcast.expression.expression_tables import read_labels
from foldcast.files import read_table, read_text

CONFIG = Path(__file__).resolve().parents[2] / "config" / "mouse_lung"
RAW = "raw_data_conversion/raw_data_mrna/mRNAnorm.txt"


@pytest.fixture(scope="session")
def mouse_lung() -> Path:
    return CONFIG


@pytest.fixture(scope="session")
def lung_table(mirror: Path) -> Path:
    return next(mirror.glob("beyzoskaya/STEP/*/raw_data_conversion/raw_data_mrna/mRNAnorm.txt"))


@pytest.fixture(scope="session")
def mm9(shared: Path) -> pd.DataFrame:
    """Aliases of the annotation's symbols, and approved symbols of which it holds the old name."""
    genes = read_table(shared / "annotation/mm9_knownGene_genes.tsv.gz", dtype={"entrez": str})
    pairs = read_table(shared / "annotation/mouse_aliases.tsv.gz", dtype=str)
    pairs.columns = ["alias", "symbol"]
    present = set(genes["symbol"])
    old = pairs[pairs["alias"].isin(present - set(pairs["symbol"]))]
    old = old[~old["symbol"].isin(present)]
    pairs = pd.concat([pairs, old.set_axis(["symbol", "alias"], axis=1)])
    pairs = pairs[pairs["symbol"].isin(present) & ~pairs["alias"].isin(present)]
    aliases = pairs.groupby("symbol")["alias"].agg("|".join)
    return genes.assign(gene=genes["entrez"], aliases=genes["symbol"].map(aliases))


@pytest.fixture(scope="session")
def mirna_table(mirror: Path) -> Path:
    return next(mirror.glob("beyzoskaya/STEP/*/raw_data_conversion/raw_data_mirna/mirnanorm.txt"))


@pytest.fixture(scope="session")
def mirna_probes(mirna_table: Path) -> list[str]:
    labels = read_labels(mirna_table, 4)
    return list(labels.index[labels.str.startswith("Endogenous")])


@dataclass(frozen=True)
class Lung:
    """names: rows as given; samples [126, 174] and ages [174]; time_course, variance [126, 43]."""

    names: list[str]
    samples: np.ndarray
    ages: np.ndarray

    @property
    def times(self) -> np.ndarray:
        return np.unique(self.ages)

    @property
    def replicates(self) -> np.ndarray:
        return np.array([(self.ages == time).sum() for time in self.times])

    @property
    def time_course(self) -> np.ndarray:
        return np.stack([self.samples[:, self.ages == t].mean(axis=1) for t in self.times], 1)

    @property
    def variance(self) -> np.ndarray:
        return np.stack([self.samples[:, self.ages == t].var(1, ddof=1) for t in self.times], 1)


@pytest.fixture(scope="session")
def lung(mirror) -> Lung:
    lines = [
        line.split("\t")
        for line in read_text(next((mirror / "beyzoskaya/STEP").glob(f"*/{RAW}"))).split("\n")
        if line.strip()
    ]
    return Lung(
        names=[line[0] for line in lines[1:]],
        samples=np.array([line[1:] for line in lines[1:]], dtype=float),
        ages=np.array(lines[0][1:], dtype=float),
    )


@pytest.fixture
def tidy_figures(monkeypatch) -> list[Figure]:
    """Figures that were saved; the first must have no text over another or over its edge."""
    seen: list[Figure] = []
    save = Figure.savefig

    def checked(figure, *args, **kwargs):
        save(figure, *args, **kwargs)
        # After the last format: looking lays the figure out once more.
        if not seen and str(args[0]).endswith(".svg"):
            assert overlapping(figure) == []
            assert cut(figure) == []
            assert without_unit(figure) == []
            seen.append(figure)

    monkeypatch.setattr(Figure, "savefig", checked)
    return seen
