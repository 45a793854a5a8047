"""Variants as tables of association studies have them, and lists of rsIDs."""

import re
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import BROKEN_GZIP, open_text
from foldcast.variants.vcf import CELLS, EXPECTED, read_vcf_rows

# Names of columns in small letters, in the order in which they are preferred.
CALLED = {
    "chrom": ("chr", "chrom", "#chrom", "#chr", "chromosome", "chr_name", "hm_chrom"),
    "position": (
        "pos",
        "bp",
        "position",
        "base_pair_location",
        "chr_position",
        "genpos",
        "hm_pos",
        "ps",
    ),
    "alt": ("effect_allele", "ea", "a1", "allele1", "alt", "hm_effect_allele"),
    "ref": (
        *("other_allele", "non_effect_allele", "nea", "oa", "a2", "a0", "allele2", "allele0"),
        *("ref", "hm_other_allele"),
    ),
    "id": (
        *("rsid", "rs_id", "snp", "rs", "variant_id", "id", "markername", "snpid", "hm_rsid"),
        "variant",
    ),
}
# Ids that say where they are: GTEx's chr1_64764_C_T_b38, chr1:64764:C:T, and our own
# chr1:64764 C>T; the effect allele is the last one.
PLACED = re.compile(
    r"(?P<chrom>[^_:\s]+)[_:](?P<position>[0-9]+)[_: ]"
    r"(?P<ref>[ACGTN]+)[_:>](?P<alt>[ACGTN]+)(?:_b[0-9]+)?",
    re.IGNORECASE,
)
RSID = re.compile(r"rs[0-9]+")


def read_summary_rows(path: str | Path, resolve: str | Path | None) -> tuple[pd.DataFrame, str]:
    """Cells of a table with a header, and in words which columns were taken.

    Args:
        resolve: a VCF file with the places of ids, for tables that have no positions.

    Returns:
        line, chrom, position, id, ref (the other allele), alt (the effect allele): text; empty
        where ``resolve`` does not hold the id.

    Raises:
        InputError: no such columns, ids without ``resolve``, no rows.
    """
    table, found = read_summary_table(path)
    if {"chrom", "position", "ref", "alt"} <= found.keys():
        cells = pd.DataFrame({key: table[name] for key, name in found.items()})
        cells["ref"] = _other_allele(cells, table)
        said = f"effect allele: {found['alt']}, other allele: {found['ref']}"
    elif (
        (cells := table[found["id"]].str.extract(f"^{PLACED.pattern}$", PLACED.flags))
        .notna()
        .all(axis=None)
    ):
        said = f"places and alleles by {found['id']}, the effect allele last"
    elif resolve is None:
        raise InputError(
            path,
            found=f"ids without positions and alleles ({first_few(table[found['id']], 2)})",
            expected="a table that says where each id lies",
            remedy="give `variants.resolve`, a VCF file with these ids, such as dbSNP's",
        )
    else:
        cells = _resolved(table[found["id"]], resolve)
        said = f"ids, of which {(cells['chrom'] != '').sum():,} of {len(cells):,} are in {resolve}"
    cells = cells.assign(line=table.index).reset_index(drop=True)
    cells["id"] = cells.get("id", "")
    return cells[CELLS], said


def read_summary_table(path: str | Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """A table with a header, or a list of rsIDs, and which of its columns is what.

    Returns:
        cells as text, by the line of the file; names of columns by the keys of `CALLED`.

    Raises:
        InputError: no such columns, lines of other lengths, no rows.
    """
    lines = _lines(path)
    if lines and all(RSID.fullmatch(line.strip()) for _, line in lines):
        table = pd.DataFrame({"id": [line.strip() for _, line in lines]})
        found = {"id": "id"}
    else:
        header, *rows = [_cells(line, lines[0][1]) for _, line in lines] or [[]]
        found = called(header)
        if missing := [one for one in ("ref", "alt") if one not in found and "id" not in found]:
            raise _refused(path, first_few(header, 8), f"no column for {' and '.join(missing)}")
        wrong = [k for k, row in enumerate(rows) if len(row) != len(header)]
        if wrong:
            line, cells = lines[wrong[0] + 1][0], rows[wrong[0]]
            raise _refused(path, f"{len(cells)} cells under {len(header)} names", f"line {line}")
        table = pd.DataFrame(rows, columns=header, dtype=str)
        lines = lines[1:]
    if not len(table):
        raise _refused(path, "no variants", None)
    return table.set_axis([line for line, _ in lines]), found


def _lines(path: str | Path) -> list[tuple[int, str]]:
    """Lines that are not empty, by number; comments (##) are left out."""
    try:
        with open_text(path, EXPECTED, may_be_empty=True) as handle:
            text = [line.decode("utf-8", "replace").rstrip("\r\n") for line in handle]
    except BROKEN_GZIP as error:
        raise _refused(path, f"a broken gzip file ({error})", None) from None
    return [(k, x) for k, x in enumerate(text, 1) if x.strip() and not x.startswith("##")]


def _cells(line: str, header: str) -> list[str]:
    for mark in ("\t", ","):
        if mark in header:
            return [cell.strip().strip('"') for cell in line.split(mark)]
    return line.split()


def called(header: Collection[str]) -> dict[str, str]:
    """Names of columns by the keys of `CALLED`; empty where no name is known."""
    by_name = {name.casefold(): name for name in header}
    return {
        key: next(by_name[name] for name in names if name in by_name)
        for key, names in CALLED.items()
        if any(name in by_name for name in names)
    }


def is_summary(path: str | Path) -> bool:
    """Whether a file begins with such a header or is a list of rsIDs, and is no VCF."""
    with open_text(path, EXPECTED, may_be_empty=True) as handle:
        first = handle.readline().decode("utf-8", "replace").rstrip("\r\n")
    if first.startswith("##") or first.split("\t")[:5] == ["#CHROM", "POS", "ID", "REF", "ALT"]:
        return False
    if RSID.fullmatch(first.strip()):
        return True
    found = called(_cells(first, first))
    return "id" in found or {"chrom", "position"} <= found.keys()


def _other_allele(cells: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """The other allele; where REF is itself the effect allele, as PLINK 2 may write, it is ALT."""
    alternative = next((name for name in table if name.casefold() == "alt"), None)
    same = cells["ref"].str.upper() == cells["alt"].str.upper()
    return cells["ref"] if alternative is None else cells["ref"].where(~same, table[alternative])


def _resolved(ids: pd.Series, resolve: str | Path) -> pd.DataFrame:
    """Cells of each id by a VCF file; empty where it has none. An id may have several rows."""
    known = read_vcf_rows(resolve)
    known = known[known["id"].isin(ids)].drop(columns="line")
    merged = ids.to_frame("id").reset_index(names="at").merge(known, on="id", how="left")
    merged = merged.drop_duplicates("at", ignore_index=True).fillna("")
    return merged.drop(columns="at")


def _refused(path: str | Path, found: str, place: str | None) -> InputError:
    names = "; ".join(f"{key}: {', '.join(names[:4])}, …" for key, names in CALLED.items())
    return InputError(
        path,
        place=place,
        found=found,
        expected=f"{EXPECTED}; or a table whose header names chromosome, position, effect allele "
        "and other allele; or a list of rsIDs",
        remedy=f"name the columns ({names})",
    )
