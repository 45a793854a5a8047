"""Small random contact maps, imported."""

import cooler
import numpy as np
import pandas as pd

from foldcast.hic.balancing import Balance
from foldcast.hic.map_import import import_map

BIN, N = 5_000, 300


def made(folder, pixels, sizes, name="in"):
    """An imported map of these pixels (chrom, bin1, bin2, count)."""
    bins = cooler.binnify(sizes, BIN)
    first = bins.reset_index().groupby("chrom", observed=True)["index"].min()
    offset = pixels["chrom"].map(first).astype(int)
    table = pd.DataFrame(
        {"bin1_id": pixels["bin1"] + offset, "bin2_id": pixels["bin2"] + offset}
    ).assign(count=pixels["count"].to_numpy())
    path = folder / f"{name}.cool"
    cooler.create_cooler(str(path), bins, table.sort_values(["bin1_id", "bin2_id"]), ordered=True)
    target = folder / f"{name}.map.cool"
    import_map(path, BIN, sizes, target, Balance(min_nnz=3))
    return cooler.Cooler(str(target))


def random_pixels(seed, chrom="chr1", n=N, shift=0, scale=300.0):
    """Decaying random counts; ``shift`` empty bins in front."""
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n)
    count = rng.poisson(scale / (1 + j - i))
    use = count > 0
    pixels = {"bin1": i[use] + shift, "bin2": j[use] + shift, "count": count[use]}
    return pd.DataFrame(pixels).assign(chrom=chrom)
