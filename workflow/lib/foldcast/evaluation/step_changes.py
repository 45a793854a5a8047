"""Which genes change from one time to the next, tested gene by gene with their replicates.

Linear models of log2 values, samples brought to one depth, with t moderated by the variances of
the panel's genes at a gene's level (limma-trend: Smyth, Statistical Applications in Genetics and
Molecular Biology 3, 2004; Law and others, Genome Biology 15:R29, 2014). Negative binomial models
with Wald tests (DESeq2, by pydeseq2) were tried on counts: at three times of three replicates 12 %
of what they called was wrong at q ≤ 0.05, with this 7 %.

Nothing of it goes into forecasts, and tested genes are not chosen for the panel that is scored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from foldcast.evaluation.change_design import CHANGED, ChangeDesign, change_design
from foldcast.evaluation.gene_nodes import scaled
from foldcast.forecast.scale_mixture import scale_prior

LEVEL = 0.95  # of intervals
LEAST_COUNT = 10  # in all samples of a time
FEWEST_GENES = 10  # from which on a trend of variances along the level is fitted
COLUMNS = ["gene", "from", "to", "change", "low", "high", "p", "q"]


@dataclass(frozen=True)
class StepEstimates:
    """Changes of genes over the steps of a design, in log2: [genes, steps]; NaN if untested."""

    change: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray

    @classmethod
    def of(cls, change: np.ndarray, half: np.ndarray, p: np.ndarray) -> "StepEstimates":
        """From half of the widths of intervals."""
        return cls(change, change - half, change + half, p)


def step_changes(
    raw: pd.DataFrame, sampled: Sequence[float], batches: Sequence[str], kind: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every tested gene at every step, and what came out of each step.

    Args:
        raw: gene × sample, log2 of the table's values (of values + 1 if these are no logarithms).
        sampled: [samples] the time of each.
        batches: [samples] the batch of each; blank where there is none.
        kind: of the table: ``counts``, ``normalised`` or ``log2``.

    Returns:
        a row per gene and step (`COLUMNS`; q by Benjamini and Hochberg over all of them; without a
        test the change of means alone); and a row per step: from, to, genes, up, down, untested,
        sentence.
    """
    design = change_design(sampled, batches)
    raw = raw.loc[worth_testing(raw, sampled, kind)]
    even = scaled(raw, kind == "log2").to_numpy(float)
    tests = plain_changes(even, design)
    if len(raw) and any(not step.untested for step in design.steps):
        tests = moderated_t(even, design)
    q = np.full(tests.p.shape, np.nan)
    known = np.isfinite(tests.p)
    if known.any():
        q[known] = false_discovery_control(tests.p[known])
    n_genes, n_steps = tests.p.shape
    values = (tests.change, tests.low, tests.high, tests.p, q)
    table = {
        "gene": np.repeat(raw.index.to_numpy(object), n_steps),
        "from": np.tile([step.begin for step in design.steps], n_genes),
        "to": np.tile([step.end for step in design.steps], n_genes),
    } | dict(zip(COLUMNS[3:], (part.ravel() for part in values), strict=True))
    changed = is_changed(q)
    rows = []
    for k, step in enumerate(design.steps):
        up, down = ((changed & (tests.change * sign > 0))[:, k].sum() for sign in (1, -1))
        row = {
            "from": step.begin,
            "to": step.end,
            "genes": int(known[:, k].sum()),
            "up": int(up),
            "down": int(down),
            "untested": step.untested,
        }
        rows.append(row | {"sentence": _sentence(row)})
    return pd.DataFrame(table, columns=COLUMNS), pd.DataFrame(rows)


def is_changed(q: np.ndarray | pd.Series) -> np.ndarray:
    """Whether a gene is said to change, by its q; not where that is missing."""
    return np.asarray(q, float) <= CHANGED


