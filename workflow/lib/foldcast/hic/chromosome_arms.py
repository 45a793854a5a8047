"""Chromosome arms: within one, compartments are not drowned by the difference of the two."""

import bioframe
import cooler
import pandas as pd
from cooltools.lib.common import make_cooler_view


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
