"""The genome's sequence."""

import gzip
import shutil
from pathlib import Path

from pyfaidx import Faidx, FastaIndexingError

from foldcast.errors import InputError
from foldcast.file_kinds import HEAD, refuse_foreign
from foldcast.files import BROKEN_GZIP, atomic, is_gzipped

CHUNK = 1 << 20


def unpack(packed: str | Path, fasta: str | Path) -> int:
    """Write what a gzipped (or bgzipped) FASTA file holds; how many bytes that is.

    Raises:
        InputError: not gzip, a broken or cut off gzip file, what it holds does not begin as FASTA.
    """
    if not is_gzipped(packed):
        with open(packed, "rb") as handle:
            refuse_foreign(packed, handle.read(HEAD), "a gzipped FASTA file")
    with atomic(fasta) as temporary:
        try:
            with gzip.open(packed) as source, open(temporary, "wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
        except BROKEN_GZIP as error:
            raise InputError(
                packed,
                found=f"no whole gzip file ({error})",
                expected="a gzipped FASTA file",
                remedy="fetch it again; a plain file must not be named .gz",
            ) from error
        with open(temporary, "rb") as handle:
            head = handle.read(HEAD)
        first = head[:1]
        refuse_foreign(packed, head, "a gzipped FASTA file")
        if first != b">":
            raise _not_fasta(packed, f"a gzip file that begins with {first!r}")
        return temporary.stat().st_size


def index_sequence(fasta: str | Path, index: str | Path) -> int:
    """Write the ``.fai`` of a FASTA file; how many sequences it holds.

    Raises:
        InputError: a gzipped file, none or uneven sequences, a name twice.
    """
    if is_gzipped(fasta):
        raise InputError(
            fasta,
            found="a gzipped file, which gives no random access",
            expected="a plain FASTA file",
            remedy=f"unpack it (gunzip -k {fasta}), or name it .gz: then it is unpacked",
        )
    with open(fasta, "rb") as handle:
        refuse_foreign(fasta, handle.read(HEAD), "a plain FASTA file")
    with atomic(index) as temporary:
        try:
            sequences = Faidx(str(fasta), indexname=str(temporary)).index
        except (FastaIndexingError, ValueError) as error:
            raise _not_fasta(fasta, str(error)) from error
        if not sequences:
            raise _not_fasta(fasta, "no sequence")
    return len(sequences)


def _not_fasta(fasta: str | Path, found: str) -> InputError:
    return InputError(
        fasta,
        found=found,
        expected="FASTA: each name once, lines of one length within a sequence",
        remedy="mend it, for example with `seqkit seq -w 60`",
    )
