"""Tables that outlive a killed job: written by genes, or accumulated by blocks of places."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from foldcast.spex.features.feature_store import Resumable, key_of

GENES = ["GENE1", "NA", "gène"]
DATASETS = {"x": ((4,), "f4"), "map/x": ((2, 2), "f4"), "map/mask": ((), "bool")}


def opened(path, key="k", **options):
    return Resumable(
        path, key, GENES, DATASETS, attrs={"outputs": 2, "assembly": "hg38"}, **options
    )


def fill(store, genes=range(3)):
    for k in genes:
        store.write(
            slice(k, k + 1),
            {
                "x": np.full((1, 4), k + 0.5),
                "map/x": np.full((1, 2, 2), k),
                "map/mask": np.array([k > 0]),
            },
        )


@pytest.fixture
def output(tmp_path):
    return tmp_path / "folder" / "chr1.h5"


def test_a_key_is_of_values_not_of_their_order():
    assert key_of(a=1, b=[2, "x"]) == key_of(b=[2, "x"], a=1)
    assert key_of(a=1, b=2) != key_of(a=2, b=1)
    assert len(key_of(a=None)) == 16


def test_what_is_written_is_there(output):
    with opened(output) as store:
        assert not store.done.any() and not output.exists()
        fill(store)
    with h5py.File(output) as file:
        assert [name.decode() for name in file["genes"]] == GENES
        np.testing.assert_array_equal(file["x"][:, 0], [0.5, 1.5, 2.5])
        np.testing.assert_array_equal(file["map/mask"][:], [False, True, True])
        assert file["map/x"].shape == (3, 2, 2) and file["map/x"].dtype == np.float32
        assert file["done"][:].all()
        assert dict(file.attrs) == {"key": "k", "outputs": 2, "assembly": "hg38"}
    assert [path.name for path in output.parent.iterdir()] == ["chr1.h5"]


def test_same_rows_same_bytes_interrupted_or_not(output):
    with opened(output) as store:
        fill(store)
    whole = output.read_bytes()
    output.unlink()
    for k in range(3):
        with pytest.raises(KeyboardInterrupt), opened(output) as store:
            assert store.done.sum() == k
            fill(store, [k])
            raise KeyboardInterrupt
        assert not output.exists()
    with opened(output) as store:
        assert store.done.all()
    assert output.read_bytes() == whole


@pytest.mark.parametrize("change", ["key", "length", "garbage"])
def test_another_or_a_broken_partial_file_is_begun_anew(output, change):
    with pytest.raises(KeyboardInterrupt), opened(output) as store:
        fill(store, [0, 1])
        raise KeyboardInterrupt
    options = {"key": "other"} if change == "key" else {"blocks": 5} if change == "length" else {}
    if change == "garbage":
        store.partial.write_bytes(b"garbage")
    with pytest.raises(KeyboardInterrupt), opened(output, **options) as store:
        assert not store.done.any()
        raise KeyboardInterrupt


def test_an_output_that_is_not_all_done_is_a_defect(output):
    with pytest.raises(RuntimeError, match="not all done"), opened(output) as store:
        fill(store, [0])
    assert not output.exists()


def test_the_output_before_stays_until_the_new_one_is_whole(output):
    with opened(output) as store:
        fill(store)
    before = output.read_bytes()
    with pytest.raises(KeyboardInterrupt), opened(output, key="other") as store:
        fill(store, [0])
        raise KeyboardInterrupt
    assert output.read_bytes() == before


def test_two_jobs_do_not_write_one_file(output):
    with pytest.raises(KeyboardInterrupt), opened(output) as store:
        code = (
            "import sys; from foldcast.spex.features.feature_store import Resumable; "
            f"Resumable({str(output)!r}, 'k', {GENES!r}, {DATASETS!r}).__enter__()"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        other = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True
        )
        assert "InputError" in other.stderr and "another job" in other.stderr
        fill(store, [0])
        raise KeyboardInterrupt


# ---- rows that accumulate

BLOCKS = 4


def add(store, block):
    """Every place adds to two of the genes."""
    rows = np.array([block % 2, 2])
    old = store["x"][rows]
    store.replace(
        block,
        {
            "x": (rows, old + block + 1),
            "map/mask": (np.array([2]), np.array([True])),
            "map/x": (np.array([], dtype=int), np.empty((0, 2, 2), dtype="f4")),
        },
    )


def accumulate(output):
    with opened(output, blocks=BLOCKS) as store:
        for block in np.flatnonzero(~store.done):
            add(store, int(block))


def test_blocks_accumulate(output):
    accumulate(output)
    with h5py.File(output) as file:
        np.testing.assert_array_equal(file["x"][:, 0], [1 + 3, 2 + 4, 10])
        np.testing.assert_array_equal(file["map/mask"][:], [False, False, True])
        assert not file["map/x"][:].any()
        assert file["done"].shape == (BLOCKS,)
    assert [path.name for path in output.parent.iterdir()] == ["chr1.h5"]


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_feature_store as test_store
from foldcast.spex.features import feature_store as store
moment, count = sys.argv[3], []
def third(name, owner, after=False):
    function = getattr(owner, name)
    def wrapped(*args, **kwargs):
        count.append(1)
        if len(count) == 3 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if len(count) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, wrapped)
if moment == "in the journal":
    sync = store._sync
    def in_journal(file):
        if "journal" in file.filename:
            count.append(1)
        if len(count) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        sync(file)
    store._sync = in_journal
elif moment == "before the journal":
    third("replace", store.Resumable)
elif moment == "before the rows":
    third("_settle", store.Resumable)
elif moment == "before the mark":
    third("_mark", store.Resumable)
elif moment == "before the journal is gone":
    third("_mark", store.Resumable, after=True)
else:
    third("replace", store.Resumable, after=True)
test_store.accumulate(Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    "moment, done",
    [
        ("before the journal", 2),
        ("in the journal", 2),
        ("before the rows", 3),
        ("before the mark", 3),
        ("before the journal is gone", 3),
        ("after", 3),
    ],
)
def test_a_kill_at_any_moment_counts_a_block_once(output, moment, done):
    accumulate(output)
    whole = output.read_bytes()
    output.unlink()
    here = Path(__file__).parent
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(here), str(output), moment],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL and not output.exists()
    with pytest.raises(KeyboardInterrupt), opened(output, blocks=BLOCKS) as store:
        assert store.done.sum() == done
        raise KeyboardInterrupt
    accumulate(output)
    assert output.read_bytes() == whole
    assert [path.name for path in output.parent.iterdir()] == ["chr1.h5"]


def test_a_journal_of_another_key_is_not_carried_out(output):
    with pytest.raises(KeyboardInterrupt), opened(output, blocks=BLOCKS) as store:
        add(store, 0)
        raise KeyboardInterrupt
    with h5py.File(store._journal, "w") as journal:
        journal.attrs.update(key="other", block=1)
    with pytest.raises(KeyboardInterrupt), opened(output, blocks=BLOCKS) as store:
        assert store.done.sum() == 1
        raise KeyboardInterrupt
    assert not store._journal.exists()
