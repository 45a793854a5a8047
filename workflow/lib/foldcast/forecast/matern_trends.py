"""Trends: a bank of Gaussian processes with Matérn-3/2 covariance, mixed by empirical Bayes.

Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), 4.2.1. Lengths of memory,
shares of noise and clocks make up the bank. Genes share their times, so one Cholesky factor of a
member whitens all of them, and row k of the whitened course is the innovation at time k. Genes
with gaps share a factor with those that have the same ones: a gap is a sample with next to
infinite noise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from foldcast.forecast.replicated_course import UNIT_TIMES, ReplicatedCourse
from foldcast.forecast.scale_mixture import posterior

LENGTHS = (1, 2, 4, 8, 16)  # steps
RATIOS = (0.1, 0.5, 1, 2, 4, 8, 16, 32)  # variance of noise over that of a step's increment
LASTING = (0.0, 1.0)  # β: noise that more samples do not remove, over a usual mean's
DIFFUSE = 1e4  # variance of the level
JITTER = 1e-9
EVEN = 1e-6  # relative difference up to which gaps count as equal
GAP = 1e12  # variance of the noise of a sample that was not taken


@dataclass(frozen=True)
class Clock:
    """How time passes, in usual steps: ticks [times + later], and the origin it serves from."""

    ticks: np.ndarray
    first: int


def clocks(course: ReplicatedCourse) -> list[Clock]:
    """Rank; and real time and the cumulated square root of gaps once these are uneven.

    The gap after an origin is part of the design, and so known there.
    """
    gaps = np.diff(course.times)
    found = [Clock(np.arange(len(course.times), dtype=float), 0)]
    uneven = ~np.isclose(gaps, gaps[:1], rtol=EVEN, atol=0)
    if uneven.any():
        steps = gaps / np.median(gaps[: UNIT_TIMES - 1])
        first = int(uneven.argmax())
        for passed in (steps, np.sqrt(steps)):
            found.append(Clock(np.concatenate([[0], np.cumsum(passed)]), first))
    return found


def matern_trends(course: ReplicatedCourse, horizons: int = 1) -> list[np.ndarray]:
    """Forecasts by the bank: [genes, times] for each horizon, 1 first; persistence before START.

    Innovations, and then weights, are kept in single precision to bound memory.
    """
    bank = _Bank.of(course)
    groups = list(_alike(course.seen))
    weights = np.empty((course.n_times, bank.size, len(course.means)), dtype=np.float32)
    log_variances = np.empty((course.n_times, bank.size, len(groups)), dtype=np.float32)
    group_of = np.empty(len(course.means), dtype=int)
    for number, (genes, seen) in enumerate(groups):
        factor = bank.factor(seen)
        weights[:, :, genes] = _innovations(factor, course, genes, seen)
        log_variances[:, :, number] = _log_variances(factor, seen)
        group_of[genes] = number
    _weigh(weights, log_variances, group_of, course, bank)

    forecasts = [course.last_seen() for _ in range(horizons)]
    for genes, seen in groups:
        factor = bank.factor(seen)
        values, first = _centred(course, genes)
        for horizon, forecast in enumerate(forecasts, start=1):
            rows = _conditional(factor, seen, horizon)
            for origin in course.origins(horizon):
                if not seen[: origin + 1].any():
                    continue
                means = rows[:, origin, : origin + 1] @ values[: origin + 1]
                mixed = (weights[origin][:, genes] * means).sum(axis=0)
                forecast[genes, origin] = mixed + first
    return forecasts


def _weigh(
    innovations: np.ndarray,
    log_variances: np.ndarray,
    group_of: np.ndarray,
    course: ReplicatedCourse,
    bank: "_Bank",
) -> None:
    """Put each origin's weights [origins, members, genes] in the place of innovations."""
    squares = np.zeros(innovations.shape[1:])
    log_determinant = np.zeros(log_variances.shape[1:])
    dof, replicate_dof = np.zeros((2, innovations.shape[2]))
    started = np.zeros(len(dof), dtype=bool)
    for origin in range(course.n_times):
        squares += innovations[origin].astype(float) ** 2
        log_determinant += log_variances[origin]
        dof += course.seen[:, origin] & started
        started |= course.seen[:, origin]
        replicates = np.maximum(course.counts[:, origin] - 1, 0)
        if replicates.any():
            within = np.where(course.seen[:, origin], course.within[:, origin], 0)
            squares += within / bank.sample[:, None]
            replicate_dof += replicates
        serves = bank.first <= origin
        innovations[origin] = 0
        if origin in course.origins(1):
            sums = log_determinant[:, group_of]
            sums += np.log(bank.sample)[:, None] * replicate_dof
            found = posterior(squares[serves], dof + replicate_dof, sums[serves])
            innovations[origin, serves] = found.weights


