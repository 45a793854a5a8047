"""Bins with contacts enough: counted at the map's bins and at larger ones."""

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.hic.map_depth import deep_bin_size, depth

CHROMOSOMES = {"chr1": 5, "chr2": 3}  # bins
PIXELS = [(0, 0, 600), (0, 1, 500), (1, 4, 400), (1, 6, 100), (3, 4, 300), (5, 5, 2000)]


def write_map(path, counts) -> cooler.Cooler:
    bins = pd.concat(
        pd.DataFrame({"chrom": chrom, "start": 10 * np.arange(n), "end": 10 * np.arange(1, n + 1)})
        for chrom, n in CHROMOSOMES.items()
    )
    pixels = pd.DataFrame(counts, columns=["bin1_id", "bin2_id", "count"])
    cooler.create_cooler(str(path), bins, pixels, dtypes={"count": pixels["count"].dtype})
    return cooler.Cooler(str(path))


def test_a_contact_within_a_bin_counts_once_and_bins_end_with_their_chromosome(tmp_path):
    table = depth(write_map(tmp_path / "a.cool", PIXELS)).set_index("bin_size")
    # Of 10: 1100, 1000, -, 300, 700 | 2000, 100, -; of 20: 1600, 300, 700 | 2100, -.
    assert table.loc[10, ["bins", "deep_bins"]].tolist() == [6, 3]
    assert table.loc[20, ["bins", "deep_bins"]].tolist() == [4, 2]
    assert table.loc[50, ["bins", "deep_bins"]].tolist() == [2, 2]
    assert table.loc[1000, "share"] == 1 and table.loc[10, "share"] == 0.5
    assert deep_bin_size(table.reset_index()) == 50


@pytest.mark.parametrize("counts", [[(0, 1, 0.5)], [(0, 0, 3)]])
def test_what_is_no_counts_has_no_depth_and_few_counts_none_enough(tmp_path, counts):
    table = depth(write_map(tmp_path / "a.cool", counts))
    assert table.empty == (counts[0][2] < 1)
    assert deep_bin_size(table) is None and (table["share"] == 0).all()
