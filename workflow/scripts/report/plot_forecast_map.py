"""Figure: time courses and forecasts of all genes, ordered by the time of their peak."""

import pandas as pd

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.forecast_map_figure import forecast_map


def main(snakemake) -> None:
    time_course = read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene")
    time_course.columns = time_course.columns.astype(float)
    made = pd.concat([read_table(path, dtype={"gene": str}) for path in snakemake.input.forecasts])
    scores = read_table(snakemake.input.scores, dtype={"gene": str})
    ours = scores[scores["graph"] == snakemake.wildcards.graph].set_index("gene")["skill"]
    figure = forecast_map(
        time_course,
        made.groupby(["gene", "target_time"])["predicted"].mean().unstack(),
        ours,
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
