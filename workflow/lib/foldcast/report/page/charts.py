"""The page's charts, drawn in the browser by Plotly; each with words for who cannot see it."""

import itertools
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from foldcast.evaluation.forecast_verdict import FROM_OTHER_ARM, GIVEN, UNVERIFIED
from foldcast.report.figure_style import BLUE, DARK, GREEN, GREY, LIGHT, ORANGE, RED
from foldcast.report.page.wording import SIGNS, named

LAYOUT = {
    "template": "none",
    "font": {"family": "system-ui, sans-serif", "size": 13, "color": DARK},
    "margin": {"l": 60, "r": 16, "t": 16, "b": 48},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "hovermode": "closest",
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
}
# A marker of its own for each kind: nothing by colour alone.
KINDS = {
    "model": ("circle", BLUE, "model"),
    "part": ("circle-open", BLUE, "part of a model"),
    "rewired graph": ("cross", BLUE, "rewired graph (other pairs, or none)"),
    GIVEN: ("triangle-up", GREEN, "given function, also in the base forecast"),
    UNVERIFIED: ("x", RED, "given table, causality unverified"),
    FROM_OTHER_ARM: ("star", ORANGE, "the other arm’s change, its next value known"),
    "baseline": ("square", GREY, "baseline"),
    "bound": ("diamond", ORANGE, "bound (sees the future)"),
}
OWN = ("map", "all", "features")  # kinds of feature sets that are asked about; others are controls
LOWEST, HIGHEST = -0.6, 1.0  # skill at which the axis is cut; none is above 1


def chart(figure: go.Figure, text: str, height: int) -> dict[str, Any]:
    """A chart as the template takes it: what Plotly draws, and its alternative text."""
    figure.update_layout(**LAYOUT, height=height)
    return {"figure": json.loads(figure.to_json()), "text": text, "height": height}


def skill(evaluation: pd.DataFrame) -> dict[str, Any]:
    """Skill of models, baselines and bounds with intervals, the best of each kind on top."""
    shown = evaluation[evaluation["metric"] == "skill"]
    rank = shown["kind"].map(list(KINDS).index)
    shown = shown.assign(rank=rank).sort_values(["rank", "value"], ascending=[False, True])
    names = [named(*key) for key in zip(shown["model"], shown["graph"], strict=True)]
    figure = go.Figure()
    for kind, (symbol, colour, label) in KINDS.items():
        rows = shown[(shown["kind"] == kind) & (shown["value"] >= LOWEST)]
        if rows.empty:
            continue
        value, low, high = (
            rows[column].clip(LOWEST, HIGHEST) for column in ("value", "low", "high")
        )
        figure.add_scatter(
            x=value.tolist(),
            y=[named(*key) for key in zip(rows["model"], rows["graph"], strict=True)],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (high - value).tolist(),
                "arrayminus": (value - low).tolist(),
                "color": colour,
            },
            mode="markers",
            marker={"symbol": symbol, "color": colour, "size": 10},
            name=label,
            customdata=rows[["value", "low", "high"]].round(3).values.tolist(),
            hovertemplate="%{y}: %{customdata[0]} (95 %: %{customdata[1]} to %{customdata[2]})"
            "<extra></extra>",
        )
    beyond = shown[shown["value"] < LOWEST]
    if len(beyond):  # an arrow and the number: they do not lie where the axis ends
        figure.add_scatter(
            x=[LOWEST] * len(beyond),
            y=[named(*key) for key in zip(beyond["model"], beyond["graph"], strict=True)],
            text=[f"{value:.2f}".replace("-", "−") for value in beyond["value"]],
            mode="markers+text",
            textposition="middle right",
            marker={"symbol": "triangle-left", "color": GREY, "size": 10},
            name="beyond the axis",
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": DARK, "width": 1})
    figure.update_xaxes(title="skill over persistence", gridcolor=LIGHT, zeroline=False)
    figure.update_yaxes(categoryorder="array", categoryarray=names, automargin=True)
    models = shown[shown["kind"] == "model"]
    models = models if len(models) else shown[shown["kind"] == "baseline"]
    best = models.sort_values("value").iloc[-1]
    text = (
        f"Skill over persistence of {len(shown)} models, rewired graphs, baselines and bounds. "
        f"{named(best['model'], best['graph'])} reaches {best['value']:.3f}, "
    )
    text += (
        "without an interval: too few origins."
        if pd.isna(best["low"])
        else f"95 % interval {best['low']:.3f} to {best['high']:.3f}."
    )
    return chart(figure, text, 90 + 30 * len(shown))


def predictability(genes: pd.DataFrame, model: str) -> dict[str, Any]:
    """Each gene's skill over the local level against how much it is expressed; hover says which.

    Args:
        genes: symbol, level, over_local_level.
        model: whose skill it is, in words.
    """
    gained = genes["over_local_level"]
    kinds = {
        "closer than its own level": ("circle", BLUE, gained > 0),
        "not closer": ("circle-open", GREY, gained <= 0),
    }
    figure = go.Figure()
    for label, (symbol, colour, chosen) in kinds.items():
        some = genes[chosen]
        figure.add_scatter(
            x=some["level"].tolist(),
            y=some["over_local_level"].round(3).tolist(),
            text=some["symbol"].tolist(),
            mode="markers",
            name=f"{label} ({len(some)})",
            marker={"symbol": symbol, "color": colour, "size": 7, "opacity": 0.75},
            hovertemplate="%{text}<br>level %{x:.2f}, skill %{y:.3f}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": DARK, "width": 1})
    figure.update_xaxes(title="mean expression (log2)", gridcolor=LIGHT)
    figure.update_yaxes(title="skill over the local level", gridcolor=LIGHT, zeroline=False)
    text = (
        f"Skill over the local level of {model} for each of {len(genes)} genes against mean "
        f"expression from {genes['level'].min():.1f} to {genes['level'].max():.1f}; "
        f"{(gained > 0).sum()} of them are forecast closer than by their own level, the median "
        f"gene by {gained.median():.3f}."
    )
    return chart(figure, text, 380)


