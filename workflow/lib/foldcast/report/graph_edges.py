"""Edges of a gene graph and compartments of its genes, as figures need them."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.graph.edge_weights import MAP_TIME
from foldcast.graph.graph_store import Graphs

SIDES = ("Gene1", "Gene2")


def edges_at_the_end(graphs: Graphs) -> pd.DataFrame:
    """gene1, gene2, weight: the edges at the last time, each once."""
    last = graphs.graphs[-1]
    once = last.edge_index[0] < last.edge_index[1]
    genes = np.array(graphs.genes, dtype=object)
    first, second = genes[last.edge_index[:, once]]
    return pd.DataFrame({"gene1": first, "gene2": second, "weight": last.edge_weight[once]})


def degrees(edges: pd.DataFrame, genes: list[str]) -> pd.Series:
    """gene → number of neighbours; 0 for genes without an edge."""
    ends = pd.concat([edges["gene1"], edges["gene2"]])
    return ends.value_counts().reindex(genes, fill_value=0)


def compartments_of_genes(path: str | Path) -> pd.Series:
    """gene → A or B, of the genes whose compartment the last map of a table of pairs tells."""
    columns = [f"{side}{column}" for side in SIDES for column in ("", "_Compartment")]
    table = pd.read_csv(
        path,
        usecols=lambda column: column in (*columns, MAP_TIME),
        dtype=dict.fromkeys(columns, str),
        keep_default_na=False,  # a gene may be called NA
        na_values=[""],
    )
    if MAP_TIME in table:
        table = table.sort_values(MAP_TIME, na_position="first", kind="stable", ignore_index=True)
    sides = [
        table[[side, f"{side}_Compartment"]].set_axis(["gene", "compartment"], axis=1)
        for side in SIDES
    ]
    both = pd.concat(sides).sort_index(kind="stable")
    known = both[both["compartment"].isin(["A", "B"])]
    return known.drop_duplicates("gene", keep="last").set_index("gene")["compartment"]
