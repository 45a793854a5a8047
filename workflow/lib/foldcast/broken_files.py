"""Is a file that foldcast wrote still whole? Copying, a full disk or an editor may spoil it."""

import gzip
import json
import os
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What rules make stands in these folders; whatever else a job reads is the user's.
OURS = tuple(
    Path(folder)
    for folder in (
        "results",
        "resources/demo",
        "resources/enrichr",
        "resources/files",
        "resources/unpacked",
    )
)
# Of these, what rules write line by line: every line ends, and tables have a header at least.
WRITTEN = (Path("results"), Path("resources/demo"))
HEADED = (".tsv", ".csv")
LINES = (*HEADED, ".bed", ".bedpe", ".fa", ".fai", ".gmt", ".gtf", ".sizes")
# What readers raise where a file is cut off or spoilt.
SPOILT = (OSError, RuntimeError, KeyError, ValueError, EOFError, zlib.error, zipfile.BadZipFile)


def is_ours(path: str | Path) -> bool:
    """Whether a rule made a file of a job."""
    return any(Path(path).is_relative_to(folder) for folder in OURS)


def what_is_cut_off(path: str | Path) -> str | None:
    """What shows at a glance that a file of lines that a rule wrote is not whole, or None.

    One that is cut off within a line can be read: with missing values, or a number cut short.
    """
    path = Path(path)
    if path.suffix not in LINES or not any(map(path.is_relative_to, WRITTEN)):
        return None
    try:
        with open(path, "rb") as handle:
            if not handle.seek(0, os.SEEK_END):
                return "an empty file" if path.suffix in HEADED else None
            handle.seek(-1, os.SEEK_END)
            return None if handle.read() == b"\n" else "a table that is cut off within a line"
    except OSError:
        return None  # its reader says why


def what_is_broken(path: str | Path) -> str | None:
    """What shows, once all of it is read, that a file of ours is not whole; None: nothing does."""
    path = Path(path)
    if path.is_dir():
        parts = (what_is_broken(part) for part in sorted(path.iterdir()))
        return next((found for found in parts if found), None)
    check = CHECKS.get(path.suffix)
    if not check or not os.access(path, os.R_OK):
        return None
    if not path.stat().st_size:
        return "an empty file"
    try:
        return check(path)
    except SPOILT as error:
        return f"a broken file ({' '.join(str(error).split()) or type(error).__name__})"


def _table(path: Path) -> str | None:
    separator = b"," if path.suffix == ".csv" else b"\t"
    raw = path.read_bytes()
    raw.decode("utf-8")
    if b"\0" in raw:
        return "a table with zero bytes in it"
    *lines, behind = raw.split(b"\n")
    if behind or lines[-1].count(separator) < lines[0].count(separator):
        return "a table that is cut off within a line"
    return None


def _hdf5(path: Path) -> None:
    # A job that reads such files has imported it; not every environment has it.
    h5py: Any = sys.modules.get("h5py")
    if h5py is None:
        return

    def read(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset) and item.shape:
            for part in item.iter_chunks() if item.chunks else [...]:
                item[part]

    with h5py.File(path) as handle:
        handle.visititems(read)


def _safetensors(path: Path) -> str | None:
    with open(path, "rb") as handle:
        length = int.from_bytes(handle.read(8), "little")
        header = json.loads(handle.read(min(length, path.stat().st_size)))
    ends = [of["data_offsets"][1] for name, of in header.items() if name != "__metadata__"]
    whole = 8 + length + max(ends, default=0)
    size = path.stat().st_size
    return None if size == whole else f"{size} bytes of {whole}"


def _json(path: Path) -> None:
    json.loads(path.read_text(encoding="utf-8"))


def _zip(path: Path) -> str | None:
    with zipfile.ZipFile(path) as archive:
        bad = archive.testzip()
    return f"a broken archive ({bad})" if bad else None


def _gzip(path: Path) -> None:
    with gzip.open(path) as handle:
        while handle.read(1 << 20):
            pass


def _png(path: Path) -> str | None:
    return None if path.read_bytes().endswith(b"IEND\xaeB`\x82") else "a picture that is cut off"


CHECKS: dict[str, Callable[[Path], str | None]] = {
    **dict.fromkeys((".tsv", ".csv"), _table),
    **dict.fromkeys((".h5", ".cool", ".mcool"), _hdf5),
    **dict.fromkeys((".npz", ".pth"), _zip),
    ".safetensors": _safetensors,
    ".json": _json,
    ".gz": _gzip,
    ".png": _png,
}
