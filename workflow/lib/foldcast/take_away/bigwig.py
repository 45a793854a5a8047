"""Tracks as bigWig, so that IGV, JBrowse and HiGlass open them.

The layout is that of Kent and others 2010 (Bioinformatics 26, 2204): data in zlib blocks, an R tree
over them, and reduced copies of the data for views from afar, without which IGV shows nothing.
A library for this, pybigtools, is not among foldcast's packages.
"""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from foldcast.files import atomic

MAGIC, TREE_MAGIC, INDEX_MAGIC = 0x888FFC26, 0x78CA8C91, 0x2468ACE0
IN_BLOCK, IN_NODE = 1024, 256  # items of a block of data, children of a node of the index
ZOOMS, STEP = 8, 4  # at most so many reduced copies, each of so many times longer stretches
HEADER, ZOOM_HEADER, SUMMARY = 64, 24, 40  # bytes
ITEM = np.dtype([("start", "<u4"), ("end", "<u4"), ("value", "<f4")])
REDUCED = np.dtype(
    [("chrom", "<u4"), ("start", "<u4"), ("end", "<u4"), ("covered", "<u4"),
     ("low", "<f4"), ("high", "<f4"), ("sum", "<f4"), ("squares", "<f4")]
)  # fmt: skip


def write_bigwig(path: str | Path, track: pd.DataFrame, sizes: Mapping[str, int]) -> None:
    """Write a track; intervals without a value are left out.

    Args:
        path: of the file.
        track: chrom, start, end (bp, 0-based half open), value; no intervals overlap.
        sizes: chromosome → its length (bp).

    Raises:
        ValueError: an interval on no chromosome of these, past its end, or over another.
    """
    names = sorted(sizes)
    items = _sorted(track, names, sizes)
    with atomic(path) as temporary, open(temporary, "wb") as out:
        reduced = _reduced(items)
        out.write(bytes(HEADER + ZOOM_HEADER * len(reduced)))
        summary_at = out.tell()
        out.write(_summary(items))
        tree_at = out.tell()
        _write_chromosomes(out, names, sizes)
        data_at = out.tell()
        data = [_data_block(*block) for block in _blocks(items)]
        index_at, largest = _write_data(out, "<Q", data, [b[1] for b in _blocks(items)])
        zooms = b""
        for length, rows in reduced:
            blocks = [rows[k : k + IN_BLOCK] for k in range(0, len(rows), IN_BLOCK)]
            zoom_at = out.tell()
            zoom_index, size = _write_data(out, "<I", [b.tobytes() for b in blocks], blocks)
            zooms += struct.pack("<IIQQ", length, 0, zoom_at, zoom_index)
            largest = max(largest, size)
        out.write(struct.pack("<I", MAGIC))
        out.seek(0)
        out.write(
            struct.pack(
                "<IHHQQQHHQQIQ", MAGIC, 4, len(reduced), tree_at, data_at, index_at, 0, 0, 0,
                summary_at, largest, 0,
            )
            + zooms
        )  # fmt: skip


def _sorted(track: pd.DataFrame, names: list[str], sizes: Mapping[str, int]) -> np.ndarray:
    """[items] chrom (number), start, end, value; in order, checked."""
    track = track.dropna(subset="value")
    chrom = pd.Index(names).get_indexer(track["chrom"])
    if (chrom < 0).any():
        raise ValueError(f"no chromosome {track['chrom'].iloc[int(np.argmax(chrom < 0))]}")
    items = np.zeros(len(track), dtype=[("chrom", "<u4"), *ITEM.descr])
    items["chrom"] = chrom
    for column in ("start", "end", "value"):
        items[column] = track[column]
    items = items[np.lexsort((items["start"], items["chrom"]))]
    length = np.array([sizes[name] for name in names], dtype=np.int64)
    past = items["end"] > length[items["chrom"]] if len(items) else np.zeros(0, bool)
    same = items["chrom"][1:] == items["chrom"][:-1]
    over = same & (items["start"][1:] < items["end"][:-1])
    if past.any() or over.any():
        raise ValueError("an interval past a chromosome's end, or over another")
    return items


def _summary(items: np.ndarray) -> bytes:
    width = items["end"].astype(float) - items["start"]
    value = items["value"].astype(float)
    low, high = (value.min(), value.max()) if len(value) else (0.0, 0.0)
    sums = float((width * value).sum()), float((width * value**2).sum())
    return struct.pack("<Qdddd", int(width.sum()), low, high, *sums)


