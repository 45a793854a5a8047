"""What is no text is told as what it is, with its remedy, by every reader of what users give."""

import bz2
import gzip
import lzma
import zipfile

import numpy as np
import pytest

from foldcast.enrichment.gene_sets import read_gmt
from foldcast.errors import InputError
from foldcast.expression.mirna_targets import read_targets
from foldcast.expression.sample_sheets import read_overrides, read_samples
from foldcast.files import read_columns, read_text
from foldcast.resources.annotation_formats import READERS
from foldcast.resources.chromosomes import read_sizes
from foldcast.resources.genome_sequence import index_sequence, unpack
from foldcast.spex.models.tissue_expression import read_expression
from foldcast.spex.models.user_features import read_user_table
from foldcast.variants.vcf import read_vcf_rows

TABLE = b"gene\ta\tb\nTP53\t1\t2\n" * 50
RDS = b"X\n\0\0\0\3\0\4\2\1\0\3\5\0\0\0\0\5UTF-8" + bytes(range(256)) * 4
NOISE = np.random.default_rng(1).bytes(5000)


def zipped(*names):
    """The bytes of a zip archive with files of these names."""

    def make(path):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, TABLE)
        return path.read_bytes()

    return make


FOREIGN = {
    "bzip2": (bz2.compress(TABLE), "packed with bzip2", "bunzip2"),
    "xz": (lzma.compress(TABLE), "packed with xz", "unxz"),
    "zstd": (b"\x28\xb5\x2f\xfd" + NOISE, "packed with zstd", "unzstd"),
    "lz4": (b"\x04\x22\x4d\x18" + NOISE, "packed with lz4", "unlz4"),
    "Z": (b"\x1f\x9d\x90" + NOISE, "compress (.Z)", "uncompress"),
    "gzip in gzip": (gzip.compress(gzip.compress(TABLE)), "packed with gzip", "gunzip"),
    "rds": (gzip.compress(RDS), "an R object (.rds)", "write.table(readRDS(FILE)"),
    "rds, plain": (RDS, "an R object (.rds)", "readRDS"),
    "rds in xz": (lzma.compress(RDS), "an R object (.rds), packed with xz", "readRDS"),
    "rds in bzip2": (bz2.compress(RDS), "an R object (.rds), packed with bzip2", "readRDS"),
    "RData": (gzip.compress(b"RDX3\nX\n\0\0\0\3" + NOISE), "an R image (.RData)", "load(FILE)"),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "(.xlsx)", "tab-separated"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "(.xls)", "tab-separated"),
    "zip": (zipped("counts.txt"), "a zip archive", "unpack it"),
    "npz": (zipped("x.npy"), "NumPy arrays", "as text"),
    "tar.gz": (gzip.compress(b"a" * 257 + b"ustar\0" + b"\0" * 300), "a tar archive", "tar -xf"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + NOISE, "a 7z archive", "unpack"),
    "h5ad": (b"\x89HDF\r\n\x1a\n" + NOISE, "an HDF5 file", "read_h5ad"),
    "parquet": (b"PAR1" + NOISE, "a Parquet file", "read_parquet"),
    "feather": (b"ARROW1\0\0" + NOISE, "a Feather", "read_feather"),
    "web page": (b"\n<!DOCTYPE html>\n<html><body>log in</body>", "a web page", "download"),
    "web page, gzipped": (gzip.compress(b"<HTML><head>"), "a web page", "download"),
    "XML": (b'<?xml version="1.0"?><MINiML/>', "an XML file", "text table"),
    "LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n",
            "a Git LFS pointer", "git lfs pull"),
    "annex": (b"/annex/objects/SHA256E-s1--4d.tsv\n", "a git-annex pointer", "git annex get"),
    "BAM": (gzip.compress(b"BAM\1" + NOISE), "alignments (.bam)", "count reads"),
    "CRAM": (b"CRAM\3\1" + NOISE, "alignments (.cram)", "count reads"),
    "PDF": (b"%PDF-1.7\n" + NOISE, "a PDF", "the table behind it"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + NOISE, "a picture (PNG)", "the table behind it"),
    "JPEG": (b"\xff\xd8\xff\xe0" + NOISE, "a picture (JPEG)", "the table behind it"),
    "npy": (b"\x93NUMPY\1\0" + NOISE, "a NumPy array", "as text"),
    "SQLite": (b"SQLite format 3\0" + NOISE, "an SQLite database", "export"),
    "2bit": (b"\x43\x27\x41\x1a" + NOISE, ".2bit", "twoBitToFa"),
    "RCC": (b"<Header>\nFileVersion,1.7\n</Header>\n", "one lane of nCounter", "join the lanes"),
    "RTF": (rb"{\rtf1\ansi gene}", "RTF", "plain text"),
    "binary": (b"\1\2\0\3" * 9 + b"abcdefgh" * 20, "a binary file", "as text"),
    "UTF-16, no mark": (TABLE.decode().encode("utf-16-le"), "UTF-16", "UTF-8"),
}  # fmt: skip


