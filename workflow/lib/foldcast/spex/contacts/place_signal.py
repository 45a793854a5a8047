"""How active places are: a signal (accessibility, H3K27ac) within them, and where enhancers are.

A place's weight is then activity × contact, as Fulco et al. (Nat Genet 51, 2019) weigh enhancers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pybigtools

from foldcast.errors import InputError, first_few
from foldcast.file_kinds import is_bigwig
from foldcast.files import read_text
from foldcast.resources.chromosomes import spelling

AT_ONCE = 4_000_000  # bases of which values are in memory at a time
HEADERS = ("track", "browser")
NARROW_PEAK = 10  # columns; the seventh is the signal
Values = Callable[[str, int, int], np.ndarray]  # chromosome, start, end → value of each base


class PlaceActivity:
    """Activity of the places of a map: the mean signal of their bases, those of enhancers alone.

    Args:
        signal: bigWig, bedGraph, BED or narrowPeak; None: 1 everywhere.
        enhancers: BED; None: every base counts.
        chroms: names of chromosomes that are read.

    Raises:
        InputError: a file that cannot be read, or that has none of these chromosomes.
    """

    def __init__(
        self, signal: str | Path | None, enhancers: str | Path | None, chroms: Sequence[str]
    ) -> None:
        self._signal = _read_signal(signal, chroms) if signal else None
        self._enhancers = _by_chrom(read_intervals(enhancers), enhancers, chroms) if enhancers \
            else None  # fmt: skip

    def of_bins(self, chrom: str, length: int, resolution: int) -> np.ndarray:
        """Activity of a chromosome's bins, [bins], float64, 0 or more.

        Args:
            chrom: its name.
            length: of it, bp.
            resolution: of the bins, bp.

        Raises:
            InputError: a value below 0.
        """
        found = np.zeros(-(-length // resolution))
        step = max(AT_ONCE // resolution, 1) * resolution
        for start in range(0, length, step):
            end = min(start + step, length)
            values = self._signal(chrom, start, end) if self._signal else np.ones(end - start)
            if self._enhancers is not None:
                values = values * (_covered(self._enhancers, chrom, start, end) > 0)
            edges = np.arange(0, end - start, resolution)
            size = np.diff([*edges, end - start])
            first = start // resolution
            found[first : first + len(edges)] = np.add.reduceat(values, edges) / size
        return found


def check_places(
    signal: str | Path | None, enhancers: str | Path | None, sizes: pd.Series, chroms: Sequence[str]
) -> None:
    """Refuse what `PlaceActivity` cannot read, and values below 0 at the start of a chromosome.

    Args:
        signal, enhancers: as there.
        sizes: chromosome → length (bp).
        chroms: those that are read.

    Raises:
        InputError: as there.
    """
    activity = PlaceActivity(signal, enhancers, chroms)
    for chrom in chroms[:1]:
        if chrom in sizes.index:
            length = int(min(sizes[chrom], AT_ONCE))
            activity.of_bins(chrom, length, length)


def read_intervals(path: str | Path) -> pd.DataFrame:
    """Intervals of a BED, bedGraph or narrowPeak file, plain or gzipped.

    Returns:
        chrom, start, end (0-based, half-open), value: of narrowPeak its signal, of bedGraph (four
        columns, the last a number) that one, otherwise 1.

    Raises:
        InputError: a line that is no interval, or none at all.
    """
    rows = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        cells = line.split("\t" if "\t" in line else None)
        if not line.strip() or line.startswith("#") or cells[0].split()[0] in HEADERS:
            continue
        whole = len(cells) > 2 and cells[1].strip().isdecimal() and cells[2].strip().isdecimal()
        if not whole or int(cells[2]) <= int(cells[1]):
            raise InputError(
                path,
                place=f"line {number}",
                found=first_few(cells, 4),
                expected="chromosome, start and end by tab; 0-based, the end is not part of it",
                remedy="mend the line; begin a line of names with #",
            )
        rows.append((cells[0].strip(), int(cells[1]), int(cells[2]), _value(cells)))
    if not rows:
        raise InputError(
            path,
            found="no interval",
            expected="lines of chromosome, start and end",
            remedy="get the file again",
        )
    return pd.DataFrame(rows, columns=["chrom", "start", "end", "value"])


def _value(cells: list[str]) -> float:
    cell = {4: 3, NARROW_PEAK: 6}.get(len(cells))
    try:
        value = float(cells[cell]) if cell else 1.0
    except ValueError:
        return 1.0
    return value if np.isfinite(value) else 0.0


def _read_signal(path: str | Path, chroms: Sequence[str]) -> Values:
    """The values of a file's bases, whatever its kind."""
    if not is_bigwig(path):
        intervals = _by_chrom(read_intervals(path), path, chroms)
        lowest = min(part["value"].min() for part in intervals.values())
        if lowest < 0:
            raise _negative(path, lowest)
        return lambda chrom, start, end: _covered(intervals, chrom, start, end)
    try:
        # By its path it would be told from others by its name alone.
        track = pybigtools.open(open(path, "rb"))  # noqa: SIM115
        names = {chrom: spelling(chrom, track.chroms()) for chrom in chroms}
    except (ValueError, OSError, pybigtools.BBIReadError) as error:
        raise _damaged(path, error) from None
    if not any(names.values()):
        raise _elsewhere(path, track.chroms(), chroms)

    def values(chrom: str, start: int, end: int) -> np.ndarray:
        name = names.get(chrom)
        if not name:
            return np.zeros(end - start)
        try:
            found = track.values(name, start, end, fillna=0.0, oob=0.0)
        except (ValueError, OSError, pybigtools.BBIReadError) as error:
            raise _damaged(path, error) from None
        found = np.nan_to_num(found, nan=0.0, posinf=0.0)
        if found.min(initial=0) < 0:
            raise _negative(path, float(found.min()))
        return found

    return values


