"""Tracks as bigWig: what comes back, views from afar, and what is refused."""

import numpy as np
import pandas as pd
import pybigtools
import pytest

from foldcast.take_away.bigwig import write_bigwig

SIZES = pd.Series({"chr2": 30_005, "chr10": 2_000_000, "chr1": 500})


@pytest.fixture(scope="module")
def track() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    parts = []
    for chrom in ("chr2", "chr10"):
        start = np.arange(0, SIZES[chrom], 100)
        value = rng.normal(size=len(start))
        value[rng.random(len(start)) < 0.1] = np.nan
        end = np.minimum(start + 100, SIZES[chrom])
        parts.append(pd.DataFrame({"chrom": chrom, "start": start, "end": end, "value": value}))
    return pd.concat(parts, ignore_index=True)


def test_every_value_comes_back_and_bins_without_one_are_left_out(track, tmp_path):
    write_bigwig(tmp_path / "track.bw", track, SIZES)
    read = pybigtools.open(str(tmp_path / "track.bw"))
    assert read.chroms() == {name: SIZES[name] for name in ("chr10", "chr2")}
    for chrom in ("chr2", "chr10"):
        own = track[track["chrom"] == chrom].dropna()
        rows = list(read.records(chrom))
        np.testing.assert_array_equal([row[:2] for row in rows], own[["start", "end"]])
        np.testing.assert_allclose([row[2] for row in rows], own["value"], rtol=1e-6)
    known = track.dropna()
    assert read.info()["summary"]["basesCovered"] == (known["end"] - known["start"]).sum()
    assert read.zooms()  # without one IGV draws nothing


def test_the_same_track_is_the_same_file_in_any_order(track, tmp_path):
    write_bigwig(tmp_path / "one.bw", track, SIZES)
    write_bigwig(tmp_path / "two.bw", track.iloc[::-1], SIZES[::-1])
    assert (tmp_path / "one.bw").read_bytes() == (tmp_path / "two.bw").read_bytes()


def test_an_empty_track_is_a_file_that_opens(track, tmp_path):
    write_bigwig(tmp_path / "empty.bw", track.iloc[:0], SIZES)
    read = pybigtools.open(str(tmp_path / "empty.bw"))
    assert np.isnan([value for *_, value in read.records(next(iter(read.chroms())))]).all()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"end": 3_000_000}, "past the end"),
        ({"start": -5}, "past the end"),
        ({"chrom": "chrX"}, "on no chromosome"),
        ({"start": 1_999_850}, "over another"),
        ({"end": 1_999_900}, "empty"),
    ],
)
def test_what_no_browser_could_show_is_refused(track, tmp_path, change, what):
    spoilt = track.fillna(0)
    spoilt.loc[spoilt.index[-1], list(change)] = list(change.values())
    with pytest.raises(ValueError, match=what):
        write_bigwig(tmp_path / "track.bw", spoilt, SIZES)
    assert not list(tmp_path.iterdir())
