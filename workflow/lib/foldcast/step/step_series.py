"""What the graph and expression stages wrote, as one series that networks take."""

from pathlib import Path

import numpy as np

from foldcast.errors import InputError
from foldcast.forecast.corrected_bases import base_forecasts
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.forecast.time_course import TimeCourse, read_time_course, replicated
from foldcast.graph.graph_store import is_causal, read_embedding, read_graphs
from foldcast.job import log
from foldcast.step.windows import Series, check_symmetric


def read_series(
    path: str | Path,
    graph: str | Path,
    embedding: str | Path,
    variance: str | Path,
    samples: str | Path,
    base: str,
) -> tuple[Series, TimeCourse, ReplicatedCourse]:
    """The series, and the time course that it is of, the second one with its replicates.

    Args:
        path, graph, embedding, variance, samples: files of one dataset.
        base: `stack`, a recipe of `causal_forecasts`, or `none`.

    Raises:
        InputError: genes or times of the files differ.
        ValueError: a graph that is not symmetric.
    """
    time_course = read_time_course(path)
    n_genes, n_times = time_course.values.shape
    graphs = read_graphs(graph)
    vectors, nodes, at = read_embedding(embedding)
    for other, genes, times in ((graph, graphs.genes, graphs.times), (embedding, nodes, at)):
        if list(time_course.genes) != list(genes) or not np.allclose(time_course.times, times):
            raise InputError(
                other,
                found=f"{len(genes)} genes at {len(times)} times that are not the time course's",
                expected=f"the {n_genes} genes and {n_times} times of {path}",
                remedy="make graph and embedding again from this time course",
            )
    if not is_causal(embedding):
        log.warning("%s sees the future: what comes of it is not a forecast", embedding)
    edges = [(g.edge_index, g.edge_weight) for g in graphs.graphs]
    check_symmetric(edges)
    course = replicated(time_course, variance, samples)
    series = Series(
        values=time_course.values,
        times=time_course.times,
        base=base_forecasts(course, base),
        embedding=vectors,
        graphs=edges,
    )
    return series, time_course, course
