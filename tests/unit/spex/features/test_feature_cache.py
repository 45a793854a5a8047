"""What was computed is not computed again: whatever changes, only what is new."""

import logging
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
import torch

from foldcast.errors import InputError
from foldcast.spex.contacts.distal_features import Grid, place_sums
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import reverse_complement
from foldcast.spex.features.feature_cache import FeatureCache
from foldcast.spex.features.feature_tables import (
    LOCAL,
    PLACE,
    VERSION,
    check_table,
    fingerprint_of,
    key_of,
)
from foldcast.spex.features.local_features import GRID, local_features, stretch

OPTIONS = {"reverse_complement": True, "precision": "fp32"}
FINGERPRINT = fingerprint_of(LOCAL, "a" * 64, OPTIONS, **GRID)
KEYS = [key_of(np.full(9, k, dtype=np.uint8)) for k in range(6)]


class Counted:
    """Computes rows that tell their numbers, and keeps which were asked for."""

    def __init__(self, value: float = 0.0) -> None:
        self.asked: list[int] = []
        self.value = value

    def __call__(self, at: np.ndarray) -> dict[str, np.ndarray]:
        self.asked += at.tolist()
        return {
            "x": np.repeat(at[:, None] + self.value, 3, axis=1).astype("f4"),
            "total": np.array(at, dtype="f4")[:, None],
        }


@pytest.fixture
def opened(tmp_path):
    """A cache for a job of its own."""

    def open_one(output="out.h5", keys=KEYS, folder="cache", fingerprint=FINGERPRINT, tables=()):
        where = tmp_path / folder if folder else None
        return FeatureCache(where, tmp_path / output, fingerprint, keys, tables)

    return open_one


def numbers(*which: int) -> np.ndarray:
    return np.array(which)


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.h5"))


# ---- what was computed with this version, on any machine


def fixed_weights(widths=(4, 5, 6, 5, 6, 4), hidden=7, outputs=3) -> dict[str, torch.Tensor]:
    """Weights without a generator of random numbers, which may change."""
    state, before, number = {}, 4, 0
    shapes = {}
    for layer, width in zip((0, 2, 6, 8, 12, 14), widths, strict=True):
        shapes[f"model.0.{layer}"] = (width, before, 1, 8)
        before = width
    shapes |= {"model.1.2.1": (hidden, before * 106), "model.1.4.1": (outputs, hidden)}
    for name, shape in shapes.items():
        for part, size in (("weight", shape), ("bias", shape[:1])):
            n = int(np.prod(size))
            values = np.sin(np.arange(number, number + n) * 1.7) * (2 / np.prod(shape[1:])) ** 0.5
            state[f"{name}.{part}"] = torch.from_numpy(values.reshape(size)).float() * 1.4
            number += n
    return state


FEATURES_1 = [40.073982, 7.043864, 2.327024, 18.394133, 2.340286]
# Of each version, five features of a gene, two outputs over its windows, two sums over a place.
GOLDEN = {
    1: [
        40.073982,
        7.043864,
        2.327024,
        18.394133,
        2.340286,
        125.37291,
        69.166084,
        3.112345,
        1.702323,
    ],
}


