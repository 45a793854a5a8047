"""The four answers that a dataset's part of the page begins with: a number, a figure, a sentence.

What comes next, which genes are predictable, whether folding matters, whether to trust it. Where a
run is too short for a question, what it can tell stands there, and what would be needed.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from foldcast.report.genes_shown import LOCAL_LEVEL, of_model
from foldcast.report.page import folding_answer, short_answers, small_figures
from foldcast.report.page.answer_parts import (
    FOLDING,
    GENES,
    NEXT,
    TRUST,
    Answer,
    gene_link,
    interval,
    symbols_of,
)
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.small_figures import Interval
from foldcast.report.page.wording import named


def answers(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Answer]:
    """The four of a dataset, in the order in which they are asked."""
    scored = about["scored"]
    return [
        what_comes_next(tables, name, about),
        (which_genes if scored else short_answers.which_changed)(tables, name, about),
        Answer(FOLDING, *folding_answer.answer(tables, name, about)),
        (how_good if scored else short_answers.how_sure)(tables, name, about),
    ]


def what_comes_next(tables: Tables, name: str, about: Mapping[str, Any]) -> Answer:
    """How many genes leave their level by the next time; of a short time course, the last step."""
    graph, model = about["forecast"]
    calls, future = f"calls.{name}", f"future.{name}"
    of = {"model": model, "graph": graph}
    if future not in tables:
        return short_answers.last_changes(tables, name, about)
    table = tables.read(future)
    horizons = sorted(table["horizon"].unique())
    first = horizons[0]
    up, down = (
        tables.count(future, horizon=first, forecast_to_change=way) for way in ("up", "down")
    )
    steps = [
        (f"{rows['target_time'].iloc[0]:g}", _went(rows, "up"), _went(rows, "down"))
        for _, rows in table.groupby("horizon")
    ]
    said = Markup("leave their present level by time {} ({}).").format(
        tables.cite(future, "target_time", "plain", horizon=first, gene=table["gene"].iloc[0]),
        about["time_unit"],
    )
    far = how_far(table[table["horizon"] == first])
    some = bool((table["forecast_to_change"] != "no").any())
    symbols = symbols_of(tables, name)
    surest = far.abs().sort_values(ascending=False, kind="stable").index[:3]
    said += Markup(" {}: {}.").format(
        "First" if some else "Nearest to it",
        Markup(", ").join(
            gene_link(name, gene, symbols[gene], "▲" if far[gene] > 0 else "▼") for gene in surest
        ),
    )
    one = of | {"horizon": 1}
    if calls in tables and tables.value(calls, "past_calls", **one):
        said += Markup(" Of {} such forecasts before, {} went that way{}.").format(
            tables.cite(calls, "past_calls", "count", **one),
            tables.cite(calls, "right", "share", **one),
            interval(tables, calls, "share", **one) or " (half would by chance)",
        )
    elif calls in tables:
        said += " No earlier one to check."
    else:
        said += " Too few times to check such forecasts."
    text = (
        f"Genes forecast to leave their level, by time ({about['time_unit']}): "
        + "; ".join(f"{at}: {ups} up, {downs} down" for at, ups, downs in steps)
        + f"; of {table['gene'].nunique()} genes."
    )
    drawn = small_figures.up_and_down(steps, "time", text)
    if not some:
        drawn = small_figures.histogram(
            far.to_numpy(), "down", "up", f"{text} No interval leaves out a gene’s level.", (-1, 1)
        )
    return Answer(
        NEXT,
        Markup("{} up, {} down").format(up, down),
        Markup("of {} genes").format(tables.count(future, horizon=first)),
        said,
        drawn,
    )


def _went(ahead: pd.DataFrame, way: str) -> int:
    return int((ahead["forecast_to_change"] == way).sum())


def how_far(ahead: pd.DataFrame) -> pd.Series:
    """gene → forecast less present level, in half-widths of its interval: beyond 1 is a change."""
    half = (ahead["high"] - ahead["low"]) / 2
    far = (ahead["predicted"] - ahead["level"]) / half
    return far.set_axis(ahead["gene"]).dropna()


def which_genes(tables: Tables, name: str, about: Mapping[str, Any]) -> Answer:
    """How many genes are forecast closer than by their own level, and the best of them."""
    graph, model = about["forecast"]
    scores = f"scores.{name}"
    own = of_model(tables.read(scores), graph, model)
    over = own.set_index("gene")["skill_over_local_level"].dropna()
    of = {"model": model, "graph": graph}
    went = {"metric": "direction_accuracy", "horizon": 1}
    horizons = f"horizons.{name}"
    best = over.sort_values(ascending=False, kind="stable").index[:3]
    symbols = symbols_of(tables, name)
    named_best = Markup(", ").join(gene_link(name, gene, symbols[gene]) for gene in best)
    direction = Markup("Up or down is right for {}").format(
        tables.cite(horizons, "value", "share", **of, **went)
    )
    if model != LOCAL_LEVEL:
        level = {"model": LOCAL_LEVEL, "graph": "-"}
        direction += Markup(" of changes ({} by their level)").format(
            tables.cite(horizons, "value", "share", **level, **went)
        )
    better = int((over > 0).sum())
    half = Markup(" Best: {}.").format(named_best) if better else Markup("")
    text = (
        f"Skill over each gene’s own level: {better} of {len(over)} genes above 0, the median "
        f"{over.median():.3f}, the best {over.max():.2f}."
    )
    return Answer(
        GENES,
        Markup("{} of {}").format(
            tables.above(scores, "skill_over_local_level", **of), tables.count(scores, **of)
        ),
        Markup("genes; half would be by chance"),
        Markup("are forecast closer than by staying at their level. {}.{}").format(direction, half),
        small_figures.histogram(over.to_numpy(), "own level closer", "forecast closer", text),
    )


def how_good(tables: Tables, name: str, about: Mapping[str, Any]) -> Answer:
    """The share of persistence's error that is saved, beside own levels and the noise."""
    graph, model = about["forecast"]
    evaluation = f"evaluation.{name}"
    own, level, noise = (
        {"metric": "skill", "model": one, "graph": on}
        for one, on in ((model, graph), (LOCAL_LEVEL, "-"), ("noise_floor", "-"))
    )
    around = interval(tables, evaluation, "percent", **own)
    said = Markup("of the error of “nothing changes” is saved")
    if model != LOCAL_LEVEL:
        beside = tables.cite(evaluation, "value", "percent", **level)
        said += Markup(" ({} by genes’ own levels").format(beside)
        if tables.value(evaluation, "value", **noise) is not None:
            allowed = tables.cite(evaluation, "value", "percent", **noise)
            said += Markup("; noise allows {} at most").format(allowed)
        said += Markup(")")
    said += "."
    verdict = f"verdict.{name}"
    word = tables.value(verdict, "verdict", comparison=f"{model} - {LOCAL_LEVEL}")
    between = {"comparison": f"{model} - {LOCAL_LEVEL}"}
    seen = tables.value(verdict, "detectable", **between) if word else None
    if word == "cannot be decided" and seen is not None:
        said += Markup(" Own levels may do as well: {} more would have been seen.").format(
            tables.cite(verdict, "detectable", "percent", **between)
        )
    elif word in ("better", "worse"):
        said += f" That is surely {'more' if word == 'better' else 'less'} than by own levels."
    coverage = {"metric": "coverage_90", "horizon": 1, "model": model, "graph": graph}
    if tables.value(f"horizons.{name}", "value", **coverage) is not None:
        held = tables.cite(f"horizons.{name}", "value", "share", **coverage)
        said += Markup(" Intervals of 90 % held {} of values.").format(held)
    networks = [(about["model"], one) for one in about["graphs"][:1] if about["model"]]
    shown = dict.fromkeys([(model, graph), *networks, (LOCAL_LEVEL, "-")])
    rows = [_row(tables, evaluation, *key) for key in shown]
    text = "Share of the error of “nothing changes” that is saved: " + "; ".join(
        f"{row.label} {100 * row.value:.1f} %"
        + (f" (95 %: {100 * row.low:.1f} to {100 * row.high:.1f})" if np.isfinite(row.low) else "")
        for row in rows
    )
    few = Markup("no interval: {} origins").format(
        tables.cite(evaluation, "n_origins", "count", **own)
    )
    return Answer(
        TRUST,
        tables.cite(evaluation, "value", "percent", **own),
        around.strip(" ()") if around else few,
        said,
        small_figures.intervals(rows, "nothing changes", text + "."),
    )


def _row(tables: Tables, table: str, model: str, graph: str) -> Interval:
    where = {"metric": "skill", "model": model, "graph": graph}
    value, low, high = (
        np.nan if (cell := tables.value(table, column, **where)) is None else float(cell)
        for column in ("value", "low", "high")
    )
    label = {"stack": "base forecast", LOCAL_LEVEL: "own level"}.get(model, named(model))
    return Interval(label, value, low, high, model != LOCAL_LEVEL)
