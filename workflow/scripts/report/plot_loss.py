"""Figure: training and held-out loss of every block of origins."""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, RED, hide_unused, save


def main(snakemake) -> None:
    model, histories = snakemake.wildcards.model, {}
    for path in snakemake.input.histories:
        history = read_table(path)
        histories[Path(path).parent.name] = history[history["model"] == model]
    save(training_loss(histories), [snakemake.output.png, snakemake.output.svg])


def training_loss(histories: dict[str, pd.DataFrame]) -> Figure:
    """Training and held-out loss of each block of origins, one line per seed, best epoch marked.

    Args:
        histories: block → table of seed, epoch, train, held_out, best.
    """
    columns = min(3, len(histories))
    rows = -(-len(histories) // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(2.6 * columns + 0.6, 2.0 * rows + 0.6), squeeze=False, sharey=True
    )
    for axes, (block, history) in zip(grid.flat, histories.items(), strict=False):
        for _, fit in history.groupby("seed"):
            axes.plot(fit["epoch"], fit["train"], color=BLUE, lw=1, ls="--", label="training")
            axes.plot(fit["epoch"], fit["held_out"], color=RED, lw=1.4, label="held out")
            best = fit[fit["best"] == 1]
            axes.plot(best["epoch"], best["held_out"], "o", color=DARK, ms=4, label="used")
        first, last = (int(origin) for origin in block.split("-"))
        axes.set_title(f"origins {first}–{last}", fontsize=8)
    hide_unused(grid, len(histories))
    handles, labels = grid[0, 0].get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    figure.legend(
        unique.values(), unique.keys(), loc="outside upper center", ncols=len(unique), fontsize=8
    )
    figure.supxlabel("epoch", fontsize=9)
    figure.supylabel("loss", fontsize=9)
    return figure


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
