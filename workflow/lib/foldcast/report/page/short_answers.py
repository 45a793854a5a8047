"""The answers of a time course that is too short to forecast or to judge forecasts: what it can
tell, and what would be needed."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from foldcast.evaluation.change_design import CHANGED
from foldcast.protocol import FORECAST_PAST
from foldcast.report.page import small_figures
from foldcast.report.page.answer_parts import GENES, NEXT, TRUST, Answer, gene_link, symbols_of
from foldcast.report.page.page_tables import Tables
from foldcast.what_times_allow import times_for_verdicts


def last_changes(tables: Tables, name: str, about: Mapping[str, Any]) -> Answer:
    """Where nothing is forecast: which genes changed at the last step."""
    table = f"change_steps.{name}"
    why = Markup("No forecast: {} times are needed.").format(FORECAST_PAST)
    if table not in tables:
        return Answer(NEXT, Markup("–"), Markup("not asked"), why)
    steps = tables.read(table)
    last = {key: steps[key].iloc[-1] for key in ("from", "to")}
    if tables.value(table, "up", **last) is None:
        said = Markup("{} Changes are not tested without replicates: two at one time at least.")
        return Answer(NEXT, Markup("–"), Markup("not tested"), said.format(why))
    up, down = (tables.cite(table, way, "count", **last) for way in ("up", "down"))
    tested = steps.dropna(subset="up")
    shown = [(f"{row.to:g}", int(row.up), int(row.down)) for row in tested.itertuples()]
    text = "Genes that changed, by time: " + "; ".join(
        f"{at}: {ups} up, {downs} down" for at, ups, downs in shown
    )
    return Answer(
        NEXT,
        Markup("{} up, {} down").format(up, down),
        Markup("of {} genes (q ≤ {:g})").format(
            tables.cite(table, "genes", "count", **last), CHANGED
        ),
        Markup("changed at the last step, from {} to {} ({}). {}").format(
            f"{last['from']:g}", f"{last['to']:g}", about["time_unit"], why
        ),
        small_figures.up_and_down(shown, "time", text + "."),
    )


def which_changed(tables: Tables, name: str, about: Mapping[str, Any]) -> Answer:
    """Where forecasts cannot be judged: how many genes change at all, and the surest of them."""
    samples = tables.read(f"samples.{name}")
    n_times = samples["time"].nunique()
    needed = times_for_verdicts(n_times, about["first_origin"])
    said = Markup("Forecasts can be judged from {} times on; here are {}.").format(needed, n_times)
    changes = f"changes.{name}"
    if changes not in tables or tables.read(changes)["q"].isna().all():
        return Answer(GENES, Markup("–"), Markup("not asked"), said)
    table = tables.read(changes)
    surest = table.dropna(subset="p").sort_values(["q", "p"], kind="stable")
    symbols = symbols_of(tables, name)
    best = [gene_link(name, gene, symbols[gene]) for gene in surest["gene"].drop_duplicates()[:3]]
    changed = table.loc[table["q"] <= CHANGED, "gene"].nunique()
    total = table["gene"].nunique()
    parts = [("change at a step", changed, "own"), ("not seen to", total - changed, "rest")]
    return Answer(
        GENES,
        Markup("{:,} of {:,}").format(changed, total),
        Markup("genes change at one step at least (q ≤ {:g})").format(CHANGED),
        Markup("{} Surest to change: {}.").format(said, Markup(", ").join(best)),
        small_figures.shares(parts, f"{changed} of {total} genes change at one step at least."),
    )


def how_sure(tables: Tables, name: str, about: Mapping[str, Any]) -> Answer:
    """Where nothing is scored: what the tests of changes rest on."""
    samples = tables.read(f"samples.{name}")
    replicates = samples[samples["copy_of"].isna()].groupby("time").size()
    shown = [(f"{time:g}", int(number), 0) for time, number in replicates.items()]
    text = "Samples by time: " + "; ".join(f"{time}: {number}" for time, number, _ in shown)
    number = Markup("{} samples").format(tables.count(f"samples.{name}"))
    beside = Markup("at {} times ({})").format(len(replicates), about["time_unit"])
    said = (
        Markup("Of the genes said to change, {:.0f} in 100 may be false (q ≤ {:g}).").format(
            100 * CHANGED, CHANGED
        )
        if replicates.max() > 1
        else Markup("Without replicates nothing tells a change from noise.")
    )
    bar = [(time, count, "own" if count > 1 else "rest") for time, count, _ in shown]
    return Answer(TRUST, number, beside, said, small_figures.shares(bar, text + "."))
