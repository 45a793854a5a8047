"""What the page says of enrichment."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from foldcast.report.page.page import table
from foldcast.report.page.page_tables import Tables


def describe(tables: Tables, subjects: Mapping[str, str]) -> dict[str, Any] | None:
    """The sentences and tables of every subject; None where there is none.

    Args:
        subjects: key of its tables → how it is named.
    """
    if not subjects:
        return None
    answers, shown = [], []
    for key, name in subjects.items():
        summary = f"enrichment.{key}"
        found = [
            Markup(
                '<span data-table="{}" data-row="question={};test={}" '
                'data-column="sentence">{}</span>'
            ).format(tables.path(summary), row.question, row.test, row.sentence)
            for row in tables.read(summary).itertuples()
        ]
        answers.append({"short": in_short(tables, key, name), "found": found})
        for part, title in (
            ("overrepresentation", "Over-represented sets"),
            ("prerank", "Sets at the ends of rankings"),
        ):
            rows = tables.read(f"{part}.{key}").sort_values("q", kind="stable")
            shown.append(table(rows, tables.path(f"{part}.{key}"), f"{name}: {title}"))
    return {"subjects": answers, "tables": shown}


def in_short(tables: Tables, key: str, name: str) -> Markup:
    """How many of the questions found anything."""
    summary = tables.read(f"enrichment.{key}")
    some = int(pd.to_numeric(summary["significant"]).gt(0).sum())
    return Markup("<strong>{}</strong>: {} of {} questions found a set at q &lt; 0.05.").format(
        name, some, tables.count(f"enrichment.{key}")
    )
