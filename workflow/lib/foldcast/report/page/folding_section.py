"""Does folding matter? What was found in a run, in the words of its tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from foldcast.evaluation.bin_pairs import CONTACT
from foldcast.evaluation.folding_verdict import CHANGE, HELP, NO_EFFECT
from foldcast.report.page.page_tables import Tables

FOLDING = "folding"  # the table's name on the page
SIGNS = {CHANGE: "▲", HELP: "▲", NO_EFFECT: "▬"}
FEATURES = {CONTACT: "contacts", "tad": "TADs", "compartment": "compartments"}
QUESTIONS = {CHANGE: "common change", HELP: "forecasts from neighbours"}


def weight(row: Mapping[str, Any]) -> tuple[int, float]:
    """As for verdicts on forecasts: decided first, and of these the surest."""
    value, low, high = row["value"], row["low"], row["high"]
    sure = 2 * abs(value) / (high - low) if high > low else 0.0
    return int(row["verdict"] not in SIGNS), -sure


def found(tables: Tables, dataset: str, graphs: Sequence[str] = ()) -> list[dict]:
    """Each answer: its sign, what it is of and its word, and its sentence as the table has it; and
    what genes held out say on each graph."""
    if FOLDING not in tables:
        return []
    held_out = [
        {
            "sign": "•",
            "verdict": "note",
            "of": f"contacts of {graph}, genes held out",
            "weight": (2, 0.0),
            "is_beside": False,
            "sentence": tables.sentence(name, tables.read(name)["sentence"].item()),
        }
        for graph in graphs
        if (name := f"held_out.{dataset}.{graph}") in tables and len(tables.read(name))
    ]
    answers = [
        {
            "sign": SIGNS.get(row["verdict"], "◆"),
            "verdict": row["verdict"],
            "of": f"{FEATURES[row['feature']]} of {row['graph']}, {QUESTIONS[row['question']]}",
            "weight": weight(row),
            "is_beside": False,
            "sentence": tables.sentence(
                FOLDING,
                row["sentence"],
                **{key: row[key] for key in ("question", "dataset", "graph", "feature")},
            ),
        }
        for row in tables.rows(FOLDING, dataset=dataset).to_dict("records")
    ]
    return answers + held_out
