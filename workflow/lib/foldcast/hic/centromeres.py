"""Centromeres of a genome: those that bioframe holds, or a file of the user's."""

from functools import partial
from pathlib import Path

import bioframe
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import read_text
from foldcast.hic.contact_text import data_lines
from foldcast.resources.chromosomes import nuclear_name

COLUMNS = ["chrom", "start", "end"]
NAMED = 3  # columns from which on a line may say what it is: cytoBand.txt, gap.txt, BED's name
CENTROMERE = "acen"  # cytoBand's word
MARKS = {CENTROMERE, "centromere"}
_no_centromeres = partial(
    InputError,
    expected="centromeres of the genome: BED (chrom, start, end), or UCSC's cytoBand.txt, "
    "centromeres.txt or gap.txt",
    remedy="give such a file of this assembly, or leave `genome.centromeres` out",
)


def known_centromeres(assembly: str, sizes: pd.Series) -> pd.Series:
    """Middles (bp) of the centromeres that bioframe holds for an assembly, by chromosome.

    Empty where it holds none, as for the mouse, whose chromosomes have one arm, and where the
    genome's chromosomes are of other lengths than the assembly's.
    """
    try:
        known = bioframe.assembly_info(assembly)
    except ValueError:
        return _middles(pd.DataFrame(columns=COLUMNS))
    shared = sizes.index.intersection(known.chromsizes.index)
    if known.cytobands is None or not (sizes[shared] == known.chromsizes[shared]).all():
        return _middles(pd.DataFrame(columns=COLUMNS))
    bands = known.cytobands[known.cytobands["stain"] == CENTROMERE]
    return _middles(bands[bands["chrom"].isin(sizes.index)])


def read_centromeres(path: str | Path, sizes: pd.Series) -> pd.Series:
    """Middles (bp) of the centromeres of a BED file or a table of UCSC's, by chromosome.

    Where lines say that they are centromeres (cytoBand.txt, gap.txt), the others are left out; the
    first column of centromeres.txt and gap.txt (``bin``) is skipped.

    Args:
        path: the file, plain or gzipped.
        sizes: lengths (bp) of the genome's chromosomes, by name.

    Raises:
        InputError: not BED, past a chromosome's end, none on the genome's chromosomes.
    """
    lines = [(number, line.split()) for number, line in data_lines(read_text(path))]
    if any(MARKS & {*fields[NAMED:]} for _, fields in lines):
        lines = [(number, fields) for number, fields in lines if MARKS & {*fields[NAMED:]}]
    lines = [(number, _without_bin(fields, sizes)) for number, fields in lines]
    found = []
    for number, fields in lines:
        if len(fields) < 3 or not (fields[1].isdigit() and fields[2].isdigit()):
            raise _no_centromeres(path, place=f"line {number}", found=" ".join(fields)[:60])
        chrom, start, end = nuclear_name(fields[0], sizes.index), int(fields[1]), int(fields[2])
        if chrom and not start < end <= sizes[chrom]:
            where = f"{chrom}:{start:,}–{end:,}"
            raise _no_centromeres(path, place=f"line {number}", found=where)
        if chrom:
            found.append((chrom, start, end))
    if not found:
        names = sorted({fields[0] for _, fields in lines})
        raise _no_centromeres(path, found=f"centromeres of {first_few(names) or 'nothing'}")
    return _middles(pd.DataFrame(found, columns=COLUMNS))


def _without_bin(fields: list[str], sizes: pd.Series) -> list[str]:
    """A line without UCSC's first column, a number that stands before the chromosome."""
    if len(fields) < 4 or not all(fields[k].isdigit() for k in (0, 2, 3)):
        return fields
    own, next_one = (nuclear_name(name, sizes.index) for name in fields[:2])
    return fields[1:] if next_one and not own else fields


def _middles(bands: pd.DataFrame) -> pd.Series:
    ends = bands.groupby("chrom", sort=False).agg({"start": "min", "end": "max"})
    return ((ends["start"] + ends["end"]) // 2).astype("int64").rename("middle")