def map_comparison(maps: pd.DataFrame, names: Sequence[str], base: str) -> dict[str, Any]:
    """What each map and its control contacts add to the base alone, with intervals.

    Args:
        maps: feature set, kind, model, tissue, delta_spearman, low_simultaneous, high_simultaneous,
            verdict; the rows to show.
        names: how each row is named.
        base: what they are added to, in words.
    """
    maps = maps.assign(name=list(names))
    # That a control does worse is nothing bad: it is grey, whatever its verdict.
    own = maps["kind"].isin(OWN) if "kind" in maps else pd.Series(True, maps.index)
    colours = {"better": BLUE, "worse": RED, "cannot be decided": GREY}
    symbols = {"better": "triangle-up", "worse": "triangle-down", "cannot be decided": "diamond"}
    figure = go.Figure()
    for is_own, verdict in itertools.product((True, False), SIGNS):
        rows = maps[(maps["verdict"] == verdict) & (own == is_own)]
        if rows.empty:
            continue
        colour = colours[verdict] if is_own else GREY
        label = {"better": "gains", "worse": "loses"}.get(verdict, "undecided")
        figure.add_scatter(
            x=rows["delta_spearman"].tolist(),
            y=rows["name"].tolist(),
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (rows["high_simultaneous"] - rows["delta_spearman"]).tolist(),
                "arrayminus": (rows["delta_spearman"] - rows["low_simultaneous"]).tolist(),
                "color": colour,
            },
            mode="markers",
            marker={"symbol": symbols[verdict], "color": colour, "size": 10},
            name=label if is_own else f"control {label}",
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": DARK, "width": 1})
    figure.update_xaxes(title=f"Δ Spearman over {base}", gridcolor=LIGHT, zeroline=False)
    figure.update_yaxes(categoryorder="array", categoryarray=list(names)[::-1], automargin=True)
    best = maps.sort_values("delta_spearman").iloc[-1]
    text = (
        f"Change of Spearman correlation over {base} for {len(maps)} feature sets; the "
        f"largest is {best['name']}, {best['delta_spearman']:+.3f}. Intervals allow for all "
        "comparisons."
    )
    return chart(figure, text, 110 + 28 * len(maps))


def matrix(table: pd.DataFrame) -> dict[str, Any]:
    """Map × tissue: what each map adds for each tissue; matched cells are framed.

    Args:
        table: map, tissue, delta_spearman, matched.
    """
    wide = table.pivot_table(index="map", columns="tissue", values="delta_spearman", sort=False)
    most = float(np.nanmax(np.abs(wide.to_numpy()))) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=wide.to_numpy().tolist(),
            x=list(wide.columns),
            y=list(wide.index),
            colorscale=[[0, "#8a5a00"], [0.5, "#ffffff"], [1, BLUE]],
            zmin=-most,
            zmax=most,
            texttemplate="%{z:+.3f}" if wide.size <= 120 else None,
            colorbar={"title": "Δ Spearman", "thickness": 12},
            hovertemplate="map %{y}, tissue %{x}: %{z:+.3f}<extra></extra>",
        )
    )
    for row in table[table["matched"].astype(bool)].itertuples():
        column, line = wide.columns.get_loc(row.tissue), wide.index.get_loc(row.map)
        figure.add_shape(
            type="rect", x0=column - 0.5, x1=column + 0.5, y0=line - 0.5, y1=line + 0.5,
            line={"color": GREEN, "width": 3},
        )  # fmt: skip
    figure.update_xaxes(title="tissue", automargin=True)
    figure.update_yaxes(title="map", automargin=True)
    text = (
        f"What each of {len(wide)} maps adds for each of {len(wide.columns)} tissues; framed "
        "cells are of one tissue."
    )
    return chart(figure, text, 160 + 40 * len(wide))
