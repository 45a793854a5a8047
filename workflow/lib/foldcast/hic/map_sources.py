"""Finding the map that is meant in a file that a user gave."""

import errno
import os
from pathlib import Path

import cooler
import h5py

from foldcast.errors import InputError, first_few
from foldcast.file_kinds import foreign
from foldcast.files import GZIP
from foldcast.hic.cooler_checks import check_bins, check_group
from foldcast.hic.other_text import refuse_other_text

EXPECTED = "a contact map in cooler format (.cool or .mcool), or a .hic file"
HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
LOOPS = "bedpe"
# What HDF5 gives where a file cannot be locked: held by another, or no locks on this file system.
LOCKED = (errno.EAGAIN, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, 524)


def open_map(path: str | Path, resolution: int, source: str | Path | None = None) -> cooler.Cooler:
    """The map of a .cool or .mcool file at one resolution (bp), its bins as they should be.

    Maps are found by what a group holds (bins, pixels, chroms), not by its name or by its format
    attribute: schema 2 has no such attribute, and some tools call a file with one group per
    resolution .cool.

    Args:
        path: the file.
        resolution: bin size in bp.
        source: what messages name, where ``path`` was made of the user's file.

    Raises:
        InputError: not HDF5, locked, truncated, no map, single cells, resolution missing or given
            twice, bins of unequal size or not from end to end, not symmetric.
    """
    source = source or path
    groups = map_groups(path)
    matching = [group for group, size in groups.items() if size == resolution]
    if len(matching) != 1:
        raise _not_one(source, resolution, groups, matching)
    try:
        check_group(path, matching[0], source)
        clr = cooler.Cooler(f"{path}::{matching[0]}")
        bins = clr.bins()[["chrom", "start", "end"]][:]
    except OSError as error:
        raise unreadable(source, error) from error
    check_bins(bins, resolution, source)
    if clr.storage_mode != "symmetric-upper":
        raise InputError(
            source,
            place=f"group {matching[0]}",
            found=f"storage mode {clr.storage_mode}",
            expected="a symmetric map (`symmetric-upper`)",
            remedy="give a map of undirected contacts",
        )
    return clr


def _not_one(
    source: str | Path, resolution: int, groups: dict[str, int | None], matching: list[str]
) -> InputError:
    """What to say when there is no map, or more than one, of the resolution."""
    sizes = sorted({size for size in groups.values() if size})
    found = ", ".join(f"{size:,}" for size in sizes)
    remedy = "set `resolution` to one that is there, or make it with `cooler coarsen`"
    if matching:
        found, remedy = f"{len(matching)} maps: {', '.join(matching)}", "give one map of each size"
    elif not sizes:
        found = "only bins of unequal size, or of a size that no attribute bin-size tells"
        remedy = "give a map in bins of one size: bin the pairs with `cooler cload`"
    return InputError(
        source,
        place=f"resolution {resolution:,} bp",
        found=found,
        expected=f"one map in bins of {resolution:,} bp",
        remedy=remedy,
    )


def map_groups(path: str | Path) -> dict[str, int | None]:
    """Every map of a file: its HDF5 group and its bin size in bp (None: unequal bins).

    Raises:
        InputError: not HDF5, locked, truncated, single cells, or no map in it.
    """
    groups: dict[str, int | None] = {}

    def visit(name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Group) and {"bins", "pixels", "chroms"} <= set(item):
            # Bins of unequal size: the attribute is absent, "null" or "none".
            size = item.attrs.get("bin-size")
            groups[f"/{name}"] = int(size) if str(size).isdigit() else None

    try:
        with h5py.File(path) as file:
            if isinstance(cells := file.get("cells"), h5py.Group):
                raise InputError(
                    path,
                    found=f"single cells (.scool): {len(cells):,} maps",
                    expected=EXPECTED,
                    remedy="add the cells of a type up to one map with `cooler merge`",
                )
            visit("", file)
            file.visititems(visit)
            contents = first_few(file)
    except OSError as error:
        raise unreadable(path, error) from error
    if not groups:
        raise InputError(
            path,
            found=f"HDF5 without a contact map; it holds {contents or 'nothing'}",
            expected=EXPECTED,
            remedy="give a cooler file; other formats can be converted to one"
            + (" (HiCExplorer's own with `hicConvertFormat`)" if "intervals" in contents else ""),
        )
    return groups


def ignored_diagonals(clr: cooler.Cooler) -> int:
    """How many diagonals balancing left out of an imported map; features leave them out too."""
    return int(clr._load_attrs("bins/weight")["ignore_diags"])


def is_loops(clr: cooler.Cooler) -> bool:
    """Whether an imported map is a list of loops: where it has none, nothing is known."""
    return (clr.info.get("metadata") or {}).get("format") == LOOPS


def unreadable(path: str | Path, error: OSError) -> InputError:
    """Why a file could not be read as a map: no HDF5, locked, or damaged."""
    with open(path, "rb") as handle:
        head = handle.read(512)
    if head.startswith(HDF5_MAGIC):
        return _locked(path, error) if _is_lock(error) else _damaged(path, error)
    found, remedy = "not an HDF5 file", "give a cooler or a .hic file"
    if not head:
        found, remedy = "an empty file", "get the file again"
    elif head.startswith(GZIP):
        found, remedy = "a gzipped file", "unpack it with gunzip"
    elif kind := foreign(head):
        found, remedy = kind
    elif b"\0" not in head:
        text = head.decode("utf-8", errors="replace")
        refuse_other_text(path, text, None, EXPECTED)
        first = text.splitlines()[0]
        found, remedy = f"text: {first[:60]!r}", "make a cooler of it with `cooler load`"
    return InputError(path, found=found, expected=EXPECTED, remedy=remedy)


def _is_lock(error: OSError) -> bool:
    return error.errno in LOCKED or "unable to lock" in str(error)


def _locked(path: str | Path, error: OSError) -> InputError:
    return InputError(
        path,
        found=f"a file that HDF5 cannot lock ({os.strerror(error.errno or errno.EAGAIN).lower()})",
        expected="a file that no other program writes to, on a file system with locks",
        remedy="end the program that has it open; if there is none (network file systems often "
        "have no locks), `export HDF5_USE_FILE_LOCKING=FALSE` and run again",
    )


def _damaged(path: str | Path, error: Exception) -> InputError:
    return InputError(
        path,
        found=f"a damaged or truncated HDF5 file ({error})",
        expected=EXPECTED,
        remedy="get the file again and compare its size and checksum with the source's",
    )