def _write_chromosomes(out: BinaryIO, names: list[str], sizes: Mapping[str, int]) -> None:
    """The tree of chromosomes, as one leaf."""
    key = max(len(name.encode()) for name in names)
    n = len(names)
    out.write(struct.pack("<IIIIQQ", TREE_MAGIC, max(n, 2), key, 8, n, 0))
    out.write(struct.pack("<BBH", 1, 0, n))
    for number, name in enumerate(names):
        out.write(name.encode().ljust(key, b"\0") + struct.pack("<II", number, sizes[name]))


def _blocks(items: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Items in blocks, each of one chromosome."""
    found = []
    for chrom in np.unique(items["chrom"]):
        own = items[items["chrom"] == chrom]
        found += [(int(chrom), own[k : k + IN_BLOCK]) for k in range(0, len(own), IN_BLOCK)]
    return found


def _data_block(chrom: int, block: np.ndarray) -> bytes:
    ends = int(block["start"][0]), int(block["end"][-1])
    rows = np.zeros(len(block), ITEM)
    for column in ITEM.names or ():
        rows[column] = block[column]
    return struct.pack("<IIIIIBBH", chrom, *ends, 0, 0, 1, 0, len(rows)) + rows.tobytes()


def _reduced(items: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Copies of the track over ever longer stretches: length (bp) and rows in `REDUCED`."""
    if not len(items):
        return []
    length = STEP * int((items["end"] - items["start"]).max())
    levels: list[tuple[int, np.ndarray]] = []
    while len(levels) < ZOOMS and (not levels or len(levels[-1][1]) > IN_BLOCK):
        stretch = items["start"] // length
        change = (np.diff(items["chrom"]) != 0) | (np.diff(stretch) != 0)
        first = np.append(0, np.flatnonzero(change) + 1)
        last = np.append(first[1:], len(items)) - 1
        width = items["end"].astype(float) - items["start"]
        value = items["value"].astype(float)
        rows = np.zeros(len(first), REDUCED)
        rows["chrom"], rows["start"] = items["chrom"][first], items["start"][first]
        rows["end"] = items["end"][last]
        rows["covered"] = np.add.reduceat(width, first)
        rows["low"] = np.minimum.reduceat(value, first)
        rows["high"] = np.maximum.reduceat(value, first)
        rows["sum"] = np.add.reduceat(width * value, first)
        rows["squares"] = np.add.reduceat(width * value**2, first)
        levels.append((length, rows))
        length *= STEP
    return levels


def _write_data(
    out: BinaryIO, count: str, data: list[bytes], rows: list[np.ndarray]
) -> tuple[int, int]:
    """Blocks of data and the index over them: where that is, and the largest block (bytes)."""
    out.write(struct.pack(count, len(data)))
    leaves: list[tuple[tuple[int, ...], int, int]] = []
    for raw, block in zip(data, rows, strict=True):
        packed = zlib.compress(raw)
        first, last = block[0], block[-1]
        edges = [int(one) for one in (*first[["chrom", "start"]], *last[["chrom", "end"]])]
        leaves.append((tuple(edges), out.tell(), len(packed)))
        out.write(packed)
    end = at = out.tell()
    bounds = (*leaves[0][0][:2], *leaves[-1][0][2:]) if leaves else (0, 0, 0, 0)
    out.write(
        struct.pack("<IIQIIIIQII", INDEX_MAGIC, IN_NODE, len(leaves), *bounds, end, IN_BLOCK, 0)
    )
    _write_nodes(out, leaves)
    return at, max(map(len, data), default=0)


def _write_nodes(out: BinaryIO, leaves: list[tuple[tuple[int, ...], int, int]]) -> None:
    """The R tree from its root down; the children of a node stand side by side."""
    levels = [[leaves[k : k + IN_NODE] for k in range(0, max(len(leaves), 1), IN_NODE)]]
    while len(levels[0]) > 1:
        below = [((*node[0][0][:2], *node[-1][0][2:]), 0, 0) for node in levels[0]]
        levels.insert(0, [below[k : k + IN_NODE] for k in range(0, len(below), IN_NODE)])
    at = out.tell()
    for depth, nodes in enumerate(levels):
        is_leaf = depth == len(levels) - 1
        at += sum(4 + len(node) * (32 if is_leaf else 24) for node in nodes)
        child = at  # the first node of the level below
        below_nodes = iter([] if is_leaf else levels[depth + 1])
        item = 32 if depth + 1 == len(levels) - 1 else 24
        for node in nodes:
            out.write(struct.pack("<BBH", is_leaf, 0, len(node)))
            for bounds, offset, size in node:
                if is_leaf:
                    out.write(struct.pack("<IIIIQQ", *bounds, offset, size))
                else:
                    out.write(struct.pack("<IIIIQ", *bounds, child))
                    child += 4 + len(next(below_nodes)) * item
