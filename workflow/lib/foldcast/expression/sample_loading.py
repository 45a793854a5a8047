"""How much of a panel is loading: one component that moves every gene of a sample alike.

Descriptive: it looks at the whole time course, and nothing that it finds goes into a forecast.
"""

import numpy as np
import pandas as pd

from foldcast.expression.control_probes import CONTROLS, two_groups
from foldcast.expression.expression_tables import summarise
from foldcast.protocol import origins

MOST = 0.5  # of the variance, or of the error
FOLLOWS = 0.5  # least correlation with a batch
METRICS = {
    "genes": "genes or probes looked at: those detected before the first origin",
    "pc1_share": "share of the samples' variance in their first component (PC1)",
    "pc1_r_age": "correlation of PC1 with time",
    "pc1_r_mean": "correlation of PC1 with the samples' mean",
    "pc1_r_negative": "correlation of PC1 with the negative controls",
    "pc1_r_positive": "correlation of PC1 with the positive controls",
    "pc1_r_housekeeping": "correlation of PC1 with the housekeeping genes",
    "pc1_r_upper": "correlation of PC1 with the two groups that the positive controls part the "
    "samples into (missing: they do not)",
    "upper_samples": "samples in the upper of these groups",
    "upper_times": "times with samples of both groups",
    "error_share": "share of the squared change from time to time (the one-step error of "
    "persistence) in its first component",
    "error_shift": "share of the same that is one shift of all genes",
}


def first_component(panel: np.ndarray) -> tuple[float, np.ndarray]:
    """PC1 of samples.

    Args:
        panel: [genes, samples] log2.

    Returns:
        its share of the variance, and its scores [samples] (unit length), of the sign that goes
        along with the samples' mean.
    """
    centred = panel - panel.mean(axis=1, keepdims=True)
    _, singular, scores = np.linalg.svd(centred, full_matrices=False)
    total = float((singular**2).sum())
    score = scores[0] * (-1.0 if scores[0] @ panel.mean(axis=0) < 0 else 1.0)
    return (float(singular[0] ** 2) / total if total else 0.0), score


def error_component(time_course: np.ndarray, first_origin: float | None) -> tuple[float, float]:
    """Shares of persistence's squared one-step error: in one component, and in one shift.

    Args:
        time_course: [genes, times] log2.
        first_origin: share of the time course; errors count from there on, or from the start where
            nothing is left to forecast from there.
    """
    n_times = time_course.shape[1]
    steps = np.asarray(origins(n_times, first_origin) or range(n_times - 1))
    change = time_course[:, steps + 1] - time_course[:, steps]
    total = float((change**2).sum())
    if not total:
        return 0.0, 0.0
    largest = float(np.linalg.norm(change, ord=2) ** 2)
    return largest / total, float(len(change) * (change.mean(axis=0) ** 2).sum()) / total


def diagnose(
    panel: pd.DataFrame, samples: pd.DataFrame, controls: pd.DataFrame, first_origin: float | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Loading of a panel.

    Args:
        panel: gene × sample, log2.
        samples: sample, time, copy_of; in the panel's order.
        controls: means of the control probes by sample: negative, positive, housekeeping;
            missing where there are none.
        first_origin: share of the time course.

    Returns:
        metric, value, meaning (the rows of `METRICS`); and sample, time, pc1, mean, the controls
        and upper (1 in the upper of the positive controls' groups, missing where there is one
        group), one row per sample.
    """
    share, score = first_component(panel.to_numpy(dtype=float))
    each = samples[["sample", "time"]].assign(pc1=score, mean=panel.mean().to_numpy())
    for role in CONTROLS:
        each[role] = controls[role].reindex(each["sample"]).to_numpy(dtype=float)
    upper = two_groups(each["positive"])
    each["upper"] = np.nan if upper is None else upper.astype(float)
    mixed = each.groupby("time")["upper"].nunique() > 1
    time_course, _ = summarise(panel, samples)
    error, shift = error_component(time_course.to_numpy(dtype=float), first_origin)
    values = {
        "genes": float(len(panel)),
        "pc1_share": share,
        "pc1_r_age": each["pc1"].corr(each["time"]),
        **{f"pc1_r_{name}": each["pc1"].corr(each[name]) for name in ("mean", *CONTROLS)},
        "pc1_r_upper": each["pc1"].corr(each["upper"]),
        "upper_samples": np.nan if upper is None else each["upper"].sum(),
        "upper_times": np.nan if upper is None else float(mixed.sum()),
        "error_share": error,
        "error_shift": shift,
    }
    rows = [(metric, values[metric], meaning) for metric, meaning in METRICS.items()]
    return pd.DataFrame(rows, columns=["metric", "value", "meaning"]), each


def warnings_of(values: dict[str, float]) -> list[str]:
    """What a reader must know: that most of a panel's variance or error is one component."""
    said = []
    loading = abs(values["pc1_r_mean"]) > max(0.9, abs(values["pc1_r_age"]))
    if values["pc1_share"] > MOST and loading:
        said.append(
            f"PC1 holds {values['pc1_share']:.0%} of the variance and follows the samples' mean "
            f"(r = {values['pc1_r_mean']:.2f}), not age (r = {values['pc1_r_age']:.2f}): the panel "
            "is mostly loading"
        )
    if values["upper_samples"] > 0:
        follows = values["pc1_r_upper"]
        said.append(
            f"positive controls part the samples in two, {values['upper_samples']:.0f} of them "
            f"high, at {values['upper_times']:.0f} times beside others; PC1 "
            f"{'follows' if abs(follows) > FOLLOWS else 'does not follow'} that (r = {follows:.2f})"
            + (": a batch effect" if abs(follows) > FOLLOWS else "")
        )
    if values["error_share"] > MOST:
        said.append(
            f"{values['error_share']:.0%} of the one-step error is one component: scores say "
            "little about single genes"
        )
    return said
