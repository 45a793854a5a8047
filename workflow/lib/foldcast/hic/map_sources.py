"""Finding the map that is meant in a file that a user gave."""

from pathlib import Path

import cooler
import h5py

from foldcast.errors import InputError, first_few
from foldcast.file_kinds import foreign
from foldcast.files import GZIP

EXPECTED = "a contact map in cooler format (.cool or .mcool)"
HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
LOOPS = "bedpe"


def open_map(path: str | Path, resolution: int) -> cooler.Cooler:
    """The map of a .cool or .mcool file at one resolution (bp).

    Maps are found by what a group holds (bins, pixels, chroms), not by its name or by its format
    attribute: schema 2 has no such attribute, and some tools call a file with one group per
    resolution .cool.

    Raises:
        InputError: not HDF5, truncated, no map, resolution missing or given twice, bins of
            unequal size, not symmetric.
    """
    groups = map_groups(path)
    matching = [group for group, size in groups.items() if size == resolution]
    if len(matching) != 1:
        sizes = sorted({size for size in groups.values() if size})
        there = ", ".join(f"{size:,}" for size in sizes) or "only bins of unequal size"
        raise InputError(
            path,
            place=f"resolution {resolution:,} bp",
            found=f"{len(matching)} maps: {', '.join(matching)}" if matching else there,
            expected=f"one map in bins of {resolution:,} bp",
            remedy="give a file with one map per resolution"
            if matching
            else "set `resolution` to one that is there, or make it with `cooler coarsen`",
        )
    clr = cooler.Cooler(f"{path}::{matching[0]}")
    if clr.storage_mode != "symmetric-upper":
        raise InputError(
            path,
            place=f"group {matching[0]}",
            found=f"storage mode {clr.storage_mode}",
            expected="a symmetric map (`symmetric-upper`)",
            remedy="give a map of undirected contacts",
        )
    return clr


def map_groups(path: str | Path) -> dict[str, int | None]:
    """Every map of a file: its HDF5 group and its bin size in bp (None: unequal bins).

    Raises:
        InputError: not HDF5, truncated, or no map in it.
    """
    groups: dict[str, int | None] = {}

    def visit(name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Group) and {"bins", "pixels", "chroms"} <= set(item):
            size = item.attrs.get("bin-size")
            # Bins of unequal size: the attribute is absent, "null" or "none".
            groups[f"/{name}"] = int(size) if str(size).isdigit() else None

    try:
        with h5py.File(path) as file:
            visit("", file)
            file.visititems(visit)
            contents = first_few(file)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not groups:
        raise InputError(
            path,
            found=f"HDF5 without a contact map; it holds {contents or 'nothing'}",
            expected=EXPECTED,
            remedy="give a cooler file; other formats can be converted to one",
        )
    return groups


def ignored_diagonals(clr: cooler.Cooler) -> int:
    """How many diagonals balancing left out of an imported map; features leave them out too."""
    return int(clr._load_attrs("bins/weight")["ignore_diags"])


def is_loops(clr: cooler.Cooler) -> bool:
    """Whether an imported map is a list of loops: where it has none, nothing is known."""
    return (clr.info.get("metadata") or {}).get("format") == LOOPS


def damaged(path: str | Path, error: Exception) -> InputError:
    """What to say when a file's HDF5 structure does not hold."""
    return InputError(
        path,
        found=f"a damaged or truncated HDF5 file ({error})",
        expected=EXPECTED,
        remedy="get the file again and compare its size and checksum with the source's",
    )


def _unreadable(path: str | Path, error: OSError) -> InputError:
    with open(path, "rb") as handle:
        head = handle.read(512)
    if head.startswith(HDF5_MAGIC):
        return damaged(path, error)
    found, remedy = "not an HDF5 file", "give a cooler file"
    if not head:
        found, remedy = "an empty file", "get the file again"
    elif head.startswith(b"HIC\0"):
        found, remedy = "a Juicer .hic file", "convert it with `hic2cool` or `hictk convert`"
    elif head.startswith(GZIP):
        found, remedy = "a gzipped file", "unpack it with gunzip"
    elif kind := foreign(head):
        found, remedy = kind
    elif b"\0" not in head:
        first = head.decode("utf-8", errors="replace").splitlines()[0]
        found, remedy = f"text: {first[:60]!r}", "make a cooler of it with `cooler load`"
    return InputError(path, found=found, expected=EXPECTED, remedy=remedy)
