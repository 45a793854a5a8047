"""Does folding matter? The one line of the first screen, of one dataset and its first map."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup

from foldcast.evaluation.bin_pairs import CONTACT
from foldcast.evaluation.folding_verdict import CANNOT_TELL, CHANGE, HELP, NO_EFFECT, SUGGESTIVE
from foldcast.graph.map_times import NO_MAP
from foldcast.report.page import small_figures
from foldcast.report.page.folding_section import FOLDING
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.small_figures import Interval

WEIGHT = (CHANGE, HELP, SUGGESTIVE, NO_EFFECT, CANNOT_TELL)  # what is said first
LABELS = {CHANGE: "change together", HELP: "help to forecast"}
UNITS = {CHANGE: "correlation", HELP: "sd for each sd of its neighbours"}
ALSO = {
    CHANGE: "genes in contact change together",
    HELP: "neighbours in contact help to forecast",
}
SEEN = {CANNOT_TELL: "Not seen", NO_EFFECT: "Not so", SUGGESTIVE: "A hint"}  # else: also
SAID = {
    (CHANGE, CHANGE): "Yes: genes in contact change together more than genes as far apart.",
    (CHANGE, SUGGESTIVE): "A hint: genes in contact change together more than genes as far apart.",
    (
        CHANGE,
        NO_EFFECT,
    ): "No effect above {}: genes in contact change together no more than genes as far apart.",
    (CHANGE, CANNOT_TELL): "Not seen that genes in contact change together.",
    (HELP, HELP): "Yes: what a gene’s neighbours in contact did last helps to forecast it.",
    (
        HELP,
        NO_EFFECT,
    ): "No effect above {}: a gene’s neighbours in contact do not help to forecast it.",
    (HELP, CANNOT_TELL): "Not seen that neighbours in contact help to forecast.",
}
REWIRED = {
    "better": "Yes: forecasts are better with the map’s contacts than with other pairs.",
    "worse": "No: forecasts are better with other pairs than with the map’s contacts.",
    "the same": "No: forecasts are the same with other pairs of genes.",
    "cannot be decided": "Not seen that the map’s contacts forecast better than other pairs.",
}

# What drives a gene's changes in the demo, by its regime.
PLANTED = {
    "folding": "a gene changes as the genes that it touches on the map did one time before",
    "lag": "a gene changes as the genes that it touches on the map did two times before",
    "distance": "a gene changes as its nearest genes did one time before, whatever the map says",
    "wrong": "a gene changes as genes that it does not touch did one time before",
    "none": "no gene drives another",
}
# Where genes that touch have changes in common too.
PLANTED_TOGETHER = {
    "folding": "genes that touch on the map change together, and each then as those did one time "
    "before",
    "lag": "genes that touch on the map change together, and each then as those did two times "
    "before",
}

FOUND_OF_BOTH = {  # (that they change together, that neighbours help)
    (True, True): " Both were found.",
    (True, False): " The first was found, the second was not.",
    (False, True): " The first was not found, the second was.",
    (False, False): " Neither was found.",
}

Parts = tuple[Markup, Markup, Markup, Markup]


def planted(tables: Tables, demo: Mapping[str, Any] | None) -> Markup:
    """That data are simulated, what was planted, and whether it was found; else nothing.

    Args:
        demo: its part of the config, of which `regime` and `together` are looked at; None where
            there is none.
    """
    if not demo:
        return Markup("")
    regime = demo["regime"]
    both = demo["together"] > 0 and regime in PLANTED_TOGETHER
    said = Markup("Simulated data: {}.").format((PLANTED_TOGETHER if both else PLANTED)[regime])
    found = {
        question: rows["verdict"].eq(question).any()
        for question in (CHANGE, HELP)
        if FOLDING in tables and not (rows := tables.rows(FOLDING, question=question)).empty
    }
    if HELP not in found:
        return said
    if both and CHANGE in found:
        return said + Markup(FOUND_OF_BOTH[bool(found[CHANGE]), bool(found[HELP])])
    if regime == "folding":
        return said + Markup(" This was found." if found[HELP] else " This was not found.")
    return said + Markup(" Folding was {}said to help.").format("" if found[HELP] else "not ")


def answer(tables: Tables, name: str, about: Mapping[str, Any]) -> Parts:
    """Number, what stands beside it, sentence and figure."""
    graph, model = about["graphs"][0], about["model"]
    if graph == NO_MAP:
        said = Markup("No contact map was given. With one, genes in contact are held against genes")
        return Markup("–"), Markup("not asked"), said + Markup(" equally far apart."), Markup("")
    of = {"dataset": name, "graph": graph, "feature": CONTACT}
    asked = tables.rows(FOLDING, **of).to_dict("records") if FOLDING in tables else []
    rows = sorted(asked, key=_weight)
    pairs = {"comparison": f"{model}: {graph} - rewired pairs"}
    verdict = f"verdict.{name}"
    compared = verdict in tables and tables.value(verdict, "verdict", **pairs)
    if not rows or all(np.isnan(row["value"]) for row in rows):
        if compared:
            return _of_rewired(tables, verdict, pairs)
        if rows:
            said = Markup("Too few genes lie near each other on the map, or too few times to ask.")
        else:
            said = Markup("Asked of genes that are measured themselves and lie on a map: not here.")
        return Markup("–"), Markup("not asked"), said, Markup("")
    number, beside = _value(tables, rows[0])
    said = Markup(SAID[rows[0]["question"], rows[0]["verdict"]])
    if rows[0]["verdict"] == NO_EFFECT:
        said = said.format(_seen(tables, rows[0]))
    elif rows[0]["verdict"] == CANNOT_TELL:
        said += (
            Markup(" An effect of {} would have been seen.").format(_seen(tables, rows[0]))
            if np.isfinite(rows[0]["seen"])
            else Markup(" No effect would have been: too few times or genes.")
        )
    for row in rows[1:]:
        if np.isnan(row["value"]):
            continue
        other, around = _value(tables, row)
        also = SEEN.get(row["verdict"], "Also")
        said += Markup(" {}: {} ({}, {}").format(also, ALSO[row["question"]], other, around)
        if row["verdict"] in (CANNOT_TELL, NO_EFFECT):
            seen = _seen(tables, row) if np.isfinite(row["seen"]) else Markup("no effect")
            said += Markup("; {} would have been seen").format(seen)
        said += Markup(").")
    if compared:
        shown = tables.cite(verdict, "difference", "signed", **pairs)
        said += Markup(" Forecasts with the map’s contacts, not rewired: skill {}.").format(shown)
    drawn = [
        Interval(LABELS[row["question"]], *(row[key] for key in ("value", "low", "high")))
        for row in rows
    ]
    text = "; ".join(
        f"{row['question']}: {row['value']:.3f}, 95 % interval {row['low']:.3f} to "
        f"{row['high']:.3f} ({UNITS[row['question']]}): {row['verdict']}"
        for row in rows
        if np.isfinite(row["value"])
    )
    return number, beside, said, small_figures.intervals(drawn, "no effect", f"{text}.")


def _weight(row: Mapping[str, Any]) -> tuple[int, float]:
    """What is said first: what was found, then what could have been, by what it rests on."""
    return WEIGHT.index(row["verdict"]), float(np.nan_to_num(row["p"], nan=2.0))


def _value(tables: Tables, row: Mapping[str, Any]) -> tuple[Markup, Markup]:
    of = _of(row)
    number = tables.cite(FOLDING, "value", "signed", **of)
    ends = (tables.cite(FOLDING, end, "signed", **of) for end in ("low", "high"))
    return number, Markup("{}; 95 %: {} to {}").format(UNITS[row["question"]], *ends)


def _seen(tables: Tables, row: Mapping[str, Any]) -> Markup:
    return tables.cite(FOLDING, "seen", "score", **_of(row))


def _of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("question", "dataset", "graph", "feature")}


def _of_rewired(tables: Tables, verdict: str, pairs: Mapping[str, str]) -> Parts:
    """Where only a network on rewired pairs was asked."""
    value, low, high = (
        tables.value(verdict, column, **pairs) for column in ("difference", "low", "high")
    )
    word = str(tables.value(verdict, "verdict", **pairs))
    said = Markup("{}").format(REWIRED[word])
    if word == "cannot be decided" and tables.value(verdict, "detectable", **pairs) is not None:
        seen = tables.cite(verdict, "detectable", "score", **pairs)
        said += Markup(" A gain of {} would have been seen.").format(seen)
    known = low is not None
    ends = (tables.cite(verdict, end, "signed", **pairs) for end in ("low", "high"))
    row = Interval("own − other pairs", float(value), *(
        (float(low), float(high)) if known else (np.nan, np.nan)
    ))  # fmt: skip
    text = f"Skill with the map’s contacts less that with other pairs: {value:.3f}."
    return (
        tables.cite(verdict, "difference", "signed", **pairs),
        Markup("skill; 95 %: {} to {}").format(*ends) if known else Markup("skill; no interval"),
        said,
        small_figures.intervals([row], "no effect", text),
    )
