"""Find the locus of every gene of a panel and report how, or why there is none."""

from foldcast.expression.cells import close_names
from foldcast.expression.names import resolve_panel
from foldcast.expression.sheets import read_overrides
from foldcast.files import read_table, write_table
from foldcast.job import log, run

TEXT = dict.fromkeys(("gene", "symbol", "chrom", "aliases"), str)


def main(snakemake) -> None:
    genes = read_table(snakemake.input.panel, usecols=["gene"], dtype=str)["gene"]
    annotation = read_table(snakemake.input.annotation, dtype=TEXT)
    sheet = snakemake.input.get("overrides")
    overrides = read_overrides(sheet) if sheet else None
    if overrides is not None:
        for gene in overrides["gene"][~overrides["gene"].isin(genes)]:
            log.warning("%s: no gene %s in the table; %s", sheet, gene, close_names(gene, genes))
    loci, report = resolve_panel(genes, annotation, overrides, sheet)

    write_table(loci, snakemake.output.loci)
    write_table(report, snakemake.output.report)
    log.info("placed %d of %d genes", loci["chrom"].notna().sum(), len(loci))
    for row in report[report["symbol"].isna()].itertuples():
        log.info("unplaced: %s (%s): %s", row.gene, row.how, row.explanation)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
