"""Index a FASTA file, once and by itself: several processes at it at a time spoil the index."""

from pyfaidx import Faidx, FastaIndexingError

from foldcast.errors import InputError
from foldcast.files import atomic
from foldcast.job import log, run


def main(snakemake):
    fasta = snakemake.input.fasta
    with open(fasta, "rb") as handle:
        if handle.read(2) == b"\x1f\x8b":
            raise InputError(
                fasta,
                found="a gzipped file, which gives no random access",
                expected="a plain FASTA file",
                remedy=f"unpack it (gunzip -k {fasta}) and give the plain file",
            )
    with atomic(snakemake.output.index) as temporary:
        try:
            sequences = Faidx(fasta, indexname=str(temporary)).index
        except (FastaIndexingError, ValueError) as error:
            raise InputError(
                fasta,
                found=str(error),
                expected="FASTA: each name once, lines of one length within a sequence",
                remedy="mend it, for example with `seqkit seq -w 60`",
            ) from error
    log.info("%d sequences", len(sequences))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
