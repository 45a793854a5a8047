"""What is compared in a time course: each time with the one before, batches taken into account."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-8
CHANGED = 0.05  # q up to which a gene is said to change
ALONE = "one replicate at both times"
CONFOUNDED = "its two times are of different batches, so that these cannot be told apart"
NOTHING_LEFT = "no replicates left beside the batches"


@dataclass(frozen=True)
class Step:
    """From one time to the next.

    Attributes:
        begin, end: times.
        contrast: [columns] of the design, the change as a sum of its coefficients; None where
            batches do not allow to tell it.
        untested: why there is no test of it, in words; empty where there is one.
    """

    begin: float
    end: float
    contrast: np.ndarray | None
    untested: str


@dataclass(frozen=True)
class ChangeDesign:
    """A linear model of samples: a level for each time, and what each batch adds to it.

    Attributes:
        matrix: [samples, columns] of full rank.
        steps: from each time to the next.
    """

    matrix: np.ndarray
    steps: tuple[Step, ...]

    @property
    def dof(self) -> int:
        """Degrees of freedom that are left to tell chance."""
        return self.matrix.shape[0] - self.matrix.shape[1]


def change_design(sampled: Sequence[float] | np.ndarray, batches: Sequence[str]) -> ChangeDesign:
    """The design of a sample sheet.

    A step is tested where one of its times at least has two replicates.

    Args:
        sampled: [samples] the time of each.
        batches: [samples] the batch of each; blank where there is none.
    """
    sampled = np.asarray(sampled, float)
    times, counts = np.unique(sampled, return_counts=True)
    names = sorted(set(batches))
    of_time = (sampled[:, None] == times).astype(float)
    of_batch = np.array([[batch == name for name in names[1:]] for batch in batches], float)
    full = np.hstack([of_time, of_batch.reshape(len(sampled), -1)])
    kept: list[int] = []
    for column in range(full.shape[1]):
        if np.linalg.matrix_rank(full[:, [*kept, column]]) == len(kept) + 1:
            kept.append(column)
    matrix = full[:, kept]
    known = np.linalg.pinv(full) @ full
    dof = len(sampled) - matrix.shape[1]
    steps = []
    for k in range(len(times) - 1):
        whole = np.zeros(full.shape[1])
        whole[k], whole[k + 1] = -1.0, 1.0
        told = np.abs(whole @ known - whole).max() < TOLERANCE
        untested = ""
        if counts[k : k + 2].max() < 2:
            untested = ALONE
        elif not told:
            untested = CONFOUNDED
        elif dof < 1:
            untested = NOTHING_LEFT
        contrast = whole[kept] if told else None
        steps.append(Step(float(times[k]), float(times[k + 1]), contrast, untested))
    return ChangeDesign(matrix, tuple(steps))
