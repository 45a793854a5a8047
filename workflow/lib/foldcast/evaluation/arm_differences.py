"""Two arms of one time course, such as treated and control: which changes differ between them?

A linear model has a mean for each arm and time, and batches where these can be told from both. Of
each step, the difference of the two arms' changes is tested by a moderated t (Smyth 2004: limma),
and corrected over genes and steps by Benjamini and Hochberg.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from foldcast.errors import InputError, first_few
from foldcast.evaluation.step_changes import half_width_and_p
from foldcast.forecast.scale_mixture import scale_prior
from foldcast.forecast.time_course import TimeCourse

COLUMNS = ["gene", "from", "to", "difference", "low", "high", "t", "p", "q"]


@dataclass(frozen=True)
class Arm:
    """The samples of one arm.

    Attributes:
        values: gene × sample, log2.
        times: [samples].
        batches: [samples], empty texts where none is known.
    """

    values: pd.DataFrame
    times: np.ndarray
    batches: np.ndarray

    @classmethod
    def of(cls, panel: pd.DataFrame, samples: pd.DataFrame) -> "Arm":
        """From a panel, gene × sample, and its sheet: sample, time, batch, copy_of."""
        own = samples[samples["copy_of"].isna()]
        batches = own["batch"].fillna("").astype(str).to_numpy()
        return cls(panel[list(own["sample"])], own["time"].to_numpy(float), batches)


def common_times(times: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The times that both have, ascending."""
    return np.intersect1d(times, others)


def check_arms(
    arm: tuple[pd.Index, np.ndarray], other: tuple[pd.Index, np.ndarray], name: str, against: str
) -> tuple[pd.Index, np.ndarray]:
    """The genes and times that two arms share, in the order of the first.

    Args:
        arm, other: genes and times of each.
        name, against: the datasets that they are.

    Raises:
        InputError: fewer than two common times, or no common gene.
    """
    genes, times = arm[0].intersection(other[0], sort=False), common_times(arm[1], other[1])
    few = None
    if len(times) < 2:
        of_each = (first_few(f"{time:g}" for time in np.unique(one[1])) for one in (arm, other))
        few = "common time", len(times), " and ".join(of_each), "sample both at the same times"
    elif genes.empty:
        of_each = (first_few(one[0], 3) for one in (arm, other))
        few = "common gene", 0, " and ".join(of_each), "name genes alike in both tables"
    if few:
        what, count, found, remedy = few
        raise InputError(
            "the config",
            place=f"datasets.{name}.against",
            found=f"{count or 'no'} {what} of {name} and {against}: {found}",
            expected="genes that were measured in both at two common times at least",
            remedy=f"{remedy}, or leave `against` out",
        )
    return genes, times


def arm_differences(arm: Arm, other: Arm) -> pd.DataFrame:
    """How much more each gene changes in one arm than in the other, from each common time to the
    next.

    Returns:
        `COLUMNS`: the difference of the changes (log2) with its 95 % interval; what has a p may
        stand on no replicate of its own, but its step has one, and the panel gives the variance.
        Without replicates at a step all but the difference is missing.
    """
    genes = arm.values.index.intersection(other.values.index, sort=False)
    times = common_times(arm.times, other.times)
    values, cells, batches = _joined((arm, other), genes, times)
    design = _design(cells, batches, 2 * len(times))
    left = np.linalg.inv(design.T @ design)
    effects = values @ design @ left
    residual = values - effects @ design.T
    dof = len(cells) - design.shape[1]
    squares = (residual**2).sum(axis=1)
    counts = np.bincount(cells, minlength=2 * len(times)).reshape(2, -1)
    tables = []
    for step in range(len(times) - 1):
        contrast = np.zeros(design.shape[1])
        contrast[[step + 1, step]] = 1, -1
        contrast[[len(times) + step + 1, len(times) + step]] = -1, 1
        difference = effects @ contrast
        table = pd.DataFrame({"gene": genes, "from": times[step], "to": times[step + 1]})
        tables.append(table.assign(difference=difference, **dict.fromkeys(COLUMNS[4:], np.nan)))
        if dof and (counts[:, step : step + 2] > 1).any():
            (prior_dof,), (prior_scale,) = scale_prior(squares[None], np.array([dof]))
            total = prior_dof + dof
            variance = (prior_dof * prior_scale + squares) / total
            error = np.sqrt(variance * (contrast @ left @ contrast))
            half, p = half_width_and_p(difference, error, total)
            tables[-1] = tables[-1].assign(
                low=difference - half,
                high=difference + half,
                t=difference / error,
                p=p,
            )
    found = pd.concat(tables, ignore_index=True)
    tested = found["p"].notna()
    if tested.any():
        found.loc[tested, "q"] = false_discovery_control(found.loc[tested, "p"])
    return found[COLUMNS]


