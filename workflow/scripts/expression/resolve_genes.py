"""Find the locus of every gene of a panel and report how, or why there is none."""

from foldcast.expression.sample_sheets import read_overrides
from foldcast.files import read_table, write_table
from foldcast.genes.duplicate_genes import mark_merged
from foldcast.genes.gene_placing import place_genes
from foldcast.genes.mygene_answers import MyGene, read_answers
from foldcast.job import log, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.text_table import close_names

TEXT = dict.fromkeys(("gene", "symbol", "chrom", "aliases"), str)


def main(snakemake) -> None:
    genes = read_table(snakemake.input.measured, usecols=["gene"], dtype=str)["gene"]
    annotation = read_table(snakemake.input.annotation, dtype=TEXT)
    sheet, answers = snakemake.input.get("overrides"), snakemake.input.get("answers")
    overrides = read_overrides(sheet) if sheet else None
    if overrides is not None:
        for gene in overrides["gene"][~overrides["gene"].isin(genes)]:
            log.warning("%s: no gene %s in the table; %s", sheet, gene, close_names(gene, genes))
    mygene = None
    if answers:
        sizes = read_sizes(snakemake.input.sizes)
        mygene = MyGene(read_answers(answers), snakemake.params.assembly, sizes)
    nodes, duplicates = snakemake.params.nodes, snakemake.params.duplicates
    if nodes == "mirna":
        duplicates = "keep"  # the two strands of a hairpin share its gene and are two miRNAs
    loci, report, warnings = place_genes(
        list(genes),
        annotation,
        snakemake.params.source,
        nodes=nodes,
        copies=snakemake.params.copies,
        overrides=overrides,
        sheet=sheet or "overrides",
        mygene=mygene,
    )
    for warning in warnings:
        log.warning("%s: %s", snakemake.params.source, warning)
    loci, report = mark_merged(loci, report, duplicates)
    write_table(loci, snakemake.output.loci)
    write_table(report, snakemake.output.report)
    log.info("placed %d of %d genes", loci["chrom"].notna().sum(), len(loci))
    for row in report[report["symbol"].isna()].itertuples():
        log.info("unplaced: %s (%s): %s", row.gene, row.how, row.explanation)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
