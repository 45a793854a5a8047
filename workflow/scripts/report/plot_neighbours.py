"""Figure: the neighbours of genes, with distance and compartment."""

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.genes_shown import asked_genes, best_middle_worst, gene_skill
from foldcast.report.graph_edges import compartments_of_genes, edges_at_the_end
from foldcast.report.neighbours_figure import neighbours, with_neighbours


def main(snakemake) -> None:
    skill = gene_skill(snakemake.input.scores, *snakemake.params.forecast)
    edges = edges_at_the_end(read_graphs(snakemake.input.graph))
    figure = neighbours(
        asked_genes(snakemake.params.genes, skill.index)
        or best_middle_worst(with_neighbours(skill, edges), each=1),
        edges,
        read_table(snakemake.input.loci, dtype={"gene": str}),
        compartments_of_genes(snakemake.input.interactions),
        skill,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
