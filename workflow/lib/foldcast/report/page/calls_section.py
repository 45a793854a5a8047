"""Genes forecast to change, and how such forecasts fared: a line of the page's summary."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from foldcast.report.genes_shown import LOCAL_LEVEL
from foldcast.report.page.page_tables import Tables


def in_short(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Markup]:
    """How many genes leave their level, how often that was right, and directions in general."""
    return [*now(tables, name, about), *in_the_past(tables, name, about)]


def now(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Markup]:
    """How many genes are forecast to change; nothing where nothing is forecast beyond the data."""
    graph, model = about["forecast"]
    calls, future = f"calls.{name}", f"future.{name}"
    of = {"model": model, "graph": graph}
    if tables.value(calls, "up", **of, horizon=1) is not None:
        up, down = (tables.cite(calls, way, "count", **of, horizon=1) for way in ("up", "down"))
    elif future in tables:  # a network's
        up, down = (
            tables.count(future, horizon=1, forecast_to_change=way) for way in ("up", "down")
        )
    else:
        return []
    said = Markup("Forecast to change by the next time: {} of {} genes up, {} down").format(
        up, tables.cite(calls, "n_genes", "count", **of, horizon=1), down
    )
    last = int(tables.rows(calls, **of)["horizon"].max())
    if last > 1 and tables.value(calls, "up", **of, horizon=last) is not None:
        far = (tables.cite(calls, way, "count", **of, horizon=last) for way in ("up", "down"))
        said += Markup(" ({} steps on: {} and {})").format(last, *far)
    return [said + "."]


def in_the_past(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Markup]:
    """How such forecasts fared, and how often the direction of any change was right."""
    graph, model = about["forecast"]
    calls, scores = f"calls.{name}", f"horizons.{name}"
    one = {"model": model, "graph": graph, "horizon": 1}
    made = tables.cite(calls, "past_calls", "count", **one)
    if tables.value(calls, "past_calls", **one):
        right = tables.cite(calls, "right", "share", **one)
        said = Markup("Of {} such forecasts in the past {} went that way").format(made, right)
        if tables.value(calls, "low", **one) is not None:
            ends = (tables.cite(calls, end, "share", **one) for end in ("low", "high"))
            said += Markup(" (95 %: {} to {})").format(*ends)
    else:
        said = Markup("Such forecasts in the past: {}").format(made)
    direction = {"metric": "direction_accuracy", "horizon": 1}
    own = tables.cite(scores, "value", "share", model=model, graph=graph, **direction)
    said += Markup("; of all changes the direction was right for {}").format(own)
    if model != LOCAL_LEVEL:
        level = tables.cite(scores, "value", "share", model=LOCAL_LEVEL, graph="-", **direction)
        said += Markup(", by the local level alone for {}").format(level)
    return [said + "."]
