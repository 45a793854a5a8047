"""Variants on the genome: its names of chromosomes, its bases, and which allele is its own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import first_few, together
from foldcast.resources.chromosomes import harmonise
from foldcast.spex.features.dna_codes import Genome, encode
from foldcast.variants.refused_rows import refuse_rows, short
from foldcast.variants.variant_rows import Variants, check_some

MOST_WRONG = 0.1  # share of rows with other bases than the genome's that is left out in silence


def place_variants(
    variants: Variants, sizes: pd.Series, genome: Genome, path: str | Path, *, strict: bool = False
) -> Variants:
    """The variants in the genome's chromosome names, each with the genome's bases at its place.

    A study's effect allele may be the genome's own: then ref and alt change places, and ``sign``
    is -1, so that an effect times sign is that of the effect allele against the other.

    Args:
        variants: what `variant_rows.read_variants` gives.
        sizes: length (bp) of the genome's chromosomes by name.
        strict: refuse what else would be left out.

    Raises:
        InputError: more than a tenth of the rows have bases that the genome has not, which means
            another assembly; nothing is left; where strict, all at once: chromosomes that the
            genome does not have, positions past a chromosome's end, REF that is not the genome's.
    """
    table = variants.table
    placed = table.assign(chrom=harmonise(table["chrom"], sizes.index))
    unknown = placed["chrom"].isna()
    longest = placed["ref"].str.len()
    if not variants.oriented:
        longest = np.minimum(longest, placed["alt"].str.len())
    off = (placed["position"] + longest > placed["chrom"].map(sizes)) & ~unknown
    there, mismatch = _oriented(placed[~unknown & ~off], genome, variants.oriented)
    wrong = mismatch if strict or len(mismatch) > MOST_WRONG * len(there) else mismatch[:0]
    with together() as attempt:
        if strict:
            attempt(
                refuse_rows,
                *(path, table[unknown], lambda row: f"chromosome {row['chrom']}"),
                f"one of the genome's: {first_few(sizes.index, 5)}",
                "give a VCF of this genome, or leave the rows of other chromosomes out",
            )
            attempt(
                refuse_rows,
                *(path, placed[off], _where),
                "a position on the chromosome, of "
                + ", ".join(
                    f"{one} {sizes[one]:,} bp" for one in placed.loc[off, "chrom"].unique()[:3]
                ),
                "the VCF is of another assembly, or the row is damaged",
            )
        attempt(
            refuse_rows,
            *(path, wrong, _found),
            "the genome's own bases in REF (N: not known)",
            "give a VCF of the genome's assembly, or mend it: bcftools norm --check-ref",
        )
    kept = replace(variants, table=table)
    kept.leave_out(unknown, "on a chromosome that the genome lacks")
    kept.table = placed[~unknown]
    kept.leave_out(off[~unknown], "past the end of its chromosome")
    kept.table = there
    kept.leave_out(there.index.isin(mismatch.index), "whose bases are not the genome's")
    check_some(kept, path)
    return kept


def name_of(variants: pd.DataFrame) -> pd.Series:
    """Each variant as ``chrom:position old>new``, 1-based as in the file.

    The new allele is the alternative, or a study's effect allele where that is the genome's.
    """
    position = (variants["position"] + 1).astype(str)
    turned = variants["sign"].lt(0)
    old = variants["ref"].where(~turned, variants["alt"])
    new = variants["alt"].where(~turned, variants["ref"])
    return variants["chrom"] + ":" + position + " " + old + ">" + new


def _oriented(
    there: pd.DataFrame, genome: Genome, oriented: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with the genome's allele in ref, and those that have none, with the bases found."""
    bases = [genome.fetch(r.chrom, r.position, r.position + len(r.ref)) for r in there.itertuples()]
    there = there.assign(found=[_letters(codes) for codes in bases])
    same = [np.array_equal(a, encode(b)) for a, b in zip(bases, there["ref"], strict=True)]
    fits = np.array(same, dtype=bool)
    if not oriented:
        others = [
            genome.fetch(r.chrom, r.position, r.position + len(r.alt)) for r in there.itertuples()
        ]
        turned = ~fits & np.array(
            [np.array_equal(a, encode(b)) for a, b in zip(others, there["alt"], strict=True)],
            dtype=bool,
        )
        ref, alt = there["ref"].where(~turned, there["alt"]), there["alt"]
        alt = alt.where(~turned, there["ref"])
        there = there.assign(ref=ref, alt=alt, sign=np.where(turned, -1, 1))
        fits |= turned
    return there.drop(columns="found"), there[~fits]


def _where(row: pd.Series) -> str:
    return f"{row['chrom']}:{row['position'] + 1:,} {short(row['ref'])}"


def _found(row: pd.Series) -> str:
    return (
        f"REF {short(row['ref'])} at {row['chrom']}:{row['position'] + 1:,}, "
        f"where the genome has {short(row['found'])}"
    )


def _letters(codes: np.ndarray) -> str:
    return "".join("AGCTN"[code] for code in codes)
