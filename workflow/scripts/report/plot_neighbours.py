"""Figure: the neighbours of genes, with distance and compartment."""

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.graph_edges import compartments_of_genes, edges_at_the_end
from foldcast.report.neighbours_figure import neighbours, with_neighbours
from foldcast.report.time_course_figure import best_middle_worst


def main(snakemake) -> None:
    scores = read_table(snakemake.input.scores, dtype={"gene": str})
    skill = scores[scores["graph"] == snakemake.wildcards.graph].set_index("gene")["skill"]
    edges = edges_at_the_end(read_graphs(snakemake.input.graph))
    # Genes of another dataset may be asked for too.
    asked = [gene for gene in snakemake.params.genes if gene in skill.index]
    figure = neighbours(
        asked or best_middle_worst(with_neighbours(skill, edges), each=1),
        edges,
        read_table(snakemake.input.loci, dtype={"gene": str}),
        compartments_of_genes(snakemake.input.interactions),
        skill,
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
