"""Genes of a run with their TSS, and their labels per tissue, joined by id."""

from foldcast.files import write_table
from foldcast.job import log, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.models.gene_table import read_genes
from foldcast.spex.models.run_genes import (
    Steps,
    add_lengths,
    check_matched,
    join,
    matches,
    select,
)
from foldcast.spex.models.tissue_expression import check_differ, read_expression

FEW = 0.5  # share of the genes that an expression table should hold


def main(snakemake) -> None:
    paths, params, output = snakemake.input, snakemake.params, snakemake.output
    steps, table = Steps(), params.table
    every = read_genes(paths.genes)
    sizes = read_sizes(paths.sizes)
    chosen = select(every, sizes, params.chromosomes, params.gene_type, paths.genes, steps)
    expression = read_expression(paths.expression, **table, tissues=params.tissues)
    pairs = matches(every, expression.index, table["id"], paths.get("ids"))
    for warning in check_matched(every, pairs, expression.index, table["id"], paths.expression):
        log.warning("%s: %s", paths.expression, warning)
    genes, labels = join(chosen, pairs, expression, paths.expression, steps)
    check_differ(labels, paths.expression)
    lengths = read_genes(paths.annotation) if paths.get("annotation") else every
    write_table(add_lengths(genes, lengths), output.genes)
    write_table(labels, output.expression, index=True)
    write_table(steps.table(), output.join)
    for step, left, lost, explanation in steps.rows:
        log.info("%s: %d left, %d lost: %s", step, left, lost, explanation)
    if len(genes) < FEW * len(chosen):
        log.warning(
            "only %d of %d genes have a row of their own in %s: are its ids those of the genes?",
            *(len(genes), len(chosen), paths.expression),
        )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
