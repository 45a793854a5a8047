"""What can be known of a promoter without a network: CpG, GC, the gene's kind and length."""

import numpy as np
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.spex.features.dna_codes import LETTERS, UNKNOWN, Genome

FLANK = 500  # bp on either side of the TSS
KIND = "biotype"


def main(snakemake) -> None:
    genes = read_table(snakemake.input.genes, dtype={"gene": str, "chrom": str, "biotype": str})
    with Genome(snakemake.input.fasta, snakemake.input.index) as genome:
        table = promoter_features(genes, genome)
    if like := snakemake.input.get("like"):
        table = with_columns_of(table, read_table(like, nrows=0).columns, genes["biotype"])
    write_table(table, snakemake.output.promoter)
    for column in ("gc", "log10_length"):
        if unknown := int(table[column].isna().sum()):
            log.info("%s is not known of %d of %d genes", column, unknown, len(table))


def promoter_features(genes: pd.DataFrame, genome: Genome, flank: int = FLANK) -> pd.DataFrame:
    """One row per gene, in their order.

    Args:
        genes: gene, chrom, tss (0-based), biotype, length (bp, may be missing).

    Returns:
        gene; gc and cpg_oe of [tss - flank, tss + flank] (`gc_cpg`); log10_length (missing where
        the length is not known); biotype_<kind>, 1 or 0.
    """
    windows = [
        genome.fetch(chrom, tss - flank, tss + flank + 1)
        for chrom, tss in zip(genes["chrom"], genes["tss"], strict=True)
    ]
    content = np.array([gc_cpg(codes) for codes in windows])
    length = pd.to_numeric(genes["length"]).astype(float)
    kinds = pd.get_dummies(genes["biotype"].fillna("").astype(str), prefix=KIND, dtype=int)
    table = pd.DataFrame(
        {
            "gene": genes["gene"],
            "gc": content[:, 0],
            "cpg_oe": content[:, 1],
            "log10_length": np.log10(length.where(length > 0)),
        }
    )
    return pd.concat([table, kinds], axis=1)


def with_columns_of(table: pd.DataFrame, columns: pd.Index, biotype: pd.Series) -> pd.DataFrame:
    """The features that models were fitted to: of a kind that they do not know all kinds are 0.

    Args:
        table: of `promoter_features`; columns: those of the models.
        biotype: of each gene; where it is not known, kinds are missing.
    """
    kinds = columns[columns.str.startswith(KIND)]
    table = table.reindex(columns=columns)
    table[kinds] = table[kinds].fillna(0).where(biotype.notna(), axis=0)
    return table


def gc_cpg(codes: np.ndarray) -> tuple[float, float]:
    """GC content, and observed over expected CpG = #CG · n / (#C · #G), of known letters.

    Gardiner-Garden and Frommer, J Mol Biol 196, 1987. Both are the same on the other strand.
    Without known letters NaN; without C or without G no CpG is expected, and the ratio is 0.
    """
    known = int((codes != UNKNOWN).sum())
    if not known:
        return np.nan, np.nan
    is_c, is_g = (codes == LETTERS.index(letter) for letter in "CG")
    c, g = int(is_c.sum()), int(is_g.sum())
    pairs = int((is_c[:-1] & is_g[1:]).sum())
    return (c + g) / known, pairs * known / (c * g) if c and g else 0.0


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