def write(folder, content, name="given.tsv"):
    path = folder / name
    path.write_bytes(content(path) if callable(content) else content)
    return path


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_text_is_named_with_its_remedy(tmp_path, kind):
    content, found, remedy = FOREIGN[kind]
    path = write(tmp_path, content)
    with pytest.raises(InputError) as raised:
        read_text(path)
    assert found in raised.value.found
    assert remedy in raised.value.remedy
    assert str(path) == raised.value.source


TEXT = {
    "plain": TABLE,
    "gzip": gzip.compress(TABLE),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + TABLE,
    "UTF-16": TABLE.decode().encode("utf-16"),
}


@pytest.mark.parametrize("content", TEXT.values(), ids=TEXT)
def test_what_is_text_stays_text(tmp_path, content):
    assert read_text(write(tmp_path, content)) == TABLE.decode()


@pytest.mark.parametrize(
    "text",
    [
        "version\tx\n",
        "A\n",
        "B\t1\n",
        "PK1\t2\n",
        "{gene}\t1\n",
        "X\n",
        "PAR1_UP\tx\tTP53\n",
        "CRAMP1\t1\n",
        "BZH\t1\n",
        "BZhip\t1\n",
        "RDX\t1\n",
        "BCFTR\t1\n",
        "GIF8\t2\n",
        "A\n2\n",
    ],
)
def test_text_that_begins_alike_is_text(tmp_path, text):
    assert read_text(write(tmp_path, text.encode())) == text


USERS = {
    "tissues": lambda path: read_expression(path, id="symbol", values="linear"),
    "features": read_user_table,
    "sheet": read_samples,
    "overrides": read_overrides,
    "columns": read_columns,
    "gmt": read_gmt,
    "targets": lambda path: read_targets(path, "gmt"),
    "gtf": READERS["gtf"],
    "refgene": READERS["refgene"],
    "table": READERS["table"],
    "sizes": read_sizes,
    "vcf": read_vcf_rows,
    "fasta": lambda path: index_sequence(path, path.with_suffix(".fai")),
    "fasta.gz": lambda path: unpack(path, path.with_suffix(".fa")),
}


@pytest.mark.parametrize("reader", USERS)
@pytest.mark.parametrize("kind", ["xz", "rds in bzip2", "xlsx", "parquet", "web page", "LFS"])
def test_every_reader_tells(tmp_path, reader, kind):
    content, found, remedy = FOREIGN[kind]
    path = write(tmp_path, content)
    with pytest.raises(InputError) as raised:
        USERS[reader](path)
    assert found in raised.value.found and remedy in raised.value.remedy
    assert str(path) == raised.value.source


@pytest.mark.parametrize("reader", USERS)
def test_every_reader_refuses_an_empty_file(tmp_path, reader):
    path = write(tmp_path, b"")
    with pytest.raises(InputError) as raised:
        USERS[reader](path)
    assert str(path) == raised.value.source
