"""Which genes are shown, how well these are forecast, and beside what."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.files import read_table
from foldcast.job import log

COMPARATOR = "smoothing_per_gene"  # the baseline that models are shown beside
LOCAL_LEVEL = "local_level"  # the one that skill has to exceed where changes are forecast


def gene_skill(path: str | Path, graph: str) -> pd.Series:
    """gene → skill over persistence of the model on a graph, from ``scores.tsv``."""
    scores = read_table(path, dtype={"gene": str})
    return scores[scores["graph"] == graph].set_index("gene")["skill"]


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
