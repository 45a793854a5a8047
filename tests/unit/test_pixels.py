"""Pixels come in pieces that together are the map, of whatever size the pieces are."""

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.pixels import read_pixels

BIN, N = 1_000, 8


@pytest.fixture
def clr(tmp_path):
    """Two chromosomes, with contacts in both and between them."""
    sizes = pd.Series({"chr1": N * BIN, "chr2": N * BIN})
    bin1, bin2 = np.triu_indices(2 * N)
    pixels = pd.DataFrame({"bin1_id": bin1, "bin2_id": bin2, "count": bin1 + 2 * bin2})
    path = str(tmp_path / "map.cool")
    cooler.create_cooler(path, cooler.binnify(sizes, BIN), pixels[pixels["count"] % 3 > 0])
    return cooler.Cooler(path)


def joined(pieces):
    columns = [np.concatenate(column) for column in zip(*pieces, strict=True)]
    return pd.DataFrame(dict(zip(("bin1_id", "bin2_id", "count"), columns, strict=True)))


@pytest.mark.parametrize("at_once", [1, 7, 10_000])
def test_the_pieces_are_the_map(clr, at_once):
    whole = clr.pixels()[:]
    pieces = list(read_pixels(clr, at_once=at_once))
    assert [len(bin1) for bin1, _, _ in pieces[:-1]] == [at_once] * (len(pieces) - 1)
    pd.testing.assert_frame_equal(joined(pieces), whole)
    second = whole[whole["bin1_id"] >= N].reset_index(drop=True)
    pd.testing.assert_frame_equal(joined(read_pixels(clr, "chr2", at_once)), second)
    first = joined(read_pixels(clr, "chr1", at_once))
    assert len(first) + len(second) == len(whole) and first["bin2_id"].max() >= N


def test_who_stops_early_may_write(clr):
    for _ in (pieces := read_pixels(clr, at_once=5)):
        break
    with clr.open("r+") as group:
        group.attrs["noted"] = "yes"
    assert len(next(pieces)[0]) == 5