def difference_panel(arm: Arm, other: Arm) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One arm less the other, replicate by replicate, as a panel of its own.

    Each gene stands at its mean level over both, so that it is still known how much it is
    expressed; changes do not depend on that.

    Returns:
        gene × sample; sample, time, copy_of (none).
    """
    genes = arm.values.index.intersection(other.values.index, sort=False)
    own, theirs = (one.values.loc[genes].to_numpy(float) for one in (arm, other))
    columns, rows = [], []
    for time in common_times(arm.times, other.times):
        pairs = zip(np.flatnonzero(arm.times == time), np.flatnonzero(other.times == time))  # noqa: B905
        for number, (one, two) in enumerate(pairs, start=1):
            columns.append(own[:, one] - theirs[:, two])
            rows.append((f"t{time:g}_{number}", time))
    differences = np.stack(columns, axis=1)
    level = (own.mean(axis=1) + theirs.mean(axis=1)) / 2
    differences += (level - differences.mean(axis=1))[:, None]
    samples = pd.DataFrame(rows, columns=["sample", "time"]).assign(copy_of=pd.NA)
    return pd.DataFrame(differences, genes, samples["sample"]).rename_axis("gene"), samples


def other_arm_forecasts(
    course: TimeCourse, other: TimeCourse, origins: list[int]
) -> tuple[np.ndarray, int]:
    """The value now and the other arm's change over the same step: [genes, origins].

    It knows the other arm's next value, and nothing of its own after the origin. Where the other
    arm lacks one of the two times, or the gene, it is persistence.

    Returns:
        the forecasts; from how many origins the other arm's change was known.
    """
    at = np.asarray(origins, int)
    where = {time: k for k, time in enumerate(other.times)}
    own = np.array([[where.get(t, -1) for t in course.times[at + step]] for step in (0, 1)], int)
    known = (own >= 0).all(axis=0)
    theirs = pd.DataFrame(other.values, other.genes).reindex(course.genes).to_numpy()
    change = np.where(known, theirs[:, own[1]] - theirs[:, own[0]], 0)
    return course.values[:, at] + np.nan_to_num(change), int(known.sum())


def _joined(
    arms: tuple[Arm, Arm], genes: pd.Index, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values [genes, samples] at the common times, each sample's arm and time as one number, and
    its batch."""
    values, cells, batches = [], [], []
    for number, arm in enumerate(arms):
        held = np.isin(arm.times, times)
        values.append(arm.values.loc[genes].to_numpy(float)[:, held])
        cells.append(number * len(times) + np.searchsorted(times, arm.times[held]))
        batches.append(arm.batches[held])
    return np.concatenate(values, axis=1), np.concatenate(cells), np.concatenate(batches)


def _design(cells: np.ndarray, batches: np.ndarray, n_cells: int) -> np.ndarray:
    """[samples, cells and batches]: a batch that arm and time already tell apart is left out."""
    design = (cells[:, None] == np.arange(n_cells)).astype(float)
    for batch in np.unique(batches)[1:]:
        wider = np.column_stack([design, batches == batch])
        if np.linalg.matrix_rank(wider) > design.shape[1]:
            design = wider
    return design
