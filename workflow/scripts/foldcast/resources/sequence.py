"""The genome's sequence."""

from pathlib import Path

from pyfaidx import Faidx, FastaIndexingError

from foldcast.errors import InputError
from foldcast.files import atomic


def index_sequence(fasta: str | Path, index: str | Path) -> int:
    """Write the ``.fai`` of a FASTA file; how many sequences it holds.

    Raises:
        InputError: a gzipped file, none or uneven sequences, a name twice.
    """
    with open(fasta, "rb") as handle:
        if handle.read(2) == b"\x1f\x8b":
            raise InputError(
                fasta,
                found="a gzipped file, which gives no random access",
                expected="a plain FASTA file",
                remedy=f"unpack it (gunzip -k {fasta}) and give the plain file",
            )
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
