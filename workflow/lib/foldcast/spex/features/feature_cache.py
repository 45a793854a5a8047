"""What Beluga made of a sequence, kept by that sequence: no gene and no place is computed twice.

A folder for each fingerprint holds HDF5 files of rows by key. A job looks into all of them, and
writes files of its own, whole or not at all, so that jobs side by side need no lock. A job that was
killed finds what it had written; a file that is damaged is left out.
"""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import h5py
import numpy as np

from foldcast.errors import InputError
from foldcast.files import atomic
from foldcast.job import log
from foldcast.spex.features.dna_codes import STEP, WINDOW

# Of the mathematics between letters and rows. Golden values in tests say when it has to be raised:
# rows of another version are not taken.
VERSION = 1
LOCAL, PLACE = "local features of genes", "sums over places"
KEY = "S32"
# What reading a file raises that is damaged, of another layout, or gone.
BROKEN = (OSError, KeyError, ValueError, TypeError, RuntimeError)

Rows = dict[str, np.ndarray]
Fingerprint = dict[str, Any]
Result = TypeVar("Result")


def fingerprint_of(kind: str, weights: str, options: Mapping[str, Any], **more: Any) -> Fingerprint:
    """What rows of one kind depend on beside the sequence; of kinds that JSON knows.

    Args:
        kind: `LOCAL` or `PLACE`.
        weights: digest of Beluga's file.
        options: precision, reverse_complement.
        more: what else the rows of this kind depend on.
    """
    return {
        "kind": kind,
        "version": VERSION,
        "weights": weights,
        "precision": options["precision"],
        "strands": "mean of both" if options["reverse_complement"] else "as given",
        "windows": f"{WINDOW} bp every {STEP} bp",
        **more,
    }


def key_of(codes: np.ndarray, strand: str = "") -> bytes:
    """Key of a stretch of sequence: 32 hexadecimal digits.

    Args:
        codes: uint8, of all bases that the row is computed from, those past the ends too.
        strand: of the gene, where its rows depend on that.
    """
    digest = hashlib.sha256(strand.encode() + codes.tobytes())
    return digest.hexdigest()[:32].encode()


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
        self.folder = (self._passing or Path(str(folder))) / _name(fingerprint)
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
                if path not in self._tables and _said(file) != self._fingerprint:
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
        with new_file(path) as file:
            write_keys(file, self._fingerprint, self.keys[at])
            for name, values in rows.items():
                _row_by_row(file, name, len(at), values)[:] = values
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
            with new_file(whole) as file:
                write_keys(file, self._fingerprint, np.concatenate(parts))
                row = 0
                for path in self._written:
                    with h5py.File(path) as part:
                        for name in _names(part):
                            values = part[name][:]
                            if name not in file:
                                _row_by_row(file, name, sum(map(len, parts)), values)
                            file[name][row : row + len(values)] = values
                    row += len(values)
        if whole.exists():
            for path in self._written:
                path.unlink(missing_ok=True)


@contextmanager
def new_file(output: str | Path) -> Iterator[h5py.File]:
    """An HDF5 file that is there when the context ends well; what killed jobs left is deleted."""
    output = Path(output)
    for left_over in output.parent.glob(f".{output.name}.*"):
        if left_over.is_file():
            left_over.unlink()
    with atomic(output) as temporary, h5py.File(temporary, "w") as file:
        yield file


def write_keys(file: h5py.File, fingerprint: Fingerprint, keys: np.ndarray) -> None:
    """Make a file one that the cache reads: /key, and of what its rows are."""
    file.attrs["fingerprint"] = json.dumps(fingerprint, sort_keys=True)
    file.create_dataset("key", data=keys, track_times=False)


def check_table(path: str | Path, fingerprint: Fingerprint) -> bool:
    """Whether a table is of a fingerprint's kind.

    Raises:
        InputError: it is, and has another fingerprint; no table of features that can be read.
    """
    try:
        with h5py.File(path) as file:
            said, keys = _said(file), len(file["key"])
            whole = all(len(file[name]) == keys for name in _names(file))
    except BROKEN as error:
        reason = " ".join(str(error).split())
        raise _refused(path, f"no table of features ({reason})", "a table with /key") from None
    if said.get("kind") != fingerprint["kind"]:
        return False
    if said != fingerprint:
        differ = [name for name in fingerprint if said.get(name) != fingerprint[name]]
        raise _refused(
            path, _words(said, differ), f"{_words(fingerprint, differ)}, as in this config"
        )
    if not whole:
        raise _refused(path, "fewer rows than keys", "a row for each key")
    return True


def _refused(path: str | Path, found: str, expected: str) -> InputError:
    return InputError(
        path,
        found=found,
        expected=expected,
        remedy="take it off `beluga.tables`, or take the weights and options that it was made with",
    )


def _words(fingerprint: Fingerprint, names: Iterable[str]) -> str:
    """A fingerprint's name, and those of its parts that matter."""
    parts = ", ".join(f"{name}: {str(fingerprint.get(name))[:16]}" for name in names)
    return f"fingerprint {_name(fingerprint)} ({parts})"


def _name(fingerprint: Fingerprint) -> str:
    text = json.dumps(fingerprint, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _said(file: h5py.File) -> dict[str, Any]:
    return json.loads(file.attrs["fingerprint"])


def _names(file: h5py.File) -> list[str]:
    """The datasets of rows."""
    return sorted(name for name in file if name not in ("key", "genes"))


def _rows(file: h5py.File, at: Sequence[int]) -> list[Rows]:
    return [{name: file[name][row] for name in _names(file)} for row in at]


def _row_by_row(file: h5py.File, name: str, n: int, values: np.ndarray) -> h5py.Dataset:
    """Rows that are read one by one, each with a checksum."""
    shape = values.shape[1:]
    chunk = (1, *shape)
    return file.create_dataset(
        name, (n, *shape), "f4", chunks=chunk, fletcher32=True, track_times=False
    )


def _beside(output: str | Path) -> Path:
    return Path(output).with_name(f".{Path(output).name}.cache")
