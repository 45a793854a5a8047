"""Chromosome arms: within one, compartments are not drowned by the difference of the two."""

from functools import partial
from pathlib import Path

import bioframe
import cooler
import pandas as pd
from cooltools.lib.common import make_cooler_view

from foldcast.errors import InputError, first_few
from foldcast.files import read_text
from foldcast.hic.contact_text import data_lines
from foldcast.resources.chromosomes import nuclear_name

COLUMNS = ["chrom", "start", "end"]
BAND_STAIN = 4  # column of UCSC's cytoBand.txt, from 0
CENTROMERE = "acen"
_no_centromeres = partial(
    InputError,
    expected="centromeres of the genome: BED (chrom, start, end), or UCSC's cytoBand.txt",
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
    """Middles (bp) of the centromeres of a BED file or of UCSC's cytoBand.txt, by chromosome.

    Args:
        path: the file, plain or gzipped.
        sizes: lengths (bp) of the genome's chromosomes, by name.

    Raises:
        InputError: not BED, past a chromosome's end, none on the genome's chromosomes.
    """
    lines = [(number, line.split()) for number, line in data_lines(read_text(path))]
    if any(CENTROMERE in fields[BAND_STAIN:] for _, fields in lines):
        lines = [(number, fields) for number, fields in lines if CENTROMERE in fields[BAND_STAIN:]]
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


def arms(clr: cooler.Cooler, middles: pd.Series) -> pd.DataFrame:
    """The arms of a map's chromosomes; a chromosome of unknown centromere is one region.

    Arms meet at the start of a bin, so that no bin is in two.

    Args:
        clr: the map.
        middles: of centromeres (bp), by chromosome.

    Returns:
        chrom, start, end, name: a view, as bioframe and cooltools call it.
    """
    inside = {
        chrom: int(middle) // clr.binsize * clr.binsize
        for chrom, middle in middles.items()
        if chrom in clr.chromnames and clr.binsize <= middle < clr.chromsizes[chrom]
    }
    if not inside:
        return make_cooler_view(clr)
    view = bioframe.make_chromarms(clr.chromsizes, inside)
    view["name"] = view["name"].where(view["chrom"].isin(list(inside)), view["chrom"])
    return view.set_index("chrom").loc[clr.chromnames].reset_index()


def _middles(bands: pd.DataFrame) -> pd.Series:
    ends = bands.groupby("chrom", sort=False).agg({"start": "min", "end": "max"})
    return ((ends["start"] + ends["end"]) // 2).astype("int64").rename("middle")
