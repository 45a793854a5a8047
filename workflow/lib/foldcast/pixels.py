"""The pixels of a contact map, in pieces that fit into memory."""

from collections.abc import Iterator

import cooler
import numpy as np

AT_ONCE = 1_000_000  # pixels in memory at a time

Pixels = tuple[np.ndarray, np.ndarray, np.ndarray]


def read_pixels(
    clr: cooler.Cooler, chrom: str | None = None, at_once: int = AT_ONCE
) -> Iterator[Pixels]:
    """Yield a map's pixels piece by piece, in its own order: by bin1, then by bin2.

    The file is closed between two pieces, so that whoever stops early may write to it.

    Args:
        clr: a map, in which each pair of bins stands once, bin1 ≤ bin2.
        chrom: only pixels whose bin1 is on this chromosome (bin2 may be on another); None: all.
        at_once: pixels in a piece, at most.

    Yields:
        bin1, bin2 (bins of the whole map, from 0) and count: each [pixels], of the file's types.

    Raises:
        OSError: a damaged file.
    """
    first, last = 0, int(clr.info["nnz"])
    if chrom is not None:
        with clr.open("r") as group:
            first, last = (int(group["indexes/bin1_offset"][at]) for at in clr.extent(chrom))
    for start in range(first, last, at_once):
        piece = slice(start, min(start + at_once, last))
        with clr.open("r") as group:
            bin1, bin2, count = (
                group[f"pixels/{name}"][piece] for name in ("bin1_id", "bin2_id", "count")
            )
        yield bin1, bin2, count
