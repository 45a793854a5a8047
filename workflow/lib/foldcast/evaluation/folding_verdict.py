"""Does folding matter? What may be said of a run, over all its maps and datasets.

What is asked in advance, contact and common change, is corrected by Holm's method over the run.
The rest (TADs, compartments) is exploratory: corrected among itself by Benjamini and Hochberg's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from foldcast.evaluation.bin_pairs import COMPARTMENT, CONTACT, DOMAIN
from foldcast.evaluation.change_together import ContactEffect
from foldcast.evaluation.expression_changes import ACROSS, MEANS

CHANGE = "change together"
SUGGESTIVE, NO_EFFECT, CANNOT_TELL = "suggestive", "no effect", "cannot tell"
SIZE = 0.05
YES = 0.01  # of the p of common change, which in some tables is small a little too often
SMALL = 0.01  # pair correlation: an effect within it is none
FEW_TIMES = 5  # with fewer an effect is a suggestion at most
HOLM, EXPLORATORY = "Holm", "exploratory (BH)"
COLUMNS = [
    "question", "dataset", "graph", "feature", "value", "low", "high", "seen", "p", "p_corrected",
    "correction", "verdict", "sentence",
]  # fmt: skip


def holm(p: Sequence[float] | np.ndarray) -> np.ndarray:
    """Holm's adjusted p: below a level only where any error among all has that probability."""
    p = np.asarray(p, float)
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(steps, 1)
    return adjusted


def judge(effects: Mapping[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    """What each map and dataset say, corrected over all of them.

    Args:
        effects: (dataset, graph) → effects (`ContactEffect`), one row each.

    Returns:
        A row for every question (`COLUMNS`); contact first.
    """
    rows = []
    for (dataset, graph), table in effects.items():
        held = [ContactEffect(**record) for record in table.to_dict("records")]
        by = {(effect.kind, effect.how): effect for effect in held}
        for kind in (CONTACT, DOMAIN, COMPARTMENT):
            mean, cross = by.get((kind, MEANS)), by.get((kind, ACROSS))
            if mean is None or (kind == COMPARTMENT and not is_confirmed(cross)):
                continue
            asked = {"question": CHANGE, "dataset": dataset, "graph": graph, "feature": kind}
            shown = {name: getattr(mean, name) for name in ("value", "low", "high", "seen", "p")}
            rows.append((asked | shown, mean, cross))
    corrected = np.ones(len(rows))
    p = np.array([row["p"] for row, _, _ in rows])
    planned = np.array([row["feature"] == CONTACT for row, _, _ in rows], bool)
    if planned.any():
        corrected[planned] = holm(p[planned])
    if (~planned).any():
        corrected[~planned] = false_discovery_control(p[~planned])
    found = []
    for (row, mean, cross), value, is_planned in zip(rows, corrected, planned, strict=True):
        word = word_of(mean, cross, value)
        row |= {
            "p_corrected": value,
            "correction": HOLM if is_planned else EXPLORATORY,
            "verdict": word,
            "sentence": _sentence(row, mean, cross, value, word),
        }
        found.append(row)
    return pd.DataFrame(found, columns=COLUMNS)


def is_confirmed(cross: ContactEffect | None) -> bool:
    """Whether independent replicates show it too, and more than one change of them."""
    return cross is not None and cross.p <= SIZE and cross.p_changes <= SIZE


def word_of(mean: ContactEffect, cross: ContactEffect | None, corrected: float) -> str:
    """The verdict on one feature.

    Args:
        mean, cross: effects in the means and across replicates (None: there are none).
        corrected: p of ``mean`` after correction.
    """
    few = mean.n_changes + 1 < FEW_TIMES
    if mean.p <= YES and corrected <= SIZE:
        if few:
            return SUGGESTIVE
        if cross is None or cross.n_changes + 1 < FEW_TIMES or is_confirmed(cross):
            return CHANGE
    if mean.low >= -SMALL and mean.high <= SMALL:
        return NO_EFFECT
    return CANNOT_TELL


WORDS = {
    CONTACT: ("Genes in contact", "genes equally far apart", "per doubling of contact"),
    DOMAIN: ("Genes of one TAD", "genes as far apart in two", "within a TAD"),
    COMPARTMENT: (
        "Genes of like compartments",
        "genes as far apart in unlike ones",
        "per unit of the product of the compartments' eigenvector",
    ),
}


def _sentence(
    row: Mapping[str, Any],
    mean: ContactEffect,
    cross: ContactEffect | None,
    corrected: float,
    word: str,
) -> str:
    """What a user reads."""
    who, others, unit = WORDS[row["feature"]]
    lower = who[0].lower() + who[1:]
    of = f"{row['dataset']}, map {row['graph']}: "
    numbers = (
        f"pair correlation {mean.value:+.4f} {unit} (95 % interval {mean.low:+.4f} to "
        f"{mean.high:+.4f}; p {mean.p:.3g}, {corrected:.3g} after correction over the run; "
        f"{mean.n_genes:,} genes, {mean.n_pairs:,} pairs, {mean.n_changes} changes)"
    )
    end = "." if row["feature"] == CONTACT else "; exploratory."
    if word == SUGGESTIVE:
        return (
            f"{of}of so few times it is suggestive at most that {lower} change together more than "
            f"{others}: {numbers}{end}"
        )
    if word == CHANGE:
        seen = (
            "seen across independent replicates too"
            if is_confirmed(cross)
            else "without replicates of enough times, so what single samples do to their genes "
            "is not ruled out"
        )
        return (
            f"{of}{who} change together slightly more than {others}: {numbers}, {seen}. Folding "
            f"is aligned with co-regulation here; this does not show that it causes it, and an "
            f"effect of this size does not improve forecasts{end}"
        )
    if word == NO_EFFECT:
        return (
            f"{of}no effect above {SMALL:g}: {lower} hardly change together more than {others}: "
            f"{numbers}{end}"
        )
    unseen = ""
    if mean.p <= YES and corrected <= SIZE and cross is not None and not is_confirmed(cross):
        unseen = (
            f" In the means there is an effect that independent replicates do not show "
            f"(p {cross.p:.3g}; over changes {cross.p_changes:.3g})."
        )
    return (
        f"{of}cannot tell whether {lower} change together more than {others}: "
        f"no effect above {mean.seen:.3f} was there to be seen with 80 % power; {numbers}{end}"
        f"{unseen}"
    )
