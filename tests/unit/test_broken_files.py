"""Files of our own that are whole, and the same files cut off or spoilt."""

import gzip
import json

import h5py
import numpy as np
import pandas as pd
import pytest

from foldcast.broken_files import is_ours, what_is_broken, what_is_cut_off
from foldcast.files import write_table


def write_h5(path):
    with h5py.File(path, "w") as handle:
        for name, options in {"x": {"compression": "gzip"}, "plain": {}}.items():
            handle.create_dataset(name, data=np.arange(5000.0), **options)
        handle["one"] = 1


def write_zip(path):
    np.savez(path, x=np.arange(100))


def write_safetensors(path):
    from safetensors.numpy import save_file

    save_file({"x": np.arange(100.0)}, path, metadata={"a": "b"})


WRITERS = {
    "a.tsv": lambda path: write_table(pd.DataFrame({"a": [1, 2], "b": ["x", ""]}), path),
    "a.csv": lambda path: write_table(pd.DataFrame({"a": [1], "b": ["x, y"]}), path, sep=","),
    "a.h5": write_h5,
    "a.safetensors": write_safetensors,
    "a.npz": write_zip,
    "a.json": lambda path: path.write_text(json.dumps({"a": [1, 2]})),
    "a.gz": lambda path: path.write_bytes(gzip.compress(b"x" * 1000)),
    "a.png": lambda path: path.write_bytes(b"\x89PNG...IEND\xaeB`\x82"),
}


@pytest.fixture(params=WRITERS)
def file(request, tmp_path):
    path = tmp_path / request.param
    WRITERS[request.param](path)
    return path


def test_a_whole_file_is_whole(file):
    assert what_is_broken(file) is None
    assert what_is_broken(file.parent) is None


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_a_file_that_is_cut_off_is_broken(file, share):
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    found = what_is_broken(file)
    assert found and "\n" not in found
    assert what_is_broken(file.parent) == found


def test_a_spoilt_block_within_hdf5_is_seen(tmp_path):
    path = tmp_path / "a.h5"
    write_h5(path)
    content = bytearray(path.read_bytes())
    with h5py.File(path) as handle:
        start = handle["x"].id.get_chunk_info(0).byte_offset
    content[start + 10 : start + 60] = bytes(50)
    path.write_bytes(content)
    assert "a broken file" in what_is_broken(path)


@pytest.mark.parametrize("content", [b"a\tb\n1\t2\n\0\0\n", b"a\tb\n\xff\t1\n", b"a\tb\n1\n"])
def test_a_spoilt_table_is_broken(tmp_path, content):
    (tmp_path / "a.tsv").write_bytes(content)
    assert what_is_broken(tmp_path / "a.tsv")


def test_of_other_files_nothing_is_said(tmp_path):
    (tmp_path / "a.bed").write_bytes(b"")
    assert what_is_broken(tmp_path / "a.bed") is what_is_broken(tmp_path / "none.tsv") is None


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("results/tiny/a.tsv", True),
        ("resources/files/0123/a.gz", True),
        ("resources/mine.tsv", False),
        ("data/results/a.tsv", False),
        ("/elsewhere/results/a.tsv", False),
    ],
)
def test_what_rules_made_is_ours(path, ours):
    assert is_ours(path) == ours


@pytest.mark.parametrize(
    ("name", "content", "broken"),
    [
        ("results/a.tsv", b"a\n1\n", False),
        ("results/a.tsv", b"a\n1", True),
        ("results/a.csv", b"", True),
        ("results/a.bed", b"", False),
        ("results/a.bed", b"chr1\t0\t1", True),
        ("results/a.sizes", b"chr1\t1000\nchr2\t20", True),
        ("results/a.h5", b"a", False),
        ("data/a.tsv", b"a\n1", False),
    ],
)
def test_a_glance_tells_files_of_lines_that_are_cut_off(
    tmp_path, monkeypatch, name, content, broken
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(content)
    assert bool(what_is_cut_off(name)) == broken
    assert what_is_cut_off("results/none.tsv") is None
