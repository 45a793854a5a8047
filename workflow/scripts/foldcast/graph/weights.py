"""Edge weights: how alike two genes in contact are, at each time and from its past only."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.graph.store import Graph, Graphs

STATIC = ("hic", "compartment", "tad", "insulation")
COMPONENTS = (*STATIC, "expression")


def build_graphs(
    table: pd.DataFrame,
    course: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    contact: str = "observed_over_expected",
    source: str = "interactions.csv",
) -> Graphs:
    """One graph per time over all genes of the course.

    A component that is missing for every edge is left out; one that is missing for an edge is
    left out there. The other weights are scaled up to the same sum: missing is not similar.
    An edge of which nothing weighted is known has weight 0.

    Args:
        table: pairs of genes in the layout of ``interactions.csv``.
        course: genes × times, log2; index the genes, columns the times as numbers.
        weights: share of each of `COMPONENTS`.
        contact: what HiC_Interaction is, `observed_over_expected` or `balanced`.
        source: file of ``table``, for messages.

    Raises:
        InputError: a gene of the table is not in the course; no weight is left.
    """
    first, second = (_rows(table, side, course.index, source) for side in ("Gene1", "Gene2"))
    static = static_similarities(table, contact)
    left_out = [name for name in STATIC if len(table) and np.isnan(static[name]).all()]
    names = [name for name in COMPONENTS if name not in left_out]
    share = np.array([weights[name] for name in names], dtype=float)
    if not share.sum() > 0:
        raise InputError(
            source,
            place="edge weights",
            found=f"all of {', '.join(names)} weigh 0"
            + (f"; the map gives no {', '.join(left_out)}" if left_out else ""),
            expected="a weight above 0 for at least one component that the map gives",
            remedy="raise `weights` of this graph in the config",
        )

    source_node, target = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((target, source_node))
    edge_index = np.stack([source_node, target])[:, order]
    values = course.to_numpy(float)
    fixed = [static[name] for name in names if name in STATIC]
    graphs = []
    for t in range(values.shape[1]):
        attr = np.stack([*fixed, expression_similarity(values, first, second, t)], axis=1)
        weight = _combine(attr, share)
        graphs.append(
            Graph(
                edge_index,
                np.tile(weight, 2)[order].astype(np.float32),
                np.tile(attr, (2, 1))[order].astype(np.float32),
            )
        )
    return Graphs(
        genes=[str(gene) for gene in course.index],
        times=course.columns.to_numpy(float),
        graphs=graphs,
        attr_names=names,
        left_out=left_out,
    )


def strongest(table: pd.DataFrame, neighbours: int | None) -> pd.DataFrame:
    """The pairs that are among the ``neighbours`` strongest contacts of either gene; None: all.

    Equal contacts rank in the order of the table.
    """
    if neighbours is None:
        return table
    ends = pd.concat([table["Gene1"], table["Gene2"]], keys=[0, 1]).droplevel(0)
    contact = table["HiC_Interaction"].loc[ends.index]
    ranked = contact.groupby(ends.to_numpy()).rank(method="first", ascending=False)
    return table[(ranked <= neighbours).groupby(level=0).any()]


def static_similarities(table: pd.DataFrame, contact: str) -> dict[str, np.ndarray]:
    """What the map says of each pair, in [0, 1]; NaN where it says nothing.

    hic is c / (1 + c), which is bounded and does not depend on the other pairs for a contact
    over expected; a balanced contact has no natural unit and is divided by its median first.
    """
    c = table["HiC_Interaction"].to_numpy(float)
    if contact == "balanced" and len(c):
        c = c / np.median(c)
    one, two = table["Gene1_Compartment"], table["Gene2_Compartment"]
    same = np.where(one.isna() | two.isna(), np.nan, (one == two).astype(float))
    return {
        "hic": c / (1 + c),
        "compartment": same,
        "tad": _closeness(table, "TAD_Boundary_Distance"),
        "insulation": _closeness(table, "Insulation_Score"),
    }


def expression_similarity(
    values: np.ndarray, first: np.ndarray, second: np.ndarray, t: int
) -> np.ndarray:
    """1 / (1 + |difference|) of expression at ``t``, min-max scaled over the times up to ``t``.

    Args:
        values: genes × times.
        first, second: rows of the genes of each pair.
    """
    past = values[:, : t + 1]
    span = (np.nanmax(past) - np.nanmin(past)) or 1.0
    return 1 / (1 + np.abs(values[first, t] - values[second, t]) / span)


def _closeness(table: pd.DataFrame, name: str) -> np.ndarray:
    one, two = (table[f"{side}_{name}"].to_numpy(float) for side in ("Gene1", "Gene2"))
    return 1 / (1 + np.abs(one - two))


def _combine(attr: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Mean of each row's present components, weighted by ``share``; 0 where none is present."""
    present = ~np.isnan(attr) * share
    total = present.sum(axis=1)
    weight = (np.nan_to_num(attr) * share).sum(axis=1)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)


def _rows(table: pd.DataFrame, side: str, genes: pd.Index, source: str) -> np.ndarray:
    rows = genes.get_indexer(table[side])
    if (rows < 0).any():
        line = int(np.argmax(rows < 0))
        raise InputError(
            source,
            place=f"line {line + 2}, column {side}",
            found=str(table[side].iloc[line]),
            expected="a gene of the expression course",
            remedy="make both from one expression table",
        )
    return rows
