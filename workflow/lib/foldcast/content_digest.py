"""What a file holds, as a short digest: whether a file that a user gave is still the same.

Time stamps lie: ``mv``, ``cp -p``, ``rsync -t`` and ``unzip`` bring older ones. Digests are kept by
what a look at the file tells, so that a start of Snakemake reads only what is new.
"""

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path

from foldcast.files import atomic

WHOLE = 1_000_000_000  # bytes; of a larger file only so many blocks are read:
BLOCKS, BLOCK = 128, 1 << 16
# A file that changes twice within a tick of its file system's clock looks the same: a digest of a
# file so young (seconds) is not kept.
YOUNG = 2


def content_digest(path: str | Path) -> str:
    """16 hexadecimal digits that tell what a file holds.

    Of a file above 1 GB, its size and 128 blocks from its start to its end: what is changed between
    them and leaves the size as it is remains unseen.

    Raises:
        OSError: the file cannot be read.
    """
    with open(path, "rb") as handle:
        size = os.fstat(handle.fileno()).st_size
        if size <= WHOLE:
            return hashlib.file_digest(handle, "sha256").hexdigest()[:16]
        digest = hashlib.sha256(str(size).encode())
        for block in range(BLOCKS):
            handle.seek(block * (size - BLOCK) // (BLOCKS - 1))
            digest.update(handle.read(BLOCK))
        return digest.hexdigest()[:16]


class KeptDigests:
    """Digests by path, each for as long as inode, size, mtime and ctime stay.

    Args:
        kept: the JSON file that they are kept in. One that is broken or cannot be written does no
            harm, nor do several starts at one time: what is not in it is read again.
    """

    def __init__(self, kept: Path) -> None:
        self._kept = kept.absolute()  # Snakemake goes to other folders later
        self._known: dict[str, list] | None = None

    def of(self, path: str | Path) -> str | None:
        """`content_digest` of a file; None where there is none that can be read."""
        name = os.path.abspath(path)
        if self._known is None:
            self._known = self._read()
        try:
            stat = os.stat(name)
            look = [stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
            match self._known.get(name):
                case [*before, str(digest)] if before == look:
                    return digest
            digest = content_digest(name)
        except OSError:
            return None
        self._known[name] = [*look, digest]
        if time.time() - stat.st_ctime > YOUNG:
            with suppress(OSError), atomic(self._kept) as temporary:
                # Another start may have added some meanwhile.
                temporary.write_text(json.dumps(self._read() | {name: self._known[name]}))
        return digest

    def _read(self) -> dict[str, list]:
        with suppress(OSError, ValueError):
            if isinstance(known := json.loads(self._kept.read_text()), dict):
                return known
        return {}
