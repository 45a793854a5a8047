"""Does folding matter? What may be said of a run, over all its maps and datasets.

What is asked in advance (do genes in contact change together, do they help to forecast each other?)
is corrected by Holm's method over the run.
The rest (TADs, compartments) is exploratory: corrected among itself by Benjamini and Hochberg's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from foldcast.evaluation.bin_pairs import COMPARTMENT, CONTACT, DOMAIN
from foldcast.evaluation.change_together import SIZE, YES, ContactEffect
from foldcast.evaluation.expression_changes import ACROSS, MEANS
from foldcast.evaluation.held_out_genes import HeldOutGenes
from foldcast.evaluation.neighbour_innovations import NeighbourEffect
from foldcast.protocol import FEW_TIMES

CHANGE, HELP = "change together", "help to forecast"
SUGGESTIVE, NO_EFFECT, CANNOT_TELL = "suggestive", "no effect", "cannot tell"
SMALL = 0.01  # pair correlation: an effect within it is none
UNKNOWN = dict.fromkeys(("value", "low", "high", "seen", "p"), np.nan)
NOT_ASKED = {
    CHANGE: "{dataset}, map {graph}: cannot tell whether genes in contact change together: too "
    "few genes of the table lie near each other on the map, or the map is a list of loops.",
    HELP: "{dataset}, map {graph}: cannot tell whether neighbours help to forecast: there are no "
    "pairs of genes in contact, or fewer than six times.",
}
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


def judge(
    effects: Mapping[tuple[str, str], pd.DataFrame],
    helps: Mapping[tuple[str, str], pd.DataFrame],
) -> pd.DataFrame:
    """What each map and dataset say, corrected over all of them.

    Args:
        effects: (dataset, graph) → effects on common change (`ContactEffect`), one row each.
        helps: the same of neighbours' innovations (`NeighbourEffect`), one row or none.

    Returns:
        A row for every question (`COLUMNS`).
    """
    rows: list[dict] = []
    found: list[tuple[ContactEffect, ContactEffect | None] | NeighbourEffect | None] = []
    for dataset, graph in effects:
        asked = {"dataset": dataset, "graph": graph}
        table = effects[dataset, graph]
        held = [ContactEffect(**record) for record in table.to_dict("records")]
        by = {(effect.kind, effect.how): effect for effect in held}
        for kind in (CONTACT, DOMAIN, COMPARTMENT):
            mean, cross = by.get((kind, MEANS)), by.get((kind, ACROSS))
            if mean is None or (kind == COMPARTMENT and not is_confirmed(cross)):
                if kind == CONTACT:
                    rows.append({"question": CHANGE, **asked, "feature": CONTACT, **UNKNOWN})
                    found.append(None)
                continue
            rows.append({"question": CHANGE, **asked, "feature": kind, **_shown(mean)})
            found.append((mean, cross))
        records = helps[dataset, graph].to_dict("records")
        effect = NeighbourEffect(**records[0]) if records else None
        shown = _shown(effect) if effect else UNKNOWN
        rows.append({"question": HELP, **asked, "feature": CONTACT, **shown})
        found.append(effect)
    for row, corrected in zip(rows, _corrected(rows), strict=True):
        row["p_corrected"] = corrected
        row["correction"] = HOLM if row["feature"] == CONTACT else EXPLORATORY
    for row, one in zip(rows, found, strict=True):
        if one is None:
            row["verdict"] = CANNOT_TELL
            row["sentence"] = NOT_ASKED[row["question"]].format(**row)
        elif isinstance(one, NeighbourEffect):
            row["verdict"] = word_of_neighbours(one, row["p_corrected"])
            row["sentence"] = _neighbours(row, one)
        else:
            row["verdict"] = word_of(*one, row["p_corrected"])
            row["sentence"] = _sentence(row, *one)
    return pd.DataFrame(rows, columns=COLUMNS)


def _shown(effect: ContactEffect | NeighbourEffect) -> dict[str, float]:
    return {name: getattr(effect, name) for name in ("value", "low", "high", "seen", "p")}


def _corrected(rows: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """p of each row: after Holm where it was asked in advance, after BH among the others; missing
    where it could not be asked."""
    p = np.array([row["p"] for row in rows], float)
    corrected = np.full(len(rows), np.nan)
    planned = np.array([row["feature"] == CONTACT for row in rows], bool)
    tested, others = planned & np.isfinite(p), ~planned
    corrected[tested] = holm(p[tested])
    if others.any():
        corrected[others] = false_discovery_control(p[others])
    return corrected


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


def word_of_neighbours(effect: NeighbourEffect, corrected: float) -> str:
    """The verdict on neighbours' innovations; p of ``effect`` after correction."""
    return HELP if corrected <= SIZE and effect.gain > 0 else NO_EFFECT


WORDS = {
    CONTACT: ("Genes in contact", "genes equally far apart", "per doubling of contact"),
    DOMAIN: ("Genes of one TAD", "genes as far apart in two", "within a TAD"),
    COMPARTMENT: (
        "Genes of like compartments",
        "genes as far apart in unlike ones",
        "per unit of the product of the compartments' eigenvector",
    ),
}


def _sentence(row: Mapping[str, Any], mean: ContactEffect, cross: ContactEffect | None) -> str:
    """What a user reads of common change."""
    word, corrected = row["verdict"], row["p_corrected"]
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
        f"{could_have_seen(mean)}; {numbers}{end}"
        f"{unseen}"
    )


def could_have_seen(effect: ContactEffect) -> str:
    """What a table would have shown in four of five cases."""
    if np.isnan(effect.seen):
        return "this table could have seen no effect with 80 % power, however large"
    return f"this table could only have seen effects above {effect.seen:.3f} with 80 % power"


def _neighbours(row: Mapping[str, Any], effect: NeighbourEffect) -> str:
    """What a user reads of neighbours' innovations."""
    of = f"{row['dataset']}, map {row['graph']}: "
    numbers = (
        f"{effect.value:+.3f} standard deviations per one of the neighbours' mean innovation "
        f"(95 % interval {effect.low:+.3f} to {effect.high:+.3f}; p {effect.p:.3g}, "
        f"{row['p_corrected']:.3g} after correction over the run; gain in skill "
        f"{effect.gain:+.4f}; {effect.n_genes:,} genes with neighbours, {effect.n_pairs:,} pairs, "
        f"{effect.n_origins} origins)"
    )
    if row["verdict"] == HELP:
        return f"{of}neighbours in contact help to forecast: {numbers}."
    return (
        f"{of}no effect above {effect.seen:.2f} of neighbours' last innovations on a gene's next, "
        f"which would have been seen with 80 % power: {numbers}."
    )


def held_out_in_words(dataset: str, graph: str, found: HeldOutGenes) -> str:
    """What genes held out say."""
    of = f"{dataset}, map {graph}: "
    numbers = (
        f"R² {found.r2:.4f} from genes in contact, {found.r2_little:.4f} from as many genes as far "
        f"apart that touch them less, difference {found.difference:+.4f} (95 % interval "
        f"{found.low:+.4f} to {found.high:+.4f}; {found.n_genes:,} genes of {found.n_chromosomes} "
        f"chromosomes, {found.n_changes} changes; one slope for all, learnt on other chromosomes; "
        f"exploratory)"
    )
    if found.low > 0:
        return f"{of}genes that are held out are told better from genes in contact: {numbers}."
    if found.high < 0:
        return f"{of}genes that are held out are told worse from genes in contact: {numbers}."
    return (
        f"{of}whether genes that are held out are told better from genes in contact cannot be "
        f"decided: {numbers}."
    )
