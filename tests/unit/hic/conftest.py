"""A map with planted compartments and TADs, which several tests of this room look at."""

from types import SimpleNamespace

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.hic.balancing import Balance
from foldcast.hic.map_import import import_map

BIN, N = 50_000, 120
EDGES = [0, 15, 33, 48, 70, 84, 103, 120]  # of TADs, in bins
COMPARTMENT = np.repeat([1, -1, 1, -1, 1, -1, 1], np.diff(EDGES))


@pytest.fixture(scope="session")
def planted(tmp_path_factory):
    """Two chromosomes: decay × TADs (×2.5 inside) × checkerboard (×1.5, ÷1.5); chr3 is tiny.

    The second chromosome has its compartments the other way round and a run of empty bins.
    """
    folder = tmp_path_factory.mktemp("planted")
    rng = np.random.default_rng(3)
    sizes = pd.Series({"chr1": N * BIN, "chr2": N * BIN, "chr3": 4 * BIN})
    frames = []
    i, j = np.triu_indices(N)
    domain = np.searchsorted(EDGES, np.arange(N), side="right")
    for chrom, sign in ((0, 1), (1, -1)):
        same = COMPARTMENT[i] == COMPARTMENT[j]
        mean = 2_000 / (1 + j - i) * np.where(domain[i] == domain[j], 2.5, 1)
        mean *= np.where(same, 1.5, 1 / 1.5)
        if sign < 0:
            gap = np.isin(i, range(88, 100)) | np.isin(j, range(88, 100))
            mean[gap] = 0
        frames.append(
            pd.DataFrame(
                {"bin1_id": i + chrom * N, "bin2_id": j + chrom * N, "count": rng.poisson(mean)}
            )
        )
    tiny = [(2 * N + a, 2 * N + b, 500) for a in range(4) for b in range(a, 4)]
    frames.append(pd.DataFrame(tiny, columns=frames[0].columns))
    pixels = pd.concat(frames)
    cooler.create_cooler(
        str(folder / "in.cool"),
        cooler.binnify(sizes, BIN),
        pixels[pixels["count"] > 0],
        ordered=True,
    )
    import_map(folder / "in.cool", BIN, sizes, folder / "map.cool", Balance(min_nnz=3))
    return cooler.Cooler(str(folder / "map.cool"))


@pytest.fixture(scope="session")
def truth(planted):
    """What was planted: bin size, bins per chromosome, TAD edges, compartments, a phasing track."""
    track = planted.bins()[["chrom", "start", "end"]][:].assign(track=0.0)
    noise = np.random.default_rng(0).normal(0, 0.3, N)
    track.loc[: N - 1, "track"] = COMPARTMENT + noise
    track.loc[N : 2 * N - 1, "track"] = -COMPARTMENT + noise
    track["chrom"] = track["chrom"].astype(str)
    return SimpleNamespace(bin=BIN, n=N, edges=EDGES, compartment=COMPARTMENT, track=track)
