"""What a reader of a figure would stumble over, asked of matplotlib's own renderer."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

# What is counted, a share, a score or a rank of its own.
NO_UNIT = (
    "skill", "gene", "pairs", "epoch", "loss", "weight", "rho", "share", "density", "r over",
    "PC1", "score", "balanced contacts", "deviations", "odds ratio", "neighbours",
)  # fmt: skip
SLACK = 1.0  # pixels: letters' boxes hold some air


def _texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, and its box in pixels."""
    figure.canvas.draw()
    found = []
    for text in figure.findobj(Text):
        axes = text.axes
        if not text.get_text().strip() or not text.get_visible():
            continue
        if axes is not None and not axes.get_visible():
            continue
        box = text.get_window_extent()
        # Tick labels beyond the limits of an axis are there and are not drawn.
        if box.width and box.height:
            found.append((text, box))
    ticks = _ticks_outside(figure)
    return [(text.get_text(), box) for text, box in found if text not in ticks]


def _ticks_outside(figure: Figure) -> set[Text]:
    outside = set()
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            low, high = sorted(limits)
            slack = (high - low) * 1e-6
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - slack <= tick.get_loc() <= high + slack or not axes.axison:
                    outside |= {tick.label1, tick.label2}
    return outside


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that are drawn over one another."""
    shrunk = [(text, box.padded(-SLACK)) for text, box in _texts(figure)]
    return [(a, b) for (a, one), (b, two) in combinations(shrunk, 2) if one.overlaps(two)]


def cut(figure: Figure) -> list[str]:
    """Texts that go over the edge of the figure."""
    page = figure.bbox.padded(SLACK)
    return [
        text
        for text, box in _texts(figure)
        if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
    ]


def without_unit(figure: Figure) -> list[str]:
    """Labels of axes that name neither a unit, in brackets, nor what has none."""
    labels = [axis.label for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]
    said = [label.get_text() for label in labels if label.get_text()]
    return [text for text in said if "(" not in text and not any(one in text for one in NO_UNIT)]
