"""Tables per chromosome (HDF5) that grow block by block and outlive a killed job."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import h5py
import numpy as np

from foldcast.errors import InputError
from foldcast.files import atomic
from foldcast.job import log

KEY_DIGITS = 16
Shape = tuple[tuple[int, ...], str]  # of one gene's row, and its dtype


def key_of(**parts: Any) -> str:
    """Hash of what a result depends on; the parts are of kinds that JSON knows."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS]


class Resumable:
    """An HDF5 file of datasets [genes, ...] that is filled by blocks; a context manager.

    Until all blocks are done it is ``.<name>.partial`` beside the output. A job that is killed
    leaves that file whole: space is allotted when the file is made, so that later writes change no
    structure, and a block is marked only when its rows are on the disk. The next job with the same
    key goes on behind the last block that is marked. When the context ends well, the file becomes
    the output; its bytes do not depend on interruptions.

    Args:
        key: of what the rows depend on (`key_of`); a partial file of another key is thrown away.
        genes: their names, written as /genes.
        datasets: by name (with slashes, in groups), the shape and dtype of a gene's row.
        blocks: length of /done where a block is not a gene: for rows that accumulate (`replace`).
        attrs: of the file, besides `key`.

    Raises:
        InputError: another job is writing the partial file.
    """

    def __init__(
        self,
        output: str | Path,
        key: str,
        genes: Sequence[str],
        datasets: Mapping[str, Shape],
        *,
        blocks: int | None = None,
        attrs: Mapping[str, Any] | None = None,
    ) -> None:
        self.output, self.key, self.genes = Path(output), key, list(genes)
        self.datasets, self.attrs = dict(datasets), dict(attrs or {})
        self.blocks = len(self.genes) if blocks is None else blocks
        self.partial = self.output.with_name(f".{self.output.name}.partial")
        self._journal = self.output.with_name(f".{self.output.name}.journal")
        self._file: h5py.File

    def __enter__(self) -> "Resumable":
        if not self._goes_on():
            self._journal.unlink(missing_ok=True)
            with atomic(self.partial) as temporary:
                self._create(temporary)
        self._file = _open(self.partial, "r+")
        for draft in (self.partial, self._journal):
            for left_over in self.output.parent.glob(f".{draft.name}.*"):  # of `atomic`, killed
                left_over.unlink()
        if self._journal.exists():
            self._settle()
        done = int(self.done.sum())
        if done:
            log.info("going on after %d of %d blocks that are done", done, self.blocks)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        whole = bool(self.done.all())
        self._file.close()
        if error is not None:
            return
        if not whole:
            raise RuntimeError(f"{self.partial} is not all done")
        os.replace(self.partial, self.output)

    def __getitem__(self, name: str) -> h5py.Dataset:
        return self._file[name]

    @property
    def done(self) -> np.ndarray:
        """Which blocks are done, bool [genes] or [blocks]."""
        return self._file["done"][:]

    def write(self, rows: slice, values: Mapping[str, np.ndarray]) -> None:
        """Write rows of genes, and mark them as done."""
        for name, value in values.items():
            self._file[name][rows] = value
        self._mark(rows)

    def replace(self, block: int, values: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> None:
        """Put new rows in the place of old ones, and mark a block as done: both, or neither.

        A kill between rows and mark would count the block again, so the rows go into a journal
        beside the file first; a journal that is there when the file is opened is carried out again,
        which changes nothing that was carried out already.

        Args:
            values: by dataset, which rows (increasing) and their new values.
        """
        with atomic(self._journal) as temporary, h5py.File(temporary, "w") as journal:
            journal.attrs.update(key=self.key, block=block)
            for name, (rows, value) in values.items():
                journal.create_dataset(f"{name}/rows", data=rows, track_times=False)
                journal.create_dataset(f"{name}/value", data=value, track_times=False)
            _sync(journal)
        self._settle()

    def _settle(self) -> None:
        """Carry out the journal, unless it is of another key."""
        with h5py.File(self._journal) as journal:
            if journal.attrs["key"] == self.key:
                for name in self.datasets:
                    if name in journal:
                        rows = journal[f"{name}/rows"][:]
                        if len(rows):
                            self._file[name][rows] = journal[f"{name}/value"][:]
                block = int(journal.attrs["block"])
                self._mark(slice(block, block + 1))
        self._journal.unlink()

    def _mark(self, rows: slice) -> None:
        _sync(self._file)
        self._file["done"][rows] = True
        _sync(self._file)

    def _goes_on(self) -> bool:
        """Whether a partial file is there, whole and of this key."""
        if not self.partial.exists():
            return False
        try:
            with _open(self.partial, "r") as file:
                known = file.attrs["key"] == self.key and len(file["done"]) == self.blocks
        except (OSError, KeyError):
            log.info("%s is broken: starting anew", self.partial)
            return False
        if not known:
            log.info("%s is of other inputs, options or code: starting anew", self.partial)
        return known

    def _create(self, path: Path) -> None:
        early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        early.set_obj_track_times(False)
        with h5py.File(path, "w") as file:
            file.attrs["key"] = self.key
            for name, value in sorted(self.attrs.items()):
                file.attrs[name] = value
            genes = np.array(self.genes, dtype=h5py.string_dtype())
            file.create_dataset("genes", data=genes, track_times=False)
            space: dict[str, Shape] = {"done": ((self.blocks,), "bool")}
            for name, (shape, dtype) in self.datasets.items():
                space[name] = ((len(self.genes), *shape), dtype)
            for name, (shape, dtype) in space.items():
                file.create_dataset(name, shape, dtype=dtype, dcpl=early.copy())
            _sync(file)


def _open(path: Path, mode: str) -> h5py.File:
    try:
        return h5py.File(path, mode)
    except BlockingIOError:
        raise InputError(
            path,
            found="a file that another job is writing",
            expected="one job per output",
            remedy="wait for that job, or end it if it is left over from a run that was killed",
        ) from None


def _sync(file: h5py.File) -> None:
    """Everything onto the disk: in the page cache alone it would outlive a kill, but no crash."""
    file.flush()
    os.fsync(file.id.get_vfd_handle())
