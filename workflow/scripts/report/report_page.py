"""The report as one page that opens in a browser without internet."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from foldcast.files import atomic
from foldcast.job import log, run
from foldcast.report.page import (
    charts,
    folding_answer,
    gene_cards,
    page,
    sequence_section,
    take_away_section,
    temporal_section,
)
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.wording import named
from foldcast.take_away.package_versions import versions

LIMITS = (
    "A forecast that is better than persistence shows that expression is predictable, not that "
    "folding made it so: only the difference between a map’s graph and rewired graphs says that.",
    "One data set was run. Nothing here was tried on another tissue, species or laboratory.",
    "Intervals hold the spread of the scored times or genes (and of seeds, where there are "
    "several), not that of another experiment.",
)


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    files, lists = {}, {}
    for name, path in given.items():
        if isinstance(path, str):
            files[name] = path
        else:
            lists[name] = [f"{name}.{k}" for k in range(len(path))]
            files.update(zip(lists[name], path, strict=True))
    output = Path(snakemake.output.page)
    tables = Tables(files, output.parent.parent)
    datasets, genes = [], {}
    for name, about in params.datasets.items():
        section = temporal_section.describe(tables, name, about)
        section["title"] = title(name, about)
        datasets.append(section)
        networks = about["graphs"] if about["model"] and about["scored"] else []
        genes[name] = gene_cards.cards(
            tables, name, about, {graph: lists[f"forecasts.{name}.{graph}"] for graph in networks}
        )
        if about["scored"]:
            graph, chosen = about["forecast"]
            shown = gene_cards.predictability(tables, name, about)
            section["charts"] = {
                "skill": charts.skill(tables.read(f"evaluation.{name}")),
                "predictability": charts.predictability(shown, named(chosen, graph)),
            }
    pictures = [key.partition(".")[2] for key in params.pictures]
    captions = take_away_section.captions(pictures, params.config)
    text = page.render(
        name=params.name,
        lead=lead(params.assembly, datasets, params.runs),
        planted=folding_answer.planted(tables, params.demo if datasets else None),
        datasets=datasets,
        runs=[
            sequence_section.describe(tables, name, about) for name, about in params.runs.items()
        ],
        enrichment=enrichment(tables, params.enrichment),
        pictures=[
            page.picture(files[key], figure) | {"caption": captions[key.partition(".")[2]]}
            for key, figure in params.pictures.items()
        ],
        taken=take_away_section.describe(files, params.taken),
        limits=[Markup(limit) for limit in LIMITS],
        made=params.made,
        versions=versions(),
        config=params.config,
        genes=genes,
    )
    with atomic(output) as path:
        path.write_text(text, encoding="utf-8")
    log.info("%.1f MB", len(text.encode()) / 1e6)


def title(name: str, about: Mapping[str, Any]) -> str:
    """What the page has of a dataset."""
    if not about["scored"]:
        return f"{name}: changes"
    network = f", with {named(about['model'])}" if about["model"] else ""
    return f"{name}: forecasts of the next time{network}"


def enrichment(tables: Tables, subjects: Mapping[str, str]) -> dict[str, Any] | None:
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
            tables.sentence(summary, row.sentence, question=row.question, test=row.test)
            for row in tables.read(summary).itertuples()
        ]
        answers.append({"short": enrichment_in_short(tables, key, name), "found": found})
        for part, title in (
            ("overrepresentation", "Over-represented sets"),
            ("prerank", "Sets at the ends of rankings"),
        ):
            rows = tables.read(f"{part}.{key}").sort_values("q", kind="stable")
            shown.append(page.table(rows, tables.path(f"{part}.{key}"), f"{name}: {title}"))
    return {"subjects": answers, "tables": shown}


def enrichment_in_short(tables: Tables, key: str, name: str) -> Markup:
    """How many of the questions found anything."""
    summary = tables.read(f"enrichment.{key}")
    some = int(pd.to_numeric(summary["significant"]).gt(0).sum())
    return Markup("<strong>{}</strong>: {} of {} questions found a set at q &lt; 0.05.").format(
        name, some, tables.count(f"enrichment.{key}")
    )


def lead(assembly: str, datasets: list, runs: dict) -> str:
    """What this is a report of, in one sentence."""
    parts = []
    if datasets:
        forecast = " forecast" if any(one["scores"] for one in datasets) else ""
        plural = "s"[: len(datasets) > 1]
        parts.append(f"{len(datasets)} expression time course{plural}{forecast}")
    if runs:
        parts.append(f"{len(runs)} comparison{'s'[: len(runs) > 1]} of contact maps from sequence")
    return f"Gene expression from genome folding ({assembly}): {' and '.join(parts)}."


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
