"""Tracks as bigWig, read back by the file's own index.

pyBigWig 0.3 and pybigtools, installed apart, read the same file alike when this was written.
"""

import numpy as np
import pandas as pd
import pytest

from bigwig_reader import BigWig
from foldcast.take_away import bigwig
from foldcast.take_away.bigwig import write_bigwig

SIZES = {"chr2": 30_005, "chr10": 2_000_000, "chr1": 500}


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


@pytest.fixture(params=[bigwig.IN_NODE, 3], ids=["one node", "a tree of three floors"])
def written(request, track, tmp_path, monkeypatch) -> BigWig:
    monkeypatch.setattr(bigwig, "IN_NODE", request.param)
    write_bigwig(tmp_path / "track.bw", track, SIZES)
    return BigWig(tmp_path / "track.bw")


def test_every_value_comes_back_and_bins_without_one_are_left_out(written, track):
    assert written.chromosomes == dict(sorted(SIZES.items()))
    for chrom in ("chr2", "chr10"):
        own = track[track["chrom"] == chrom].dropna()
        rows = written.intervals(chrom, 0, SIZES[chrom])
        np.testing.assert_array_equal([row[:2] for row in rows], own[["start", "end"]])
        np.testing.assert_allclose([row[2] for row in rows], own["value"], rtol=1e-6)
    assert written.intervals("chr1", 0, 500) == []


def test_a_range_brings_what_touches_it_and_nothing_else(written, track):
    inside = track.query("chrom == 'chr10' and start < 1_234_600 and end > 1_234_050").dropna()
    rows = written.intervals("chr10", 1_234_050, 1_234_600)
    assert [row[0] for row in rows] == inside["start"].tolist()


def test_the_summary_and_views_from_afar_add_up(written, track):
    known = track.dropna()
    width = known["end"] - known["start"]
    assert written.covered == width.sum()
    assert written.sum == pytest.approx((width * known["value"]).sum(), rel=1e-4)
    assert written.zooms >= 2  # without one IGV draws nothing
    own = known[known["chrom"] == "chr10"]
    for level in range(written.zooms):
        rows = np.array(written.reduced(level, "chr10"))
        assert (rows[1:, 0] >= rows[:-1, 1]).all()
        assert rows[:, 2].sum() == 100 * len(own)
        assert rows[:, 5].sum() == pytest.approx(100 * own["value"].sum(), rel=1e-3)
        assert rows[:, 3].min() == pytest.approx(own["value"].min(), rel=1e-6)


def test_an_empty_track_is_a_file_that_opens(track, tmp_path):
    write_bigwig(tmp_path / "empty.bw", track.iloc[:0], SIZES)
    read = BigWig(tmp_path / "empty.bw")
    assert (read.covered, read.zooms) == (0, 0)
    assert read.intervals("chr10", 0, 1000) == []


@pytest.mark.parametrize(
    "change",
    [{"end": 3_000_000}, {"chrom": "chrX"}, {"start": 50}],
    ids=["past the end", "no such chromosome", "over another"],
)
def test_what_no_browser_could_show_is_refused(track, tmp_path, change):
    spoilt = track.iloc[-400:].fillna(0).reset_index(drop=True)
    spoilt.loc[spoilt.index[-1], list(change)] = list(change.values())
    if "start" in change:
        spoilt.loc[spoilt.index[-1], "start"] = spoilt["start"].iloc[-2] + 50
    with pytest.raises(ValueError):
        write_bigwig(tmp_path / "track.bw", spoilt, SIZES)
    assert not list(tmp_path.iterdir())
