"""How many bins of a contact map have contacts enough, at its bins and at larger ones."""

import cooler
import numpy as np
import pandas as pd

from foldcast.hic.raw_counts import holds_counts
from foldcast.pixels import read_pixels

ENOUGH = 1000  # contacts of a bin
DEEP = 0.8  # share of bins with so many from which on a map is deep at its bins
TIMES = (1, 2, 5, 10, 20, 50, 100)  # how many bins are taken together
COLUMNS = ["bin_size", "bins", "deep_bins", "share"]


def depth(clr: cooler.Cooler) -> pd.DataFrame:
    """Bins with `ENOUGH` contacts or more, cis and trans: how Rao et al. 2014 measure depth.

    A map's resolution is to them the bin size at which `DEEP` of the bins have so many. Bins
    without any contact are left out here: repeats, of which a short arm may consist.

    Args:
        clr: an imported map.

    Returns:
        `COLUMNS`: bin_size in bp, a row per multiple of the map's; bins: those with a contact;
        deep_bins: those with enough; share: of bins. No row where the map holds no counts.
    """
    if not holds_counts(clr):
        return pd.DataFrame(columns=COLUMNS)
    chrom = clr.bins()["chrom"][:].cat.codes.to_numpy()
    first = np.flatnonzero(np.diff(chrom, prepend=-1))
    within = np.arange(len(chrom)) - np.repeat(first, np.diff(first, append=len(chrom)))
    # Bins of a chromosome that are taken together have one number; numbers go on from end to end.
    numbers = [np.cumsum((within % times == 0).astype(int)) - 1 for times in TIMES]
    contacts = [np.zeros(number[-1] + 1) for number in numbers]
    for bin1, bin2, count in read_pixels(clr):
        for number, total in zip(numbers, contacts, strict=True):
            one, two = number[bin1], number[bin2]
            apart = one != two
            total += np.bincount(one, count, len(total))
            total += np.bincount(two[apart], count[apart], len(total))
    rows = [
        (times * clr.binsize, int((total > 0).sum()), int((total >= ENOUGH).sum()))
        for times, total in zip(TIMES, contacts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS[:3])
    return table.assign(share=table["deep_bins"] / table["bins"].clip(lower=1))


def deep_bin_size(table: pd.DataFrame) -> int | None:
    """The smallest bins (bp) at which a map is deep, of its `depth`; None where at none.

    Args:
        table: bin_size, share.
    """
    deep = table.loc[table["share"] >= DEEP, "bin_size"]
    return int(deep.iloc[0]) if len(deep) else None