def worth_testing(raw: pd.DataFrame, sampled: Sequence[float], kind: str) -> pd.Index:
    """Genes without gaps that vary and are there in all samples of one time at least.

    That is 10 or more counts; of what is no count, more than the table's lowest value.
    """
    values = raw.to_numpy(float)
    whole = np.isfinite(values).all(axis=1) & (np.ptp(values, axis=1) > 0)
    if kind == "counts":
        above = values >= np.log2(LEAST_COUNT + 1) - 1e-9
    else:
        above = values > np.nanmin(values, initial=np.inf)
    at = np.asarray(sampled, float)
    there = [above[:, at == time].all(axis=1) for time in np.unique(at)]
    return raw.index[whole & np.any(there, axis=0)]


def plain_changes(values: np.ndarray, design: ChangeDesign) -> StepEstimates:
    """Changes [genes, steps] of log2 values by least squares, without a test."""
    coefficients = np.linalg.lstsq(design.matrix, values.T, rcond=None)[0]
    change = np.full((len(values), len(design.steps)), np.nan)
    for k, step in enumerate(design.steps):
        if step.contrast is not None:
            change[:, k] = step.contrast @ coefficients
    nothing = np.full(change.shape, np.nan)
    return StepEstimates(change, nothing, nothing, nothing)


def moderated_t(values: np.ndarray, design: ChangeDesign) -> StepEstimates:
    """Changes by least squares, with variances drawn towards the panel's at a gene's level.

    Args:
        values: [genes, samples] log2, every sample scaled.
        design: with degrees of freedom left.
    """
    tests = plain_changes(values, design)
    fitted = np.linalg.lstsq(design.matrix, values.T, rcond=None)[0]
    squares = ((values.T - design.matrix @ fitted) ** 2).sum(axis=0)
    usual = _usual_variance(squares / design.dof, values.mean(axis=1))
    prior_dof, prior = scale_prior((squares / usual)[None], np.array([design.dof]))
    variance = (prior_dof * prior * usual + squares) / (prior_dof + design.dof)
    dof = min(prior_dof.item() + design.dof, float(design.dof * len(values)))
    half, p = np.full((2, *tests.change.shape), np.nan)
    inverse = np.linalg.inv(design.matrix.T @ design.matrix)
    for k, step in enumerate(design.steps):
        if step.contrast is not None and not step.untested:
            error = np.sqrt(variance * (step.contrast @ inverse @ step.contrast))
            half[:, k], p[:, k] = half_width_and_p(tests.change[:, k], error, dof)
    return StepEstimates.of(tests.change, half, p)


def half_width_and_p(
    estimate: np.ndarray, error: np.ndarray, dof: float
) -> tuple[np.ndarray, np.ndarray]:
    """Half of the width of 95 % intervals and two-sided p of no change, by Student's t: [genes]."""
    half = student.isf((1 - LEVEL) / 2, dof) * error
    return half, 2 * student.sf(np.abs(estimate) / error, dof)


def _usual_variance(variance: np.ndarray, level: np.ndarray) -> np.ndarray:
    """[genes] the panel's at a gene's level, a cubic fitted to the logarithms; 1 for few genes."""
    spread = float(level.std())
    if len(variance) < FEWEST_GENES or spread == 0 or variance.max() == 0:
        return np.ones(len(variance))
    logs = np.log(np.maximum(variance, 1e-12 * variance.mean()))
    design = np.vander((level - level.mean()) / spread, 4)
    return np.exp(design @ np.linalg.lstsq(design, logs, rcond=None)[0])


def _sentence(row: dict) -> str:
    """What a step says."""
    step = f"From {row['from']:g} to {row['to']:g}"
    if row["untested"]:
        return f"{step} changes are not tested: {row['untested']}."
    n = row["up"] + row["down"]
    return (
        f"{step} {n:,} of {row['genes']:,} genes change (q ≤ {CHANGED:g}): {row['up']:,} up, "
        f"{row['down']:,} down."
    )
