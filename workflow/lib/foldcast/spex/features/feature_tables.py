"""Tables of features by sequence (HDF5): of what their rows are, and by which keys they are found.

The files that `feature_cache` keeps are such tables, and so is what rule local_features writes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from foldcast.errors import InputError
from foldcast.spex.features.dna_codes import STEP, WINDOW

# Of the mathematics between letters and rows. Golden values in tests say when it has to be raised:
# rows of another version are not taken.
VERSION = 1
LOCAL, PLACE = "local features of genes", "sums over places"
KEY = "S32"
# What reading a file raises that is damaged, of another layout, or gone.
BROKEN = (OSError, KeyError, ValueError, TypeError, RuntimeError)

Fingerprint = dict[str, Any]


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
            said, keys = dict(read_fingerprint(file)), len(file["key"])
            whole = all(len(file[name]) == keys for name in row_names(file))
    except BROKEN as error:
        reason = " ".join(str(error).split())
        raise _refused(path, f"no table of features ({reason})", "a table with /key") from None
    if said.get("kind") not in (LOCAL, PLACE):
        raise _refused(path, f"rows of {said.get('kind')}", f"{LOCAL}, or {PLACE}")
    if said["kind"] != fingerprint["kind"]:
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
    return f"fingerprint {fingerprint_name(fingerprint)} ({parts})"


def fingerprint_name(fingerprint: Fingerprint) -> str:
    text = json.dumps(fingerprint, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_fingerprint(file: h5py.File) -> Fingerprint:
    """What the rows of a file are of, as it says itself."""
    return json.loads(file.attrs["fingerprint"])


def row_names(file: h5py.File) -> list[str]:
    """The datasets of rows."""
    return sorted(name for name in file if name not in ("key", "genes"))


def add_rows(file: h5py.File, name: str, n: int, values: np.ndarray) -> h5py.Dataset:
    """Rows that are read one by one, each with a checksum."""
    shape = values.shape[1:]
    chunk = (1, *shape)
    return file.create_dataset(
        name, (n, *shape), "f4", chunks=chunk, fletcher32=True, track_times=False
    )
