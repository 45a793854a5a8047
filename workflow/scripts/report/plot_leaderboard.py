"""Figure: every forecaster on every time course, the best mean on top."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from foldcast.evaluation.forecast_verdict import GIVEN, UNVERIFIED
from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import BLUE, DARK, GREEN, GREY, LIGHT, RED, save, write_below
from foldcast.report.page.wording import named

KINDS = {
    "model": ("o", BLUE, "network, and the base forecast with one"),
    GIVEN: ("^", GREEN, "given function, and the base forecast with it"),
    UNVERIFIED: ("x", RED, "given table, and the base forecast with it: causality unverified"),
    "baseline": ("s", GREY, "baseline"),
}
LOWEST = -0.6  # skill at which the axis is cut


def main(snakemake) -> None:
    table = read_table(snakemake.input.leaderboard)
    save(drawn(table, snakemake.params.names), [snakemake.output.png, snakemake.output.svg])


def drawn(table: pd.DataFrame, names: list[str]) -> Figure:
    """The mean, then a panel for each time course with 95 % intervals.

    Args:
        table: of rule `leaderboard`.
        names: of the time courses.
    """
    # A mean over fewer time courses is not alike.
    whole = table["courses"] == len(names)
    table = table.assign(mean_skill=table["mean_skill"].where(whole))
    panels = [("mean_skill", "mean"), *((name, name) for name in names)]
    figure, grid = plt.subplots(
        1,
        len(panels),
        figsize=(2.8 + 1.7 * len(panels), 1.6 + 0.22 * len(table)),
        sharey=True,
        squeeze=False,
    )
    rows = -table.index.to_numpy()
    for axes, (column, title) in zip(grid[0], panels, strict=True):
        for kind, (marker, colour, label) in KINDS.items():
            some = (table["kind"] == kind).to_numpy()
            if not some.any():
                continue
            values = table.loc[some, column]
            if f"{column}_low" in table:
                ends = (
                    table.loc[some, f"{column}_{end}"].clip(2 * LOWEST, 1)
                    for end in ("low", "high")
                )
                axes.hlines(rows[some], *ends, color=colour, lw=1)
            axes.plot(values.clip(LOWEST), rows[some], marker, color=colour, ms=4, label=label)
        axes.axvline(0, color=DARK, lw=0.8)
        low, high = table[column].min(), table[column].max()
        axes.set_xlim(max(low - 0.1, LOWEST - 0.02), min(high + 0.15, 1.06))
        for row, value in zip(rows, table[column], strict=True):
            if value < LOWEST:  # hopeless: it would squeeze the rest
                axes.text(LOWEST, row, f" ◂ {value:.2f}", va="bottom", fontsize=6, color=GREY)
        axes.set_title(title, fontsize=8)
        axes.tick_params(labelsize=7)
        axes.grid(axis="x", color=LIGHT, lw=0.6)
    grid[0, 0].set_yticks(rows, [_in_words(row) for row in table.itertuples()])
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside upper left", fontsize=7)
    write_below(
        figure,
        [
            "Skill over persistence, one step ahead; 95 % intervals where there are origins enough "
            f"for a test. The mean is over {len(names)} time courses. A number in front is the "
            "rank, of those that saw the past alone and were scored on all time courses.",
        ],
    )
    return figure


def _in_words(row) -> str:
    rank = "" if pd.isna(row.rank) else f"{int(row.rank)}  "
    unsure = f" ({UNVERIFIED})" if row.kind == UNVERIFIED else ""
    return f"{rank}{named(row.model, row.graph)}{unsure}"


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
