"""Figure: what changes from one map of a graph to the next."""

import cooler
import pandas as pd

from foldcast.files import read_table
from foldcast.job import log, run
from foldcast.report.figure_style import save
from foldcast.report.map_changes_figure import boundaries_of_any, map_changes, told_by_all

NAMES = {"chrom": str, "arm": str}


def main(snakemake) -> None:
    times, files = snakemake.params.map_times, snakemake.input
    # A map without a time holds before the first that has one.
    order = sorted(range(len(times)), key=lambda k: (times[k] is not None, times[k] or 0))
    compartments, choices, insulation, boundaries = (
        [read_table(files[name][k], dtype=NAMES) for k in order]
        for name in ("compartments", "choices", "insulation", "boundaries")
    )
    scores, left_out = told_by_all(compartments, choices)
    if left_out:
        log.info("arms whose compartments are not told alike: %s", ", ".join(left_out))
    size = int(cooler.Cooler(files.map[0]).binsize)
    window = snakemake.params.window * size
    column = f"log2_insulation_score_{window}"
    figure = map_changes(
        [named(snakemake.params.names[k], times[k]) for k in order],
        scores,
        pd.concat([table.set_index(["chrom", "start"])[column] for table in insulation], axis=1),
        boundaries_of_any(boundaries),
        window=window,
        size=size,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def named(name: str, time: float | None) -> str:
    return name if time is None else f"{name} ({time:g})"


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
