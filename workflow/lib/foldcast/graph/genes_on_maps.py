"""Whether genes lie on the chromosomes that a contact map has."""

from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few


def check_in_map(placed: pd.DataFrame, lengths: pd.Series, source: str | Path) -> None:
    """Names and lengths of chromosomes tell whether map and genes are in one assembly.

    Args:
        placed: chrom, tss of the genes that have a locus.
        lengths: of the map's chromosomes (bp), as the genome names them.
        source: the map, for messages.

    Raises:
        InputError: the map has none of the genes' chromosomes, or a TSS lies past the end of one.
    """
    known = placed["chrom"].isin(lengths.index)
    if len(placed) and not known.any():
        raise InputError(
            source,
            place="chromosomes",
            found=first_few(lengths.index),
            expected=f"those of the genes ({first_few(placed['chrom'].unique())})",
            remedy="use a map and an annotation of the same assembly and naming",
        )
    past = placed[known & (placed["tss"] >= placed["chrom"].map(lengths))]
    if len(past):
        gene = past.iloc[0]
        raise InputError(
            source,
            place=f"chromosome {gene['chrom']}",
            found=f"{lengths[gene['chrom']]} bp, but the TSS of {gene['gene']} is at "
            f"{gene['tss']} ({len(past)} genes lie past an end)",
            expected="chromosomes that hold every gene",
            remedy="use a map and an annotation of the same assembly",
        )
