"""What a file is, told from its first bytes, where it is not what a reader expects."""

import bz2
import lzma
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from foldcast.errors import InputError

HEAD = 8192  # bytes that are looked at
GZIP = b"\x1f\x8b"
HDF5 = b"\x89HDF\r\n\x1a\n"
NUMPY = b"\x93NUMPY"
BIGWIG = (b"\x26\xfc\x8f\x88", b"\x88\x8f\xfc\x26")  # of either order of bytes
HTML = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # text has none of these
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Kind(NamedTuple):
    """What a file is, and what its owner can do to have it read."""

    found: str
    remedy: str


_AS_TEXT = "save the sheet as tab-separated text"
_R = (
    "write it as text in R: write.table(readRDS(FILE), 'table.tsv', sep='\\t', quote=FALSE, "
    "col.names=NA)"
)
_R_IMAGE = (
    "write it as text in R: load(FILE), then write.table(OBJECT, 'table.tsv', sep='\\t', "
    "quote=FALSE, col.names=NA)"
)
_PANDAS = "write it as text with pandas: read_{}(FILE).to_csv('table.tsv', sep='\\t')"
_PICTURE = "take the table behind it: a picture or a page holds no values that can be read"
_LFS = "fetch what it stands for: `git lfs pull` in the repository that it comes from"

# The first bytes of what is no text, the longer ones first where two begin alike.
_MAGIC: dict[bytes, Kind] = {
    b"version https://git-lfs": Kind("a Git LFS pointer, not the file itself", _LFS),
    HDF5: Kind(
        "an HDF5 file (.h5, .h5ad, .loom, .cool …)",
        "write what is needed of it as tab-separated text, for example with anndata: "
        "read_h5ad(FILE).to_df().T.to_csv('table.tsv', sep='\\t')",
    ),
    b"PAR1": Kind("a Parquet file", "convert it: pandas.read_parquet(…).to_csv(…, sep='\\t')"),
    b"ARROW1": Kind("a Feather (Arrow) file", _PANDAS.format("feather")),
    b"FEA1": Kind("a Feather file", _PANDAS.format("feather")),
    NUMPY: Kind("a NumPy array (.npy)", "write it as text, with the genes' names"),
    b"MATLAB 5.0": Kind("a MATLAB file", "write it as text in MATLAB: writetable"),
    b"SQLite format 3": Kind("an SQLite database", "export the table as text"),
    b"RDX": Kind("an R image (.RData)", _R_IMAGE),
    b"RDA": Kind("an R image (.RData)", _R_IMAGE),
    b"X\n\0\0": Kind("an R object (.rds)", _R),
    b"B\n\2\0": Kind("an R object (.rds)", _R),
    b"BAM\1": Kind(
        "alignments (.bam)", "count reads per gene first (featureCounts, htseq-count, salmon)"
    ),
    b"CRAM": Kind(
        "alignments (.cram)", "count reads per gene first (featureCounts, htseq-count, salmon)"
    ),
    b"BCF": Kind("BCF, the binary form of VCF", "convert it: bcftools view -O z"),
    b"TBI\1": Kind("an index (.tbi)", "give the file that it is the index of"),
    b"BAI\1": Kind("an index (.bai)", "give the file that it is the index of"),
    b"CSI\1": Kind("an index (.csi)", "give the file that it is the index of"),
    b"HIC\0": Kind("a Juicer .hic file", "convert it with `hic2cool` or `hictk convert`"),
    b"\x1a\x41\x27\x43": Kind("a .2bit sequence", "convert it: twoBitToFa FILE genome.fa"),
    b"\x43\x27\x41\x1a": Kind("a .2bit sequence", "convert it: twoBitToFa FILE genome.fa"),
    BIGWIG[0]: Kind("a bigWig file", "give a text file"),
    b"\xeb\xf2\x89\x87": Kind("a bigBed file", "convert it: bigBedToBed"),
    b"%PDF": Kind("a PDF", _PICTURE),
    b"\x89PNG": Kind("a picture (PNG)", _PICTURE),
    b"\xff\xd8\xff": Kind("a picture (JPEG)", _PICTURE),
    b"GIF8": Kind("a picture (GIF)", _PICTURE),
    b"{\\rtf": Kind("a word processor's text (RTF)", "save it as plain text"),
    b"\xd0\xcf\x11\xe0": Kind("a spreadsheet's own format (.xls), or a document", _AS_TEXT),
    b"7z\xbc\xaf": Kind("a 7z archive", "unpack it and give the file inside"),
    b"Rar!": Kind("a RAR archive", "unpack it and give the file inside"),
    b"<Header>": Kind(
        "one lane of nCounter (.RCC)",
        "join the lanes into one table with a column per sample (nSolver: export raw data)",
    ),
}


