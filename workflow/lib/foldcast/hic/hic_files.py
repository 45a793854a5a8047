"""Juicer's .hic files: their raw counts at one resolution, as a cooler."""

from collections.abc import Iterator
from pathlib import Path

import bioframe
import cooler
import h5py
import hictkpy
import numpy as np
import pandas as pd

from foldcast.errors import InputError

MAGIC = b"HIC\0"
STRIP = 5_000  # bins whose contacts are in memory at a time
WHOLE = np.dtype("int32")


def is_hic(path: str | Path) -> bool:
    """Whether a file is one of Juicer's, by its content and not by its name.

    Raises:
        OSError: no such file.
    """
    with open(path, "rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


def hic_resolutions(path: str | Path) -> list[int]:
    """Bin sizes (bp) that a .hic file holds.

    Raises:
        InputError: damaged, or of a version that hictk does not read.
    """
    try:
        return sorted(int(size) for size in hictkpy.MultiResFile(str(path)).resolutions())
    except (RuntimeError, OSError) as error:
        raise _broken(path, error) from error


def hic_to_cooler(path: str | Path, resolution: int, target: str | Path) -> None:
    """Write the raw counts of a .hic file as a cooler; its normalisation vectors are not used.

    Chromosomes keep the file's names and order, without `All`, Juicer's own sum of them. Counts
    are whole numbers (int32) where all of them are.

    Args:
        path: a .hic file, of version 6 to 9.
        resolution: bin size in bp.
        target: the .cool file to write.

    Raises:
        InputError: damaged; a resolution that is not there.
    """
    there = hic_resolutions(path)
    if resolution not in there:
        raise InputError(
            path,
            place=f"resolution {resolution:,} bp",
            found=", ".join(f"{size:,}" for size in there),
            expected=f"a map in bins of {resolution:,} bp",
            remedy="set `resolution` to one that is there",
        )
    try:
        file = hictkpy.File(str(path), resolution)
        sizes = pd.Series(file.chromosomes())
        bins, types = bioframe.binnify(sizes, resolution), {"count": np.dtype(float)}
        cooler.create_cooler(
            str(target), bins, _rows(file, sizes), dtypes=types, ordered=True, symmetric_upper=True
        )
    except RuntimeError as error:
        raise _broken(path, error) from error
    _make_whole(target)


def _rows(file: hictkpy.File, sizes: pd.Series) -> Iterator[dict[str, np.ndarray]]:
    """Contacts in the order of a cooler, a strip of bins of one chromosome at a time."""
    size = file.resolution()
    offsets = dict(zip(sizes.index, np.cumsum([0, *-(-sizes // size)]), strict=False))
    for position, chrom in enumerate(sizes.index):
        for start in range(0, sizes[chrom], STRIP * size):
            strip = f"{chrom}:{start}-{min(start + STRIP * size, sizes[chrom])}"
            parts = []
            for other in sizes.index[position:]:
                # Left of the strip, its own chromosome was read with the strips before it.
                begin = start if other == chrom else 0
                found = file.fetch(
                    strip, f"{other}:{begin}-{sizes[other]}", count_type=float
                ).to_coo()
                row = found.row.astype("int64") + offsets[chrom] + start // size
                column = found.col.astype("int64") + offsets[other] + begin // size
                upper = (row <= column) & (found.data != 0)
                parts.append((row[upper], column[upper], found.data[upper]))
            row, column, count = (np.concatenate(each) for each in zip(*parts, strict=True))
            order = np.lexsort((column, row))
            yield {"bin1_id": row[order], "bin2_id": column[order], "count": count[order]}


def _make_whole(path: str | Path) -> None:
    """Counts as whole numbers, where they are."""
    with h5py.File(path, "r+") as file:
        count = file["pixels/count"]
        pieces = (count[piece] for piece in count.iter_chunks())
        if all(((part % 1 == 0) & (abs(part) <= np.iinfo(WHOLE).max)).all() for part in pieces):
            whole = file["pixels"].create_dataset(
                "whole", count.shape, WHOLE, chunks=count.chunks, compression="gzip"
            )
            for piece in count.iter_chunks():
                whole[piece] = count[piece]
            del file["pixels/count"]
            file.move("pixels/whole", "pixels/count")


def _broken(path: str | Path, error: Exception) -> InputError:
    return InputError(
        path,
        found=f"a .hic file that hictk cannot read ({str(error).splitlines()[-1].strip()})",
        expected="a whole .hic file of version 6 to 9",
        remedy="get the file again and compare its size and checksum with the source's",
    )
