"""Measured rows to the panel: rows of one gene merged if the config says so; its time course."""

from foldcast.expression.expression_tables import summarise
from foldcast.files import read_table, write_table
from foldcast.genes.duplicate_genes import merge_rows
from foldcast.job import log, run


def main(snakemake) -> None:
    measured = read_table(snakemake.input.measured, dtype={"gene": str}).set_index("gene")
    samples = read_table(snakemake.input.samples, dtype={"sample": str})
    panel = measured
    if snakemake.input.report:
        report = read_table(snakemake.input.report, dtype=str).set_index("gene")
        panel = merge_rows(measured, report["merged_into"])
    time_course, variance = summarise(panel, samples)

    write_table(panel, snakemake.output.panel, index=True)
    # Times as text: the number format of values would write 28.0 as 28 in the header.
    write_table(time_course.rename(columns=str), snakemake.output.time_course, index=True)
    write_table(variance.rename(columns=str), snakemake.output.variance, index=True)
    log.info("%d measured rows, %d genes in the panel", len(measured), len(panel))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
