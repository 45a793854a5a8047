"""Genes that change from time to time, and where they lie, as the page says it."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from foldcast.evaluation.change_design import CHANGED
from foldcast.evaluation.changed_places import FEWEST_CHANGED
from foldcast.report.page.answer_parts import symbols_of
from foldcast.report.page.page import table
from foldcast.report.page.page_tables import Tables


def describe(tables: Tables, name: str, graphs: Sequence[str]) -> dict[str, Any]:
    """Sentences on steps and places, and the tables behind them; none where it was not asked."""
    steps, changes = f"change_steps.{name}", f"changes.{name}"
    if steps not in tables:
        return {"steps": [], "places": [], "tables": []}
    said = [
        tables.sentence(steps, row["sentence"], **{key: row[key] for key in ("from", "to")})
        for row in tables.read(steps).to_dict("records")
    ]
    found = tables.read(changes)
    if found["q"].notna().any():
        some = found.loc[found["q"] <= CHANGED, "gene"].nunique()
        total = found["gene"].nunique()
        words = (
            "{:,} of {:,} genes change from one time to the next at one step at least (q ≤ {:g})."
        )
        said.insert(0, Markup(words).format(some, total, CHANGED))
    surest = found.dropna(subset="q").sort_values(["q", "p"], kind="stable")
    surest.insert(0, "symbol", surest["gene"].map(symbols_of(tables, name)))
    title = "Changes from time to time, the surest first"
    shown = [table(surest, tables.path(changes), title)]
    places: list[Markup] = []
    for graph in graphs:
        where, tads = (f"changes_in_{one}.{name}.{graph}" for one in ("compartments", "tads"))
        if where not in tables:
            continue
        by_compartment, by_tad = tables.read(where), tables.read(tads)
        if by_compartment.empty and by_tad.empty and found["q"].notna().any():
            places.append(
                Markup(
                    "Map of {}: where they lie is not asked; at no step do {} genes with a place "
                    "in compartments or TADs change."
                ).format(graph, FEWEST_CHANGED)
            )
        for row in by_compartment.to_dict("records"):
            if row["low"] > 0 or row["high"] < 0:
                of = {column: row[column] for column in ("from", "to", "compartment")}
                places.append(tables.sentence(where, row["sentence"], **of))
        if len(by_tad):
            places.append(
                Markup(
                    "Map of {}: {} of {} TADs, counted at each step anew, hold more genes that "
                    "change than the levels of their genes lead to expect (q ≤ {:g}; exploratory)."
                ).format(
                    graph,
                    int((by_tad["q"] <= CHANGED).sum()),
                    tables.count(tads),
                    CHANGED,
                )
            )
        for key, rows in ((where, by_compartment.drop(columns="sentence")), (tads, by_tad)):
            if len(rows):
                title = f"Changes in {key.split('.')[0].removeprefix('changes_in_')} of {graph}"
                title = title.replace("tads", "TADs")
                shown.append(table(rows, tables.path(key), title))
    return {"steps": said, "places": places, "tables": [one for one in shown if one["total"]]}
