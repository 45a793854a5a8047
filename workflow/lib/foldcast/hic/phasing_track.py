"""The track that tells compartment A from B: GC content, or genes where there is no sequence."""

from pathlib import Path
from typing import Any

import bioframe
import cooler
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.resources.chromosomes import spelling

FLANK = 100_000  # bp on both sides of a bin in which its TSS are counted


def gc_content(clr: cooler.Cooler, fasta: str | Path, index: str | Path) -> pd.DataFrame:
    """Share of G and C among the known bases of each bin; missing where none is known.

    Args:
        clr: the map.
        fasta: the sequence, not gzipped; index: its .fai, which is read and never made here.

    Returns:
        chrom, start, end, track: one row per bin of the map.

    Raises:
        InputError: a chromosome of the map is not in the sequence, or is of another length there.
    """
    records = load_sequence(fasta, index, clr.chromsizes)
    return bioframe.frac_gc(_bins(clr), records).rename(columns={"GC": "track"})


def load_sequence(fasta: str | Path, index: str | Path, lengths: pd.Series) -> dict[str, Any]:
    """The sequence of the chromosomes in ``lengths``, by their names there.

    The file may name them with or without ``chr``, as annotations and maps may.

    Raises:
        InputError: a chromosome is not in the sequence, or is of another length (bp) there.
    """
    records = bioframe.load_fasta(str(fasta), engine="pyfaidx", indexname=str(index), rebuild=False)
    found = {}
    for chrom, length in lengths.items():
        name = spelling(str(chrom), records)
        if name is None:
            there = f"no such sequence, but {first_few(records, 5)}"
        elif len(records[name]) != length:
            there = f"{len(records[name]):,} bp"
        else:
            found[str(chrom)] = records[name]
            continue
        raise InputError(
            fasta,
            place=str(chrom),
            found=there,
            expected=f"{length:,} bp",
            remedy="give the sequence of the assembly that the maps are in",
        )
    return found


def gene_density(clr: cooler.Cooler, genes: pd.DataFrame) -> pd.DataFrame:
    """Number of transcription start sites (TSS) within 100 kb of each bin.

    Wider than the bin, since most bins of 10 to 50 kb hold no TSS and compartments are broader:
    on six real maps (10 kb to 1 Mb) it follows E1 better than the TSS of the bin alone.

    Args:
        clr: the map.
        genes: chrom, tss (0-based), as in genome/annotation.tsv.

    Returns:
        chrom, start, end, track: one row per bin of the map.
    """
    sites = pd.DataFrame({"chrom": genes["chrom"], "start": genes["tss"], "end": genes["tss"] + 1})
    bins = _bins(clr)
    counted = bioframe.count_overlaps(
        bioframe.expand(bins, FLANK), sites.dropna().astype({"start": int, "end": int})
    )
    return bins.assign(track=counted["count"].to_numpy())


def _bins(clr: cooler.Cooler) -> pd.DataFrame:
    bins = clr.bins()[["chrom", "start", "end"]][:]
    return bins.assign(chrom=bins["chrom"].astype(str))
