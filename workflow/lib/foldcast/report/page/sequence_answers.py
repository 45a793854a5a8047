"""The four answers that a run of the sequence half begins with, and what to be careful about."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from foldcast.report.page import small_figures
from foldcast.report.page.answer_parts import Answer
from foldcast.report.page.cautions import Caution
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.small_figures import Interval
from foldcast.report.page.wording import named

HOW_GOOD, HELPS, WHERE, TRUST = (
    "How well is expression predicted?",
    "Does a contact map help?",
    "Where does it help?",
    "Can I trust it?",
)
FEW_STRETCHES = 30  # of the genome: fewer tell large differences only
CONTROLS = ("shuffled", "degree", "expected")


def answers(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Answer]:
    """The four of a run, of its first model and the mean over its tissues."""
    headline = headline_of(tables, name)
    model = about["models"][0]
    return [
        how_good(tables, name, about, headline),
        does_a_map_help(tables, name, about, headline),
        where(tables, name, model, about["base"]),
        trust(tables, name, about, headline),
    ]


def headline_of(tables: Tables, name: str) -> str:
    """The tissue that the answers are of: the first of the scores, which is their mean if any."""
    return str(tables.read(f"spex_scores.{name}")["tissue"].iloc[0])


def how_good(tables: Tables, name: str, about: Mapping[str, Any], tissue: str) -> Answer:
    """Spearman's correlation of the base alone, beside a promoter's and that with all maps."""
    model, base = about["models"][0], about["base"]
    scores = f"spex_scores.{name}"
    of = {"model": model, "tissue": tissue, "subset": "all", "metric": "spearman"}
    rows = tables.rows(scores, **of).set_index("feature_set")
    shown = [one for one in dict.fromkeys(("promoter", base, "all")) if one in rows.index]
    labels = {"promoter": "promoter alone", "all": "with maps"} | {base: _plain(base)}
    drawn = [_interval(rows.loc[one], labels[one], one == base) for one in shown]
    own = {"feature_set": base, **of}
    said = Markup("is the rank correlation of what {} predicts with what was measured, {}.")
    said = said.format(_plain(base), _of_tissue(tables, name, tissue))
    if "promoter" in rows.index and base != "promoter":
        beside = tables.cite(scores, "value", "r", **(of | {"feature_set": "promoter"}))
        said += Markup(" A promoter’s CpG and GC alone: {}.").format(beside)
    text = "Rank correlation with what was measured: " + _in_words(drawn)
    return Answer(
        HOW_GOOD,
        tables.cite(scores, "value", "r", **own),
        _ends(tables, scores, "low", "high", "r", own),
        said,
        small_figures.intervals(drawn, "no relation", text),
    )


def does_a_map_help(tables: Tables, name: str, about: Mapping[str, Any], tissue: str) -> Answer:
    """What the best map adds to the base alone, in the model where it adds most."""
    plain = _plain(about["base"])
    maps = f"maps.{name}"
    table = tables.read(maps)
    own = table[(table["kind"] == "map") & (table["tissue"] == tissue)]
    if own.empty:
        said = Markup("No map was compared: this is what {} alone tells.").format(plain)
        return Answer(HELPS, Markup("–"), Markup("not asked"), said)
    first = own[own["model"] == about["models"][0]]
    best = first.loc[first["delta_spearman"].idxmax()]
    of = {"feature_set": best["feature_set"], "model": best["model"], "tissue": tissue}
    helping = first.loc[first["verdict"] == "better", "feature_set"].tolist()
    if helping:
        said = Markup("is what map {} adds. Maps that surely help: {}; {}.").format(
            best["feature_set"], ", ".join(helping), named(best["model"])
        )
    else:
        half = (best["high_simultaneous"] - best["low_simultaneous"]) / 2
        said = Markup(
            "is the most that a map adds ({}, {}): not surely a gain. One beyond about {:.3f} "
            "would have shown."
        ).format(best["feature_set"], named(best["model"]), half)
    rows = [
        _interval(row, str(row["feature_set"]), True, "delta_spearman", "_simultaneous")
        for row in first.sort_values("delta_spearman", ascending=False).head(3).to_dict("records")
    ]
    control = table[
        (table["kind"] == "shuffled") & (table["tissue"] == tissue)
        & (table["map"] == best["map"]) & (table["model"] == best["model"])
    ].head(1)  # fmt: skip
    rows += [
        _interval(row, "shuffled", False, "delta_spearman", "_simultaneous")
        for row in control.to_dict("records")
    ]
    return Answer(
        HELPS,
        tables.cite(maps, "delta_spearman", "signed", **of),
        _ends(tables, maps, "low_simultaneous", "high_simultaneous", "signed", of),
        said,
        small_figures.intervals(
            rows, f"{plain} alone", f"Rank correlation gained over {plain}: " + _in_words(rows)
        ),
    )


def where(tables: Tables, name: str, model: str, base: str) -> Answer:
    """In which tissues which map helps."""
    cells = f"map_tissue.{name}"
    table = tables.read(cells)
    table = table[table["model"] == model]
    if table.empty:
        return Answer(WHERE, Markup("–"), Markup("not asked"), Markup("No map, or one tissue."))
    best = table.sort_values("delta_spearman", ascending=False, kind="stable").head(4)
    top = best.iloc[0]
    of = {key: top[key] for key in ("map", "model", "tissue")}
    rows = [
        _interval(row, f"{row['map']}, {row['tissue']}", row["verdict"] == "better",
                  "delta_spearman", "_simultaneous")
        for row in best.to_dict("records")
    ]  # fmt: skip
    said = Markup("surely gain ({}); most: {} in {}, {} ({}).").format(
        named(model),
        top["map"],
        top["tissue"],
        tables.cite(cells, "delta_spearman", "signed", **of),
        _ends(tables, cells, "low_simultaneous", "high_simultaneous", "signed", of),
    )
    return Answer(
        WHERE,
        Markup("{} of {}").format(
            tables.count(cells, model=model, verdict="better"), tables.count(cells, model=model)
        ),
        Markup("pairs of map and tissue"),
        said,
        small_figures.intervals(
            rows,
            f"{_plain(base)} alone",
            "Gain by map and tissue, the largest: " + _in_words(rows),
        ),
    )


def trust(tables: Tables, name: str, about: Mapping[str, Any], tissue: str) -> Answer:
    """Whether the best map does better than its own control contacts, and on how many genes."""
    maps = tables.read(f"maps.{name}")
    contrasts = f"contrasts.{name}"
    model = about["models"][0]
    own = maps[(maps["kind"] == "map") & (maps["tissue"] == tissue) & (maps["model"] == model)]
    scored = {"feature_set": about["base"], "model": model, "tissue": tissue, "subset": "all"}
    scored |= {"metric": "spearman"}
    genes, stretches = (
        tables.cite(f"spex_scores.{name}", column, "count", **scored) for column in ("n", "blocks")
    )
    held = Markup("Scored on {} genes that no fit saw, in {} stretches of the genome.").format(
        genes, stretches
    )
    table = tables.read(contrasts)
    if len(own):
        best = own.loc[own["delta_spearman"].idxmax(), "feature_set"]
        table = table[
            (table["first"] == best) & (table["tissue"] == tissue) & (table["model"] == model)
            & table["kind"].isin(CONTROLS)
        ]  # fmt: skip
    if own.empty or table.empty:
        return Answer(TRUST, genes, Markup("genes held out"), held)
    hardest = table.loc[table["difference"].idxmin()]
    of = {key: hardest[key] for key in ("first", "second", "kind", "model", "tissue")}
    beaten = int((table["verdict"] == "better").sum())
    rows = [
        _interval(row, f"over {row['kind']}", True, "difference", "_simultaneous")
        for row in table.to_dict("records")
    ]
    said = Markup("more than with {} contacts, its closest control; {} of {} are beaten. {}")
    return Answer(
        TRUST,
        tables.cite(contrasts, "difference", "signed", **of),
        _ends(tables, contrasts, "low_simultaneous", "high_simultaneous", "signed", of),
        said.format(hardest["kind"], beaten, len(table), held),
        small_figures.intervals(
            rows, "no difference", f"Gain of map {best} over its controls: " + _in_words(rows)
        ),
    )


def cautions(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Caution]:
    """What to be careful about in a run, with what can be done."""
    scores, found = tables.read(f"spex_scores.{name}"), []
    stretches = scores["blocks"].max()
    if stretches < FEW_STRETCHES:
        what = Markup("Few stretches of the genome ({:.0f}): only large differences show.")
        remedy = Markup("More chromosomes held out: key <code>hold_out</code>.")
        found.append(Caution(what.format(stretches), remedy))
    maps = tables.read(f"maps.{name}")
    if about["maps"] and not maps["kind"].isin(CONTROLS).any():
        what = Markup("No control contacts were run: a gain need not be whom a gene touches.")
        found.append(Caution(what, Markup("Ask for them: key <code>control_contacts</code>.")))
    cells = tables.read(f"map_tissue.{name}")
    if len(about["maps"]) and not cells["matched"].eq("yes").any():
        what = Markup("No map is of a tissue whose expression is told.")
        found.append(Caution(what, "Maps of the same tissue help most, if any."))
    return found


def _plain(base: str) -> str:
    """What maps are added to, in a word or two."""
    table = base.partition("+")[2]
    return {"expecto": "sequence", "promoter": "the promoter"}.get(base, f"table {table}")


def _of_tissue(tables: Tables, name: str, tissue: str) -> str:
    n_tissues = len(tables.read(f"labels.{name}").columns) - 1
    if tissue != "(all)":
        return f"in {tissue}"
    return f"mean of {n_tissues} tissues"


def _interval(
    row: Mapping[str, Any] | pd.Series,
    label: str,
    is_own: bool,
    value: str = "value",
    ends: str = "",
) -> Interval:
    """A row of a table as a row of a figure.

    Args:
        row: the row.
        label: what it is of.
        is_own: whether it is what the answer is about.
        value: its column.
        ends: how the columns of its interval end, after low and high.
    """
    low, high = (float(row[f"{end}{ends}"]) for end in ("low", "high"))
    return Interval(label, float(row[value]), low, high, is_own)


def _ends(
    tables: Tables, table: str, low: str, high: str, form: str, where: Mapping[str, Any]
) -> Markup:
    """The interval of a number, of two columns.

    Args:
        tables: all of them.
        table: the one that it is of.
        low: column of the lower end.
        high: column of the upper one.
        form: how they are written.
        where: the row.
    """
    if tables.value(table, low, **where) is None:
        return Markup("no interval")
    ends = (tables.cite(table, end, form, **where) for end in (low, high))
    return Markup("95 %: {} to {}").format(*ends)


def _in_words(rows: list[Interval]) -> str:
    said = [
        f"{row.label} {row.value:.3f}"
        + (f" (95 %: {row.low:.3f} to {row.high:.3f})" if np.isfinite(row.low) else "")
        for row in rows
    ]
    return "; ".join(said) + "."
