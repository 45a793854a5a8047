"""Pairs of genes in contact, and graphs like them on other genes.

Plain shuffles are no such graphs: they break how far apart the genes of a pair are. Other pairs of
the same chromosomes and distances are, or, where genes are many, the graph moved along the genes
of its chromosomes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from foldcast.evaluation.gene_nodes import GeneNodes
from foldcast.graph.edge_weights import MAP_TIME
from foldcast.graph.published_interactions import SIDES
from foldcast.graph.rewiring import FEW, distance_class

MANY_GENES = 1_000  # from which on the graph is moved along the genes


@dataclass(frozen=True)
class GenePairs:
    """Pairs of genes in contact.

    Attributes:
        pairs: [pairs, 2] genes, each pair once.
        weights: [pairs, maps] contact; 0 where a map does not have the pair.
        map_at: [times] the map of each time.
        chroms, positions: [genes] of all genes; position in bp.
    """

    pairs: np.ndarray
    weights: np.ndarray
    map_at: np.ndarray
    chroms: np.ndarray
    positions: np.ndarray

    @classmethod
    def of(
        cls,
        contacts: pd.DataFrame,
        nodes: GeneNodes,
        map_times: Sequence[float | None],
        times: np.ndarray,
    ) -> "GenePairs":
        """From a graph's table, on nodes; pairs within a node or left out do not count.

        Args:
            contacts: Gene1, Gene2, HiC_Interaction, and Map_Time where maps have a time.
            nodes: of the course.
            map_times: of the graph's maps; None of a static one, which holds before all others.
            times: [times] of the course.
        """
        since = np.sort([-np.inf if time is None else time for time in map_times])
        placed = contacts[
            contacts["Gene1"].isin(nodes.node_of) & contacts["Gene2"].isin(nodes.node_of)
        ]
        ends = np.stack([placed[side].map(nodes.node_of).to_numpy(int) for side in SIDES], axis=1)
        ends = np.sort(ends.reshape(-1, 2), axis=1)
        own = placed[MAP_TIME].fillna(-np.inf) if MAP_TIME in placed else since[0]
        at = np.searchsorted(since, np.broadcast_to(own, len(placed)))
        n = len(nodes.table)
        outside = np.isin(pair_codes(ends, n), pair_codes(nodes.left_out, n)) | (
            ends[:, 0] == ends[:, 1]
        )
        pairs, where = np.unique(ends[~outside], axis=0, return_inverse=True)
        weights = np.zeros((len(pairs), len(since)))
        contact = placed["HiC_Interaction"].to_numpy(float)[~outside]
        np.add.at(weights, (where.ravel(), at[~outside]), contact)
        map_at = np.maximum(np.searchsorted(since, times, side="right") - 1, 0)
        chroms = nodes.table["chrom"].to_numpy(str)
        return cls(pairs, weights, map_at, chroms, nodes.table["tss"].to_numpy(float))


def neighbour_means(
    graph: GenePairs, values: np.ndarray, pairs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """[genes, times] weighted means of the neighbours' values at each time, and weights.

    Args:
        values: [genes, times].
        pairs: [pairs, 2] genes in place of the graph's own; -1 where a pair is left out.
    """
    means, degrees = np.zeros((2, *values.shape))
    for at, (matrix, degree) in enumerate(means_of_neighbours(graph, pairs)):
        here = graph.map_at == at
        means[:, here] = matrix @ values[:, here]
        degrees[:, here] = degree[:, None]
    return means, degrees


def means_of_neighbours(
    graph: GenePairs, pairs: np.ndarray
) -> Iterator[tuple[csr_array, np.ndarray]]:
    """Of each map: [genes, genes] what makes values into the neighbours' means, [genes] weights.

    Args:
        pairs: as `neighbour_means` has them.
    """
    real, n = pairs[:, 0] >= 0, len(graph.chroms)
    one, two = pairs[real].T
    ends = np.concatenate([one, two]), np.concatenate([two, one])
    for at in range(graph.weights.shape[1]):
        weights = np.tile(graph.weights[real, at], 2)
        degree = np.bincount(ends[0], weights, minlength=n)
        shares = weights / np.where(degree > 0, degree, 1)[ends[0]]
        yield csr_array((shares, ends), shape=(n, n)), degree


def pair_codes(pairs: np.ndarray, n_genes: int) -> np.ndarray:
    """[pairs] a number for each pair of genes, whichever comes first."""
    return np.sort(pairs, axis=1) @ [n_genes, 1]


def on_other_genes(graph: GenePairs, others: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Pairs [pairs, 2] in place of the graph's own."""
    if len(graph.chroms) >= MANY_GENES:
        for _ in range(others):
            yield _moved(graph, rng)
        return
    candidates, group = _candidates(graph)
    old = _groups_of(graph, graph.pairs)
    degree = np.bincount(graph.pairs.ravel(), minlength=len(graph.chroms)) + FEW
    weight = np.log(degree[candidates]).sum(axis=1)
    wanted = np.bincount(old, minlength=group.max() + 1)
    by_group = np.argsort(old, kind="stable")
    starts = np.searchsorted(group, np.arange(len(wanted)))
    for _ in range(others):
        order = np.lexsort((-(weight + rng.gumbel(size=len(weight))), group))
        rank = np.arange(len(group)) - starts[group[order]]
        chosen = order[rank < wanted[group[order]]]
        chosen = chosen[np.lexsort((rng.random(len(chosen)), group[chosen]))]
        pairs = np.empty_like(graph.pairs)
        pairs[by_group] = candidates[chosen]
        yield pairs


def _moved(graph: GenePairs, rng: np.random.Generator) -> np.ndarray:
    """The pairs moved along the genes of each chromosome, turned round in half of the cases; -1
    for those across an end."""
    pairs = np.full_like(graph.pairs, -1)
    for chrom in np.unique(graph.chroms[graph.pairs[:, 0]]):
        genes = np.flatnonzero(graph.chroms == chrom)
        genes = genes[np.argsort(graph.positions[genes], kind="stable")]
        rank = np.empty(len(graph.chroms), int)
        rank[genes] = np.arange(len(genes))
        here = np.flatnonzero(graph.chroms[graph.pairs[:, 0]] == chrom)
        old = rank[graph.pairs[here]]
        new = (old + rng.integers(len(genes))) % len(genes)
        whole = np.abs(np.diff(new)) == np.abs(np.diff(old))
        if rng.random() < 0.5:
            new = len(genes) - 1 - new
        pairs[here] = np.where(whole, genes[new], -1)
    return pairs


def _groups_of(graph: GenePairs, pairs: np.ndarray) -> np.ndarray:
    """Chromosome and class of distance of pairs, as one number."""
    chrom = np.unique(graph.chroms, return_inverse=True)[1]
    apart = np.abs(np.diff(graph.positions[pairs], axis=1)[:, 0])
    return chrom[pairs[:, 0]] * 64 + np.minimum(distance_class(apart), 63)


def _candidates(graph: GenePairs) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of the graph's genes of one chromosome, at distances that it has; their groups,
    ascending."""
    tied = np.unique(graph.pairs)
    one, two = np.triu_indices(len(tied), k=1)
    pairs = np.stack([tied[one], tied[two]], axis=1)
    pairs = pairs[graph.chroms[pairs[:, 0]] == graph.chroms[pairs[:, 1]]]
    group = _groups_of(graph, pairs)
    use = np.isin(group, _groups_of(graph, graph.pairs))
    order = np.argsort(group[use], kind="stable")
    return pairs[use][order], group[use][order]
