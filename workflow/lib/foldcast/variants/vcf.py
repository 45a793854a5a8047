"""The rows of a VCF file, as they are written; what they say is looked at in `variant_rows`."""

import re
from pathlib import Path

import bioframe
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import BROKEN_GZIP, is_gzipped, open_text

COLUMNS = ["CHROM", "POS", "ID", "REF", "ALT"]
EXPECTED = f"a VCF file, plain or gzipped: {', '.join(COLUMNS)}, … by tab, with or without header"
CELLS = ["line", "chrom", "position", "id", "ref", "alt"]
NO_ID = [".", "-"]  # the second in tables without a header


def read_vcf_rows(path: str | Path) -> pd.DataFrame:
    """Cells of a VCF file, plain or gzipped; what is behind ALT is not read.

    Returns:
        line (in the file, from 1), chrom, position, id (empty where there is none), ref, alt: text.

    Raises:
        InputError: no VCF, no variants.
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
    table["ID"] = table["ID"].replace(NO_ID, "")
    renamed = table.rename(columns=dict(zip(COLUMNS, CELLS[1:], strict=True)))
    return renamed[CELLS].reset_index(drop=True)


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
    return all(re.fullmatch("[ACGTN]+", cell.upper()) for cell in cells[3:5])


def _not_vcf(path: str | Path, found: str, place: str | None) -> InputError:
    return InputError(
        path,
        place=place,
        found=found,
        expected=EXPECTED,
        remedy="give the file as its caller wrote it",
    )
