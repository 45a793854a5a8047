"""DNA as codes, in the order in which Beluga reads letters: A, G, C, T."""

from pathlib import Path

import numpy as np
from pyfaidx import Faidx

from foldcast.errors import InputError, first_few
from foldcast.resources.chromosomes import spelling

LETTERS = "AGCT"  # a letter and its complement add up to 3
UNKNOWN = np.uint8(len(LETTERS))
WINDOW, STEP = 2000, 200  # bp of a window of Beluga's, and from one to the next
BEFORE = 999  # bases of a window before the one that it is around

_CODES = np.full(256, UNKNOWN)
for _code, _letter in enumerate(LETTERS):
    _CODES[[ord(_letter), ord(_letter.lower())]] = _code
_COMPLEMENT = np.array([3, 2, 1, 0, UNKNOWN], dtype=np.uint8)


def encode(text: str | bytes) -> np.ndarray:
    """Codes (uint8) of letters in either case; `UNKNOWN` for N, IUPAC's others, anything else."""
    raw = text.encode("ascii", errors="replace") if isinstance(text, str) else text
    return _CODES[np.frombuffer(raw, dtype=np.uint8)]


def reverse_complement(codes: np.ndarray) -> np.ndarray:
    """The other strand of codes [..., n], read in its own direction."""
    return _COMPLEMENT[codes[..., ::-1]]


def window_start(position: int) -> int:
    """Where the window around a 0-based position begins (it may be negative).

    The published window [p - 999, p + 1000] around the 1-based position p, closed.
    """
    return position - BEFORE


class Genome:
    """Stretches of an indexed FASTA file, as codes; a context manager.

    Chromosomes are asked for by the genome's names; the file may write them with or without
    ``chr``.

    Args:
        fasta: plain FASTA.
        index: its `.fai`; never made or remade here, since jobs that run side by side read it.
    """

    def __init__(self, fasta: str | Path, index: str | Path) -> None:
        self.path = Path(fasta)
        self._names: dict[str, str] = {}
        self._file = Faidx(
            str(fasta), indexname=str(index), as_raw=True, rebuild=False, build_index=False
        )

    def __enter__(self) -> "Genome":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def length(self, chrom: str) -> int:
        """Bases of a chromosome.

        Raises:
            InputError: the file does not hold it.
        """
        return self._file.index[self._name(chrom)].rlen

    def fetch(self, chrom: str, start: int, end: int) -> np.ndarray:
        """Codes of [start, end), uint8; `UNKNOWN` before a chromosome's start and past its end.

        Raises:
            InputError: no such chromosome, or the index is of another file.
        """
        first, last = max(start, 0), min(end, self.length(chrom))
        codes = np.full(end - start, UNKNOWN)
        if first < last:
            read = encode(self._file.fetch(self._name(chrom), first + 1, last))
            if len(read) != last - first:
                raise InputError(
                    self.path,
                    place=f"{chrom}:{first:,}–{last:,}",
                    found=f"{len(read):,} letters",
                    expected=f"{last - first:,} letters, by the index",
                    remedy="delete the index (.fai), which is of another file, and run again",
                )
            codes[first - start : last - start] = read
        return codes

    def _name(self, chrom: str) -> str:
        """What the file calls a chromosome."""
        if chrom not in self._names:
            name = spelling(chrom, self._file.index)
            if name is None:
                raise InputError(
                    self.path,
                    found=f"no sequence `{chrom}`; it holds {first_few(self._file.index)}",
                    expected="the sequence of every chromosome that has genes",
                    remedy="give the FASTA file of `genome.assembly`",
                )
            self._names[chrom] = name
        return self._names[chrom]
