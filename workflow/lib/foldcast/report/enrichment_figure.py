"""Gene sets in lists and at the ends of rankings: size, strength and certainty of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from foldcast.report.figure_style import BLUE, DARK, GREY, LIGHT, fitted

Q = 0.05
FEWEST, MOST = 4, 8  # sets that are shown of a question: more than a few only if significant
LONGEST = 46  # characters of a set's name
ROW, AROUND, WIDTH = 0.21, 2.6, 7.6  # inches: as wide as a page
LARGEST = 200.0  # points², the marker of the largest set
TICKS = (0.01, 0.1, 0.5, 1, 2, 5, 10, 50, 200, 1000)


@dataclass(frozen=True)
class Side:
    """One kind of test: its questions (rows of the summary), their sets, and what is drawn."""

    title: str
    label: str
    questions: pd.DataFrame
    sets: pd.DataFrame
    value: str
    genes: str
    middle: float

    def rows(self) -> list[tuple[str, Any]]:
        """A heading for each question and its first sets below, from top to bottom."""
        found: list[tuple[str, Any]] = []
        for question in self.questions.itertuples():
            found.append((_heading(question), None))
            own = self.sets[self.sets["question"] == question.question]
            own = own[own[self.genes] > 0]
            shown = own[: max(FEWEST, min(MOST, int((own["q"] < Q).sum())))]
            found += [(_short(row.set), row) for row in shown.itertuples()]
            if shown.empty:
                found.append(("nothing in common" if question.sets else "nothing to test", None))
        return found


def enrichment(lists: pd.DataFrame, ranks: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """Dot plot: the first sets of every question; filled where q < 0.05.

    Args:
        lists: over-representation (question, set, size, overlap, odds_ratio, p, q), best first.
        ranks: pre-ranked GSEA (question, set, size, nes, p, q), best first.
        summary: question, test, genes, background, sets, significant.
    """
    is_list = summary["test"] == "over-representation"
    sides = (
        Side(
            "Lists: over-representation",
            "odds ratio (log scale)",
            *(summary[is_list], lists, "odds_ratio", "overlap", 1.0),
        ),
        Side(
            "Rankings: pre-ranked GSEA",
            "normalised enrichment score (left: low end, right: high end)",
            *(summary[~is_list], ranks, "nes", "size", 0.0),
        ),
    )
    counts = [len(side.rows()) for side in sides]
    figure, grid = plt.subplots(
        2, 1, figsize=(WIDTH, AROUND + ROW * sum(counts)), height_ratios=[n + 1 for n in counts]
    )
    shown = [getattr(row, side.genes) for side in sides for _, row in side.rows() if row]
    largest = max([*shown, 1])

    def size(n: float) -> float:
        return LARGEST * max(n, 0.3) / largest

    for axes, side, count in zip(grid, sides, counts, strict=True):
        axes.set_ylim(count - 0.3, -0.7)
        _draw(axes, side, size)
    _legend(figure, size, largest)
    found = int((summary["significant"] > 0).sum())
    said = (
        f"{found} of {len(summary)} lists and rankings have sets with q < {Q}."
        if found
        else f"Nothing is significant: no set has q < {Q} in any list or ranking."
    )
    figure.supxlabel(said, fontsize=9, x=0.01, ha="left")
    return figure


def _draw(axes: Axes, side: Side, size: Callable[[float], float]) -> None:
    rows = side.rows()
    values = [getattr(row, side.value) for _, row in rows if row]
    _scale(axes, side, values)
    axes.axvline(side.middle, color=DARK, lw=0.8)
    for y, (_, row) in enumerate(rows):
        if row:
            _dot(axes, y, row, side, size)
    axes.set_yticks(range(len(rows)), [text for text, _ in rows], fontsize=7)
    for label, (text, row) in zip(axes.get_yticklabels(), rows, strict=True):
        if row is None and ":" in text:
            label.set_fontweight("bold")
            axes.axhline(label.get_unitless_position()[1] - 0.5, color=LIGHT, lw=0.6)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_title(side.title)
    axes.set_xlabel(side.label)


def _scale(axes: Axes, side: Side, values: list[float]) -> None:
    """Room for the markers, and round ticks on the log scale."""
    if side.middle:
        low, high = min([*values, 1.0]) / 2, max([*values, 4.0]) * 2
        ticks = [tick for tick in TICKS if low <= tick <= high]
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    else:
        most = max([2.0, *np.abs(values)]) + 0.4
        axes.set_xlim(-most, most)


def _dot(axes: Axes, y: int, row: Any, side: Side, size: Callable[[float], float]) -> None:
    found, x = row.q < Q, getattr(row, side.value)
    colour = BLUE if found else GREY
    axes.hlines(y, min(side.middle, x), max(side.middle, x), color=colour, lw=0.8, zorder=1)
    axes.scatter(
        x, y, s=size(getattr(row, side.genes)), facecolor=BLUE if found else "white",
        edgecolor=colour, linewidth=1.2, zorder=2,
    )  # fmt: skip
    axes.annotate(
        f"q {row.q:.1g}" if row.q < 0.01 else f"q {row.q:.2f}",
        (1.0, y), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
        va="center", fontsize=7, color=DARK if found else GREY,
        fontweight="bold" if found else "normal", annotation_clip=False,
    )  # fmt: skip


def _legend(figure: Figure, size: Callable[[float], float], largest: int) -> None:
    sizes = sorted({max(1, round(largest * share)) for share in (0.1, 0.4, 1.0)})
    figure.legend(
        handles=[*(_handle(size(n)) for n in sizes), _handle(size(largest * 0.4), filled=True)],
        labels=[f"{n} genes" for n in sizes] + [f"filled: q < {Q}"],
        title="area: genes of the set in the list (above), in the ranking (below)",
        title_fontsize=7,
        loc="outside upper right",
        ncols=len(sizes) + 1,
        fontsize=7,
    )


def _handle(area: float, filled: bool = False) -> Line2D:
    return Line2D(
        [], [], ls="", marker="o", ms=np.sqrt(area),
        mfc=BLUE if filled else "white", mec=BLUE if filled else GREY,
    )  # fmt: skip


def _heading(question: Any) -> str:
    is_list = question.test == "over-representation"
    of = (
        f"{question.genes} of {question.background} genes" if is_list else f"{question.genes} genes"
    )
    found = f"{question.significant} of {question.sets} sets" if question.sets else "no sets"
    return f"{question.question} ({of}): {found}"


def _short(name: str) -> str:
    """MSigDB's names without the collection's, in small letters."""
    first, _, rest = name.partition("_")
    words = (
        rest if first in ("HALLMARK", "GOBP", "GOCC", "GOMF", "REACTOME", "KEGG", "WP") else name
    )
    return fitted(words.replace("_", " ").lower(), LONGEST)
