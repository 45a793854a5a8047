"""How every figure looks: a palette that colour-blind readers can tell apart, one size of type."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from foldcast.files import atomic

# Okabe and Ito 2008; never the only thing that tells two series apart.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
GREY, LIGHT, DARK = "#7f7f7f", "#d9d9d9", "#262626"

plt.rcParams.update(
    {
        "figure.dpi": 150,
        "font.size": 9,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "legend.frameon": False,
        "svg.fonttype": "none",
        # Same numbers, same bytes: no random ids and, in `save`, no dates.
        "svg.hashsalt": "foldcast",
        "figure.constrained_layout.use": True,
    }
)


def fitted(name: str, longest: int) -> str:
    """A name, cut at its end where it is longer: a long one without blanks too."""
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def hide_unused(grid: np.ndarray, used: int) -> None:
    """Leave the panels behind the first ``used`` ones empty."""
    for axes in grid.flat[used:]:
        axes.set_visible(False)


def write_below(figure: Figure, sentences: Sequence[str]) -> None:
    """Sentences below the panels, each on lines of its own that are no wider than the figure."""
    width = int(figure.get_figwidth() * 16)
    lines = [line for sentence in sentences for line in textwrap.wrap(sentence, width)]
    figure.supxlabel("\n".join(lines), fontsize=8, ha="left", x=0.01)


def save(figure: Figure, paths: Sequence[str | Path]) -> None:
    """Write a figure in each path's format (PNG, SVG) and close it."""
    for path in paths:
        with atomic(path) as temporary:
            metadata = {"Date": None} if Path(path).suffix == ".svg" else {"Software": None}
            figure.savefig(temporary, metadata=metadata)
    plt.close(figure)
