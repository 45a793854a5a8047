"""What Beluga made of a sequence, kept by that sequence: no gene and no place is computed twice.

A folder for each fingerprint holds tables of rows by key. A job looks into all of them, and writes
tables of its own, whole or not at all, so that jobs side by side need no lock. A job that was
killed finds what it had written; a file that is damaged is left out.
"""

import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import h5py
import numpy as np

from foldcast.hdf5_files import new_hdf5
from foldcast.job import log
from foldcast.spex.features.feature_tables import (
    BROKEN,
    KEY,
    Fingerprint,
    add_rows,
    check_table,
    fingerprint_name,
    read_fingerprint,
    row_names,
    write_keys,
)

Rows = dict[str, np.ndarray]
Result = TypeVar("Result")


class FeatureCache:
    """Rows of the sequences that a job needs: looked up, or computed and kept; a context manager.

    Args:
        folder: of all fingerprints; None: one beside the output, for as long as that is not whole.
        output: of the job.
        fingerprint: `fingerprint_of`.
        keys: `key_of` of each sequence; equal ones are computed once.
        tables: files from elsewhere that are looked into as well, of whatever kind.

    Raises:
        InputError: a table of this kind with another fingerprint, or none that can be read.
    """

    def __init__(
        self,
        folder: str | Path | None,
        output: str | Path,
        fingerprint: Fingerprint,
        keys: Sequence[bytes],
        tables: Iterable[str | Path] = (),
    ) -> None:
        self._fingerprint, self.keys = fingerprint, np.array(keys, dtype=KEY)
        self._tables = [Path(path) for path in tables if check_table(path, fingerprint)]
        self._passing = None if folder else _beside(output)
        self.folder = (self._passing or Path(str(folder))) / fingerprint_name(fingerprint)
        self._seed = zlib.crc32(str(output).encode())
        self._found: dict[bytes, tuple[Path, int]] = {}
        self._seen: set[Path] = set()
        self._written: list[Path] = []

    def __enter__(self) -> "FeatureCache":
        self.folder.mkdir(parents=True, exist_ok=True)
        os.utime(self.folder)  # when it was used last
        self.look()
        known = int(self.known(np.arange(len(self.keys))).sum())
        if known:
            log.info("%d of %d are known already (%s)", known, len(self.keys), self.folder)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._passing and kind is None:
            shutil.rmtree(self._passing)
        else:
            self._join()

    def look(self) -> None:
        """Look into files that are new since the last look: other jobs write too."""
        for path in [*self._tables, *sorted(self.folder.glob("[!.]*.h5"))]:
            if path not in self._seen:
                self._seen.add(path)
                keys = self._take(path, lambda file: file["key"][:])
                if keys is not None:
                    for row in np.flatnonzero(np.isin(keys, self.keys)):
                        self._found[bytes(keys[row])] = path, int(row)

    def known(self, at: np.ndarray) -> np.ndarray:
        """Which of the sequences, by their numbers, need not be computed; bool."""
        return np.array([bytes(key) in self._found for key in self.keys[at]], dtype=bool)

    def turns(self, blocks: Sequence[np.ndarray]) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Blocks of sequences that are known, and the others.

        These are in an order of the job's own, so that jobs side by side with the same sequences
        share the work.
        """
        known = [bool(self.known(block).all()) for block in blocks]
        order = np.random.default_rng(self._seed).permutation(len(blocks))
        return (
            [block for block, there in zip(blocks, known, strict=True) if there],
            [blocks[k] for k in order if not known[k]],
        )

    def rows(self, at: np.ndarray, compute: Callable[[np.ndarray], Rows]) -> Rows:
        """Rows of sequences by their numbers, of whichever are not known computed and kept.

        Args:
            compute: rows by name, [k, ...] float32, of k sequences by their numbers.
        """
        self.look()
        read = self._read(at)
        new = [number for number in at if bytes(self.keys[number]) not in read]
        if new:
            _, first = np.unique(self.keys[new], return_index=True)
            once = np.array(new)[np.sort(first)]
            made = compute(once)
            self._write(once, made)
            for k, key in enumerate(self.keys[once]):
                read[bytes(key)] = {name: values[k] for name, values in made.items()}
        each = [read[bytes(key)] for key in self.keys[at]]
        return {name: np.stack([row[name] for row in each]) for name in each[0]} if each else {}

    def _read(self, at: np.ndarray) -> dict[bytes, Rows]:
        """Rows by key, of those that can be read."""
        where: dict[Path, list[bytes]] = {}
        for key in {bytes(key) for key in self.keys[at]} & self._found.keys():
            where.setdefault(self._found[key][0], []).append(key)
        read: dict[bytes, Rows] = {}
        for path, keys in where.items():
            found = self._take(path, partial(_rows, at=[self._found[key][1] for key in keys]))
            read |= zip(keys, found or [], strict=False)
        return read

    def _take(self, path: Path, read: Callable[[h5py.File], Result]) -> Result | None:
        """What is read from a file; one that is damaged or gone is left out from then on."""
        try:
            with h5py.File(path) as file:
                if path not in self._tables and read_fingerprint(file) != self._fingerprint:
                    raise ValueError("of another fingerprint")
                return read(file)
        except BROKEN as error:
            self._found = {key: at for key, at in self._found.items() if at[0] != path}
            if path.exists():  # or its job has joined it to others
                reason = " ".join(str(error).split()) or type(error).__name__
                log.warning(
                    "%s is damaged (%s): what it held is computed anew; it may be deleted",
                    *(path, reason),
                )
            return None

    def _write(self, at: np.ndarray, rows: Rows) -> None:
        path = self.folder / f"{uuid4().hex}.h5"
        with new_hdf5(path) as file:
            write_keys(file, self._fingerprint, self.keys[at])
            for name, values in rows.items():
                add_rows(file, name, len(at), values)[:] = values
        self._seen.add(path)
        self._written.append(path)
        for row, key in enumerate(self.keys[at]):
            self._found[bytes(key)] = path, row

    def _join(self) -> None:
        """One file of those that this job wrote."""
        if len(self._written) < 2:
            return
        whole = self.folder / f"{uuid4().hex}.h5"
        parts = []
        with suppress(*BROKEN):
            for path in self._written:
                with h5py.File(path) as file:
                    parts.append(file["key"][:])
            with new_hdf5(whole) as file:
                write_keys(file, self._fingerprint, np.concatenate(parts))
                row = 0
                for path in self._written:
                    with h5py.File(path) as part:
                        for name in row_names(part):
                            values = part[name][:]
                            if name not in file:
                                add_rows(file, name, sum(map(len, parts)), values)
                            file[name][row : row + len(values)] = values
                    row += len(values)
        if whole.exists():
            for path in self._written:
                path.unlink(missing_ok=True)


def _rows(file: h5py.File, at: Sequence[int]) -> list[Rows]:
    return [{name: file[name][row] for name in row_names(file)} for row in at]


def _beside(output: str | Path) -> Path:
    return Path(output).with_name(f".{Path(output).name}.cache")
