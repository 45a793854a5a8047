"""bigWig read by its index, as genome browsers do; written from the format, not our writer."""

import struct
import zlib
from pathlib import Path


class BigWig:
    """Header, chromosomes, and the intervals or reduced rows that touch a range."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        magic, self.version, self.zooms, tree, _, self._index = self._read("<IHHQQQ", 0)
        assert magic == 0x888FFC26 and self._bytes[-4:] == struct.pack("<I", magic)
        (summary,) = self._read("<Q", 44)
        self.covered, self.low, self.high, self.sum, _ = self._read("<Qdddd", summary)
        magic, _, key, value, count, _ = self._read("<IIIIQQ", tree)
        assert magic == 0x78CA8C91 and value == 8
        leaf, _, number = self._read("<BBH", tree + 32)
        assert leaf and number == count
        self.chromosomes, self._number = {}, {}
        for k in range(number):
            at = tree + 36 + k * (key + 8)
            name = self._bytes[at : at + key].rstrip(b"\0").decode()
            self._number[name], self.chromosomes[name] = self._read("<II", at + key)
        assert list(self.chromosomes) == sorted(self.chromosomes)

    def _read(self, form: str, at: int) -> tuple:
        return struct.unpack_from(form, self._bytes, at)

    def _blocks(self, index: int, chrom: int, start: int, end: int) -> list[bytes]:
        """Data of every leaf of an R tree that touches a range."""
        assert self._read("<I", index)[0] == 0x2468ACE0
        found, nodes = [], [index + 48]
        while nodes:
            at = nodes.pop(0)
            leaf, _, count = self._read("<BBH", at)
            for k in range(count):
                form = "<IIIIQQ" if leaf else "<IIIIQ"
                c1, s, c2, e, offset, *size = self._read(form, at + 4 + k * struct.calcsize(form))
                if (c1, s) >= (chrom, end) or (c2, e) <= (chrom, start):
                    continue
                if leaf:
                    found.append(zlib.decompress(self._bytes[offset : offset + size[0]]))
                else:
                    nodes.append(offset)
        return found

    def intervals(self, name: str, start: int, end: int) -> list[tuple[int, int, float]]:
        """Those that touch a range."""
        chrom, found = self._number[name], []
        for block in self._blocks(self._index, chrom, start, end):
            own, *_, kind, _, count = struct.unpack_from("<IIIIIBBH", block)
            assert (own, kind) == (chrom, 1)
            rows = struct.iter_unpack("<IIf", block[24 : 24 + 12 * count])
            found += [row for row in rows if row[0] < end and row[1] > start]
        return found

    def reduced(self, level: int, name: str) -> list[tuple]:
        """(start, end, covered, low, high, sum) of a reduced copy."""
        _, _, _, index = self._read("<IIQQ", 64 + 24 * level)
        chrom, found = self._number[name], []
        for block in self._blocks(index, chrom, 0, self.chromosomes[name]):
            rows = struct.iter_unpack("<IIIIffff", block)
            found += [row[1:7] for row in rows if row[0] == chrom]
        return found
