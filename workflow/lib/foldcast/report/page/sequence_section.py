"""What the page says of a run of the sequence half: which map helps, and how good it is at all."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from foldcast.report.page import charts, sequence_answers
from foldcast.report.page.page import table
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.verdicts_in_words import verdicts
from foldcast.report.page.wording import named
from foldcast.spex.run_settings import base_in_words

# Rows of the map comparison, in this order; the map of control contacts is in their name.
ORDER = ("map", "all", "features", "depth", "shuffled", "degree", "expected", "random", "promoter")


def describe(tables: Tables, name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows of a run.

    Args:
        about: maps, models, and the words of what is held out.
    """
    return {
        "name": name,
        "title": f"{name}: expression per tissue from sequence, and which map helps",
        "answers": sequence_answers.answers(tables, name, about),
        "cautions": sequence_answers.cautions(tables, name, about),
        "run": what_was_run(tables, name, about),
        "found": verdicts(tables, f"spex_verdict.{name}"),
        "charts": shown(tables, name, about),
        "tables": [
            table(tables.read(f"{part}.{name}"), tables.path(f"{part}.{name}"), title)
            for part, title in (
                ("maps", "What every map and its control contacts add"),
                ("contrasts", "Maps held against their control contacts and each other"),
                ("spex_scores", "Every score"),
                ("variants", "Effects of variants"),
                ("variants_z", "Effects of variants held against random ones"),
                ("variant_outputs", "What drives the largest effects"),
                ("haplotypes", "Effects of haplotypes"),
                ("known_effects", "Effects of variants held against known ones"),
            )
            if f"{part}.{name}" in tables
        ],
    }


def what_was_run(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Markup]:
    """Genes, tissues, maps and what was held out, a sentence each."""
    tissues = list(tables.read(f"labels.{name}").columns[1:])
    listed = ", ".join(tissues[:6]) + (f", … ({len(tissues)})" if len(tissues) > 6 else "")
    genes = Markup("{} genes; expression in {}.").format(tables.count(f"genes.{name}"), listed)
    maps = ", ".join(about["maps"]) or "none"
    compared = Markup("Maps: {}. Models: {}. {}.").format(
        maps, " and ".join(named(one) for one in about["models"]), about["held_out"]
    )
    join = tables.read(f"join.{name}")
    steps = Markup("; ").join(
        Markup("{}: {} ({})").format(
            row.step, tables.cite(f"join.{name}", "genes", "count", step=row.step), row.explanation
        )
        for row in join.itertuples()
    )
    lost = Markup("<details><summary>How genes and expression were joined</summary>{}</details>")
    return [genes, compared, lost.format(steps)]


def shown(tables: Tables, name: str, about: Mapping[str, Any]) -> list[tuple[str, dict]]:
    """Titles and charts: the map comparison by model, and maps × tissues."""
    found: list[tuple[str, dict]] = []
    base = base_in_words(about["base"])
    map_comparison = tables.read(f"maps.{name}")
    if len(map_comparison):
        map_comparison = map_comparison[
            map_comparison["tissue"] == map_comparison["tissue"].iloc[0]
        ]
        rank = (
            map_comparison["kind"].map({kind: k for k, kind in enumerate(ORDER)}).fillna(len(ORDER))
        )
        map_comparison = map_comparison.assign(rank=rank).sort_values(
            ["rank", "feature_set"], kind="stable"
        )
        for model, rows in map_comparison.groupby("model", sort=False):
            title = f"What each map adds ({named(str(model))})"
            found.append((title, charts.map_comparison(rows, rows["feature_set"].tolist(), base)))
    cells = tables.read(f"map_tissue.{name}")
    if cells["map"].nunique() > 1 or cells["tissue"].nunique() > 1:
        for model, rows in cells.groupby("model", sort=False):
            title = f"Maps and tissues ({named(str(model))})"
            found.append((title, charts.matrix(matched(rows))))
    return found


def matched(rows: pd.DataFrame) -> pd.DataFrame:
    """Whether a cell's map is of its tissue, as true or false."""
    return rows.assign(matched=rows["matched"].eq("yes"))
