"""Does folding matter? The answers of a run on the page, beside what is said of forecasts."""

from collections.abc import Sequence

from foldcast.evaluation.bin_pairs import CONTACT
from foldcast.evaluation.folding_verdict import (
    CANNOT_TELL,
    CHANGE,
    HELP,
    NO_EFFECT,
    SUGGESTIVE,
)
from foldcast.report.page.page_tables import Tables

FOLDING = "folding"  # the table's name on the page
SIGNS = {CHANGE: "▲", HELP: "▲", NO_EFFECT: "▬"}
FEATURES = {CONTACT: "contacts", "tad": "TADs", "compartment": "compartments"}
QUESTIONS = {CHANGE: "common change", HELP: "forecasts from neighbours"}
NEIGHBOURS = {
    HELP: "The last surprises of a gene’s neighbours in contact help to forecast its next.",
    NO_EFFECT: "No effect of neighbours in contact on a gene’s forecast was seen.",
    CANNOT_TELL: "Whether a gene’s neighbours in contact help to forecast it could not be asked.",
}
SHORT = {
    CHANGE: "Genes in contact change together slightly more than genes equally far apart.",
    SUGGESTIVE: "There is a hint that genes in contact change together more than genes equally far "
    "apart.",
    NO_EFFECT: "Genes in contact do not change together more than genes equally far apart, or by "
    "next to nothing.",
    CANNOT_TELL: "Whether genes in contact change together more than genes equally far apart "
    "cannot be told.",
}


def in_short(tables: Tables, dataset: str, graph: str) -> list[str]:
    """The answer for one map, in plain words; nothing where it was not asked."""
    if FOLDING not in tables:
        return []
    rows = tables.rows(FOLDING, dataset=dataset, graph=graph, feature=CONTACT)
    return [
        (SHORT if row.question == CHANGE else NEIGHBOURS)[row.verdict] for row in rows.itertuples()
    ]


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
            "sentence": tables.sentence(
                FOLDING,
                row["sentence"],
                **{key: row[key] for key in ("question", "dataset", "graph", "feature")},
            ),
        }
        for row in tables.rows(FOLDING, dataset=dataset).to_dict("records")
    ]
    return answers + held_out
