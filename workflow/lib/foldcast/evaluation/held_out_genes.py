"""Genes held out in place of times: what do a gene's neighbours in contact tell of its changes?

A gene's standardised changes are told from those of genes in the bins around it, by one slope for
all genes, learnt on other chromosomes; none of its own values is used. Of the two bins equally far
from it on either side, the one that touches it more stands against the other, with as many genes
of each: so all but contact is alike, distance and number of genes too.
"""

from dataclasses import dataclass

import numpy as np

from foldcast.evaluation.bin_pairs import BLOCK, BinPairs
from foldcast.evaluation.expression_changes import Changes
from foldcast.resampling import expanded_interval, ratio

LEAST_MORE = 1.0  # doublings of contact by which one side has to touch a gene more
DRAWS = 999
FEWEST_BLOCKS = 8  # of the genome, below which no interval is made
OWN, TOLD, POWER, TOLD_BY_LESS, POWER_OF_LESS = range(5)  # sums over genes and changes


@dataclass(frozen=True)
class HeldOutGenes:
    """How well genes are told from others that they touch, and from others that they do not.

    Attributes:
        r2, r2_little: R² of genes held out, from genes in contact and from as many genes as far
            apart with less contact.
        difference, low, high: of the two, with its 95 % interval (blocks of bins drawn anew).
        slope, slope_little: the mean over chromosomes.
    """

    r2: float
    r2_little: float
    difference: float
    low: float
    high: float
    slope: float
    slope_little: float
    n_genes: int
    n_chromosomes: int
    n_changes: int


def held_out_genes(pairs: BinPairs, panel: Changes, seed: int = 1) -> HeldOutGenes | None:
    """Genes told from their neighbours.

    Args:
        pairs: of bins with genes, and the map, or the map of each time.
        panel: changes of the genes of ``pairs``.
        seed: of the draws.

    Returns:
        None where the genes that can be asked are on one chromosome, or in too few blocks.
    """
    values = panel.halves[0]
    sums, asked = np.zeros((pairs.n_bins, 5)), np.zeros(pairs.n_bins, bool)
    maps = pairs.maps_of(panel.begins)
    for at in np.unique(maps):
        own, here = _sums(pairs, values[:, maps == at], at)
        sums += own
        asked |= here
    chroms = np.unique([arm.chrom for arm in pairs.maps[0]], return_inverse=True)[1]
    chrom = np.repeat(chroms, pairs.sizes)
    block = np.unique(np.arange(pairs.n_bins) // BLOCK + pairs.n_bins * chrom, return_inverse=True)
    blocks = np.flatnonzero(np.bincount(block[1][asked], minlength=len(block[0])))
    within = np.zeros((len(blocks), 5))
    known = np.isin(block[1], blocks)
    np.add.at(within, np.searchsorted(blocks, block[1][known]), sums[known])
    of_block = block[0][blocks] // pairs.n_bins
    names, where = np.unique(of_block, return_inverse=True)
    if len(names) < 2 or len(blocks) < FEWEST_BLOCKS:
        return None
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=DRAWS)
    weights = np.concatenate([np.ones((1, len(blocks))), drawn])
    member = (where[:, None] == np.arange(len(names))).astype(float)  # blocks, chromosomes
    each = np.einsum("db,bc,bs->dcs", weights, member, within, optimize=True)
    r2, slope = _told(each, TOLD, POWER)
    little, slope_little = _told(each, TOLD_BY_LESS, POWER_OF_LESS)
    low, high = expanded_interval(r2 - little, len(blocks))
    counts = np.bincount(pairs.bins[pairs.bins >= 0], minlength=pairs.n_bins)
    return HeldOutGenes(
        float(r2[0]), float(little[0]), float(r2[0] - little[0]), low, high,
        slope, slope_little, int(counts[asked].sum()), len(names), panel.n_changes,
    )  # fmt: skip


def _sums(pairs: BinPairs, values: np.ndarray, at: int) -> tuple[np.ndarray, np.ndarray]:
    """Of changes [genes, changes] on one map: [bins, sums], and which bins are asked."""
    order = np.argsort(pairs.bins, kind="stable")
    order = order[pairs.bins[order] >= 0]
    sorted_bins = pairs.bins[order]
    upto = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values[order], axis=0)])
    starts = np.searchsorted(sorted_bins, np.arange(pairs.n_bins))
    counts = np.bincount(sorted_bins, minlength=pairs.n_bins)
    band = np.concatenate([arm.band for arm in pairs.maps[at]])
    arm = np.repeat(np.arange(len(pairs.sizes)), pairs.sizes)
    told, told_by_less = np.zeros((2, pairs.n_bins, values.shape[1]))
    asked = np.zeros(pairs.n_bins, bool)
    for column in range(band.shape[1]):
        apart = column + pairs.nearest
        middle = np.arange(apart, pairs.n_bins - apart)
        before, after = middle - apart, middle + apart
        n = np.minimum(counts[before], counts[after])
        usable = (arm[before] == arm[after]) & (n > 0) & (counts[middle] > 0)
        more = band[middle, column] - band[before, column]
        usable &= np.abs(np.nan_to_num(more)) >= LEAST_MORE
        middle, before, after, n, more = (part[usable] for part in (middle, before, after, n, more))
        touching = np.where(more > 0, after, before)
        other = np.where(more > 0, before, after)
        told[middle] += upto[starts[touching] + n] - upto[starts[touching]]
        told_by_less[middle] += upto[starts[other] + n] - upto[starts[other]]
        asked[middle] = True
    total = upto[starts + counts] - upto[starts]
    squares = np.zeros(pairs.n_bins)
    np.add.at(squares, sorted_bins, (values[order] ** 2).sum(axis=1))
    sums = np.stack(
        [
            squares,
            (told * total).sum(axis=1),
            counts * (told**2).sum(axis=1),
            (told_by_less * total).sum(axis=1),
            counts * (told_by_less**2).sum(axis=1),
        ],
        axis=1,
    )
    return np.where(asked[:, None], sums, 0.0), asked


def _told(sums: np.ndarray, told: int, power: int) -> tuple[np.ndarray, float]:
    """R² [draws] of genes by the slope of all other chromosomes, and that slope.

    Args:
        sums: [draws, chromosomes, sums].
    """
    others = sums.sum(axis=1, keepdims=True) - sums
    slope = ratio(others[..., told], others[..., power])
    error = sums[..., OWN] - 2 * slope * sums[..., told] + slope**2 * sums[..., power]
    return 1 - ratio(error.sum(axis=1), sums[..., OWN].sum(axis=1)), float(slope[0].mean())