def test_the_mathematics_are_those_of_this_version():
    """Where this fails because other numbers are meant, raise VERSION and write them down."""
    start, end = stretch(0, "-")
    codes = (np.arange(end - start) ** 2 // 7 % 11 % 5).astype(np.uint8)
    network = Beluga(fixed_weights())
    outputs = network.windows(codes, reverse_complement=True)
    assert np.std(outputs, axis=0).min() > 0.01
    genome = SimpleNamespace(fetch=lambda chrom, first, last: codes[first + 900 : last + 900])
    sums = place_sums(network, genome, "chr1", Grid(1_000, 9_000), np.array([3_000]), 99, True)
    features = local_features(outputs, "-")[[0, 7, 14, 20, 29]]
    found = [*features, *outputs.sum(axis=0)[:2], *sums[0, :2]]
    np.testing.assert_allclose(found, GOLDEN[VERSION], rtol=2e-5)
    assert key_of(codes, "-") == b"f85f515ca73f091113f0facea7162017"
    assert key_of(codes, "-") != key_of(codes, "+") != key_of(reverse_complement(codes), "+")
    assert network.windows(codes, reverse_complement=True).dtype == np.float32


# ---- looked up, computed, kept


def test_what_was_computed_is_looked_up_by_later_jobs(opened):
    first, second = Counted(), Counted()
    with opened() as cache:
        made = cache.rows(numbers(0, 2, 1), first)
        assert made["x"].tolist() == [[0] * 3, [2] * 3, [1] * 3] and made["x"].dtype == np.float32
        assert cache.rows(numbers(2, 0), first)["total"].tolist() == [[2], [0]]
        assert first.asked == [0, 2, 1]
    with opened("other.h5") as cache:
        assert cache.known(numbers(0, 1, 2, 3)).tolist() == [True, True, True, False]
        assert cache.rows(numbers(3, 2, 5), second)["x"][:, 0].tolist() == [3, 2, 5]
    assert second.asked == [3, 5]
    with opened(fingerprint=FINGERPRINT | {"precision": "bf16"}) as cache:
        assert not cache.known(np.arange(6)).any()


def test_a_job_writes_one_file(opened, tmp_path):
    with opened() as cache:
        for k in (4, 1, 3):
            cache.rows(numbers(k), Counted())
        assert len(files(tmp_path / "cache")) == 3
    (whole,) = files(tmp_path / "cache")
    with h5py.File(whole) as file:
        assert file["key"][:].tolist() == [KEYS[4], KEYS[1], KEYS[3]]
        assert file["x"][:, 0].tolist() == [4, 1, 3]
    with opened() as cache:
        assert cache.rows(numbers(3, 1), None)["x"][:, 0].tolist() == [3, 1]


def test_equal_sequences_are_computed_once(opened):
    compute = Counted()
    with opened(keys=[KEYS[0], KEYS[1], KEYS[0]]) as cache:
        assert cache.rows(np.arange(3), compute)["x"][:, 0].tolist() == [0, 1, 0]
    assert compute.asked == [0, 1]


def test_jobs_side_by_side_share_their_work(opened):
    """One looks again before each block, and finds what the other has written meanwhile."""
    one, two = Counted(), Counted()
    blocks = [numbers(0, 1), numbers(2, 3), numbers(4, 5)]
    with opened("one.h5") as first, opened("two.h5") as second:
        known, left = first.turns(blocks)
        assert not known and sorted(block[0] for block in left) == [0, 2, 4]
        first.rows(left[0], one)
        for block in second.turns(blocks)[1]:
            second.rows(block, two)
        for block in left:
            first.rows(block, one)
    assert sorted(one.asked + two.asked) == [*range(6)]


def test_jobs_have_orders_of_their_own(opened):
    blocks = [numbers(k) for k in range(6)]
    orders = {
        tuple(int(block[0]) for block in opened(f"{job}.h5").turns(blocks)[1]) for job in range(9)
    }
    assert len(orders) > 3
    assert len({str(opened().turns(blocks)[1]) for _ in range(3)}) == 1


def test_a_file_that_another_job_has_joined_meanwhile_is_found(opened, tmp_path):
    compute = Counted()
    with opened("one.h5") as first:
        first.rows(numbers(0), compute)
        first.rows(numbers(1), compute)
        second = opened("two.h5")
        second.__enter__()
    second.rows(numbers(1, 0), compute)
    assert compute.asked == [0, 1]


def test_without_a_folder_rows_are_kept_until_the_output_is_whole(opened, tmp_path):
    compute = Counted()
    with pytest.raises(KeyboardInterrupt), opened(folder=None) as cache:
        cache.rows(numbers(1), compute)
        raise KeyboardInterrupt
    with opened(folder=None) as cache:
        cache.rows(numbers(1, 2), compute)
    assert compute.asked == [1, 2]
    assert not list(tmp_path.iterdir())


# ---- damage


def flip(path: Path) -> None:
    """One bit of the last row."""
    with h5py.File(path) as file:
        last = file["x"].id.get_chunk_info(len(file["x"]) - 1)
    raw = bytearray(path.read_bytes())
    raw[last.byte_offset] ^= 1
    path.write_bytes(raw)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def garble(path: Path) -> None:
    path.write_bytes(b"garbage" * 100)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_another_kind(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file.attrs["fingerprint"] = '{"kind": "another"}'


@pytest.mark.parametrize("damage", [flip, cut_off, garble, empty, of_another_kind])
def test_a_damaged_file_is_left_out_with_a_warning(opened, tmp_path, damage, caplog):
    with opened() as cache:
        cache.rows(numbers(0, 1, 2), Counted())
    (one,) = files(tmp_path / "cache")
    with opened() as cache:
        cache.rows(numbers(3), Counted())
    damage(one)
    compute = Counted()
    with caplog.at_level(logging.WARNING, logger="foldcast"), opened() as cache:
        rows = cache.rows(np.arange(4), compute)
    assert rows["x"][:, 0].tolist() == [0, 1, 2, 3]
    assert compute.asked == [0, 1, 2]
    (said,) = caplog.messages
    assert str(one) in said and "damaged" in said and "computed anew" in said


# ---- handed on


@pytest.fixture
def table(opened, tmp_path):
    """A table from elsewhere with rows of the first three keys."""
    with opened(folder="elsewhere") as cache:
        cache.rows(numbers(0, 1, 2), Counted(0.5))
    return files(tmp_path / "elsewhere")[0]


def test_a_table_from_elsewhere_is_taken(opened, table):
    compute, before = Counted(), table.read_bytes()
    with opened(tables=[table]) as cache:
        assert cache.rows(np.arange(4), compute)["x"][:, 0].tolist() == [0.5, 1.5, 2.5, 3]
    assert compute.asked == [3] and table.read_bytes() == before


@pytest.mark.parametrize(
    "part, other", [("weights", "b" * 64), ("precision", "bf16"), ("version", VERSION + 1)]
)
def test_a_table_of_another_fingerprint_is_refused_with_both(opened, table, part, other):
    with pytest.raises(InputError) as caught:
        opened(fingerprint=FINGERPRINT | {part: other}, tables=[table])
    error = caught.value
    assert error.source == str(table) and "beluga.tables" in error.remedy
    assert f"{part}: {str(FINGERPRINT[part])[:16]}" in error.found
    assert f"{part}: {str(other)[:16]}" in error.expected
    names = [said.split()[1] for said in (error.found, error.expected)]
    assert len({*names}) == 2 and all(len(name) == 16 for name in names)


def test_a_table_of_the_other_kind_is_passed_over(table):
    assert check_table(table, FINGERPRINT)
    assert not check_table(table, fingerprint_of(PLACE, "a" * 64, OPTIONS))


@pytest.mark.parametrize("damage", [garble, empty, Path.unlink])
def test_what_is_no_table_is_refused(opened, table, damage):
    damage(table)
    with pytest.raises(InputError, match="no table of features"):
        opened(tables=[table])


def test_a_table_without_some_rows_is_refused(opened, table):
    with h5py.File(table, "r+") as file:
        rows = file["x"][:2]
        del file["x"]
        file["x"] = rows
    with pytest.raises(InputError, match="fewer rows than keys"):
        opened(tables=[table])
