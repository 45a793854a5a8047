"""Pairs of genes in contact as BEDPE: arcs between the bins of their TSSs."""

import pandas as pd

from foldcast.files import read_table
from foldcast.job import run
from foldcast.resources.chromosomes import read_sizes
from foldcast.take_away.genome_files import write_bed


def main(snakemake) -> None:
    text = {f"Gene{k}{part}": str for k in (1, 2) for part in ("", "_Chromosome")}
    pairs = pd.read_csv(
        snakemake.input.interactions, keep_default_na=False, na_values=[""], dtype=text
    )
    loci = read_table(snakemake.input.loci, dtype={"gene": str, "chrom": str})
    write_bed(
        snakemake.output.pairs,
        arcs(pairs, loci, read_sizes(snakemake.input.sizes), snakemake.params.resolution),
    )


def arcs(
    pairs: pd.DataFrame, loci: pd.DataFrame, sizes: pd.Series, resolution: int
) -> pd.DataFrame:
    """The ten columns of BEDPE; score: the contact, in the units of the graph.

    Args:
        pairs: of `foldcast.graph.interactions.interactions`.
        loci: gene, symbol, strand.
        sizes: chromosome → its length (bp), where bins end.
        resolution: of the bins (bp).
    """
    known = loci.drop_duplicates("gene").set_index("gene")
    symbol = known["symbol"].fillna(known.index.to_series())
    sides = {}
    for k in (1, 2):
        chrom, start = pairs[f"Gene{k}_Chromosome"], pairs[f"Gene{k}_Bin"].astype(int)
        length = chrom.map(sizes).fillna(start + resolution).astype(int)
        sides[f"chrom{k}"], sides[f"start{k}"] = chrom, start
        sides[f"end{k}"] = (start + resolution).clip(upper=length)
    genes = [pairs[f"Gene{k}"] for k in (1, 2)]
    first, second = (gene.map(symbol).fillna(gene) for gene in genes)
    strands = {f"strand{k}": genes[k - 1].map(known["strand"]).fillna(".") for k in (1, 2)}
    table = pd.DataFrame(sides | {"name": first + "-" + second, "score": pairs["HiC_Interaction"]})
    return table.assign(**strands)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
