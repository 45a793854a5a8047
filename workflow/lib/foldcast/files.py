"""Reading what users bring and writing what a job makes, whole or not at all."""

import glob
import gzip
import hashlib
import io
import os
import re
import shutil
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from foldcast.errors import InputError
from foldcast.file_kinds import GZIP, HEAD, UTF16, refuse_foreign
from foldcast.table_layout import divider_of

# What reading a gzip file raises that is broken, cut off or none.
BROKEN_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Give a unique temporary path beside ``path`` and rename it when the block ends well.

    The suffixes of ``path`` are kept, since writers choose a format by them. When the block
    raises, the temporary file is deleted and ``path`` is left as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _draft(path, "".join(path.suffixes[-2:]))
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def scratch_folder(path: str | Path) -> Iterator[Path]:
    """A folder beside ``path`` for what is needed to make it; deleted when the block ends."""
    folder = _draft(Path(path))
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _draft(path: Path, suffixes: str = "") -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}{suffixes}")


def remove_drafts(path: str | Path) -> None:
    """Delete what `atomic` and `scratch_folder` left beside ``path`` when a job was killed.

    A job that outlived its run and still writes fails by it, so that it cannot replace the file of
    the run that came after.
    """
    path = Path(path)
    draft = re.compile(re.escape(f".{path.name}.") + r"[0-9a-f]{8}(\..*)?")
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        if not draft.fullmatch(left.name):
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def is_gzipped(path: str | Path) -> bool:
    """Whether a file is gzipped (bgzipped too), by its content and not by its name.

    Raises:
        OSError: no such file, a folder.
    """
    with open(path, "rb") as handle:
        return handle.read(len(GZIP)) == GZIP


def open_text(path: str | Path, expected: str = "text", *, may_be_empty: bool = False) -> BinaryIO:
    """A plain or gzipped text file, opened to be read as bytes from its start.

    Args:
        expected: what the reader is for, in the message.
        may_be_empty: whether the reader itself says that there is nothing.

    Raises:
        InputError: no such file, a folder, a broken gzip file, an empty one, what is no text (see
            `file_kinds`).
    """
    try:
        with (gzip.open if is_gzipped(path) else open)(path, "rb") as handle:
            head = handle.read(HEAD)
    except BROKEN_GZIP as error:
        raise broken_gzip(path, error) from None
    except OSError as error:
        raise InputError(
            path,
            found=(error.strerror or str(error)).lower(),
            expected="a file that can be read",
            remedy="check the path",
        ) from None
    if not head and not may_be_empty:
        raise InputError(
            path,
            found="an empty file",
            expected=expected,
            remedy="get the file again, or write it anew",
        )
    refuse_foreign(path, head, expected)
    return (gzip.open if is_gzipped(path) else open)(path, "rb")  # type: ignore[return-value]


def broken_gzip(path: str | Path, error: Exception) -> InputError:
    """What to say of a gzip file that is cut off or damaged."""
    return InputError(
        path,
        found=f"a broken gzip file ({error})",
        expected="a whole gzip file, or plain text",
        remedy="fetch or compress the file again",
    )


def read_text(path: str | Path) -> str:
    """The text of a plain or gzipped file with every line end (CR, LF, CRLF) as ``\\n``.

    UTF-8 with or without a byte order mark; what spreadsheets save besides: UTF-16 with its mark,
    Windows-1252.

    Raises:
        InputError: as `open_text`.
    """
    try:
        with open_text(path, may_be_empty=True) as handle:
            raw = handle.read()
    except BROKEN_GZIP as error:
        raise broken_gzip(path, error) from None
    try:
        text = raw.decode("utf-16" if raw.startswith(UTF16) else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_columns(path: str | Path) -> pd.DataFrame:
    """A TSV or CSV with a header, plain or gzipped, every cell as text; index: its line less 2.

    Lines that begin with ``#`` above the table are left out; the last of them is the header where
    it has the columns of the line below it (NCBI's ``#tax_id GeneID …``).

    Raises:
        InputError: as `read_text`; an empty file, a line of other columns.
    """
    lines = read_text(path).split("\n")
    at = next((i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), len(lines))
    separator = divider_of(lines[at]) if at < len(lines) else "\t"
    columns = lines[at].count(separator) if at < len(lines) else 0
    if at and lines[at - 1].startswith("#") and 0 < columns == lines[at - 1].count(separator):
        at -= 1
    lines = [line.lstrip("# ") if i == 0 else line for i, line in enumerate(lines[at:])]
    if not lines:
        raise InputError(
            path,
            found="an empty file",
            expected="a TSV or CSV with a header",
            remedy="get the file again, or write it anew",
        )
    try:
        table = pd.read_csv(
            io.StringIO("\n".join(lines)), sep=separator, dtype=str, keep_default_na=False
        )
        return table.set_axis(table.index + at)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            path,
            found=str(error).strip(),
            expected="a TSV or CSV with a header and the same number of cells in every line",
            remedy="mend that line",
        ) from error


def read_table(path: str | Path, **kwargs: Any) -> pd.DataFrame:
    """One of our own TSVs; gene names such as ``NA`` or ``None`` stay what they are."""
    return pd.read_csv(path, sep="\t", keep_default_na=False, na_values=[""], **kwargs)


@contextmanager
def packed_table(path: str | Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    """A gzipped TSV, written atomically part by part; the same rows give the same bytes.

    Yields:
        what adds rows below those of before; all of the same columns.
    """
    with (
        atomic(path) as draft,
        open(draft, "wb") as raw,
        gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed,
    ):

        def add(table: pd.DataFrame) -> None:
            options = {"header": packed.tell() == 0, "float_format": "%.10g"}
            table.to_csv(packed, sep="\t", index=False, lineterminator="\n", **options)

        yield add


def write_table(
    table: pd.DataFrame, path: str | Path, *, index: bool = False, sep: str = "\t"
) -> None:
    """Write a table atomically; ten significant digits, so equal numbers give equal bytes."""
    with atomic(path) as temporary:
        table.to_csv(temporary, sep=sep, index=index, float_format="%.10g", lineterminator="\n")


def checksum(path: str | Path, algorithm: str = "sha256") -> str:
    """Hexadecimal digest of a file's content."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, algorithm).hexdigest()
