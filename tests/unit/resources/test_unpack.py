"""The script unpack, without Snakemake."""

import gzip
from types import SimpleNamespace

import pytest

from foldcast.errors import InputError
from scripts.resources import index_genome, unpack

FASTA = b">chr1 first\nACGT\nAC\n>chr2\nGGGG\n"


def job(folder, packed):
    given = folder / "genome.fa.gz"
    given.write_bytes(packed)
    made = folder / "unpacked" / "genome.fa"
    return SimpleNamespace(
        input=SimpleNamespace(packed=str(given)), output=SimpleNamespace(fasta=str(made))
    )


def test_what_comes_out_is_what_went_in(tmp_path):
    one = job(tmp_path, gzip.compress(FASTA, mtime=0))
    unpack.main(one)
    with open(one.output.fasta, "rb") as handle:
        assert handle.read() == FASTA


def test_the_blocks_of_bgzip_are_one_file_that_can_be_indexed(tmp_path):
    one = job(
        tmp_path,
        gzip.compress(FASTA[:20], mtime=0)
        + gzip.compress(FASTA[20:], mtime=0)
        + gzip.compress(b"", mtime=0),
    )
    unpack.main(one)
    index = tmp_path / "index.fai"
    files = SimpleNamespace(
        input=SimpleNamespace(fasta=one.output.fasta), output=SimpleNamespace(index=str(index))
    )
    index_genome.main(files)
    assert index.read_text() == "chr1\t6\t12\t4\t5\nchr2\t4\t26\t4\t5\n"


@pytest.mark.parametrize(
    ("packed", "found"),
    [
        (FASTA, "no whole gzip file"),
        (gzip.compress(FASTA * 1000, mtime=0)[:-9], "no whole gzip file"),
        (gzip.compress(b"<html>", mtime=0), "a web page"),
        (gzip.compress(b"chr1", mtime=0), "begins with b'c'"),
        (gzip.compress(b"", mtime=0), "begins with b''"),
    ],
)
def test_faults_leave_nothing(tmp_path, packed, found):
    one = job(tmp_path, packed)
    with pytest.raises(InputError, match=found) as error:
        unpack.main(one)
    assert one.input.packed in str(error.value)
    assert not list((tmp_path / "unpacked").iterdir())
