"""Check an expression table against its sample sheet; write the panel in log2 and its course."""

from foldcast.expression.sheets import check_times, read_samples
from foldcast.expression.tables import read_expression, summarise, to_log2
from foldcast.files import write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    table = snakemake.input.table
    samples = read_samples(snakemake.input.samples)
    check_times(samples, snakemake.params.min_times, snakemake.input.samples)
    panel = to_log2(read_expression(table, samples), snakemake.params.values, table)
    course, variance = summarise(panel, samples)

    write_table(samples.drop(columns="column"), snakemake.output.samples)
    write_table(panel, snakemake.output.panel, index=True)
    # Times as text: the number format of values would write 28.0 as 28 in the header.
    write_table(course.rename(columns=str), snakemake.output.course, index=True)
    write_table(variance.rename(columns=str), snakemake.output.variance, index=True)
    genes, columns = panel.shape
    alone = int((samples["time"].value_counts() == 1).sum())
    log.info("%d genes, %d samples at %d times", genes, columns, course.shape[1])
    if alone:
        log.info("%d times have one replicate only: no variance there", alone)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
