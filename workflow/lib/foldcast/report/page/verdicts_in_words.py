"""Verdicts as the page says them: the answers in plain words, and each with its sentence."""

from collections.abc import Mapping
from typing import Any

from foldcast.forecast.corrected_bases import STACK
from foldcast.forecast.forecast_names import STACK_WITH
from foldcast.graph.map_times import NO_MAP
from foldcast.report.genes_shown import COMPARATOR, LOCAL_LEVEL
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.wording import NAMES, SIGNS, named

# Of the forecast that a dataset gets, and of its network.
AGAINST = {
    "persistence": {
        "better": "{Who} forecasts expression better than assuming that nothing changes.",
        "worse": "Assuming that nothing changes forecasts better than {who}.",
        "the same": "{Who} forecasts that nothing changes.",
        "cannot be decided": "Whether {who} forecasts better than assuming that nothing changes "
        "cannot be decided.",
    },
    LOCAL_LEVEL: {
        "better": "{Who} does better than each gene’s own level freed of noise: it forecasts "
        "changes.",
        "worse": "Each gene’s own level, freed of noise, does better than {who}.",
        "the same": "{Who} is each gene’s own level, freed of noise.",
        "cannot be decided": "Whether {who} does better than each gene’s own level freed of "
        "noise, and so forecasts changes, cannot be decided.",
    },
    STACK: {
        "better": "{Who} does better than the base forecast that it corrects.",
        "worse": "{Who} makes the base forecast that it corrects worse.",
        "the same": "{Who} is the base forecast: it added nothing.",
        "cannot be decided": "Whether {who} does better than the base forecast cannot be decided.",
    },
    COMPARATOR: {
        "better": "{Who} does better than smoothing each gene’s own past.",
        "worse": "Smoothing each gene’s own past does better than {who}.",
        "the same": "{Who} forecasts what smoothing each gene’s own past does.",
        "cannot be decided": "Whether {who} does better than smoothing each gene’s own past "
        "cannot be decided.",
    },
}
ADDED = {
    "better": "In the base forecast {who} earns its place: with it forecasts are better.",
    "worse": "Added to the base forecast, {who} makes it worse.",
    "the same": "{Who} added nothing to the base forecast.",
    "cannot be decided": "What {who} adds to the base forecast, by what it earned, cannot be told "
    "from nothing.",
}
REWIRED = {
    "rewired pairs": {
        "better": "Folding helps: the map’s own contacts do better than other pairs of genes.",
        "worse": "The map’s own contacts do worse than other pairs of genes.",
        "the same": "The forecasts are the same with other pairs of genes as with the map’s own "
        "contacts: folding had no part in them.",
        "cannot be decided": "Whether folding helps cannot be decided: the map’s own contacts do "
        "not differ for certain from other pairs of genes.",
    },
    "nearest pairs": {
        "better": "The map’s own contacts do better than the nearest genes as neighbours.",
        "worse": "The map’s own contacts do worse than the nearest genes as neighbours.",
        "the same": "The forecasts are the same with the nearest genes as neighbours as with the "
        "map’s own contacts.",
        "cannot be decided": "Whether the map’s own contacts do better than the nearest genes as "
        "neighbours cannot be decided.",
    },
    "no pairs": {
        "better": "Neighbours help: with the pairs of graph {graph} it forecasts better than "
        "without any.",
        "worse": "Neighbours do not help: with the pairs of graph {graph} it forecasts worse than "
        "without any.",
        "the same": "Neighbours had no part in the forecasts: they are the same without any pairs "
        "as with those of graph {graph}.",
        "cannot be decided": "Whether neighbours help at all cannot be decided: with the pairs of "
        "graph {graph} its forecasts do not differ for certain from those without any.",
    },
}
NOT_ASKED = "Whether folding helps was not asked: no rewired graph was run."
WITHOUT_MAP = "Nothing is said of folding: no contact map was given."


def in_short(tables: Tables, name: str, about: Mapping[str, Any]) -> list[str]:
    """The answers in plain words: of the forecast, then of the network on the first graph."""
    (of, chosen), graph, model = about["forecast"], about["graphs"][0], about["model"]
    network = f"{model} on {graph}"
    verdict = f"verdict.{name}"
    found = []
    asked = [(chosen, f"the {named(chosen)}")] if of == "-" else []
    fitted = [(network, named(model))] if model else []
    for own, who in [*asked, *fitted]:
        for other, words in AGAINST.items():
            word = tables.value(verdict, "verdict", comparison=f"{own} - {other}")
            if word:
                found.append(words[word].format(who=who, Who=who[0].upper() + who[1:]))
    word = tables.value(verdict, "verdict", comparison=f"{STACK_WITH}{network} - {STACK}")
    if word:
        who = named(model)
        found.append(ADDED[word].format(who=who, Who=who))
    for other, words in REWIRED.items():
        word = tables.value(verdict, "verdict", comparison=f"{model}: {graph} - {other}")
        if model is None and graph != NO_MAP:
            continue
        if word or other == "rewired pairs":
            unasked = WITHOUT_MAP if graph == NO_MAP else NOT_ASKED
            found.append(words[word].format(graph=graph) if word else unasked)
    baselines = tables.rows(f"evaluation.{name}", metric="skill", kind="baseline")
    best = baselines.loc[baselines["value"].idxmax(), "model"]
    return [*found, f"The best baseline, as seen afterwards: {named(best)}."]


def verdicts(tables: Tables, name: str) -> list[dict]:
    """Each verdict: its sign, what it is of and its word, and its sentence as the table has it;
    none where there is no such table."""
    if name not in tables:
        return []
    table = tables.read(name)
    keys = [key for key in ("comparison", "model") if key in table]
    found = []
    for row in table.to_dict("records"):
        decided = isinstance(row["verdict"], str)
        found.append(
            {
                "sign": SIGNS.get(row["verdict"], "•") if decided else "•",
                "verdict": row["verdict"] if decided else "note",
                "of": in_words(row["comparison"], row.get("model")),
                "sentence": tables.sentence(
                    name, row["sentence"], **{key: row[key] for key in keys}
                ),
            }
        )
    return found


def in_words(comparison: str, model: str | None = None) -> str:
    """What is held against what, with the names that models have on the page."""
    own, _, other = comparison.partition(" - ")
    first, between, graph = own.partition(" on ") if " on " in own else own.partition(": ")
    if _is_ours(first) and between:
        own = named(first, graph)
    elif other and _is_ours(own):
        own = named(own)
    said = f"{own} against {named(other)}" if other else own
    return f"{said}, {named(model)}" if isinstance(model, str) else said


def _is_ours(model: str) -> bool:
    """Whether a model has a name in words: not a forecaster of the user's by itself."""
    return model in NAMES or model.startswith(STACK_WITH)
