"""Digests of the user's files: what changes them, and when a file is read again."""

import json
import os

import pytest

from foldcast import content_digest as module
from foldcast.content_digest import KeptDigests, content_digest


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sheet.tsv"
    path.write_text("a\tb\n")
    return path


@pytest.fixture
def kept(tmp_path):
    return tmp_path / ".snakemake/foldcast/digests.json"


@pytest.fixture
def read(monkeypatch):
    """The files that are read; and no file is too young for its digest to be kept."""
    paths = []

    def reading(path):
        paths.append(os.path.basename(path))
        return content_digest(path)

    monkeypatch.setattr(module, "content_digest", reading)
    monkeypatch.setattr(module, "YOUNG", -1)
    return paths


def test_a_digest_is_that_of_the_content_alone(file, tmp_path):
    other = tmp_path / "other"
    other.write_text("a\tb\n")
    os.utime(other, (0, 0))
    assert content_digest(file) == content_digest(other)
    other.write_text("a\tc\n")
    assert content_digest(file) != content_digest(other)
    assert len(content_digest(file)) == 16


@pytest.mark.parametrize("at", [0, 40_000, 99_999])
def test_of_a_large_file_the_size_and_blocks_are_read(file, monkeypatch, at):
    monkeypatch.setattr(module, "WHOLE", 1000)
    monkeypatch.setattr(module, "BLOCKS", 6)
    monkeypatch.setattr(module, "BLOCK", 1000)
    content = bytearray(b"x" * 100_000)
    file.write_bytes(content)
    before = content_digest(file)
    file.write_bytes(bytes(content) + b"x")
    assert content_digest(file) != before
    content[at] = 0
    file.write_bytes(content)
    assert content_digest(file) != before


def test_a_start_only_looks_at_what_was_read_before(file, kept, read):
    digest = KeptDigests(kept).of(file)
    assert digest == content_digest(file) and read == ["sheet.tsv"]
    again = KeptDigests(kept)
    assert again.of(file) == again.of(os.path.relpath(file)) == digest
    assert read == ["sheet.tsv"]


def replaced_by_an_older_one(file):
    other = file.with_name("other")
    other.write_text("a\tc\n")
    os.utime(other, (1, 1))
    os.replace(other, file)


def written_over_with_its_time(file):
    stat = file.stat()
    file.write_text("a\tc\n")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("change", [replaced_by_an_older_one, written_over_with_its_time])
def test_a_file_that_may_have_changed_is_read_again(file, kept, read, change):
    before = KeptDigests(kept).of(file)
    change(file)
    assert KeptDigests(kept).of(file) not in (before, None)
    assert len(read) == 2


def test_a_touched_file_has_the_digest_that_it_had(file, kept, read):
    before = KeptDigests(kept).of(file)
    os.utime(file)
    assert KeptDigests(kept).of(file) == before


def test_of_a_file_that_was_just_written_nothing_is_kept(file, kept):
    """It may change once more without looking otherwise."""
    assert KeptDigests(kept).of(file)
    assert not kept.exists()


def test_a_file_that_is_not_there_has_none(tmp_path, kept):
    assert KeptDigests(kept).of(tmp_path / "nothing") is None
    assert KeptDigests(kept).of(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"%s": 3}', '{"%s": [1, "x"]}'])
def test_what_was_kept_and_is_broken_does_no_harm(file, kept, read, text):
    kept.parent.mkdir(parents=True)
    kept.write_text(text.replace("%s", str(file)))
    assert KeptDigests(kept).of(file) == content_digest(file)
    assert str(file) in json.loads(kept.read_text())


def test_starts_at_one_time_keep_what_each_has_read(file, kept, read, tmp_path):
    other = tmp_path / "other"
    other.write_text("b")
    one, two = KeptDigests(kept), KeptDigests(kept)
    one.of(file), two.of(file), one.of(other)
    assert json.loads(kept.read_text()).keys() == {str(file), str(other)}


def test_digests_that_cannot_be_kept_are_made_all_the_same(file, read, tmp_path):
    (tmp_path / "a file").write_text("")
    assert KeptDigests(tmp_path / "a file/digests.json").of(file) == content_digest(file)
