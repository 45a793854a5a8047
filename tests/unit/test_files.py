"""Files are written whole or not at all, and equal numbers give equal bytes."""

import gzip
import hashlib

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.files import (
    atomic,
    checksum,
    packed_table,
    read_columns,
    read_table,
    read_text,
    remove_drafts,
    scratch_folder,
    write_table,
)


def test_atomic_replaces_the_file_when_the_block_ends(tmp_path):
    path = tmp_path / "new" / "table.tsv.gz"
    with atomic(path) as temporary:
        assert temporary.parent == path.parent
        assert temporary.name.endswith(".tsv.gz")  # writers choose a format by it
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert [p.name for p in path.parent.iterdir()] == ["table.tsv.gz"]


def test_atomic_leaves_the_old_file_when_the_block_raises(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic(path) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["table.tsv"]


def test_atomic_says_when_nothing_was_written(tmp_path):
    with pytest.raises(FileNotFoundError), atomic(tmp_path / "table.tsv"):
        pass


def test_two_writers_do_not_meet(tmp_path):
    path = tmp_path / "table.tsv"
    with atomic(path) as first, atomic(path) as second:
        assert first != second
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first"  # the block that ends last


def test_what_killed_jobs_left_is_removed_and_nothing_else(tmp_path):
    path = tmp_path / "map.cool"
    with pytest.raises(ZeroDivisionError), scratch_folder(path) as scratch:
        (scratch / "draft.cool").touch()
        kept = scratch
        1 / 0  # noqa: B018
    assert not kept.exists()
    kept.mkdir()
    (kept / "draft.cool").touch()
    killed = atomic(path)
    killed.__enter__().touch()
    others = [path, tmp_path / ".map.cool.partial", tmp_path / ".map.cool.tsv.0123abcd.tsv"]
    for other in others:
        other.touch()
    remove_drafts(path)
    assert sorted(tmp_path.iterdir()) == sorted(others)
    with pytest.raises(FileNotFoundError):  # a job that outlived its run cannot replace the file
        killed.__exit__(None, None, None)


def test_a_table_is_written_with_ten_digits_and_empty_for_missing(tmp_path):
    table = pd.DataFrame({"gene": ["NA", "B"], "value": [0.1 + 0.2, np.nan], "n": [1, 2]})
    write_table(table, tmp_path / "t.tsv")
    assert (tmp_path / "t.tsv").read_bytes() == b"gene\tvalue\tn\nNA\t0.3\t1\nB\t\t2\n"


def test_a_table_is_packed_part_by_part_whole_or_not_at_all(tmp_path):
    path, parts = tmp_path / "t.tsv.gz", [pd.DataFrame({"a": [1 / 3]}), pd.DataFrame({"a": [2.0]})]
    turns = []
    for _ in range(2):
        with packed_table(path) as add:
            for part in parts:
                add(part)
        turns.append(path.read_bytes())
    once, again = turns
    assert again == once
    assert gzip.decompress(once) == b"a\n0.3333333333\n2\n"
    with pytest.raises(ValueError), packed_table(path) as add:
        add(parts[0])
        raise ValueError
    assert path.read_bytes() == once and [*tmp_path.iterdir()] == [path]


def test_a_table_is_read_as_it_was_written(tmp_path):
    table = pd.DataFrame({"gene": ["NA", "None", "nan"], "value": [1.5, np.nan, -2.0]})
    write_table(table, tmp_path / "t.tsv")
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.tsv"), table)


@pytest.mark.parametrize(
    "raw",
    [
        b"a\xc3\xa9\nb\n",
        b"a\xc3\xa9\rb\r",
        b"a\xc3\xa9\r\nb\r\n",
        b"\xef\xbb\xbfa\xc3\xa9\nb\n",
        b"a\xe9\r\nb\r\n",  # Windows-1252
        gzip.compress(b"a\xc3\xa9\nb\n", mtime=0),
    ],
)
def test_text_is_read_whatever_its_line_ends_encoding_or_compression(tmp_path, raw):
    (tmp_path / "text").write_bytes(raw)
    assert read_text(tmp_path / "text") == "aé\nb\n"


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_checksums_are_those_of_hashlib(tmp_path, algorithm):
    (tmp_path / "file").write_bytes(b"content")
    assert checksum(tmp_path / "file", algorithm) == hashlib.new(algorithm, b"content").hexdigest()


@pytest.mark.parametrize(
    "above",
    ["", "# made by a pipeline\n", "#!genome-build x\n\n# two\n", "#alias\tsymbol\n"],
)
def test_comments_above_a_table_are_left_out(tmp_path, above):
    """NCBI's and BED's headers begin with # themselves."""
    path = tmp_path / "table.tsv"
    header = "" if above.startswith("#alias") else "alias\tsymbol\n"
    path.write_text(f"{above}{header}A\tB\nC\tD\n")
    table = read_columns(path)
    assert [*table.columns] == ["alias", "symbol"]
    assert table.to_numpy().tolist() == [["A", "B"], ["C", "D"]]
    line = path.read_text().split("\n").index("A\tB") + 1
    assert table.index[0] + 2 == line


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_a_table_of_nothing_is_an_empty_file(tmp_path, text):
    path = tmp_path / "table.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match="an empty file"):
        read_columns(path)
