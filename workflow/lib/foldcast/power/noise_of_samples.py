"""How much of what changes from time to time is real, and how much more samples would make it.

A gene's level takes real steps from one time to the next, and each sample shows it with noise: a
local level. So much of a change, or of what a forecast did not foresee, is real as the variance of
the step is of all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foldcast.evaluation.expression_changes import usual_variance

LEAST = 0.02  # of a change that is real, below which it cannot be told


@dataclass(frozen=True)
class SampleNoise:
    """The noise of one sample.

    Attributes:
        variance: in units of that of a real step from one time to the next.
        counting: the part of it that counting reads makes; NaN where that is not known.
    """

    variance: float
    counting: float

    def at(self, replicates: float, depth: float = 1.0) -> float:
        """Variance of the mean of replicates with ``depth`` times the reads."""
        counting = 0.0 if np.isnan(self.counting) else self.counting
        return self.variance * (1 - counting + counting / depth) / replicates

    def real_share(self, replicates: float, depth: float = 1.0) -> float:
        """Of the variance of a change from one time to the next."""
        return 1 / (1 + 2 * self.at(replicates, depth))

    def predictive_variance(self, times: int, replicates: float, depth: float = 1.0) -> float:
        """Of the next mean, given so many, in units of a real step's."""
        noise = self.at(replicates, depth)
        level = noise
        for _ in range(times - 1):
            before = level + 1
            level = before * noise / (before + noise) if noise else 0.0
        return level + 1 + noise

    def real_share_of_innovations(self, times: int, replicates: float, depth: float = 1.0) -> float:
        """Of the variance of what a forecast from so many times does not foresee."""
        return 1 / self.predictive_variance(times, replicates, depth)


def noise_of_samples(
    values: np.ndarray, sampled: Sequence[float] | np.ndarray, counts: bool
) -> SampleNoise:
    """The noise of a table's samples: from replicates or, without, from how steps are undone.

    What a sample alone shows is in the change to it, and in the next one with its sign turned; so
    noise makes changes that follow each other correlate by up to −1/2.

    Args:
        values: [genes, samples] log2, all of them known.
        sampled: [samples] the time of each; three times or more.
        counts: values are log2 of counts + 1, so that it is known what counting adds.
    """
    times, at, numbers = np.unique(sampled, return_inverse=True, return_counts=True)
    member = (at[:, None] == np.arange(len(times))) / numbers
    means = values @ member
    changes = np.diff(means, axis=1)
    changes = changes - changes.mean(axis=0)
    variance = (changes**2).mean(axis=1)
    level = values.mean(axis=1)
    # In units of the panel's variance at a gene's level: its own is too much by chance.
    scaled = (level - level.mean()) / (level.std() or 1.0)
    unit = usual_variance(variance, np.vander(scaled, 4))
    whole = (variance / unit).mean()
    spare = len(sampled) - len(times)
    if spare:
        within = ((values - means[:, at]) ** 2).sum(axis=1) / spare
        noise = float((within / unit).mean())
        real = whole - noise * (1 / numbers[1:] + 1 / numbers[:-1]).mean()
    else:
        undone = (changes[:, 1:] * changes[:, :-1]).mean(axis=1)
        noise = max(-float((undone / unit).mean()), 0.0)
        real = whole - 2 * noise
    real = max(float(real), LEAST * float(whole))
    if not counts or not noise:
        return SampleNoise(noise / real, np.nan)
    number = np.maximum(2.0**values - 1, 0)
    counted = (number / (number + 1) ** 2).mean(axis=1) / np.log(2) ** 2
    return SampleNoise(noise / real, min(1.0, float((counted / unit).mean()) / noise))