@dataclass(frozen=True)
class _Bank:
    """Members: covariances [members, times + later, …] of values, variance of their noise
    [members, times + later] and of one sample about its mean [members], first origins."""

    signal: np.ndarray
    noise: np.ndarray
    sample: np.ndarray
    first: np.ndarray

    @classmethod
    def of(cls, course: ReplicatedCourse) -> "_Bank":
        """All lengths, ratios and shares on each clock; for each share one without a signal."""
        usual = course.usual_samples / course.samples
        signal, noise, sample, first = [], [], [], []

        def add(covariance: np.ndarray, ratio: float, share: float, since: int) -> None:
            signal.append(covariance)
            noise.append(ratio / (1 + share) * (usual + share))
            sample.append(ratio / (1 + share) * course.usual_samples)
            first.append(since)

        shares = LASTING if course.is_replicated else LASTING[:1]
        for clock, length in product(clocks(course), LENGTHS):
            covariance = matern(clock.ticks, length)
            for ratio, share in product(RATIOS, shares):
                add(covariance, ratio, share, clock.first)
        for share in shares:
            add(np.zeros_like(signal[0]), 1.0, share, 0)
        return cls(np.stack(signal), np.stack(noise), np.array(sample), np.array(first))

    @property
    def size(self) -> int:
        return len(self.first)

    def factor(self, seen: np.ndarray) -> np.ndarray:
        """Cholesky factors [members, times + later, …] for genes seen [times] at these times."""
        noise = self.noise.copy()
        noise[:, : len(seen)][:, ~seen] = GAP
        covariance = self.signal + DIFFUSE
        diagonal = np.arange(covariance.shape[1])
        covariance[:, diagonal, diagonal] += noise + JITTER
        return np.linalg.cholesky(covariance)


def matern(ticks: np.ndarray, length: float) -> np.ndarray:
    """Matérn-3/2 covariance [ticks, ticks], scaled so that a step's increment has variance 1."""

    def shape(distance: np.ndarray | float) -> np.ndarray:
        scaled = np.sqrt(3) * np.asarray(distance) / length
        return (1 + scaled) * np.exp(-scaled)

    return shape(np.abs(ticks[:, None] - ticks)) / (2 * (1 - shape(1.0)))


def _alike(seen: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Genes with the same gaps: their numbers, and where they were seen [times]."""
    patterns, group = np.unique(seen, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        yield np.flatnonzero(group.ravel() == number), pattern


def _centred(course: ReplicatedCourse, genes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values [times, genes] less the first that was seen [genes], and 0 at gaps."""
    means, seen = course.means[genes], course.seen[genes]
    first = means[np.arange(len(genes)), seen.argmax(axis=1)]
    return np.where(seen, means - first[:, None], 0).T, first


def _whitening(factor: np.ndarray, n_times: int) -> np.ndarray:
    """Inverse of the factors' part of the times that were measured."""
    return np.tril(np.linalg.inv(factor[:, :n_times, :n_times]))


def _innovations(
    factor: np.ndarray, course: ReplicatedCourse, genes: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    """Standardised innovations [times, members, genes], 0 at gaps."""
    whitening = _whitening(factor, course.n_times) * seen[:, None]
    return np.moveaxis(whitening @ _centred(course, genes)[0], 0, 1)


def _log_variances(factor: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Of innovations [times, members]; 0 at gaps and for the first, the diffuse level's."""
    diagonal = np.diagonal(factor, axis1=1, axis2=2)[:, : len(seen)]
    return (2 * np.log(diagonal) * (seen & (np.cumsum(seen) > 1))).T


def _conditional(factor: np.ndarray, seen: np.ndarray, horizon: int) -> np.ndarray:
    """Means of the value ``horizon`` steps ahead, as weights of past values.

    [members, origins, times]; row k weighs the values up to time k.
    """
    n_times = len(seen)
    ahead = np.tril(factor[:, horizon:, :n_times])[:, :n_times]
    return ahead * seen @ _whitening(factor, n_times)
