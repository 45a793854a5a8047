"""How every figure looks: a palette that colour-blind readers can tell apart, one size of type."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
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


def save(figure: Figure, paths: Sequence[str | Path]) -> None:
    """Write a figure in each path's format (PNG, SVG) and close it."""
    for path in paths:
        with atomic(path) as temporary:
            metadata = {"Date": None} if Path(path).suffix == ".svg" else {"Software": None}
            figure.savefig(temporary, metadata=metadata)
    plt.close(figure)
