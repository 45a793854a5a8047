"""Changes of genes from time to time, cleaned of what makes genes alike without touching.

Taken out are what a sample does to all genes by their level or length (depth, degradation) and
what the whole panel does; what is left is in units of the gene's own changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PRIOR = 4.0  # the panel's variance at a gene's level counts as so many changes
CAP = 3.0  # of a standardised change
MEANS, ACROSS = "mean", "cross"


@dataclass(frozen=True)
class Changes:
    """Standardised changes of genes.

    Attributes:
        how: ``mean``, of the means of replicates, or ``cross``, of two halves of the replicates,
            of which one gene's first half is held against another's second half: what a sample
            does to its genes is then no longer in both.
        halves: [genes, changes], once or twice.
        begins: [changes] the time that each begins at.
    """

    how: str
    halves: tuple[np.ndarray, ...]
    begins: np.ndarray

    @classmethod
    def cleaned(cls, how: str, halves: Sequence[np.ndarray], begins: np.ndarray) -> "Changes":
        """Of standardised halves, without what the whole panel does."""
        left = [half - half.mean(axis=0) for half in _without_factors(halves)]
        return cls(how, tuple(left), begins)

    @property
    def n_changes(self) -> int:
        """Number of changes of each gene."""
        return self.halves[0].shape[1]

    @property
    def spread(self) -> float:
        """Root mean square of a half (of both: the geometric mean), squared."""
        powers = [(half**2).mean() for half in self.halves]
        return float(np.sqrt(powers[0] * powers[-1]))

    @property
    def shared(self) -> float:
        """Mean product of a gene's halves: what both of them saw."""
        return float((self.halves[0] * self.halves[-1]).mean())

    @property
    def reliability(self) -> float:
        """Correlation of a gene's halves; 1 for means."""
        return self.shared / self.spread if self.spread else 0.0


def changes_of(
    values: np.ndarray,
    sampled: Sequence[float] | np.ndarray,
    how: str,
    lengths: np.ndarray,
    gc: np.ndarray | None = None,
) -> Changes | None:
    """The cleaned changes of a table of samples.

    Args:
        values: [genes, samples] log2, all of them known.
        sampled: [samples] the time of each.
        how: ``mean``, or ``cross`` of the times with two samples or more.
        lengths: [genes] bp.
        gc: [genes] GC content, where there is a sequence.

    Returns:
        None where fewer than three times are left, which leaves fewer than two changes.
    """
    sampled = np.asarray(sampled, float)
    courses, times = _courses(values, sampled, how)
    if len(times) < 3:
        return None
    covariates = [np.log(lengths + 1.0), *([] if gc is None else [gc])]
    level = values.mean(axis=1)
    halves = [_standardised(np.diff(course, axis=1), level, covariates) for course in courses]
    return Changes.cleaned(how, halves, times[:-1])


def n_factors(n_changes: int) -> int:
    """How many factors of the whole panel are taken out of so many changes."""
    return min(2, max(0, (n_changes - 1) // 3))


def _courses(
    values: np.ndarray, sampled: np.ndarray, how: str
) -> tuple[list[np.ndarray], np.ndarray]:
    """Courses [genes, times]: of all samples, or of the first and the second half of each time."""
    times, counts = np.unique(sampled, return_counts=True)
    columns = [np.flatnonzero(sampled == time) for time in times]
    if how == MEANS:
        return [np.stack([values[:, own].mean(axis=1) for own in columns], axis=1)], times
    repeated = [own for own in columns if len(own) > 1]
    if not repeated:
        return [], times[:0]
    parts = [(own[: len(own) // 2], own[len(own) // 2 :]) for own in repeated]
    halves = [
        np.stack([values[:, own].mean(axis=1) for own in half], axis=1)
        for half in zip(*parts, strict=True)
    ]
    return halves, times[counts > 1]


def _standardised(
    changes: np.ndarray, level: np.ndarray, covariates: list[np.ndarray]
) -> np.ndarray:
    """Changes [genes, changes] without level and covariates, in units of the gene's own."""
    scaled = (level - level.mean()) / (level.std() or 1.0)
    cubic = np.stack([scaled**power for power in range(4)], axis=1)
    others = [(one - one.mean()) / (one.std() or 1.0) for one in covariates]
    design = np.column_stack([cubic, *others])
    changes = changes - design @ np.linalg.lstsq(design, changes, rcond=None)[0]
    variance = (changes**2).mean(axis=1)
    usual = usual_variance(variance, design)
    n = changes.shape[1]
    unit = np.sqrt((n * variance + PRIOR * usual) / (n + PRIOR))
    return np.clip(changes / unit[:, None], -CAP, CAP)


def _without_factors(halves: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
    """Without the courses that most genes share, in any half; those of the halves' mean would
    make what is left of one half the opposite of the other."""
    taken = n_factors(halves[0].shape[1])
    if not taken:
        return halves
    courses = [np.linalg.svd(half, full_matrices=False)[2][:taken] for half in halves]
    basis = np.linalg.qr(np.concatenate(courses).T)[0]
    return [half - (half @ basis) @ basis.T for half in halves]


def usual_variance(variance: np.ndarray, design: np.ndarray) -> np.ndarray:
    """[genes] the panel's where a gene stands in a design [genes, columns], such as by its level:
    fitted to the logarithms of variances [genes], of the same mean."""
    logs = np.log(np.maximum(variance, 1e-12 * variance.max()))
    fitted = np.exp(design @ np.linalg.lstsq(design, logs, rcond=None)[0])
    return fitted * variance.mean() / fitted.mean()
