"""A user's table of interactions as an expression table, its sample sheet and its genes."""

import pandas as pd

from foldcast.errors import first_few
from foldcast.expression.sample_sheets import read_samples
from foldcast.files import write_table
from foldcast.graph.gene_agreement import read_interactions
from foldcast.graph.published_interactions import time_course_sheet
from foldcast.job import log, run
from foldcast.resources.chromosomes import harmonise, read_sizes


def main(snakemake):
    path = snakemake.input.table
    given = read_interactions(path, snakemake.params.conflicts)
    for finding in given.findings:
        log.warning("%s: %s", path, finding)
    sheet = snakemake.input.get("samples")
    samples = read_samples(sheet) if sheet else time_course_sheet(path)
    annotation = annotate(given.genes, read_sizes(snakemake.input.sizes))
    lost = annotation["chrom"].isna()
    if lost.any():
        names = first_few(given.genes["Chromosome"][lost.to_numpy()].unique())
        log.warning("%s: %d genes on chromosomes not in the genome (%s)", path, lost.sum(), names)
    write_table(given.profiles, snakemake.output.table, index=True)
    write_table(samples.drop(columns="column"), snakemake.output.samples)
    write_table(annotation[~lost], snakemake.output.annotation)
    log.info("%d genes at %d times", *given.profiles.shape)


def annotate(genes: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """The genes in the form of ``annotation.tsv``; the strand is not known, the TSS is the start.

    Positions are rounded: in the published mRNA table some are means.

    genes: Chromosome, Start, End by gene.
    """
    table = pd.DataFrame(
        {
            "gene": genes.index,
            "symbol": genes.index,
            "chrom": harmonise(genes["Chromosome"], sizes.index).to_numpy(),
            "start": genes["Start"].to_numpy(),
            "end": genes["End"].to_numpy(),
            "strand": "+",
            "tss": genes["Start"].to_numpy(),
            "biotype": "",
            "aliases": "",
        }
    )
    positions = ["start", "end", "tss"]
    table[positions] = table[positions].round()
    whole = dict.fromkeys(positions, "Int64")
    return table.assign(chrom=table["chrom"].where(table["start"].notna())).astype(whole)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
