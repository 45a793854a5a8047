"""Tables of effects: the largest of them, and which of Beluga's outputs they are made of."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foldcast.files import read_table
from foldcast.variants.alleles import Windows

TOP = 10  # outputs of a variant that are listed, by either rank
LINEAR = "linear"
CHOSEN = ["variant", "id", "gene", "symbol", "tissue", "feature_set", "effect"]
COLUMNS = [
    "rank", *CHOSEN, "output", "name", "assay", "difference", "difference_rank", "contribution",
    "contribution_rank", "share",
]  # fmt: skip


def read_effects(path: str | Path) -> pd.DataFrame:
    """``variants.tsv`` with its names as text."""
    return read_table(path, dtype={"variant": str, "gene": str, "id": str, "tissue": str})


def strongest(effects: pd.DataFrame, most: int) -> pd.DataFrame:
    """The pairs of variant and gene with the largest effects by linear models.

    Args:
        effects: ``variants.tsv``.

    Returns:
        rank (from 1) and `CHOSEN`: of each pair the tissue and feature set of its largest effect.
    """
    linear = effects[effects["model"] == LINEAR]
    order = linear["effect"].abs().sort_values(ascending=False, kind="stable").index
    best = linear.loc[order].drop_duplicates(["variant", "gene"]).head(most)[CHOSEN]
    return best.assign(rank=range(1, len(best) + 1)).reset_index(drop=True)


def contributions(models: Iterable[Any], difference: np.ndarray, outputs: int) -> np.ndarray:
    """What each output adds to an effect, [outputs]: mean over the models; its sum is the effect.

    Args:
        models: linear ones, of one tissue.
        difference: of the features, alternative − reference, [width].
        outputs: of Beluga; features are blocks of so many.
    """
    each = [(model.coef * difference).reshape(-1, outputs).sum(axis=0) for model in models]
    return np.mean(each, axis=0)


def largest_differences(found: Mapping[Windows, np.ndarray], outputs: int) -> np.ndarray:
    """Of each output the difference in the window in which it is largest by size, [outputs]."""
    rows = [each for each in found.values() if len(each)]
    stacked = np.concatenate(rows) if rows else np.zeros((1, outputs), np.float32)
    return stacked[np.abs(stacked).argmax(axis=0), np.arange(outputs)]


def part_rows(
    about: Mapping[str, object], difference: np.ndarray, parts: np.ndarray, names: pd.DataFrame
) -> pd.DataFrame:
    """Rows of ``variant_outputs.tsv`` of a pair: outputs among the first `TOP` by either rank.

    Args:
        about: rank and `CHOSEN` of the pair; difference, parts: [outputs], of the new allele.
        names: name and assay of each output.
    """
    table = names.assign(
        **about, output=range(1, len(names) + 1), difference=difference, contribution=parts
    )
    size = np.abs(parts).sum()
    table["share"] = np.abs(parts) / size if size else 0.0
    for key in ("difference", "contribution"):
        ranks = table[key].abs().rank(ascending=False, method="first")
        table[f"{key}_rank"] = ranks.astype(int)
    listed = table[(table["difference_rank"] <= TOP) | (table["contribution_rank"] <= TOP)]
    return listed.sort_values("contribution_rank")[COLUMNS]
