"""Figure: paths of genes through the embedding."""

from foldcast.graph.graph_store import read_embedding
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.trajectories_figure import farthest, trajectories


def main(snakemake) -> None:
    x, names, times = read_embedding(snakemake.input.embedding)
    # Genes of another dataset may be asked for too.
    asked = [gene for gene in snakemake.params.genes if gene in names]
    figure = trajectories(asked or farthest(names, x), names, x, times, snakemake.params.time_unit)
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
