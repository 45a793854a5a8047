"""What each file is that a lab brings, told from its content, so that a config can name it."""

import re
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import bioframe
import h5py

from foldcast.errors import InputError
from foldcast.expression.pseudobulk import PARTS
from foldcast.expression.sample_sheets import SAMPLE_COLUMNS
from foldcast.file_kinds import is_hdf5
from foldcast.files import BROKEN_GZIP, broken_gzip, open_text
from foldcast.hic.hic_files import is_hic
from foldcast.hic.map_sources import map_groups
from foldcast.table_columns import is_annotation, squeeze
from foldcast.table_layout import FIRST_GENE, divider_of

TABLE, MAP, BINS, ANNOTATION, ALIASES, SIZES, SEQUENCE, SHEET = (
    "expression table",
    "contact map",
    "bins of a contact map",
    "annotation",
    "names of genes",
    "chromosome sizes",
    "sequence",
    "sample sheet",
)
KINDS = (TABLE, MAP, BINS, ANNOTATION, ALIASES, SIZES, SEQUENCE, SHEET)
LINES = 200  # that are looked at of a text
SHEET_COLUMNS = {"sample", "time", "replicate"}
NAMED = {"symbol", "gene", "genename", "genesymbol"}
CHROM, PLACED = {"chrom", "chr", "chromosome"}, {"start", "end", "strand"}
ABOUT = {"gene", "ensgene", "aliases"}  # columns of a table of genes, beside `is_annotation`


class Brought(NamedTuple):
    """A file, what it is (`TABLE` …), and its `format` in the config."""

    path: str
    kind: str
    format: str = ""


def files_of(paths: Iterable[str | Path]) -> list[str]:
    """The files of some paths: a folder stands for the files in it.

    Raises:
        InputError: a path that is not there.
    """
    found: dict[str, None] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise InputError(
                path,
                found="no such file or folder",
                expected="an expression table, contact maps and an annotation",
                remedy='put them into a folder `data`, or name them: make init FILES="TABLE MAP '
                'GTF"',
            )
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found |= dict.fromkeys(str(one) for one in inside if one.is_file())
    return [path for path in found if not Path(path).name.startswith(".")]


def recognise(path: str) -> Brought | None:
    """What a file is; None for text that is nothing of what a config names.

    Raises:
        InputError: what no reader takes, with what it is and what to do; a map that is damaged.
    """
    if is_hdf5(path):
        with suppress(OSError), h5py.File(path) as file:  # said by map_groups
            if set(file) >= PARTS:
                return Brought(path, TABLE)
        return Brought(path, MAP, "mcool" if len(map_groups(path)) > 1 else "cool")
    if is_hic(path):
        return Brought(path, MAP, "hic")
    lines = _first_lines(path)
    if lines and lines[0].startswith("#tax_id"):
        return Brought(path, ALIASES, "gene_info")
    if lines and lines[0].startswith(">"):
        return Brought(path, SEQUENCE)
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    if not rows:
        return None
    if all(map(_is_gtf, rows)):
        return Brought(path, ANNOTATION, "gtf")
    if all(map(_is_refgene, rows[1:] or rows)):
        return Brought(path, ANNOTATION, "refgene")
    if all(map(_is_size, rows)):
        return Brought(path, SIZES)
    if all(map(_is_bin, rows)):
        return Brought(path, BINS)
    if all(len(row) == 3 and row[0].isdigit() and row[1].isdigit() for row in rows):
        return Brought(path, MAP, "hicpro")
    header = next(line for line in lines if line.strip() and not line.startswith("#"))
    names = {name.strip().strip('"').casefold() for name in header.split(divider_of(header))}
    if names >= SHEET_COLUMNS and names <= {*SAMPLE_COLUMNS}:
        return Brought(path, SHEET)
    plain = {squeeze(name) for name in names}
    # featureCounts' table has loci too, and samples beside them.
    samples = [name for name in names if not is_annotation(name) and squeeze(name) not in ABOUT]
    if plain >= PLACED and plain & NAMED and plain & CHROM and not samples:
        return Brought(path, ANNOTATION, "table")
    return Brought(path, TABLE) if _may_be_table(header, rows) else None


def named_assembly(path: str) -> str | None:
    """The assembly that an annotation names in its first lines, or its file's name does.

    Of those that bioframe holds; GENCODE's and Ensembl's names (GRCm38) are given as UCSC's (mm10).
    """
    comments = [line for line in _first_lines(path) if line.startswith("#")]
    text = " ".join([*comments, Path(path).name])
    held = bioframe.assemblies_available()
    for name, lengths in zip(held["provider_build"], held["seqinfo"], strict=True):
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?!\d)", text):
            return str(lengths).split(".")[0]
    return None


def bin_size_of(path: str) -> int:
    """Bin size (bp) of HiC-Pro's bins."""
    row = _first_lines(path)[0].split("\t")
    return int(row[2]) - int(row[1])


def _first_lines(path: str) -> list[str]:
    try:
        with open_text(path) as handle:
            raw = list(islice(handle, LINES))
    except BROKEN_GZIP as error:
        raise broken_gzip(path, error) from None
    return [line.decode("utf-8-sig", errors="replace").rstrip("\r\n") for line in raw]


def _is_gtf(row: list[str]) -> bool:
    return len(row) == 9 and row[3].isdigit() and row[4].isdigit() and row[6] in "+-."


def _is_refgene(row: list[str]) -> bool:
    return len(row) == 16 and row[3] in ("+", "-") and row[4].isdigit() and row[5].isdigit()


def _is_size(row: list[str]) -> bool:
    """A line of chrom.sizes, or of a .fai; not one of HTSeq's counts."""
    whole = len(row) in (2, 5) and all(cell.isdigit() for cell in row[1:])
    return whole and int(row[1]) > 0 and not FIRST_GENE.fullmatch(row[0])


def _is_bin(row: list[str]) -> bool:
    return len(row) == 4 and all(cell.strip().isdigit() for cell in row[1:])


def _may_be_table(header: str, rows: list[list[str]]) -> bool:
    """Whether most lines have a number behind the first column, and this is no chromosome's name.

    Loops, intervals and variants begin with chromosomes, which repeat.
    """
    divider = divider_of(header)
    first = ["\t".join(row).split(divider)[0] for row in rows]
    if 2 * len(set(first)) <= len(first) and not is_annotation(first[0].strip('"')):
        return False
    lines = ["\t".join(row).split(divider)[1:] for row in rows[1:]]
    return 2 * sum(any(map(_is_number, line)) for line in lines) > len(lines)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?[\d.,]+(e[-+]?\d+)?", cell.strip(), re.IGNORECASE) is not None
