"""One map as each writer of coolers writes it: read alike, or refused for the reason that is true.

The files in tests/data/coolers were made once, as `cooler_by_writer` says; HiCExplorer's layout is
written here by our own hands, after its documentation, since its writer needs a tree of packages.
"""

from pathlib import Path

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest

import cooler_by_writer
from foldcast.errors import InputError
from foldcast.hic.balancing import Balance
from foldcast.hic.map_import import import_map

FILES = sorted((Path(__file__).parents[2] / "data/coolers").glob("*.cool"))
BIN = cooler_by_writer.BIN
SIZES = pd.Series(cooler_by_writer.LENGTHS)


def imported(source: Path, folder: Path) -> tuple[cooler.Cooler, pd.DataFrame]:
    """The map as it is imported, and its pixels with the places of their bins."""
    target = folder / f"{source.stem}.imported.cool"
    import_map(source, BIN, SIZES, target, Balance(min_nnz=3))
    clr = cooler.Cooler(str(target))
    return clr, clr.pixels(join=True)[:]


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    """The pixels that every writer was given, on the nuclear chromosomes."""
    bins, pixels = cooler_by_writer.bins(), cooler_by_writer.pixels()
    table = cooler.annotate(pixels, bins, replace=True)
    nuclear = table["chrom1"].ne("chrM") & table["chrom2"].ne("chrM")
    return table[nuclear].reset_index(drop=True)


def test_the_writers_are_those_that_the_issue_names():
    assert [path.stem for path in FILES] == [
        "cooler-0.10.4",
        "cooler-0.11.0",
        "cooler-0.8.11",
        "cooler-0.9.1",
        "cooler-0.9.3",
        "hictkpy-1.4.0",
    ]
    assert all(path.stat().st_size <= 50_000 for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_map_is_read_alike_bin_by_bin(path, tmp_path, truth):
    clr, pixels = imported(path, tmp_path)
    assert clr.chromnames == ["chr1", "chr2"] and clr.binsize == BIN
    columns = ["chrom1", "start1", "end1", "chrom2", "start2", "end2", "count"]
    same = pixels[columns].astype({"chrom1": str, "chrom2": str})
    pd.testing.assert_frame_equal(same, truth[columns], check_dtype=False)
    weights = clr.bins()["weight"][:].to_numpy()
    if "cooler" in path.stem:  # its own are kept; hictkpy makes none
        own = cooler.Cooler(str(path)).bins()["weight"][: len(weights)].to_numpy()
        np.testing.assert_allclose(weights, own, rtol=1e-6)
    assert np.isfinite(weights).mean() > 0.8


def hicexplorer(path: Path, spoil=lambda bins, pixels: (bins, pixels)) -> None:
    """HiCExplorer's layout of a .cool: its attributes, counts as float, corrections in weights."""
    bins, pixels = spoil(cooler_by_writer.bins(), cooler_by_writer.pixels())
    bins = bins.assign(weight=1.0)
    cooler.create_cooler(
        str(path),
        bins,
        pixels,
        dtypes={"count": float},
        metadata={"format": "HDF5::Cooler", "generated-by": "HiCMatrix-17"},
        triucheck=False,
        dupcheck=False,
        boundscheck=False,
        ordered=True,
    )
    with h5py.File(path, "r+") as file:
        file.attrs["generated-by"] = "HiCMatrix-17"
        file.attrs["generated-by-cooler-lib"] = "cooler-0.9.3"


def test_hicexplorers_layout_is_read_alike(tmp_path, truth):
    hicexplorer(tmp_path / "explorer.cool")
    _, pixels = imported(tmp_path / "explorer.cool", tmp_path)
    assert pixels["count"].to_numpy().tolist() == truth["count"].tolist()
    assert pixels["start1"].to_numpy().tolist() == truth["start1"].tolist()


def test_hicexplorers_map_without_regions_is_refused_for_its_gap(tmp_path):
    """hicAdjustMatrix --action remove writes the bins that are left."""

    def cut(bins, pixels):
        keep = ~bins.index.isin(range(10, 14))
        new = keep.cumsum() - 1
        good = keep[pixels["bin1_id"]] & keep[pixels["bin2_id"]]
        pixels = pixels[good].assign(
            bin1_id=lambda t: new[t["bin1_id"]], bin2_id=lambda t: new[t["bin2_id"]]
        )
        return bins[keep].reset_index(drop=True), pixels

    hicexplorer(tmp_path / "cut.cool", cut)
    with pytest.raises(InputError, match="a gap: from 100,000 on there is no bin"):
        imported(tmp_path / "cut.cool", tmp_path)


def test_hicexplorers_own_h5_names_its_converter(tmp_path):
    hicexplorer(tmp_path / "own.h5")
    with h5py.File(tmp_path / "own.h5", "r+") as file:
        file.move("bins", "intervals")
        file.move("pixels", "matrix")
    with pytest.raises(InputError, match="hicConvertFormat"):
        imported(tmp_path / "own.h5", tmp_path)
