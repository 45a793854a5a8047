"""Spearman's correlation of many predictions with one truth, in every draw of a bootstrap.

Ranks are taken anew within each draw, in which a gene counts as often as its block was drawn (its
copies are tied). Sorting is done once: a draw changes how often a gene counts, not the order.
"""

import numpy as np
from numba import njit

LANES = 32  # draws that go through the genes together: side by side in memory


def spearman_draws(
    predicted: np.ndarray, observed: np.ndarray, counts: np.ndarray, block: np.ndarray
) -> np.ndarray:
    """Spearman's rho with mid-ranks; 0 where either side is constant.

    Args:
        predicted: [series, genes].
        observed: [genes].
        counts: [draws, blocks] how often each block counts: whole numbers.
        block: [genes], the block that a gene lies in.

    Returns:
        [series, draws]; NaN in draws that have no gene.
    """
    truth, *series = (_sorted(values) for values in (observed, *predicted))
    rho = np.full((len(series), len(counts)), np.nan)
    for start in range(0, len(counts), LANES):
        weight = np.ascontiguousarray(counts[start : start + LANES, block].T, dtype=float)
        total = weight.sum(axis=0)
        # Times 12, the variance of ranks is total³ less the cube of each group of tied copies.
        whole, copies = total**3, (weight**3).sum(axis=0)
        ranks, tied = _ranks(*truth, weight)
        centred = weight * (ranks - total / 2)
        spread = whole - copies - tied
        for k, one in enumerate(series):
            common, tied = _products(*one, weight, centred)
            varies = np.sqrt(spread * (whole - copies - tied))
            value = np.divide(12 * common, varies, out=np.zeros_like(total), where=varies > 0)
            rho[k, start : start + LANES] = np.where(total > 0, value, np.nan)
    return rho


def _sorted(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The order of values, and where in it each run of equal values ends."""
    order = np.argsort(values, kind="stable")
    return order, np.append(np.flatnonzero(np.diff(values[order])) + 1, len(order))


@njit(nogil=True)
def _ranks(order, ends, weight):  # type: ignore[no-untyped-def]
    """Mid-rank of each gene [genes, lanes], and what ties add to the sum of cubes [lanes]."""
    ranks = np.empty_like(weight)
    lanes = weight.shape[1]
    below, own, tied = np.zeros(lanes), np.empty(lanes), np.zeros(lanes)
    start = 0
    for end in ends:
        own[:] = 0.0
        for k in range(start, end):
            for d in range(lanes):
                own[d] += weight[order[k], d]
                tied[d] -= weight[order[k], d] ** 3
        for d in range(lanes):
            tied[d] += own[d] ** 3
        for k in range(start, end):
            for d in range(lanes):
                ranks[order[k], d] = below[d] + own[d] / 2
        below += own
        start = end
    return ranks, tied


@njit(nogil=True)
def _products(order, ends, weight, other):  # type: ignore[no-untyped-def]
    """Sum of mid-rank × other, and what ties add to the sum of cubes: [lanes] each."""
    lanes = weight.shape[1]
    below, own, theirs = np.zeros(lanes), np.empty(lanes), np.empty(lanes)
    common, tied = np.zeros(lanes), np.zeros(lanes)
    start = 0
    for end in ends:
        gene = order[start]
        if end == start + 1:  # nearly always
            for d in range(lanes):
                common[d] += other[gene, d] * (below[d] + 0.5 * weight[gene, d])
                below[d] += weight[gene, d]
        else:
            own[:] = 0.0
            theirs[:] = 0.0
            for k in range(start, end):
                gene = order[k]
                for d in range(lanes):
                    own[d] += weight[gene, d]
                    theirs[d] += other[gene, d]
                    tied[d] -= weight[gene, d] ** 3
            for d in range(lanes):
                common[d] += theirs[d] * (below[d] + 0.5 * own[d])
                below[d] += own[d]
                tied[d] += own[d] ** 3
        start = end
    return common, tied
