"""Writing HDF5 files: whole or not at all, on a full disk too."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from foldcast.files import atomic


@contextmanager
def new_hdf5(path: str | Path) -> Iterator[h5py.File]:
    """An HDF5 file that is made in memory, and is there when the block ends well.

    On a full disk HDF5 itself ends the process without a word; so it never writes to one.

    Raises:
        OSError: no room on the disk.
    """
    with atomic(path) as temporary:
        with h5py.File(temporary, "w", driver="core", backing_store=False) as file:
            yield file
            file.flush()
            image = file.id.get_file_image()
        temporary.write_bytes(image)
