"""Effects of a region's bases, as ``mutagenesis/<region>/effects.tsv`` has them."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.files import read_table

BASES = "ACGT"
OTHERS = len(BASES) - 1
COLUMNS = ["chrom", "position", "ref", "distance", "feature_set", "model", "tissue", *BASES]


def read_first(path: str | Path) -> pd.DataFrame:
    """The rows of the feature set and model that come first in ``effects.tsv``."""
    table = read_table(path, dtype={"chrom": str})
    first = table.iloc[0]
    same = table["feature_set"].eq(first["feature_set"]) & table["model"].eq(first["model"])
    return table[same].reset_index(drop=True)


def mean_size(table: pd.DataFrame) -> pd.Series:
    """Mean size of a base's three effects, of each row; missing where the base is unknown."""
    return table[list(BASES)].abs().sum(axis=1, skipna=False) / OTHERS


def summed(table: pd.DataFrame) -> pd.Series:
    """Sum of a base's three effects, of each row; missing where the base is unknown."""
    return table[list(BASES)].sum(axis=1, skipna=False)


def by_position(table: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Values of rows as positions × tissues, both in the order of the table."""
    wide = table.assign(value=values).pivot(index="position", columns="tissue", values="value")
    return wide[list(dict.fromkeys(table["tissue"]))]


def own_bases(table: pd.DataFrame) -> np.ndarray:
    """The genome's base at each position, in their order."""
    return table.drop_duplicates("position").sort_values("position")["ref"].to_numpy(str)
