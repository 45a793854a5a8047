"""Edge weights: how alike two genes in contact are, at each time and from its past only."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.graph.graph_store import Graph, Graphs

STATIC = ("hic", "compartment", "tad", "insulation")
COMPONENTS = (*STATIC, "expression")
MAP_TIME = "Map_Time"


def build_graphs(
    table: pd.DataFrame,
    time_course: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    contact: str = "observed_over_expected",
    transform: str = "ratio",
    map_times: Sequence[float | None] = (None,),
    source: str = "interactions.csv",
) -> Graphs:
    """One graph per time over all genes of the time course.

    A component that is missing for every edge is left out; one that is missing for an edge is
    left out there. The other weights are scaled up to the same sum: missing is not similar.
    An edge of which nothing weighted is known has weight 0.

    Args:
        table: pairs of genes in the layout of ``interactions.csv``, of all maps.
        time_course: genes × times, log2; index the genes, columns the times as numbers.
        weights: share of each of `COMPONENTS`.
        contact: what HiC_Interaction is, `observed_over_expected` or `balanced`.
        transform: as for `contact_similarity`.
        map_times: time of each map, None for the static one. The latest at or before a time
            makes its graph, from the rows with that `Map_Time` (the static map's have none).
        source: file of ``table``, for messages.

    Raises:
        InputError: a gene of the table is not in the time course; no weight is left.
    """
    rows = [_rows(table, side, time_course.index, source) for side in ("Gene1", "Gene2")]
    maps = _rows_of_maps(table, map_times)
    static = {
        time: static_similarities(table.iloc[here], contact, transform)
        for time, here in maps.items()
    }
    left_out = [
        name
        for name in STATIC
        if len(table) and all(np.isnan(values[name]).all() for values in static.values())
    ]
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

    values = time_course.to_numpy(float)
    times = time_course.columns.to_numpy(float)
    edges = {time: _both_ways(*(side[here] for side in rows)) for time, here in maps.items()}
    graphs = []
    for t, now in enumerate(times):
        time = max(time for time in maps if time <= now)
        first, second = (side[maps[time]] for side in rows)
        fixed = [static[time][name] for name in names if name in STATIC]
        attr = np.stack([*fixed, expression_similarity(values, first, second, t)], axis=1)
        weight = _combine(attr, share)
        edge_index, order = edges[time]
        graphs.append(
            Graph(
                edge_index,
                np.tile(weight, 2)[order].astype(np.float32),
                np.tile(attr, (2, 1))[order].astype(np.float32),
            )
        )
    return Graphs(
        genes=[str(gene) for gene in time_course.index],
        times=times,
        graphs=graphs,
        attr_names=names,
        left_out=left_out,
    )


def static_similarities(
    table: pd.DataFrame, contact: str, transform: str = "ratio"
) -> dict[str, np.ndarray]:
    """What one map says of each pair, in [0, 1]; NaN where it says nothing."""
    one, two = table["Gene1_Compartment"], table["Gene2_Compartment"]
    same = np.where(one.isna() | two.isna(), np.nan, (one == two).astype(float))
    return {
        "hic": contact_similarity(table["HiC_Interaction"].to_numpy(float), contact, transform),
        "compartment": same,
        "tad": _closeness(table, "TAD_Boundary_Distance"),
        "insulation": _closeness(table, "Insulation_Score"),
    }


def contact_similarity(c: np.ndarray, contact: str, transform: str) -> np.ndarray:
    """Contacts of one map, all above 0, brought to [0, 1].

    - ``ratio``: c / (1 + c). It is bounded and, for a contact over expected, does not depend on
      the other pairs; a balanced contact has no natural unit and is divided by its median first.
    - ``log1p``: log(1 + c), and ``raw``: c, both min-max scaled over the map's pairs, as published.
    """
    if not len(c):
        return c
    if transform == "ratio":
        c = c / np.median(c) if contact == "balanced" else c
        return c / (1 + c)
    c = np.log1p(c) if transform == "log1p" else c
    return (c - c.min()) / ((c.max() - c.min()) or 1.0)


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


def _rows_of_maps(
    table: pd.DataFrame, map_times: Sequence[float | None]
) -> dict[float, np.ndarray]:
    """Each map's rows by its time; a static map is there from the start, at −∞."""
    time = table.get(MAP_TIME, pd.Series(np.nan, index=table.index)).fillna(-np.inf).to_numpy(float)
    starts = [-np.inf if at is None else float(at) for at in map_times]
    return {start: np.flatnonzero(time == start) for start in starts}


def _both_ways(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges (2, 2 × pairs) in both directions, by source, then target; and their order."""
    source, target = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((target, source))
    return np.stack([source, target])[:, order], order


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
            expected="a gene of the expression time course",
            remedy="make both from one expression table",
        )
    return rows
