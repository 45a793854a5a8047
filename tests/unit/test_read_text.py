"""Texts as spreadsheets and downloads leave them, and files that are none."""

import gzip
import zipfile

import pytest

from foldcast.errors import InputError
from foldcast.files import is_gzipped, read_text

TEXT = "gene\tµ\nA\t1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_of_spreadsheets(tmp_path, encoding, end):
    path = tmp_path / "table.txt"
    path.write_bytes(TEXT.replace("\n", end).encode(encoding))
    assert read_text(path) == TEXT


def test_gzip_is_known_by_content_and_not_by_name(tmp_path):
    contents = {"plain.gz": TEXT.encode(), "packed.tsv": gzip.compress(TEXT.encode()), "empty": b""}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        assert is_gzipped(tmp_path / name) == (name == "packed.tsv")
    assert read_text(tmp_path / "packed.tsv") == read_text(tmp_path / "plain.gz") == TEXT
    with pytest.raises(OSError):
        is_gzipped(tmp_path)


def faulty(path, content):
    """Nothing, a folder, or a file with this content."""
    if content == "folder":
        path.mkdir()
    elif content == "xlsx":
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("xl/workbook.xml", "<workbook/>")
    elif content is not None:
        path.write_bytes(content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "no such file"),
        ("folder", "is a directory"),
        ("xlsx", ".xlsx"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-9], "a broken gzip file"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-8] + b"\0" * 8, "a broken gzip file"),
    ],
)
def test_what_is_no_text_is_said(tmp_path, content, found):
    path = tmp_path / "table.tsv"
    faulty(path, content)
    with pytest.raises(InputError, match="table.tsv") as raised:
        read_text(path)
    assert found in raised.value.found
