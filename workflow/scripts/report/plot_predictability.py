"""Figure: skill of genes against level, variance and degree."""

import pandas as pd

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.graph_edges import degrees, edges_at_the_end
from foldcast.report.predictability_figure import predictability


def main(snakemake) -> None:
    graph = snakemake.wildcards.graph
    scores = read_table(snakemake.input.scores, dtype={"gene": str})
    ours = scores[scores["graph"] == graph].set_index("gene")
    time_course = read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene")
    edges = edges_at_the_end(read_graphs(snakemake.input.graph))
    genes = pd.DataFrame(
        {
            "skill": ours["skill"],
            "level": time_course.mean(axis=1),
            "variance": time_course.var(axis=1),
            "degree": degrees(edges, time_course.index.tolist()),
        }
    ).loc[ours.index]
    save(
        predictability(genes, f"{ours['model'].iloc[0]} on {graph}"),
        [snakemake.output.png, snakemake.output.svg],
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
