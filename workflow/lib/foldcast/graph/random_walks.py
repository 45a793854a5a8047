"""Random walks on a weighted graph, first and second order (Grover and Leskovec 2016).

Every walk has its own random stream (splitmix64), so walks do not depend on each other or on
how they are shared out.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = (np.uint64(shift) for shift in (30, 27, 31, 11))


class Csr(NamedTuple):
    """Neighbours of node i: ``indices[indptr[i]:indptr[i + 1]]``, ascending.

    cumulative: running sum of the edges' weights over the whole graph, with a leading 0.
    """

    indptr: np.ndarray
    indices: np.ndarray
    cumulative: np.ndarray


def to_csr(edge_index: np.ndarray, edge_weight: np.ndarray, nodes: int) -> Csr:
    """Compressed rows of a graph with edges (2, E) and weights (E,); edges of weight 0 go."""
    kept = edge_weight > 0
    (source, target), weight = edge_index[:, kept], edge_weight[kept].astype(np.float64)
    order = np.lexsort((target, source))
    degree = np.bincount(source, minlength=nodes)
    return Csr(
        np.concatenate([[0], np.cumsum(degree)]),
        target[order],
        np.concatenate([[0.0], np.cumsum(weight[order])]),
    )


def walk(
    graph: Csr, starts: np.ndarray, states: np.ndarray, length: int, p: float = 1, q: float = 1
) -> np.ndarray:
    """Random walks (W, length) of nodes.

    From v, having come from u, the walk goes to x with probability proportional to
    weight(v, x) × (1/p if x = u, 1 if u and x are neighbours, else 1/q); p = q = 1 is the
    first-order walk. Neighbours are drawn by weight and, for p or q ≠ 1, accepted by that bias.

    Args:
        starts: (W,) nodes with at least one edge; the graph has both directions of each edge.
        states: (W,) uint64, the random state of each walk.
    """
    return _walk(*graph, starts, states, length, 1 / p, 1 / q)


@njit
def _uniform(state):  # type: ignore[no-untyped-def]
    """The next state and a number in [0, 1)."""
    state += _STEP
    z = (state ^ (state >> _S30)) * _MIX1
    z = (z ^ (z >> _S27)) * _MIX2
    z ^= z >> _S31
    return state, (z >> _S11) * 2.0**-53


@njit
def _walk(indptr, indices, cumulative, starts, states, length, back, away):  # type: ignore[no-untyped-def]
    walks = np.empty((len(starts), length), dtype=np.int64)
    most = max(1.0, back, away)
    for w in range(len(starts)):
        state = states[w]
        node = starts[w]
        walks[w, 0] = node
        for step in range(1, length):
            begin, end = indptr[node], indptr[node + 1]
            base, total = cumulative[begin], cumulative[end] - cumulative[begin]
            while True:
                state, u = _uniform(state)
                edge = np.searchsorted(cumulative[begin + 1 : end], base + u * total, side="right")
                following = indices[begin + edge]
                if step == 1 or (back == 1 and away == 1):
                    break
                before = walks[w, step - 2]
                if following == before:
                    bias = back
                else:
                    near = indices[indptr[before] : indptr[before + 1]]
                    at = np.searchsorted(near, following)
                    bias = 1.0 if at < len(near) and near[at] == following else away
                state, u = _uniform(state)
                if u * most < bias:
                    break
            node = following
            walks[w, step] = node
    return walks
