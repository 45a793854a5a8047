"""Pairs of bins with genes, and what a map says of them where it lies and where it is shifted to.

Of what the map says, all is taken out that genes have in common without touching: how far apart
they are, how many genes lie between them, and what either bin has in common with all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from foldcast.hic.contact_bands import ArmContacts

CONTACT, COMPARTMENT, DOMAIN = "contact", "compartment", "tad"
BLOCK = 20  # bins within which errors may be alike
MANY_GENES = 1_000  # from which on each bin may have an effect of its own
DISTANCE_CLASSES = 6  # with fewer genes
ROUNDS, STEP = 12, 0.9  # of taking the bins' means out, in turn with those of distances
AT_ONCE = 2048  # pairs, that a processor's cache holds
TINY = 1e-300

Shift = list[tuple[int, bool]]  # of each arm: by how many bins, and whether it is turned round


@dataclass(frozen=True)
class PairDesign:
    """What is left of a map's features.

    Attributes:
        columns: [maps, kinds, pairs].
        weights: [maps, pairs] pairs of genes; 0 where a map knows nothing of the pair of bins.
        blocks: [blocks] the first pair of each.
    """

    columns: np.ndarray
    weights: np.ndarray
    blocks: np.ndarray


class BinPairs:
    """Pairs of bins of one arm, near enough, with genes in both.

    Args:
        maps: the arms of each map, all maps of the same bins.
        times: [maps] from when on each map holds, ascending; the first also before it.
        bins: [genes] bin of each gene, counted over all arms (`bins_of`); -1 in none.
        nearest, farthest: distances (bins) between two bins, as those of the arms' bands.
        left_out: [pairs, 2] pairs of genes that do not count.
    """

    def __init__(
        self,
        maps: Sequence[Sequence[ArmContacts]],
        times: Sequence[float] | np.ndarray,
        bins: np.ndarray,
        nearest: int,
        farthest: int,
        left_out: np.ndarray | None = None,
    ) -> None:
        self.maps, self.times, self.bins = maps, np.asarray(times), bins
        self.nearest, self.farthest = nearest, farthest
        self.sizes = np.array([arm.n_bins for arm in maps[0]], int)
        starts = np.concatenate([[0], np.cumsum(self.sizes)])
        self.starts, self.n_bins = starts[:-1], int(starts[-1])
        counts = np.bincount(bins[bins >= 0], minlength=self.n_bins).astype(float)
        arm_of = np.repeat(np.arange(len(self.sizes)), self.sizes)

        distances = np.arange(nearest, farthest + 1)
        one = np.repeat(np.arange(self.n_bins), len(distances))
        two = one + np.tile(distances, self.n_bins)
        kept = two < starts[arm_of[one] + 1]
        kept[kept] = counts[one[kept]] * counts[two[kept]] > 0
        self.one, self.two = one[kept], two[kept]
        self.arms = arm_of[self.one]
        self.left_out, self.left_out_at = self._places(left_out)
        self.weights = counts[self.one] * counts[self.two]
        self.weights -= np.bincount(self.left_out_at, minlength=len(self.one))
        middle = np.cumsum(counts) - counts / 2
        placed = np.flatnonzero(bins >= 0)
        self.genes = _sums(bins[placed], placed, (self.n_bins, len(bins)))
        self.between = np.log(middle[self.two] - middle[self.one])
        self.blocks = np.flatnonzero(np.diff(self.one // BLOCK, prepend=-1))

        self.by_bin = self.n_genes >= MANY_GENES
        classes = distances[:, None] if self.by_bin else np.array_split(distances, DISTANCE_CLASSES)
        stratum = np.repeat(np.arange(len(classes)), [len(one) for one in classes])
        stratum = stratum[self.two - self.one - nearest]
        pair, self.n_strata = np.arange(len(self.one)), len(classes)
        # Of bins, those in a pair count: on a fine map they are few.
        found, ends = np.unique(np.concatenate([self.one, self.two]), return_inverse=True)
        twice, self.n_ends = np.tile(pair, 2), len(found)
        # Sums over the pairs of a stratum, of a bin, and of a bin within a stratum.
        self.strata = _sums(stratum, pair, (self.n_strata, len(pair)))
        self.ends = _sums(ends, twice, (self.n_ends, len(pair)))
        inner = np.tile(stratum, 2) * self.n_ends + ends
        self.inner = _sums(inner, twice, (self.n_strata * self.n_ends, len(pair)))
        self.effects = csr_array(vstack([self.ends, self.strata]).T)

    @property
    def n_maps(self) -> int:
        """Number of maps."""
        return len(self.maps)

    @property
    def n_genes(self) -> int:
        """Number of genes in bins."""
        return int((self.bins >= 0).sum())

    @property
    def n_gene_pairs(self) -> int:
        """Number of pairs of genes that count."""
        return int(self.weights.sum())

    def maps_of(self, begins: np.ndarray) -> np.ndarray:
        """Which map holds when a change begins."""
        return np.maximum(np.searchsorted(self.times, begins, side="right") - 1, 0)

    def products(self, halves: Sequence[np.ndarray]) -> np.ndarray:
        """[pairs, changes] sums of products over pairs of genes, of one half with the other.

        Args:
            halves: [genes, changes], once or twice.
        """
        a = self.genes @ halves[0]
        b = self.genes @ halves[-1] if len(halves) > 1 else a
        products = np.empty((len(self.one), a.shape[1]))
        for begin in range(0, len(products), AT_ONCE):
            here = slice(begin, begin + AT_ONCE)
            one, two = self.one[here], self.two[here]
            if b is a:
                np.multiply(a[one], a[two], out=products[here])
            else:
                np.divide(a[one] * b[two] + b[one] * a[two], 2, out=products[here])
        i, j = self.left_out.T
        own = (halves[0][i] * halves[-1][j] + halves[-1][i] * halves[0][j]) / 2
        np.subtract.at(products, self.left_out_at, own)
        return products

    def random_shift(self, rng: np.random.Generator) -> Shift:
        """Each arm by a random number of bins, in half of the cases turned round."""
        moves = rng.integers(self.sizes)
        turns = rng.random(len(self.sizes)) < 0.5
        return list(zip(moves.tolist(), turns.tolist(), strict=True))

    def design(self, kinds: Sequence[str], shifts: Sequence[Shift | None]) -> list[PairDesign]:
        """What is left of the features of the maps, each shifted alike; one for each shift."""
        made = [self._left(kinds, shifts, arms) for arms in self.maps]
        columns, weights = (np.stack(part, axis=1) for part in zip(*made, strict=True))
        pairs = zip(columns, weights, strict=True)
        return [PairDesign(column, weight, self.blocks) for column, weight in pairs]

    def _left(
        self, kinds: Sequence[str], shifts: Sequence[Shift | None], arms: Sequence[ArmContacts]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Of one map: [shifts, kinds, pairs] columns, and [shifts, pairs] weights."""
        features = np.stack([self._features(kinds, shift, arms) for shift in shifts], axis=1)
        weights = np.where(np.isfinite(features).all(axis=2), self.weights[:, None], 0)
        known = (weights > 0)[..., None]
        order = np.stack([self.between, self.between**2], axis=-1)[:, None]
        columns = np.concatenate([np.where(known, features, 0), np.where(known, order, 0)], axis=2)
        columns = self._without_means(columns, weights)
        columns = columns.transpose(1, 2, 0)
        own, others = columns[:, : len(kinds)], columns[:, len(kinds) :]
        weighted = others * weights.T[:, None]
        left = weighted @ others.transpose(0, 2, 1)
        right = weighted @ own.transpose(0, 2, 1)
        slopes = np.stack(
            [np.linalg.lstsq(*each, rcond=None)[0] for each in zip(left, right, strict=True)]
        )
        own = own - slopes.transpose(0, 2, 1) @ others
        return np.where(known.transpose(1, 2, 0), own, 0), weights.T

    def _features(
        self, kinds: Sequence[str], shift: Shift | None, arms: Sequence[ArmContacts]
    ) -> np.ndarray:
        """[pairs, kinds] of the map where it is shifted to; NaN where it knows nothing."""
        apart = self.two - self.one
        place = self.one - self.starts[self.arms]
        size = self.sizes[self.arms]
        if shift is not None:
            moves, turns = (np.array(part)[self.arms] for part in zip(*shift, strict=True))
            place = (place + moves) % size
            inside = place + apart < size
            place = np.where(turns, size - 1 - place - apart, place)
            place = np.where(inside, place, 0)
        at = self.starts[self.arms] + place
        there = np.minimum(at + apart, self.n_bins - 1)
        contact = np.concatenate([arm.band for arm in arms])[at, apart - self.nearest]
        if shift is not None:
            contact = np.where(inside, contact, np.nan)
        columns = []
        for kind in kinds:
            if kind == CONTACT:
                columns.append(contact)
                continue
            if kind == COMPARTMENT:
                score = np.concatenate([arm.eigenvector for arm in arms])
                value = score[at] * score[there]
            else:
                domain = np.concatenate([arm.domains for arm in arms])
                value = ((domain[at] == domain[there]) & (domain[at] >= 0)).astype(float)
            columns.append(np.where(np.isfinite(contact), value, np.nan))
        return np.stack(columns, axis=1)

    def _without_means(self, columns: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Columns [pairs, shifts, columns] without the means of distances and, in turn, of bins.

        Bins' means are taken out by rounds, each a step towards what no mean is left in. What is
        then still there of them is small, and the same for a map and its shifts.
        """
        n, n_shifts, n_columns = columns.shape
        wide = np.repeat(weights, n_columns, axis=1)
        left = columns.reshape(n, -1)
        of_stratum = np.maximum(self.strata @ weights, TINY)
        of_bin = np.maximum(self.ends @ wide, TINY)
        means = self.strata @ (wide * left) / np.repeat(of_stratum, n_columns, axis=1)
        left = left - self.strata.T @ means
        inner = (self.inner @ weights).reshape(self.n_strata, self.n_ends, n_shifts)
        inner = inner.transpose(2, 0, 1) / of_stratum.T[..., None]
        for _ in range(ROUNDS if self.by_bin else 0):
            means = STEP * (self.ends @ (wide * left)) / of_bin
            # What taking them out does to the means of distances, which were 0.
            each = means.reshape(self.n_ends, n_shifts, n_columns).transpose(1, 0, 2)
            undone = (inner @ each).transpose(1, 0, 2).reshape(self.n_strata, -1)
            left -= self.effects @ np.concatenate([means, -undone])
        return left.reshape(columns.shape)

    def _places(self, left_out: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of genes left out that are in pairs of bins, and in which of these."""
        if left_out is None or not len(left_out):
            return np.empty((0, 2), int), np.empty(0, int)
        code = self.one * self.n_bins + self.two
        low, high = np.sort(self.bins[left_out], axis=1).T
        sought = low * self.n_bins + high
        at = np.minimum(np.searchsorted(code, sought), len(code) - 1)
        found = (low >= 0) & (code[at] == sought)
        return left_out[found], at[found]


def _sums(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def bins_of(
    arms: Sequence[ArmContacts], chroms: Sequence[str], positions: np.ndarray, bin_size: int
) -> np.ndarray:
    """Bin of each gene, counted over all arms; -1 where the arms do not have it.

    Args:
        arms: of a map.
        chroms, positions: of the genes (bp).
        bin_size: bp.
    """
    bins, start = np.full(len(positions), -1), 0
    within = positions // bin_size
    for arm in arms:
        place = within - arm.first
        here = (np.asarray(chroms) == arm.chrom) & (place >= 0) & (place < arm.n_bins)
        bins[here] = start + place[here]
        start += arm.n_bins
    return bins
