"""Find the locus of every gene of a panel and report how, or why there is none."""

from foldcast.errors import InputError
from foldcast.expression.sample_sheets import read_overrides
from foldcast.files import read_table, write_table
from foldcast.genes.duplicate_genes import mark_merged
from foldcast.genes.mirna_hairpins import Hairpins, main_species
from foldcast.genes.mygene_answers import MyGene, read_answers
from foldcast.genes.name_resolution import resolve_panel
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
    resolve, duplicates = None, snakemake.params.duplicates
    if snakemake.params.nodes == "mirna":
        resolve = Hairpins(annotation, snakemake.params.copies, main_species(genes)).resolve
        duplicates = "keep"  # the two strands of a hairpin share its gene and are two miRNAs
    loci, report = resolve_panel(
        genes, annotation, overrides, sheet, resolve=resolve, mygene=mygene
    )
    loci, report = mark_merged(loci, report, duplicates)
    if loci["chrom"].isna().all():
        raise InputError(
            snakemake.input.measured,
            place="column gene",
            found=f"none of {len(loci)} names is a gene of the annotation, such as {genes[0]}",
            expected="symbols, aliases or gene ids of the annotation",
            remedy="check `genome.annotation` (species, assembly), or give `genome.aliases` or"
            " `overrides`",
        )

    write_table(loci, snakemake.output.loci)
    write_table(report, snakemake.output.report)
    log.info("placed %d of %d genes", loci["chrom"].notna().sum(), len(loci))
    for row in report[report["symbol"].isna()].itertuples():
        log.info("unplaced: %s (%s): %s", row.gene, row.how, row.explanation)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
