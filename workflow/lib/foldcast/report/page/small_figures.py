"""The small figures beside answers: SVG that the page draws by itself, each with its finding."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

WIDE = 260  # units of a figure's width; its text has 13 of them
ROW = 24
LABELS = 112  # of the width, for the names of rows


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval, as a row of a figure.

    Attributes:
        label: what it is of.
        value: where its mark stands.
        low: the interval's lower end; NaN where there is none.
        high: its upper end.
        is_own: whether it is what the answer is about, and not what stands beside it.
    """

    label: str
    value: float
    low: float
    high: float
    is_own: bool = True


def intervals(rows: Sequence[Interval], zero: str, text: str) -> Markup:
    """Values with intervals on one scale, and a line at zero.

    Args:
        rows: from top to bottom; those without a value are left out.
        zero: what zero means, below its line.
        text: the finding, for who cannot see it.
    """
    shown = [row for row in rows if math.isfinite(row.value)]
    ends = [0.0, *(end for row in shown for end in (row.value, row.low, row.high))]
    known = [end for end in ends if math.isfinite(end)]
    least, most = min(known), max(known)
    span = (most - least) or 1.0

    def at(value: float) -> float:
        return LABELS + 6 + (WIDE - LABELS - 12) * (value - least) / span

    parts = []
    foot = ROW * len(shown) + 6
    parts.append(_line(at(0), 2, at(0), foot, "zero"))
    for k, row in enumerate(shown):
        y = ROW * k + 14
        kind = "own" if row.is_own else "beside"
        parts.append(_text(0, y + 4, short(row.label, 16)))
        if math.isfinite(row.low) and math.isfinite(row.high):
            parts.append(_line(at(row.low), y, at(row.high), y, kind))
        mark = '<circle cx="{:.1f}" cy="{}" r="5" class="{}"/>'
        if not row.is_own:
            mark = '<rect x="{0:.1f}" y="{1}" width="8" height="8" class="{2}"/>'
        place = (at(row.value), y) if row.is_own else (at(row.value) - 4, y - 4)
        parts.append(Markup(mark).format(*place, kind))
    centre = min(max(at(0), 3.6 * len(zero)), WIDE - 3.6 * len(zero))
    parts.append(_text(centre, foot + 14, zero, "middle"))
    return _figure(parts, foot + 19, text)


def shares(parts: Sequence[tuple[str, int, str]], text: str) -> Markup:
    """Parts of a whole as one bar, with their numbers below.

    Args:
        parts: name, number and class (own, beside, rest) of each.
        text: as for `intervals`.
    """
    total = sum(number for _, number, _ in parts) or 1
    drawn, x = [], 0.0
    for _, number, kind in parts:
        width = WIDE * number / total
        drawn.append(
            Markup('<rect x="{:.1f}" y="4" width="{:.1f}" height="22" class="bar {}"/>').format(
                x, width, kind
            )
        )
        x += width
    for k, (name, number, kind) in enumerate(parts):
        y = 44 + 17 * k
        drawn.append(
            Markup('<rect x="0" y="{}" width="11" height="11" class="bar {}"/>').format(y - 9, kind)
        )
        drawn.append(_text(17, y, f"{name}: {number:,}"))
    return _figure(drawn, 36 + 17 * len(parts), text)


def up_and_down(steps: Sequence[tuple[str, int, int]], axis: str, text: str) -> Markup:
    """How many genes go up (above the line) and down (below it) at each step.

    Args:
        steps: name, genes up, genes down.
        axis: what steps are.
        text: as for `intervals`.
    """
    most = max((max(up, down) for _, up, down in steps), default=1) or 1
    wide = (WIDE - 40) / max(len(steps), 1)
    drawn = [_text(0, 24, "up"), _text(0, 68, "down"), _line(40, 42, WIDE, 42, "zero")]
    for k, (name, up, down) in enumerate(steps):
        x, width = 40 + wide * k + wide * 0.12, wide * 0.76
        for number, y, side in ((up, 42 - 34 * up / most, "own"), (down, 42, "beside")):
            drawn.append(
                Markup(
                    '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="bar {}"/>'
                ).format(x, y, width, 34 * number / most, side)
            )
        if len(steps) <= 7 or k in (0, len(steps) - 1):
            drawn.append(_text(min(x + width / 2, WIDE - 14), 93, name, "middle"))
    if len(steps) <= 7:
        drawn.append(_text(0, 93, short(axis, 5)))
    return _figure(drawn, 98, text)


def histogram(
    values: np.ndarray, below: str, above: str, text: str, limits: Sequence[float] = (0.0,)
) -> Markup:
    """How many values lie where; the outermost bins hold what lies beyond.

    Args:
        values: [n] finite numbers.
        below: what is said below the left half.
        above: below the right half.
        text: as for `intervals`.
        limits: where lines stand; what lies above the last of them, or below the first of
            several, is marked.
    """
    half = max(float(np.quantile(np.abs(values), 0.95)), 1.25 * max(limits)) or 1.0
    edges = np.linspace(-half, half, 23)
    counts, _ = np.histogram(np.clip(values, -half, half), edges)
    most = counts.max() or 1
    wide = WIDE / len(counts)
    drawn = []
    for k, number in enumerate(counts):
        centre = (edges[k] + edges[k + 1]) / 2
        marked = centre > max(limits) + 1e-12 or (len(limits) > 1 and centre < min(limits))
        tall = 56 * number / most
        drawn.append(
            Markup(
                '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="bar {}"/>'
            ).format(wide * k, 60 - tall, wide - 1, tall, "own" if marked else "rest")
        )
    for limit in limits:
        x = WIDE * (limit + half) / (2 * half)
        drawn.append(_line(x, 0, x, 66, "zero"))
    drawn += [_text(WIDE / 2 - 6, 78, below, "end"), _text(WIDE / 2 + 6, 78, above)]
    return _figure(drawn, 84, text)


def short(text: str, most: int) -> str:
    """A label of at most so many letters; what is cut is in the words beside the figure."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(
        x1, y1, x2, y2, kind
    )


def _text(x: float, y: float, text: str, anchor: str = "start") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, text
    )


def _figure(parts: Sequence[Markup], tall: float, text: str) -> Markup:
    return Markup(
        '<svg class="small" role="img" aria-label="{}" viewBox="0 0 {} {:.0f}">{}</svg>'
    ).format(escape(text), WIDE, tall, Markup("").join(parts))
