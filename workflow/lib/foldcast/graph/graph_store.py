"""Graphs and embeddings on disk (HDF5); light, since other stages read them too."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from foldcast.hdf5_files import new_hdf5


class Graph(NamedTuple):
    """The graph of one time; each pair of genes is there in both directions.

    edge_index: (2, E) int64, sorted by source, then target.
    edge_weight: (E,) float32 in [0, 1].
    edge_attr: (E, K) float32, the similarities in [0, 1]; NaN where one is missing.
    """

    edge_index: np.ndarray
    edge_weight: np.ndarray
    edge_attr: np.ndarray


@dataclass(frozen=True)
class Graphs:
    """One graph per time over the same genes; genes without an edge are nodes too.

    left_out: components of the edge weight that the map gives for no edge at all.
    """

    genes: list[str]
    times: np.ndarray
    graphs: list[Graph]
    attr_names: list[str]
    left_out: list[str] = field(default_factory=list)


def write_graphs(graphs: Graphs, path: str | Path) -> None:
    """Write ``graph.h5``: /genes, /times, /t/<i>/{edge_index, edge_weight, edge_attr}.

    Where edges do not change from one time to the next, /t/<i>/edge_index is a hard link.
    """
    with new_hdf5(path) as file:
        _write_axes(file, graphs.genes, graphs.times)
        file.attrs["attr_names"] = np.array(graphs.attr_names, dtype=h5py.string_dtype())
        file.attrs["left_out"] = np.array(graphs.left_out, dtype=h5py.string_dtype())
        before = None
        for i, graph in enumerate(graphs.graphs):
            group = file.create_group(f"t/{i}")
            if before is not None and np.array_equal(before, graph.edge_index):
                group["edge_index"] = file[f"t/{i - 1}/edge_index"]
            else:
                _write(group, "edge_index", graph.edge_index.astype(np.int64))
            _write(group, "edge_weight", graph.edge_weight.astype(np.float32))
            _write(group, "edge_attr", graph.edge_attr.astype(np.float32))
            before = graph.edge_index


def read_graphs(path: str | Path) -> Graphs:
    """Read what `write_graphs` wrote."""
    with h5py.File(path, "r") as file:
        return Graphs(
            genes=list(file["genes"].asstr()[:]),
            times=file["times"][:],
            graphs=[
                Graph(*(file[f"t/{i}/{name}"][:] for name in Graph._fields))
                for i in range(len(file["times"]))
            ],
            attr_names=list(file.attrs["attr_names"]),
            left_out=list(file.attrs["left_out"]),
        )


def write_embedding(
    x: np.ndarray,
    genes: list[str],
    times: np.ndarray,
    path: str | Path,
    *,
    engine: str,
    seed: int,
    causal: bool = True,
) -> None:
    """Write ``embedding.h5``: /x [times, genes, dimensions] float32, /genes, /times.

    Args:
        x, genes, times: vectors [times, genes, dimensions], and whose and when they are.
        path: the file.
        engine, seed: what made them; attributes of the file, like causal.
        causal: whether /x[t] depends on the graphs up to t only.
    """
    with new_hdf5(path) as file:
        _write_axes(file, genes, times)
        _write(file, "x", x.astype(np.float32))
        file.attrs.update({"engine": engine, "seed": seed, "causal": causal})


def read_embedding(path: str | Path) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Embedding [times, genes, dimensions] float32, its genes and its times."""
    with h5py.File(path, "r") as file:
        return file["x"][:], list(file["genes"].asstr()[:]), file["times"][:]


def is_causal(path: str | Path) -> bool:
    """Whether an embedding knows nothing of later times; from one that does, no forecast is one."""
    with h5py.File(path, "r") as file:
        return bool(file.attrs["causal"])


def _write_axes(file: h5py.File, genes: list[str], times: np.ndarray) -> None:
    file.create_dataset("genes", data=genes, dtype=h5py.string_dtype(), track_times=False)
    _write(file, "times", np.asarray(times, dtype=np.float64))


def _write(group: h5py.Group, name: str, values: np.ndarray) -> None:
    group.create_dataset(name, data=values, track_times=False)
