"""Which bin size a map is deep enough for, and of which assembly it is: to propose them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from foldcast.hic.cooler_checks import sound_pixels
from foldcast.hic.map_import import assembly_of
from foldcast.hic.raw_maps import raw_map, resolutions_of

# Rao et al. 2014 (10.1016/j.cell.2014.11.021) call that the resolution of a map at which most bins
# have this many contacts. Here the mean bin has them.
CONTACTS = 1000
FINEST, COARSEST = 10_000, 1_000_000  # bp: between these for whole genomes
COMPARTMENTS = 100_000  # bp: compartments are large, and matrices of finer bins dense


class Proposal(NamedTuple):
    """What to read a map at.

    there: bin sizes (bp) that the file holds; resolution, compartments: those to take; contacts:
    per bin at that resolution, on average, where it had to be chosen; lengths: of the file's
    chromosomes (bp); assembly: that has these lengths, if bioframe holds it.
    """

    there: list[int]
    resolution: int
    compartments: int
    contacts: float | None
    lengths: pd.Series
    assembly: str | None


def propose(path: str | Path, bins: str | Path | None = None, size: int | None = None) -> Proposal:
    """The finest bin size at which the mean bin has enough contacts, else the coarsest.

    Args:
        path: a cooler, a .hic file, or a HiC-Pro matrix.
        bins, size: the BED file of that matrix, and its bin size.

    Raises:
        InputError: as the readers of maps.
    """
    there = resolutions_of(path) if size is None else [size]
    with raw_map(path, there[-1], bins) as clr:
        lengths = clr.chromsizes
        if len(there) == 1:
            return Proposal(there, there[0], there[0], None, lengths, assembly_of(lengths))
        total, touched = 0.0, np.zeros(len(clr.bins()), bool)
        for first, second, count in sound_pixels(clr, path):
            total += float(count.sum())
            touched[first] = touched[second] = True
    covered = touched.sum() * there[-1]
    each = {size: 2 * total * size / max(covered, 1) for size in there}
    usable = [size for size in there if FINEST <= size <= COARSEST] or there
    resolution = next((size for size in usable if each[size] >= CONTACTS), usable[-1])
    wide = next((size for size in there if size >= max(COMPARTMENTS, resolution)), resolution)
    return Proposal(there, resolution, wide, each[resolution], lengths, assembly_of(lengths))
