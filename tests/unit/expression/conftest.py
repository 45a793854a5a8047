"""The mouse-lung table and the mm9 annotation as the resources stage would write it."""

from pathlib import Path

import pandas as pd
import pytest

from foldcast.expression.tables import read_labels
from foldcast.files import read_table

CONFIG = Path(__file__).resolve().parents[3] / "config" / "mouse_lung"


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
