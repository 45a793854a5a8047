"""Verdicts as the page says them: the answers in plain words, and each with its sentence."""

from collections.abc import Mapping
from typing import Any

from foldcast.evaluation.forecast_verdict import REFERENCES
from foldcast.graph.map_times import NO_MAP
from foldcast.report.genes_shown import COMPARATOR
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.wording import NAMES, SIGNS, named

AGAINST = {
    "persistence": {
        "better": "Expression can be forecast better than by assuming that nothing changes.",
        "worse": "Assuming that nothing changes forecasts better than the network.",
        "the same": "The network forecasts that nothing changes: it added nothing.",
        "cannot be decided": "Whether the network forecasts better than assuming that nothing "
        "changes cannot be decided.",
    },
    COMPARATOR: {
        "better": "The network also does better than smoothing each gene’s own past.",
        "worse": "Smoothing each gene’s own past does better than the network.",
        "the same": "The network forecasts what smoothing each gene’s own past does: it added "
        "nothing.",
        "cannot be decided": "Whether the network does better than smoothing each gene’s own past "
        "cannot be decided.",
    },
    "local_level": {
        "better": "It also does better than each gene’s own level freed of noise: it forecasts "
        "changes.",
        "worse": "Each gene’s own level, freed of noise, does better than the network.",
        "the same": "The network forecasts each gene’s own level, freed of noise: it added "
        "nothing.",
        "cannot be decided": "Whether the network does better than each gene’s own level freed of "
        "noise, and so forecasts changes, cannot be decided.",
    },
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
    """The answers in plain words, of the first graph that is not rewired."""
    graph, model = about["graphs"][0], about["model"]
    found = []
    for other, words in AGAINST.items():
        comparison = f"{model} on {graph}" if other in REFERENCES else f"{model}: {graph}"
        word = tables.value(f"verdict.{name}", "verdict", comparison=f"{comparison} - {other}")
        if word or other == "rewired pairs":
            asked = WITHOUT_MAP if graph == NO_MAP else NOT_ASKED
            found.append(words[word].format(graph=graph) if word else asked)
    return found


def verdicts(tables: Tables, name: str) -> list[dict]:
    """Each verdict: its sign, what it is of and its word, and its sentence as the table has it."""
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
    if first in NAMES and between:
        own = named(first, graph)
    said = f"{own} against {named(other)}" if other else own
    return f"{said}, {named(model)}" if isinstance(model, str) else said
