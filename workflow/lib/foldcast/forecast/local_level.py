"""Local levels: each gene a random walk seen through noise, its variances learnt from the panel.

Innovations have one variance per step, however long it lasts. A library of ratios of noise to
innovations filters all genes at once, and empirical Bayes weighs it, gene by gene
(`scale_mixture`). A gap is a prediction step only.
"""

from dataclasses import dataclass

import numpy as np

from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.forecast.scale_mixture import posterior

RATIOS = np.array([0.03, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 1])
INNOVATIONS = np.array([1.0] * 11 + [0.0])  # the last model has no innovation, only noise
LASTING = (0.0, 1.0, 3.0)  # β: noise that more samples do not remove, over a usual mean's
FORGET = 0.95  # per time
NOISE_DOF = 4.0  # how much a value's own replicates count against its gene's usual noise
USUAL_DOF = 2.0


@dataclass(frozen=True)
class LevelForecasts:
    """Forecasts of local levels at one horizon.

    Attributes:
        means: [genes, times] forecast from each time; persistence where there is none yet.
        deviations: [genes, times] its standard deviation as the model sees it; NaN there.
    """

    means: np.ndarray
    deviations: np.ndarray


def local_level(course: ReplicatedCourse, horizons: int = 1) -> list[LevelForecasts]:
    """Forecasts by local levels, the same means at every horizon, with growing deviations.

    Args:
        course: means and design.
        horizons: how many steps ahead, at most.

    Returns:
        One entry for each horizon, 1 first.
    """
    library = _Library.of(course)
    filtered = _Filter(course, library)
    forecasts = [
        LevelForecasts(course.last_seen(), np.full(course.means.shape, np.nan))
        for _ in range(horizons)
    ]
    for origin in range(course.n_times):
        filtered.see(origin)
        if origin not in course.origins(1):
            continue
        found = posterior(filtered.squares, filtered.dof, filtered.log_determinant)
        level = (found.weights * filtered.level).sum(axis=0)
        between = (found.weights * (filtered.level - level) ** 2).sum(axis=0)
        variance = found.weights * found.scale * (found.dof / np.maximum(found.dof - 2, 1))
        for horizon, forecast in enumerate(forecasts, start=1):
            if origin in course.origins(horizon):
                ahead = library.noise(1.0, course.samples[origin + horizon])
                ahead = ahead + horizon * library.innovation
                within = (variance * (filtered.variance + ahead)).sum(axis=0)
                forecast.means[:, origin] = level
                forecast.deviations[:, origin] = np.sqrt(within + between)
    return forecasts


def noise_multipliers(course: ReplicatedCourse) -> np.ndarray:
    """How noisy each mean is by its own replicates, over its gene's usual noise: [genes, times].

    Usual is the gene's pooled variance up to and including that time, shrunk to the panel's. 1
    where the first five times have no replicates: such a course is taken as without them.
    """
    if not course.is_replicated:
        return np.ones(course.means.shape)
    dof = np.maximum(course.counts - 1, 0)
    pooled = np.cumsum(np.where(course.seen, course.within, 0), axis=1)
    pooled_dof = np.cumsum(dof, axis=1)
    has_dof = pooled_dof > 0
    own = np.divide(pooled, pooled_dof, out=np.zeros_like(pooled), where=has_dof)
    panel = own.sum(axis=0) / np.maximum(has_dof.sum(axis=0), 1)
    usual = (pooled + USUAL_DOF * panel) / (pooled_dof + USUAL_DOF)
    counts = (pooled_dof >= 2) & (dof > 0) & (usual > 0)
    relative = np.divide(course.within, usual, out=np.zeros_like(pooled), where=counts)
    return np.where(counts, (NOISE_DOF + relative) / (NOISE_DOF + dof), 1.0)


@dataclass(frozen=True)
class _Library:
    """Models, all [models, 1]: variance of innovations, of noise as in replicates, and lasting."""

    innovation: np.ndarray
    replicable: np.ndarray
    lasting: np.ndarray
    usual_samples: float

    @classmethod
    def of(cls, course: ReplicatedCourse) -> "_Library":
        shares = np.array(LASTING if course.is_replicated else LASTING[:1])
        ratio = np.tile(RATIOS, len(shares))[:, None]
        share = np.repeat(shares, len(RATIOS))[:, None]
        replicable = ratio / (1 + share)
        innovation = np.tile(INNOVATIONS, len(shares))[:, None]
        return cls(innovation, replicable, replicable * share, course.usual_samples)

    @property
    def sample(self) -> np.ndarray:
        """Variance of one usual sample about its mean."""
        return self.replicable * self.usual_samples

    def noise(self, multiplier: np.ndarray | float, counts: np.ndarray | float) -> np.ndarray:
        """Variance of the noise of means: [models, genes]."""
        return self.sample * (multiplier / counts) + self.lasting


class _Filter:
    """Kalman filters of all models over all genes, and the sums that their weights come from."""

    def __init__(self, course: ReplicatedCourse, library: _Library) -> None:
        self.course, self.library = course, library
        self.multipliers = noise_multipliers(course)
        shape = len(library.innovation), len(course.means)
        self.level, self.variance, self.squares, self.log_determinant = np.zeros((4, *shape))
        self.level[:] = np.nan
        self.dof = np.zeros(shape[1])

    def see(self, time: int) -> None:
        """Move on to a time and take its values in."""
        course, library = self.course, self.library
        seen = course.seen[:, time]
        started = np.isfinite(self.level[0])
        multiplier = self.multipliers[:, time]
        noise = library.noise(multiplier, np.where(seen, course.counts[:, time], 1))

        self._forget()
        self.variance += library.innovation
        total = self.variance + noise
        value = np.where(seen, course.means[:, time], 0)
        error = np.where(seen & started, value - np.where(started, self.level, 0), 0)
        gain = np.where(seen & started, self.variance / total, 0)
        self._count(error**2 / total, np.log(total), seen & started)
        if (course.counts[:, time] > 1).any():
            sample = np.broadcast_to(library.sample, total.shape)
            squares = np.where(seen, course.within[:, time], 0) / (multiplier * sample)
            self._count(squares, np.log(sample), np.maximum(course.counts[:, time] - 1, 0))
        self.level = self.level + gain * error
        self.variance = (1 - gain) * self.variance

        first = seen & ~started
        self.level = np.where(first, value, self.level)
        self.variance = np.where(first, noise, self.variance)

    def _forget(self) -> None:
        for sums in (self.squares, self.log_determinant, self.dof):
            sums *= FORGET

    def _count(self, squares: np.ndarray, log_variance: np.ndarray, dof: np.ndarray) -> None:
        """Add to the sums; dof: [genes] how many independent values the squares stand for."""
        self.squares += squares
        self.log_determinant += log_variance * dof
        self.dof += dof
