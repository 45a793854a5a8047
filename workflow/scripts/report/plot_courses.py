"""Figure: time courses of genes with their forecasts."""

import pandas as pd

from foldcast.files import read_table
from foldcast.job import log, run
from foldcast.report.figure_style import save
from foldcast.report.time_course_figure import best_middle_worst, time_courses

COMPARATOR = "smoothing_per_gene"


def main(snakemake) -> None:
    scores = read_table(snakemake.input.scores, dtype={"gene": str})
    ours = scores[scores["graph"] == snakemake.wildcards.graph].set_index("gene")["skill"]
    forecasts = pd.concat(
        [read_table(path, dtype={"gene": str}) for path in snakemake.input.forecasts]
    )
    keys = ["gene", "origin_time", "target_time"]
    baselines = read_table(snakemake.input.baselines, dtype={"gene": str})
    figure = time_courses(
        genes_to_show(snakemake.params.genes, ours),
        read_table(snakemake.input.samples, dtype={"sample": str}),
        read_table(snakemake.input.panel, dtype={"gene": str}).set_index("gene"),
        forecasts.groupby(keys, as_index=False)["predicted"].mean(),
        baselines[baselines["model"] == COMPARATOR],
        ours,
        snakemake.params.time_unit,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


def genes_to_show(asked: list[str], skill: pd.Series) -> list[str]:
    """The genes that the config asks for, or the best, middle and worst.

    Genes of another dataset may be asked for too; `preflight` refuses those that no dataset has.
    """
    here = [gene for gene in asked if gene in skill.index]
    if len(here) < len(asked):
        log.info("not in this panel: %s", ", ".join(gene for gene in asked if gene not in here))
    return here or best_middle_worst(skill)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
