"""Which genes are shown, how well these are forecast, and beside what."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.files import read_table
from foldcast.job import log

COMPARATOR = "smoothing_per_gene"  # the baseline that was fixed in advance
LOCAL_LEVEL = "local_level"  # what is better than it forecasts changes


def gene_skill(path: str | Path, graph: str, model: str, over: str = "skill") -> pd.Series:
    """gene → skill of a model on a graph, from a column of ``scores.tsv``; a baseline's graph is -.

    Args:
        over: skill (over persistence), or skill_over_local_level.
    """
    return of_model(read_table(path, dtype={"gene": str}), graph, model).set_index("gene")[over]


def of_model(table: pd.DataFrame, graph: str, model: str) -> pd.DataFrame:
    """The rows of a model on a graph, of a table of forecasts or of scores."""
    return table[(table["graph"] == graph) & (table["model"] == model)]


def labels(loci: pd.DataFrame) -> pd.Series:
    """gene → what figures and page call it: its symbol, and its id too where two genes share one.

    Args:
        loci: gene, symbol; a gene without a symbol is called as in the expression table.
    """
    genes = loci["gene"]
    symbol = loci["symbol"].fillna(genes)
    apart = ~symbol.duplicated(keep=False) | (symbol == genes)
    return symbol.where(apart, symbol + " (" + genes + ")").set_axis(genes)


def read_labels(path: str | Path) -> pd.Series:
    """`labels` of a table ``loci.tsv``."""
    return labels(read_table(path, dtype={"gene": str, "symbol": str}))


def asked_genes(asked: Sequence[str], known: Collection[str]) -> list[str]:
    """Those of the genes that the config asks for that a figure can show.

    Genes of another dataset may be asked for too; `preflight` refuses those that no dataset has.
    """
    here = [gene for gene in asked if gene in known]
    if len(here) < len(asked):
        log.info("not in this panel: %s", ", ".join(gene for gene in asked if gene not in here))
    return here


def best_middle_worst(skill: pd.Series, each: int = 3) -> list[str]:
    """The genes with the highest, the median and the lowest skill; all, if there are few."""
    ranked = skill.sort_values(ascending=False, kind="stable").index
    if len(ranked) <= 3 * each:
        return [str(gene) for gene in ranked]
    middle = (len(ranked) - each) // 2
    chosen = np.concatenate([ranked[:each], ranked[middle : middle + each], ranked[-each:]])
    return [str(gene) for gene in chosen]
