"""Contacts beyond what distance gives, bin by bin along each arm, near the diagonal."""

from dataclasses import dataclass

import cooler
import numpy as np
import pandas as pd
from scipy.linalg import toeplitz
from scipy.sparse.linalg import eigsh

PRIOR = 1.0  # raw contacts expected, which every pair of bins has in addition
CAP = 3.0  # of log2 observed / expected
LEAST_BINS = 8  # of an arm that have another one at the nearest distance
LEAST_PAIRS = 3  # of bins at a distance, for an expected contact
LEAST_KNOWN = 20  # bins of an eigenvector, each with contacts known with over half of the arm
DENSE = 4_000  # bins of an arm of which a full matrix is made; of a longer one several are one


@dataclass(frozen=True)
class ArmContacts:
    """An arm of a map.

    Attributes:
        chrom: its chromosome.
        first: of the chromosome's bins, the arm's first.
        band: [bins, distances] log2 of observed over expected contact of bin b with bin
            b + distance, shrunk and clipped; NaN where a bin is masked or past the end.
        eigenvector: [bins] first eigenvector of the arm's contacts, mean 0 and variance 1 over the
            bins that know their contacts with more than half of the arm; 0 in others, and all
            over where these are fewer than 20. Its sign has no meaning.
        domains: [bins] number of the TAD that a bin is in; -1 in none.
    """

    chrom: str
    first: int
    band: np.ndarray
    eigenvector: np.ndarray
    domains: np.ndarray

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return len(self.band)


def arm_contacts(
    clr: cooler.Cooler,
    view: pd.DataFrame,
    nearest: int,
    farthest: int,
    tads: pd.DataFrame | None = None,
) -> list[ArmContacts]:
    """The arms of a map that are long enough.

    Args:
        clr: an imported map, with its balancing weights.
        view: chrom, start, end, name of the arms.
        nearest, farthest: distances (bins) of the band, both included.
        tads: chrom, start, end (bp), where the map is fine enough.
    """
    domains = np.full(len(clr.bins()), -1)
    for number, tad in enumerate(() if tads is None else tads.itertuples()):
        domains[slice(*clr.extent((tad.chrom, tad.start, tad.end)))] = number
    found = []
    for arm in view.itertuples():
        region = (arm.chrom, arm.start, arm.end)
        first, last = clr.extent(region)
        if last - first < nearest + LEAST_BINS:
            continue
        pixels = _Pixels.of(clr, region, first, last)
        found.append(
            ArmContacts(
                arm.chrom,
                first - clr.offset(arm.chrom),
                pixels.band(nearest, farthest),
                _eigenvector(pixels),
                domains[first:last],
            )
        )
    return found


@dataclass(frozen=True)
class _Pixels:
    """An arm's pixels with contacts: one ≤ two, of good bins; which bins are good."""

    one: np.ndarray
    two: np.ndarray
    count: np.ndarray
    balanced: np.ndarray
    good: np.ndarray

    @classmethod
    def of(cls, clr: cooler.Cooler, region: tuple, first: int, last: int) -> "_Pixels":
        raw = clr.matrix(balance=False, sparse=True).fetch(region).tocoo()
        weight = clr.bins()["weight"][first:last].to_numpy(float)
        good = np.isfinite(weight)
        kept = (raw.row <= raw.col) & good[raw.row] & good[raw.col]
        one, two, count = raw.row[kept], raw.col[kept], raw.data[kept].astype(float)
        return cls(one, two, count, count * weight[one] * weight[two], good)

    def log_ratios(self) -> tuple[np.ndarray, np.ndarray]:
        """log2((O / E + c) / (1 + c)) of the pixels, and of a pair without contact by distance.

        c is one expected raw contact, so that few contacts say little. NaN at distances without.
        """
        n, apart = len(self.good), self.two - self.one
        good = self.good.astype(float)
        pairs = np.correlate(good, good, "full")[n - 1 :]
        pairs[pairs < LEAST_PAIRS] = np.nan
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = np.bincount(apart, self.balanced, minlength=n) / pairs
            prior = PRIOR * pairs / np.bincount(apart, self.count, minlength=n)
            prior[np.isinf(prior)] = np.nan
            seen = self.balanced / expected[apart] + prior[apart]
            logs = np.log2(seen / (1 + prior[apart]))
            empty = np.log2(prior / (1 + prior))
        return np.clip(logs, -CAP, CAP), np.clip(empty, -CAP, CAP)

    def band(self, nearest: int, farthest: int) -> np.ndarray:
        """As `ArmContacts.band`."""
        logs, empty = self.log_ratios()
        n = len(self.good)
        band = np.full((n, farthest - nearest + 1), np.nan)
        for column, apart in enumerate(range(nearest, min(farthest + 1, n))):
            both = self.good[: n - apart] & self.good[apart:]
            band[: n - apart, column] = np.where(both, empty[apart], np.nan)
        apart = self.two - self.one
        near = (apart >= nearest) & (apart <= farthest)
        band[self.one[near], apart[near] - nearest] = logs[near]
        return band

    def matrix(self) -> np.ndarray:
        """[bins, bins] log ratios; NaN on the diagonal and in masked bins."""
        logs, empty = self.log_ratios()
        matrix = np.where(np.outer(self.good, self.good), toeplitz(empty), np.nan)
        matrix[self.one, self.two] = matrix[self.two, self.one] = logs
        np.fill_diagonal(matrix, np.nan)
        return matrix

    def coarser(self, factor: int) -> "_Pixels":
        """With so many bins taken as one; a bin is good where any of them is."""
        n = -(-len(self.good) // factor)
        key = self.one // factor * n + self.two // factor
        keys, where = np.unique(key, return_inverse=True)
        one, two = np.divmod(keys, n)
        members = np.bincount(np.arange(len(self.good)) // factor, self.good, minlength=n)
        mean = np.bincount(where, self.balanced) / (members[one] * members[two])
        return _Pixels(one, two, np.bincount(where, self.count), mean, members > 0)


def _eigenvector(pixels: _Pixels) -> np.ndarray:
    """[bins] of the correlation of bins by their contacts with all others."""
    n = len(pixels.good)
    factor = -(-n // DENSE)
    matrix = (pixels.coarser(factor) if factor > 1 else pixels).matrix()
    known = np.flatnonzero(np.isfinite(matrix).mean(axis=0) > 0.5)
    vector = np.zeros(len(matrix))
    if len(known) >= LEAST_KNOWN:
        alike = np.corrcoef(np.nan_to_num(matrix[np.ix_(known, known)]))
        start = np.random.default_rng(0).normal(size=len(known))
        leading = eigsh(alike, k=1, which="LA", v0=start)[1][:, 0]
        vector[known] = (leading - leading.mean()) / leading.std()
    return np.repeat(vector, factor)[:n]
