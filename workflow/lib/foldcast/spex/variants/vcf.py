"""Variants of a VCF file, each checked on its own and against the genome."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import bioframe
import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few, together
from foldcast.files import BROKEN_GZIP, is_gzipped, open_text
from foldcast.resources.chromosomes import harmonise
from foldcast.spex.features.dna_codes import Genome, encode

COLUMNS = ["CHROM", "POS", "ID", "REF", "ALT"]
EXPECTED = f"a VCF file, plain or gzipped: {', '.join(COLUMNS)}, … by tab, with or without header"
SHOWN = 20  # letters of an allele in a message
DNA = "[ACGTN]+"
NO_ID = [".", "-"]  # the second in tables without a header

# What an ALT may be that is no sequence: a pattern, what that is, what to do.
NO_SEQUENCE = {
    "multi-allelic": (
        ".*,.*",
        "several alternative alleles in one row",
        "split such rows: bcftools norm -m -any",
    ),
    "missing": (
        r"\.?",
        "no alternative allele",
        "leave such rows out: bcftools view -e 'ALT=\".\"'",
    ),
    "overlapping": (
        r"\*",
        "an allele that a deletion upstream took away",
        "leave such rows out: bcftools view -e 'ALT=\"*\"'; the deletion has a row of its own",
    ),
    "symbolic": (
        r"<.*>|.*[\[\]].*|\..+|.+\.",
        "a symbolic allele or a breakend, whose sequence is not in the file",
        "write the alleles out as letters, or leave such rows out",
    ),
}


def read_vcf(path: str | Path) -> pd.DataFrame:
    """The variants of a VCF file, plain or gzipped; what is behind ALT is not read.

    Returns:
        line (in the file, from 1), chrom (as in the file), position (0-based, of REF's first
        base), id, ref, alt (upper case).

    Raises:
        InputError: no VCF, no variants; with all that is wrong with its rows: positions,
            alleles that are no sequence, several in one row.
    """
    headers = _header_lines(path)
    try:
        # Not its schema "vcf": files of one sample or of none have other numbers of columns.
        table = bioframe.read_table(
            str(path),
            schema=COLUMNS,
            compression="gzip" if is_gzipped(path) else None,
            skiprows=headers,
            usecols=range(len(COLUMNS)),
            dtype=str,
            na_filter=False,
            quoting=3,
            skip_blank_lines=False,
        )
    except (ValueError, *BROKEN_GZIP) as error:
        raise _not_vcf(
            path, str(error).strip().splitlines()[0], f"from line {headers + 1}"
        ) from None
    table["line"] = table.index + headers + 1
    # An empty last line is one that editors leave.
    table = table[table["CHROM"].ne("")]
    if table.empty:
        raise _not_vcf(path, "no variants", None)
    position = pd.to_numeric(table["POS"].where(table["POS"].str.fullmatch("[0-9]+")))
    variants = pd.DataFrame(
        {
            "line": table["line"],
            "chrom": table["CHROM"],
            "position": position - 1,
            "id": table["ID"].replace(NO_ID, ""),
            "ref": table["REF"].str.upper(),
            "alt": table["ALT"].str.upper(),
        }
    )
    _check_rows(variants, table["POS"], path)
    return variants.astype({"position": "int64"}).reset_index(drop=True)


def place_variants(
    variants: pd.DataFrame, sizes: pd.Series, genome: Genome, path: str | Path
) -> pd.DataFrame:
    """The variants in the genome's chromosome names, each with the genome's bases at its place.

    Args:
        variants: what `read_vcf` gives.
        sizes: length (bp) of the genome's chromosomes by name.

    Returns:
        The same rows with the genome's names in chrom.

    Raises:
        InputError: all at once: chromosomes that the genome does not have, positions past a
            chromosome's end, REF that is not the genome's.
    """
    chrom = harmonise(variants["chrom"], sizes.index)
    placed = variants.assign(chrom=chrom)
    ends = placed["position"] + placed["ref"].str.len()
    unknown, off = chrom.isna(), ends > chrom.map(sizes)
    there = placed[~unknown & ~off]
    bases = [
        genome.fetch(row.chrom, row.position, row.position + len(row.ref))
        for row in there.itertuples()
    ]
    there = there.assign(found=[_letters(codes) for codes in bases])
    same = [np.array_equal(a, encode(b)) for a, b in zip(bases, there["ref"], strict=True)]
    mismatch = there[~np.array(same, dtype=bool)]
    with together() as attempt:
        attempt(
            _refuse,
            *(path, variants[unknown]),
            lambda row: f"chromosome {row['chrom']}",
            f"one of the genome's: {first_few(sizes.index, 5)}",
            "give a VCF of this genome, or leave the rows of other chromosomes out",
        )
        attempt(
            _refuse,
            *(path, placed[off]),
            lambda row: f"{row['chrom']}:{row['position'] + 1:,} {_short(row['ref'])}",
            "a position on the chromosome, of "
            + ", ".join(
                f"{one} {sizes[one]:,} bp" for one in placed.loc[off, "chrom"].unique()[:3]
            ),
            "the VCF is of another assembly, or the row is damaged",
        )
        attempt(
            _refuse,
            *(path, mismatch),
            lambda row: (
                f"REF {_short(row['ref'])} at {row['chrom']}:{row['position'] + 1:,}, "
                f"where the genome has {_short(row['found'])}"
            ),
            "the genome's own bases in REF (N: not known)",
            "give a VCF of the genome's assembly, or mend it: bcftools norm --check-ref",
        )
    return placed


def name_of(variants: pd.DataFrame) -> pd.Series:
    """Each variant as ``chrom:position ref>alt``, 1-based as in the file."""
    position = (variants["position"] + 1).astype(str)
    return variants["chrom"] + ":" + position + " " + variants["ref"] + ">" + variants["alt"]


def _header_lines(path: str | Path) -> int:
    """Number of the header's lines, of which the last names the columns; 0 of a bare table.

    A bare table is what ExPecto takes: the first five columns of a VCF file alone.
    """
    try:
        with open_text(path, EXPECTED, may_be_empty=True) as handle:
            start = handle.read(3)
            handle.seek(0)
            number, last = 0, b""
            for line in handle:
                if not line.startswith(b"#"):
                    if not number and _is_bare(line.decode("utf-8", "replace")):
                        return 0
                    break
                number, last = number + 1, line
    except BROKEN_GZIP as error:
        raise _not_vcf(path, f"a broken gzip file ({error})", None) from None
    named = last.decode("utf-8", "replace").removeprefix("#").split("\t")
    if [name.strip() for name in named[: len(COLUMNS)]] != COLUMNS:
        found = last.decode("utf-8", "replace").strip()[:80] if last else f"{start!r} …"
        raise _not_vcf(path, f"{found}, no line that names the columns", f"line {max(number, 1)}")
    return number


def _is_bare(line: str) -> bool:
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) < len(COLUMNS) or not cells[1].isdigit():
        return False
    return all(re.fullmatch(DNA, cell.upper()) for cell in cells[3:5])


def _check_rows(variants: pd.DataFrame, positions: pd.Series, path: str | Path) -> None:
    bad = variants["position"].isna() | variants["position"].lt(0)
    ref, alt = variants["ref"], variants["alt"]
    with together() as attempt:
        attempt(
            _refuse,
            *(path, variants.assign(found=positions)[bad]),
            lambda row: f"POS {row['found']!r}",
            "a whole number from 1",
            "mend the row; 0 and telomeres are no positions that have bases",
        )
        sequence = alt.str.fullmatch(DNA)
        for pattern, what, remedy in NO_SEQUENCE.values():
            these = ~sequence & alt.str.fullmatch(pattern)
            sequence |= these  # said once
            attempt(
                _refuse,
                *(path, variants[these]),
                partial(_no_sequence, what),
                "one alternative allele per row, in letters",
                remedy,
            )
        attempt(
            _refuse,
            *(path, variants[~sequence | ~ref.str.fullmatch(DNA)]),
            lambda row: f"REF {_short(row['ref'])!r}, ALT {_short(row['alt'])!r}",
            "alleles in the letters A, C, G, T and N",
            "mend the rows, or leave them out",
        )


def _no_sequence(what: str, row: pd.Series) -> str:
    return f"ALT {_short(row['alt'])!r}: {what}"


def _refuse(
    path: str | Path,
    rows: pd.DataFrame,
    found: Callable[[pd.Series], str],
    expected: str,
    remedy: str,
) -> None:
    """One message about all rows that have the same mistake; none where there are none."""
    if rows.empty:
        return
    first, others = rows.iloc[0], len(rows) - 1
    also = f" and {others:,} more like it" if others else ""
    raise InputError(
        path,
        place=f"line {first['line']}{also}",
        found=found(first),
        expected=expected,
        remedy=remedy,
    )


def _short(allele: str) -> str:
    return allele if len(allele) <= SHOWN else f"{allele[:SHOWN]}… ({len(allele)} letters)"


def _letters(codes: np.ndarray) -> str:
    return "".join("AGCTN"[code] for code in codes)


def _not_vcf(path: str | Path, found: str, place: str | None) -> InputError:
    return InputError(
        path,
        place=place,
        found=found,
        expected=EXPECTED,
        remedy="give the file as its caller wrote it",
    )
