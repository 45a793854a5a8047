"""A time course as the base forecaster sees it: means, and what replicates say about their noise.

Of times after an origin nothing may be known but the design: when, and how many samples. So the
units that everything is measured in come from the first five times, whose design is known at the
first origin that forecasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

START = 3  # the first origin with a forecast other than persistence
UNIT_TIMES = 5  # START + 2: the design up to the target of the first forecast


@dataclass(frozen=True)
class ReplicatedCourse:
    """Means along time, with the design of those times and of later ones to forecast.

    Attributes:
        means: [genes, times] mean log2 expression; NaN where a gene has no sample.
        times: [times + later] when samples were taken, increasing, in any unit.
        samples: [times + later] number of samples.
        within: [genes, times] sum of squares of a gene's samples about their mean.
        counts: [genes, times] samples of each gene; 0 at a gap. All of them where not given.
    """

    means: np.ndarray
    times: np.ndarray
    samples: np.ndarray
    within: np.ndarray
    counts: np.ndarray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        shape = self.means.shape
        if not self.counts.size:
            counts = np.where(np.isfinite(self.means), self.samples[: shape[1]], 0)
            object.__setattr__(self, "counts", counts)
        if self.means.ndim != 2 or self.within.shape != shape or self.counts.shape != shape:
            raise ValueError("means, within and counts are [genes, times], all alike")
        if self.times.shape != self.samples.shape or len(self.times) < shape[1]:
            raise ValueError("times and samples are [times + later]")
        if not (np.diff(self.times) > 0).all():
            raise ValueError("times increase")
        if not (self.samples > 0).all():
            raise ValueError("every time has samples")
        if ((self.counts > 0) & ~np.isfinite(self.means)).any():
            raise ValueError("a gene with samples at a time has a mean there")

    @classmethod
    def of_means(cls, means: np.ndarray, times: Sequence[float] | np.ndarray) -> "ReplicatedCourse":
        """A course without replicates: means [genes, times], times [times + later]."""
        means, times = np.asarray(means, float), np.asarray(times, float)
        return cls(means, times, np.ones(len(times)), np.zeros(means.shape))

    @classmethod
    def of_samples(
        cls,
        values: np.ndarray,
        sampled: Sequence[float] | np.ndarray,
        later: Sequence[float] | np.ndarray = (),
    ) -> "ReplicatedCourse":
        """A course from its samples.

        Args:
            values: [genes, samples] log2 expression; NaN where a gene was not measured.
            sampled: [samples] the time of each.
            later: one entry for each sample that will be taken after the course: its time.
        """
        values, sampled = np.asarray(values, float), np.asarray(sampled, float)
        times, samples = np.unique(np.concatenate([sampled, later]), return_counts=True)
        seen = np.isfinite(values)
        belongs = (sampled[:, None] == np.unique(sampled)).astype(float)
        counts = seen @ belongs
        means = np.where(seen, values, 0) @ belongs / np.where(counts > 0, counts, np.nan)
        residual = np.where(seen, values - means[:, np.searchsorted(times, sampled)], 0)
        return cls(means, times, samples.astype(float), residual**2 @ belongs, counts)

    @property
    def n_times(self) -> int:
        """Number of times that were measured."""
        return self.means.shape[1]

    @property
    def seen(self) -> np.ndarray:
        """[genes, times]: False at a gap."""
        return self.counts > 0

    @property
    def usual_samples(self) -> float:
        """The geometric mean number of samples at the first five times."""
        return float(np.exp(np.log(self.samples[:UNIT_TIMES]).mean()))

    @property
    def is_replicated(self) -> bool:
        """Whether any of the first five times has more than one sample."""
        return bool((self.samples[:UNIT_TIMES] > 1).any())

    def last_seen(self) -> np.ndarray:
        """[genes, times]: the means, a gap filled with the last before it; NaN before the first."""
        index = np.where(self.seen, np.arange(self.n_times), 0)
        return np.take_along_axis(self.means, np.maximum.accumulate(index, axis=1), axis=1)

    def origins(self, horizon: int) -> range:
        """Origins with a forecast at a horizon other than persistence: their target has a design.

        The last time has one only where later times were given.
        """
        return range(START, min(self.n_times, len(self.times) - horizon))