# What is written in letters alone.
_IN_TEXT = ("a Git LFS pointer", "a PDF", "a word processor", "one lane of nCounter")


def _ungzip(head: bytes) -> bytes:
    return zlib.decompressobj(31).decompress(head, HEAD)


def _unbzip2(head: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(head, HEAD)


def _unxz(head: bytes) -> bytes:
    return lzma.LZMADecompressor().decompress(head, HEAD)


def _cannot(head: bytes) -> bytes:
    return b""


# How files are packed: the name, the tool that unpacks them, the first bytes of what is inside.
_PACKED: dict[bytes, tuple[str, str, Callable[[bytes], bytes]]] = {
    b"BZh": ("bzip2", "bunzip2", _unbzip2),
    b"\xfd7zXZ\0": ("xz", "unxz", _unxz),
    b"\x28\xb5\x2f\xfd": ("zstd", "unzstd", _cannot),
    b"\x04\x22\x4d\x18": ("lz4", "unlz4", _cannot),
    b"\x1f\x9d": ("compress (.Z)", "uncompress", _cannot),
    GZIP: ("gzip", "gunzip", _ungzip),
}


def is_hdf5(path: str | Path) -> bool:
    """Whether a file is HDF5, by its content; False where it cannot be opened."""
    return _begins(path, HDF5)


def is_array(path: str | Path) -> bool:
    """Whether a file is a NumPy array (.npy), by its content; False where it cannot be opened."""
    return _begins(path, NUMPY)


def is_bigwig(path: str | Path) -> bool:
    """Whether a file is bigWig, by its content; False where it cannot be opened."""
    return any(_begins(path, magic) for magic in BIGWIG)


def _begins(path: str | Path, magic: bytes) -> bool:
    try:
        with open(path, "rb") as handle:
            return handle.read(len(magic)) == magic
    except OSError:
        return False  # what is wrong is said where it is read


def foreign(head: bytes) -> Kind | None:
    """What is no text, by its first bytes; None for text, and for nothing at all.

    Args:
        head: the first bytes (`HEAD`, or all) of a file, unpacked where it is gzipped.
    """
    # Gene sets and tables may begin with PAR1 or CRAMP1, which are genes.
    binary = CONTROL.search(head) is not None
    for magic, kind in _MAGIC.items():
        if head.startswith(magic) and (binary or kind.found.startswith(_IN_TEXT)):
            return kind
    for magic, (name, tool, unpack) in _PACKED.items():
        if head.startswith(magic) and binary:
            try:
                inside = foreign(unpack(head))
            except (OSError, EOFError, lzma.LZMAError, zlib.error):
                inside = None
            if inside:
                return Kind(f"{inside.found}, packed with {name}", inside.remedy)
            return Kind(f"a file packed with {name}", f"unpack it ({tool}); gzip is read as it is")
    if head.startswith(b"PK\x03\x04"):
        return _zip(head)
    if HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return Kind("a web page (HTML)", "copy the link of the download itself, and fetch it again")
    if head.lstrip().startswith(b"<?xml"):
        return Kind("an XML file", "give a text table, with tabs between the columns")
    if re.match(rb"[./]*\S*/annex/objects/\S*\s*$", head):
        return Kind("a git-annex pointer, not the file itself", "fetch it: `git annex get FILE`")
    if head[257:262] == b"ustar":
        return Kind("a tar archive", "unpack it (tar -xf) and give the file inside")
    if b"\0" in head and not head.startswith(UTF16):
        if len(head) > 3 and head[1::2].count(0) + head[::2].count(0) >= len(head) // 2 - 8:
            return Kind("text in UTF-16 without its mark, or a binary file", "save it as UTF-8")
        return Kind("a binary file", "save what it holds as text")
    return None


def _zip(head: bytes) -> Kind:
    if b"xl/" in head or b"[Content_Types].xml" in head:
        return Kind("a spreadsheet's own format (.xlsx)", _AS_TEXT)
    if b"opendocument.spreadsheet" in head:
        return Kind("a spreadsheet's own format (.ods)", _AS_TEXT)
    if b".npy" in head:
        return Kind("NumPy arrays (.npz)", "write them as text, with the genes' names")
    return Kind(
        "a zip archive (or a spreadsheet's own format, such as .xlsx)",
        "unpack it and give the file inside; save a sheet as tab-separated text",
    )


def refuse_foreign(path: str | Path, head: bytes, expected: str = "text") -> None:
    """Refuse what is no text.

    Args:
        path: named in the message.
        head: as in `foreign`.
        expected: what the reader is for.

    Raises:
        InputError: with what it is and what to do.
    """
    if kind := foreign(head):
        raise InputError(path, found=kind.found, expected=expected, remedy=kind.remedy)
