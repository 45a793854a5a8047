"""What the page says of a time course: what was run, what was found, what to be careful about."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from foldcast.evaluation.forecast_verdict import BROUGHT, REWIRED
from foldcast.graph.map_times import NO_MAP
from foldcast.report.genes_shown import COMPARATOR
from foldcast.report.page import answers, cautions, change_section, folding_section
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.verdicts_in_words import verdicts
from foldcast.report.page.wording import BOUNDS, named
from foldcast.what_times_allow import allowed_in_words, replicates_in_words

DIFFER = "changes:"  # how the verdict on changes that differ between arms begins
FLAGS = {
    "identical samples": "pairs of samples with the very same values",
    "identical genes": "pairs of genes with the very same values",
    "constant": "genes that never change",
    "floor": "genes at the table’s lowest value in a tenth of the samples or more",
    "ceiling": "genes at the table’s highest value in a tenth of the samples or more",
    "repeated": "genes with one and the same value in half of the samples or more",
}


def describe(tables: Tables, name: str, about: Mapping[str, Any]) -> dict:
    """Everything that the template shows of a dataset, but its genes and charts.

    Args:
        about: model (None: no network is fitted), scored, first_origin, graphs, those rewired from
            them, time_unit, nodes, and the maps of each graph.
    """
    scored = about["scored"]
    arms = verdicts(tables, f"arms.{name}")
    found = [
        *(verdicts(tables, f"verdict.{name}") if scored else []),
        *folding_section.found(tables, name, about["graphs"]),
        *(one for one in arms if not one["of"].startswith(DIFFER)),
    ]
    return {
        "name": name,
        "about": about,
        "answers": answers.answers(tables, name, about),
        "cautions": cautions.cautions(tables, name, about),
        "arms": [one for one in arms if one["of"].startswith(DIFFER)],
        "run": what_was_run(tables, name, about),
        "found": sorted(found, key=lambda one: one["weight"]),
        "changes": change_section.describe(tables, name, about["graphs"]),
        "scores": score_table(tables, f"evaluation.{name}", about) if scored else [],
        "samples": about_samples(tables, name),
        "left_out": left_out(tables, name),
    }


def what_was_run(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Markup]:
    """The data, the graphs and the protocol, a sentence each."""
    samples = tables.read(f"samples.{name}")
    times = np.unique(samples["time"])
    replicates = samples[samples["copy_of"].isna()].groupby("time").size().tolist()
    nodes = {"gene": "genes", "mirna": "miRNAs", "target": "target genes"}[about["nodes"]]
    data = Markup(
        "{} {} in {} samples: {} times from {} to {} ({}), {} each; log2 values."
    ).format(
        tables.count(f"loci.{name}"), nodes, tables.count(f"samples.{name}"), len(times),
        _number(times[0]), _number(times[-1]), about["time_unit"],
        replicates_in_words(replicates),
    )  # fmt: skip
    allowed = allowed_in_words(replicates, about["first_origin"])
    sentences = [data, *libraries(tables, name), escape(allowed)]
    for graph in about["graphs"]:
        if graph == NO_MAP:
            sentences.append(Markup("No contact map: each gene is forecast from its own past."))
            continue
        pairs = tables.count(f"interactions.{name}.{graph}")
        maps = " and ".join(about["maps"][graph])
        origin = f"from map {maps}" if maps else "from a table of interactions"
        of = f"genes.{name}.{graph}"
        tied, every = tables.count(of, in_contact=1), tables.count(of)
        said = Markup("Graph <em>{}</em> {}: {} pairs of genes; {} of {} genes have a contact{}.")
        limits = about["limits"].get(graph, "")
        sentences.append(said.format(graph, origin, pairs, tied, every, limits))
    for graph, made in about["rewired"].items():
        said = Markup("Graph <em>{}</em> is rewired from <em>{}</em>: it joins {}.")
        sentences.append(said.format(graph, made["of"], REWIRED[made["how"]][1]))
    if not about["scored"]:
        return sentences
    graph, model = about["forecast"]
    if about["model"]:
        graph, model = about["graphs"][0], about["model"]
    first = {"metric": "skill", "model": model, "graph": graph}
    evaluation = f"evaluation.{name}"
    sentences.append(
        Markup(
            "{} forecasts the next time from {} origins, each with what was known by then; "
            "seeds: {}."
        ).format(
            named(model),
            tables.cite(evaluation, "n_origins", "count", **first),
            tables.cite(evaluation, "n_seeds", "count", **first),
        )
    )
    return sentences


def libraries(tables: Tables, name: str) -> list[Markup]:
    """How deep the samples are and how they were brought to one scale; nothing of logarithms."""
    scaling = f"scaling.{name}"
    table = tables.read(scaling).set_index("sample")
    said, each = [], []
    for column, form, words in (
        ("library_size", "count", "Libraries hold from {} ({}) to {} ({})"),
        ("size_factor", "r", "size factors go from {} ({}) to {} ({})"),
    ):
        if table[column].isna().any():
            continue
        low, high = table[column].idxmin(), table[column].idxmax()
        lowest, highest = (tables.cite(scaling, column, form, sample=one) for one in (low, high))
        said.append(Markup(words).format(lowest, low, highest, high))
        each.append([tables.cite(scaling, column, form, sample=one) for one in table.index])
    if not said:
        return []
    of_each = Markup("; ").join(
        Markup("{} {}").format(sample, Markup(", ").join(numbers))
        for sample, *numbers in zip(table.index, *each, strict=True)
    )
    how = Markup(
        " (median of ratios to the samples up to the first origin; each sample is divided by its "
        "own)"
    )
    return [
        Markup("{}{}. <details><summary>Each sample’s</summary>{}.</details>").format(
            Markup("; ").join(said), how if len(said) > 1 else "", of_each
        )
    ]


def score_table(tables: Tables, name: str, about: Mapping[str, Any]) -> list[dict]:
    """Skill with intervals: the forecast, the models (on rewired graphs too), the other
    baselines with the best first, the bounds."""
    table = tables.rows(name, metric="skill").sort_values("value", ascending=False, kind="stable")
    baselines = table.loc[table["kind"] == "baseline", "model"]
    notes = {**BOUNDS, COMPARATOR: "fixed in advance"}
    notes[baselines.iloc[0]] = "the best baseline, as seen afterwards"
    bounds = [(model, "-") for model in BOUNDS if model in set(table["model"])]
    graph, chosen = about["forecast"]
    rows = [(chosen, graph, "forecast")]
    for kind in ("model", "part", "rewired graph", *BROUGHT):
        own = table[table["kind"] == kind]
        rows += [(*key, kind) for key in zip(own["model"], own["graph"], strict=True)]
    rows += [(one, "-", "baseline") for one in baselines]
    rows += [(*key, "bound") for key in bounds]
    kinds = {(model, graph): kind for model, graph, kind in rows[::-1]}
    shown = dict.fromkeys((model, graph) for model, graph, _ in rows)
    return [
        {
            "name": named(model, graph),
            "kind": kinds[model, graph],
            "note": notes.get(model, ""),
            "value": tables.cite(name, "value", "score", metric="skill", model=model, graph=graph),
            "low": tables.cite(name, "low", "score", metric="skill", model=model, graph=graph),
            "high": tables.cite(name, "high", "score", metric="skill", model=model, graph=graph),
            "mse": tables.cite(name, "value", "score", metric="mse", model=model, graph=graph),
        }
        for model, graph in shown
        if tables.value(name, "value", metric="skill", model=model, graph=graph) is not None
    ]


def about_samples(tables: Tables, name: str) -> list[Markup]:
    """What the samples' first component follows, and oddities of values."""
    loading, found = f"loading.{name}", []
    for stage, when in (("raw", "as measured"), ("panel", "as the models see them")):
        share, mean = (
            tables.value(loading, "value", stage=stage, metric=metric)
            for metric in ("pc1_share", "pc1_r_mean")
        )
        if share is None or mean is None:
            continue
        cite = cautions.cite_loading(tables, loading, stage)
        sentence = Markup(
            "The samples {}: their first component (PC1) holds {} of the variance; its "
            "correlation is {} with the samples’ mean and {} with time."
        ).format(when, cite("pc1_share", "share"), cite("pc1_r_mean", "r"), cite("pc1_r_age", "r"))
        found.append(sentence)
    flags = tables.read(f"flags.{name}")
    for kind, rows in flags.groupby("kind", sort=False):
        shown = ", ".join(rows["what"].astype(str).str.replace("|", " = ").head(4))
        found.append(
            Markup("{}: {} ({}{}).").format(
                FLAGS.get(kind, kind).capitalize(),
                tables.count(f"flags.{name}", kind=kind),
                shown,
                ", …" * (len(rows) > 4),
            )
        )
    return found


def left_out(tables: Tables, name: str) -> list[Markup]:
    """Genes without a locus and why, rows that were not detected."""
    report = tables.read(f"resolution.{name}")
    found = []
    unplaced = report[report["symbol"].isna()]
    if len(unplaced):
        why = Markup("; ").join(
            Markup("{} ({})").format(row.gene, row.explanation) for row in unplaced.itertuples()
        )
        found.append(
            Markup(
                "{} of {} have no locus; they are forecast and scored as nodes without "
                "neighbours. <details><summary>Which, and why</summary>{}.</details>"
            ).format(
                tables.count(f"resolution.{name}", symbol=None),
                tables.count(f"resolution.{name}"),
                why,
            )
        )
    detection = f"detection.{name}"
    if len(tables.read(detection)) and tables.rows(detection, detected=0).size:
        found.append(
            Markup("{} rows of {} are not above the {} before the first origin.").format(
                tables.count(detection, detected=0),
                tables.count(detection),
                tables.read(detection)["limit"].iloc[0],
            )
        )
    return found


def _number(value: float) -> str:
    return str(escape(f"{value:g}")).replace("-", "−")