def _by_chrom(
    table: pd.DataFrame, path: str | Path | None, chroms: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Intervals of each chromosome that is read."""
    there = dict(list(table.groupby("chrom", sort=False)))
    names = {chrom: spelling(chrom, there) for chrom in chroms}
    found = {chrom: there[name] for chrom, name in names.items() if name}
    if not found:
        raise _elsewhere(str(path), there, chroms)
    return found


def _covered(intervals: dict[str, pd.DataFrame], chrom: str, start: int, end: int) -> np.ndarray:
    """Sum of the values of the intervals over each base of [start, end)."""
    change = np.zeros(end - start + 1)
    if chrom in intervals:
        table = intervals[chrom]
        table = table[(table["start"] < end) & (table["end"] > start)]
        value = table["value"].to_numpy(float)
        np.add.at(change, (table["start"] - start).clip(lower=0), value)
        np.add.at(change, (table["end"] - start).clip(upper=end - start), -value)
    # Differences of sums leave dust where nothing is.
    return np.round(np.cumsum(change[:-1]), 9)


def _elsewhere(path: str | Path, names: Sequence[str] | dict, chroms: Sequence[str]) -> InputError:
    return InputError(
        path,
        found=f"chromosomes {first_few(names, 5)}",
        expected=f"some of {first_few(chroms, 5)}",
        remedy="give a file of the maps' assembly",
    )


def _damaged(path: str | Path, error: Exception) -> InputError:
    return InputError(
        path,
        found=f"a damaged bigWig file ({error})",
        expected="a whole bigWig file",
        remedy="get or copy the file again, and compare its size with the source's",
    )


def _negative(path: str | Path, value: float) -> InputError:
    return InputError(
        path,
        found=f"{value:g}, a value below 0",
        expected="a signal of 0 or more: it is a weight",
        remedy="give coverage or fold change over the input, not its logarithm",
    )
