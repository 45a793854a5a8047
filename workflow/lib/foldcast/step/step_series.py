"""What the graph and expression stages wrote, as one series that networks take."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.forecast.baselines import causal_forecasts
from foldcast.graph.graph_store import is_causal, read_embedding, read_graphs
from foldcast.job import log
from foldcast.step.windows import Series

NO_BASE = "none"


def read_series(
    time_course: str | Path, graph: str | Path, embedding: str | Path, base: str
) -> tuple[Series, pd.Index]:
    """The series, and its genes; base: a recipe of `causal_forecasts`, or `none`.

    Raises:
        InputError: genes or times of the three files differ.
    """
    table = read_table(time_course, dtype={"gene": str}).set_index("gene")
    times = table.columns.astype(float).to_numpy()
    graphs = read_graphs(graph)
    vectors, genes, embedded = read_embedding(embedding)
    for path, others, at in ((graph, graphs.genes, graphs.times), (embedding, genes, embedded)):
        if list(table.index) != list(others) or not np.allclose(times, at):
            raise InputError(
                path,
                found=f"{len(others)} genes at {len(at)} times that are not the time course's",
                expected=f"the {len(table)} genes and {len(times)} times of {time_course}",
                remedy="make graph and embedding again from this time course",
            )
    if not is_causal(embedding):
        log.warning("%s sees the future: what comes of it is not a forecast", embedding)
    values = table.to_numpy(dtype=float)
    return (
        Series(
            values=values,
            times=times,
            base=base_forecasts(values, base),
            embedding=vectors,
            graphs=[(g.edge_index, g.edge_weight) for g in graphs.graphs],
        ),
        table.index,
    )


def base_forecasts(values: np.ndarray, base: str) -> np.ndarray | None:
    """[genes, times], or None where the level itself is to be forecast."""
    return None if base == NO_BASE else causal_forecasts(values, base)
