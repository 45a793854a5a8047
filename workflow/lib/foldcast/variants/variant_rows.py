"""Variants as people have them: which rows of a file are some, which are left out and why."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from foldcast.errors import Attempt, InputError, together
from foldcast.variants.refused_rows import refuse_rows, short
from foldcast.variants.summary_tables import is_summary, read_summary_rows
from foldcast.variants.vcf import read_vcf_rows

DNA = "[ACGTN]+"
SKIPPED = ["line", "chrom", "position", "id", "ref", "alt", "reason"]
# What an ALT may be that is no sequence: a pattern, what that is, what to do.
NO_SEQUENCE = {
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
SEVERAL = "several alternative alleles in one row"
LETTERS = "alleles in other letters than A, C, G, T and N"
LOW = "a position before the first base"
NO_PLACE = "an id without a place"


@dataclass
class Variants:
    """What a file holds.

    table: line (in the file, from 1), record (number of the row, from 0; equal for the alleles of
        one), chrom (as in the file), position (0-based, of REF's first base), id, ref, alt (upper
        case), sign (1). `placed_variants.place_variants` gives the genome's names, and -1 where
        the effect allele is the genome's own.
    skipped: rows, or alleles of them, that are left out, as they are written, with the reason.
    records: rows in the file. split: how many of them had several alleles.
    oriented: whether ref is the genome's (VCF), and not the other allele of a study.
    said: how the file was read, in words.
    """

    table: pd.DataFrame
    skipped: pd.DataFrame
    records: int
    split: int
    oriented: bool
    said: str = ""

    def leave_out(self, which: pd.Series, reason: str) -> None:
        """Take rows of the table to those that are skipped."""
        gone = self.table[which].assign(reason=reason)
        gone["position"] = (gone["position"] + 1).astype(str)
        self.skipped = pd.concat([self.skipped, gone[SKIPPED]], ignore_index=True)
        self.table = self.table[~which]

    def count(self) -> str:
        """How many there are, were split and are left out, and why, in a line."""
        parts = [f"{len(self.table):,} variants of {self.records:,} rows"]
        if self.split:
            parts.append(f"{self.split:,} rows of several alleles were split")
        if len(self.skipped):
            reasons = self.skipped["reason"].value_counts()
            each = "; ".join(f"{n:,} {reason}" for reason, n in reasons.items())
            parts.append(f"{len(self.skipped):,} are left out ({each})")
        return ", ".join([*parts, *([self.said] if self.said else [])])


@dataclass
class _Rows:
    """Rows that are looked at, and what is wrong with some of them."""

    path: str | Path
    strict: bool
    cells: pd.DataFrame
    skipped: list[pd.DataFrame] = field(default_factory=list)

    def without(self, which: pd.Series, reason: str, remedy: str, attempt: Attempt) -> None:
        """Leave rows out, or refuse them where the config is strict."""
        rows = self.cells[which]
        if self.strict:
            expected = "variants in letters, each on a row of its own"
            attempt(refuse_rows, self.path, rows, partial(_written, reason), expected, remedy)
        self.skipped.append(rows.assign(reason=reason)[SKIPPED])
        self.cells = self.cells[~which]


def read_variants(
    path: str | Path, *, strict: bool = False, resolve: str | Path | None = None
) -> Variants:
    """The variants of a VCF file, a table of an association study, or a list of rsIDs.

    Args:
        strict: refuse what else would be split or left out.
        resolve: a VCF file with the places of ids, for lists that have none.

    Raises:
        InputError: neither format; positions that are no numbers; no variant left; where strict,
            all that is wrong with the rows.
    """
    oriented = not is_summary(path)
    if oriented:
        cells, said = read_vcf_rows(path), ""
    else:
        cells, said = read_summary_rows(path, resolve)
    records = len(cells)
    cells = cells.assign(record=range(records))
    rows = _Rows(path, strict, cells)
    with together() as attempt:
        unknown = cells["chrom"].eq("") & ~oriented
        rows.without(unknown, NO_PLACE, "give a file that holds it", attempt)
        number = rows.cells["position"].str.fullmatch("-?[0-9]+")
        attempt(
            refuse_rows,
            *(path, rows.cells[~number], lambda row: f"POS {row['position']!r}"),
            "a whole number from 1",
            "mend the row: it is damaged",
        )
        rows.cells = rows.cells[number]
        low = rows.cells["position"].astype("int64") < 1
        mend = "mend the row; 0 and telomeres are no positions that have bases"
        rows.without(low, LOW, mend, attempt)
        split = _split(rows, attempt)
        _letters(rows, attempt)
    table = rows.cells.assign(position=rows.cells["position"].astype("int64") - 1)
    skipped = pd.concat(rows.skipped, ignore_index=True).sort_values("line", kind="stable")
    table["sign"] = 1
    columns = ["line", "record", "chrom", "position", "id", "ref", "alt", "sign"]
    found = Variants(table[columns].reset_index(drop=True), skipped, records, split, oriented, said)
    check_some(found, path)
    return found


def check_some(variants: Variants, path: str | Path) -> None:
    """Refuse a file of which nothing is left.

    Raises:
        InputError: with the reasons and how often each was met.
    """
    if variants.table.empty:
        raise InputError(
            path,
            found=variants.count(),
            expected="variants in letters, on the genome's chromosomes",
            remedy="mend the file; if it is of another assembly, give one of the genome's",
        )


def _split(rows: _Rows, attempt: Attempt) -> int:
    """Alternatives by comma become rows of their own; how many rows had several."""
    several = rows.cells["alt"].str.contains(",", regex=False)
    if rows.strict:
        remedy = "split such rows: bcftools norm -m -any"
        rows.without(several, SEVERAL, remedy, attempt)
        return 0
    alts = rows.cells["alt"].str.split(",")
    rows.cells = rows.cells.assign(alt=alts).explode("alt", ignore_index=True)
    return int(several.sum())


def _letters(rows: _Rows, attempt: Attempt) -> None:
    """Upper case; alleles that are no sequence are left out, each for its reason."""
    upper = {name: rows.cells[name].str.upper() for name in ("ref", "alt")}
    rows.cells = rows.cells.assign(**upper)
    for pattern, reason, remedy in NO_SEQUENCE.values():
        alt = rows.cells["alt"]
        which = ~alt.str.fullmatch(DNA) & alt.str.fullmatch(pattern)
        rows.without(which, reason, remedy, attempt)
    fits = rows.cells["alt"].str.fullmatch(DNA) & rows.cells["ref"].str.fullmatch(DNA)
    rows.without(~fits, LETTERS, "mend the rows, or leave them out", attempt)


def _written(reason: str, row: pd.Series) -> str:
    said = {LOW: "POS {position!r}", NO_PLACE: "id {id!r}"}.get(reason, "REF {ref!r}, ALT {alt!r}")
    alleles = {name: short(row[name]) for name in ("ref", "alt")}
    return said.format(**{**row, **alleles}) + f": {reason}"
