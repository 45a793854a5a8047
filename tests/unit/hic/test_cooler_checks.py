"""Coolers that are not what they say: import and preflight refuse them by one message."""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError, together
from foldcast.hic.balancing import Balance
from foldcast.hic.map_import import import_map
from foldcast.preflight.given_maps import look_at_map

BIN, N = 10_000, 40  # bins of each of two chromosomes; the last one is short
SIZES = pd.Series({"chr1": N * BIN - 4_000, "chr2": N * BIN - 4_000})
AS_GIVEN = dict.fromkeys(("boundscheck", "triucheck", "dupcheck", "ensure_sorted"), False)
Table = pd.DataFrame


def tables() -> tuple[Table, Table]:
    """Bins and pixels of a sound map."""
    i, j = np.triu_indices(2 * N)
    count = np.random.default_rng(0).poisson(np.where(i // N == j // N, 200 / (1 + j - i), 2))
    pixels = pd.DataFrame({"bin1_id": i, "bin2_id": j, "count": count})
    return cooler.binnify(SIZES, BIN), pixels[count > 0].reset_index(drop=True)


def same(table: Table) -> Table:
    return table


def write(
    path: Path,
    bins: Callable[[Table], Table] = same,
    pixels: Callable[[Table], Table] = same,
    file: Callable[[h5py.File], None] = lambda _: None,
    dtype: type = np.int32,
) -> None:
    """A map with spoilt bins or pixels, in a file that is then spoilt itself."""
    sound_bins, sound_pixels = tables()
    made = pixels(sound_pixels)
    cooler.create_cooler(
        str(path), sound_bins, iter([made]), dtypes={"count": dtype}, ordered=True, **AS_GIVEN
    )
    spoilt = bins(sound_bins.copy())
    with h5py.File(path, "r+") as handle:
        if len(spoilt) != len(sound_bins) or not spoilt.equals(sound_bins):
            codes = spoilt["chrom"].astype(str).map({"chr1": 0, "chr2": 1}).astype("int32")
            for name, values in (
                ("chrom", codes),
                ("start", spoilt["start"]),
                ("end", spoilt["end"]),
            ):
                kind = handle[f"bins/{name}"].dtype
                del handle[f"bins/{name}"]
                handle["bins"].create_dataset(name, data=values.to_numpy(), dtype=kind)
            handle.attrs["nbins"] = len(spoilt)
        file(handle)


def cell(row: int, column: str, value: float) -> Callable[[Table], Table]:
    """A table with one other value."""

    def change(table: Table) -> Table:
        table = table.astype({column: type(value)})
        table.loc[row, column] = value
        return table

    return change


def delete(name: str) -> Callable[[h5py.File], None]:
    return lambda handle: handle.__delitem__(name)


def attribute(name: str, value: object = None) -> Callable[[h5py.File], None]:
    def change(handle: h5py.File) -> None:
        del handle.attrs[name]
        if value is not None:
            handle.attrs[name] = value

    return change


def cells(handle: h5py.File) -> None:
    """The layout of .scool: shared bins, and a map per cell."""
    for name in ("cell1", "cell2"):
        for part in ("chroms", "bins", "pixels", "indexes"):
            handle.copy(part, f"cells/{name}/{part}")


def cut(table: Table, start: int, stop: int) -> Table:
    return table.drop(range(start, stop)).reset_index(drop=True)


def from_one(table: Table) -> Table:
    return table.assign(start=table["start"] + 1)


def overlapping(table: Table) -> Table:
    return pd.concat([table[:6], table[5:]], ignore_index=True)


def twice(table: Table) -> Table:
    return pd.concat([table[:51], table[50:]], ignore_index=True)


def swapped(table: Table) -> Table:
    return table.iloc[[*range(50), 51, 50, *range(52, len(table))]].reset_index(drop=True)


def turned(table: Table) -> Table:
    """The lower half instead of the upper one, sorted."""
    names = {"bin1_id": "bin2_id", "bin2_id": "bin1_id"}
    return table.rename(columns=names).sort_values(["bin1_id", "bin2_id"]).reset_index(drop=True)


@dataclass(frozen=True)
class Bad:
    """How a map is spoilt (arguments of `write`), and what the message says, by its parts."""

    spoil: dict
    place: str
    found: str
    remedy: str


CASES = {
    "a gap": Bad(
        {"bins": lambda table: cut(table, 10, 15)},
        "bins of chr1",
        "a gap: from 100,000 on there is no bin, up to 150,000–160,000",
        "as it was before",
    ),
    "two gaps": Bad(
        {"bins": lambda table: cut(cut(table, 50, 52), 10, 15)},
        "bins of chr1",
        "1 more such bins",
        "as it was before",
    ),
    "no bins at the start": Bad(
        {"bins": lambda table: cut(table, 0, 3)}, "bins of chr1", "from 0 on", "before"
    ),
    "no bins at the end": Bad(
        {"bins": lambda table: cut(table, 38, 40)},
        "1 of 2 chromosomes",
        "bins end at 380,000",
        "one assembly",
    ),
    "a bin twice": Bad(
        {"bins": overlapping}, "bins of chr1", "overlap: 50,000–60,000 after", "get the file again"
    ),
    "a bin that begins too early": Bad(
        {"bins": cell(5, "start", 45_000)}, "bins of chr1", "45,000–60,000", "true size"
    ),
    "a bin that ends before it starts": Bad(
        {"bins": cell(5, "end", 40_000)}, "bins of chr1", "50,000–40,000", "true size"
    ),
    "starts from 1": Bad(
        {"bins": from_one}, "bins of chr1", "count from 1, such as 1–10,000", "from 0, as in BED"
    ),
    "a chromosome in two places": Bad(
        {"bins": lambda table: pd.concat([table[2:], table[:2]], ignore_index=True)},
        "bins of chr1",
        "in several places",
        "get the file again",
    ),
    "bins of another size than is said": Bad(
        {"file": attribute("bin-size", 5_000)}, "resolution 10,000 bp", "5,000", "`resolution`"
    ),
    "bins of another size than is asked for": Bad(
        {"bins": lambda t: t.assign(start=t["start"] * 2, end=t["end"] * 2)},
        "bins of chr1",
        "a bin 0–20,000",
        "true size",
    ),
    "bins of unequal size": Bad(
        {"file": attribute("bin-size", "none")}, "resolution", "unequal size", "cooler cload"
    ),
    "restriction fragments said to be bins": Bad(
        {"bins": lambda t: t.assign(end=t["end"] - 7, start=np.maximum(t["start"] - 7, 0))},
        "bins of chr1",
        "a bin 0–9,993",
        "of unequal size",
    ),
    "no bin size": Bad(
        {"file": attribute("bin-size")}, "resolution", "no attribute bin-size", "one size"
    ),
    "no number of bins": Bad(
        {"file": attribute("nbins")}, "group /", "no attribute nbins", "in part"
    ),
    "no number of pixels": Bad(
        {"file": attribute("nnz")}, "group /", "no attribute nnz", "in part"
    ),
    "more pixels than were written": Bad(
        {"file": attribute("nnz", 10**6)}, "group /", "says 1,000,000", "in part"
    ),
    "a column of bins missing": Bad(
        {"file": delete("bins/end")}, "group /", "no column bins/end", "in part"
    ),
    "a column of pixels missing": Bad(
        {"file": delete("pixels/count")}, "group /", "no column pixels/count", "in part"
    ),
    "columns of unequal length": Bad(
        {"file": lambda handle: handle["pixels/count"].resize((100,))},
        "group /",
        "columns of 100 and",
        "in part",
    ),
    "lengths of chromosomes missing": Bad(
        {"file": delete("chroms/length")}, "group /", "no column chroms/length", "in part"
    ),
    "a pair twice": Bad(
        {"pixels": twice}, "pixel 52", "a pair a second time: bins 0 and 5", "sorted, each once"
    ),
    "pairs unsorted": Bad(
        {"pixels": swapped}, "pixel 52", "a pair behind its place", "sorted, each once"
    ),
    "pairs below the diagonal": Bad(
        {"pixels": turned}, "pixel 2", "below the diagonal: bins 1 and 0", "bin1 ≤ bin2"
    ),
    "bins numbered from 1": Bad(
        {"pixels": lambda t: t.assign(bin1_id=t["bin1_id"] + 1, bin2_id=t["bin2_id"] + 1)},
        "pixel ",
        "a bin that is not there (numbered from 1?)",
        "again",
    ),
    "a bin that is not there": Bad(
        {"pixels": cell(10, "bin2_id", 900)}, "pixel 11", "bins 0 and 900", "again"
    ),
    "a bin before the first": Bad(
        {"pixels": cell(10, "bin1_id", -1)}, "pixel 11", "bins -1 and", "again"
    ),
    "negative counts": Bad(
        {"pixels": cell(10, "count", -4)}, "pixel 11", "negative contacts", "comparison"
    ),
    "infinite counts": Bad(
        {"pixels": cell(10, "count", np.inf), "dtype": float}, "pixel 11", "count inf", "correction"
    ),
    "missing counts": Bad(
        {"pixels": cell(10, "count", np.nan), "dtype": float}, "pixel 11", "count nan", "correction"
    ),
    "both halves": Bad(
        {"file": attribute("storage-mode", "square")},
        "group /",
        "storage mode square",
        "undirected",
    ),
    "single cells": Bad({"file": cells}, "map.cool", "single cells (.scool): 2", "cooler merge"),
    "HiCExplorer's own format": Bad(
        {"file": lambda h: (h.move("bins", "intervals"), h.move("pixels", "matrix"))},
        "map.cool",
        "it holds chroms, indexes, intervals, matrix",
        "hicConvertFormat",
    ),
}


def preflight(path: Path) -> tuple[str, set[str]]:
    about = {"resolutions": [BIN], "options": {"format": "cool"}}
    with together() as attempt:
        return look_at_map(attempt, "one", {"map": str(path)}, about, SIZES)


def refusal(path: Path) -> InputError:
    """The message, which is the same from import and preflight."""
    with pytest.raises(InputError) as error:
        import_map(path, BIN, SIZES, path.parent / "out.cool", Balance())
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with pytest.raises(InputError) as before:
        preflight(path)
    assert str(before.value) == str(error.value)
    return error.value


@pytest.mark.parametrize("name", CASES)
def test_bad_coolers_are_refused_for_the_true_reason(name, tmp_path):
    case, path = CASES[name], tmp_path / "map.cool"
    write(path, **case.spoil)
    error = refusal(path)
    assert str(path) in str(error)
    assert case.place in str(error).splitlines()[0]
    assert case.found in error.found
    assert case.remedy in error.remedy


def test_pixels_are_looked_at_across_pieces(tmp_path, monkeypatch):
    """A fault between two pieces is one too."""
    monkeypatch.setattr("foldcast.pixels.read_pixels.__defaults__", (None, 51))
    path = tmp_path / "map.cool"
    write(path, pixels=twice)
    assert refusal(path).place == "pixel 52"


def test_a_map_that_cannot_be_locked_says_how_to_unlock(tmp_path):
    path = tmp_path / "map.cool"
    write(path)
    with open(path, "rb+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        error = refusal(path)
    assert "cannot lock" in error.found and "HDF5_USE_FILE_LOCKING=FALSE" in error.remedy


@pytest.mark.parametrize("code", [11, 37, 524])
def test_file_systems_without_locks_are_told_from_damage(tmp_path, monkeypatch, code):
    path = tmp_path / "map.cool"
    write(path)

    def fail(*args, **kwargs):
        raise OSError(code, f"Unable to open file (unable to lock file, errno = {code})")

    monkeypatch.setattr(h5py, "File", fail)
    assert "cannot lock" in refusal(path).found


def test_what_a_map_may_lack(tmp_path):
    """The attribute `format` came with schema 3; a chromosome's name may be left without bins."""
    path = tmp_path / "map.cool"
    write(path)
    whole, _ = preflight(path)
    write(path, file=attribute("format"))
    assert preflight(path) == (whole, {"chr1", "chr2"})
    half = {"bins": lambda table: table[:N], "pixels": lambda t: t[t["bin2_id"] < N]}
    write(path, **half)
    assert preflight(path)[1] == {"chr1"}
    import_map(path, BIN, SIZES, tmp_path / "out.cool", Balance())
    assert cooler.Cooler(str(tmp_path / "out.cool")).chromnames == ["chr1"]
