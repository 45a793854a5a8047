"""Text of contacts that is in none of the formats read here: what it is, and what to do."""

import re
from collections.abc import Callable
from pathlib import Path

from foldcast.errors import InputError
from foldcast.hic.contact_text import data_lines

ENOUGH = 1 << 16  # characters looked at
BINNED = "bin its pairs to a cooler with `cooler cload pairs`, and give that"
NUMBER = re.compile(r"-?\d*\.?\d+(e[-+]?\d+)?|nan", re.IGNORECASE)
PLACE = re.compile(r"[^\s:]+:\d+-\d+,-?[\d.]+(e[-+]?\d+)?$", re.IGNORECASE)


def _numbers(fields: list[str], *positions: int) -> bool:
    """Whether the fields at these positions (from 1) are whole numbers."""
    return all(at <= len(fields) and fields[at - 1].lstrip("-").isdigit() for at in positions)


def _is_longrange(fields: list[str]) -> bool:
    return len(fields) >= 4 and _numbers(fields, 2, 3) and bool(PLACE.match(fields[3]))


def _is_matrix(fields: list[str]) -> bool:
    return len(fields) >= 18 and all(map(NUMBER.fullmatch, fields))


def _is_interact(fields: list[str]) -> bool:
    return len(fields) >= 18 and _numbers(fields, 2, 3, 10, 11, 15, 16)


def _is_bedpe(fields: list[str]) -> bool:
    return len(fields) >= 6 and _numbers(fields, 2, 3, 5, 6) and not _numbers(fields, 1, 4)


def _is_valid_pairs(fields: list[str]) -> bool:
    return (
        len(fields) >= 7
        and _numbers(fields, 3, 6)
        and fields[3] in "+-"
        and fields[6] in "+-"
        and not _numbers(fields, 2)
    )


def _is_juicer_short(fields: list[str]) -> bool:
    return (
        len(fields) in (8, 9, 11, 16)
        and _numbers(fields, 1, 3, 4, 5, 7, 8)
        and not _is_bedpe(fields)
    )


# Of each: its name, how a line of it is known, the formats that it may be read as, the remedy.
KINDS: tuple[tuple[str, Callable[[list[str]], bool], tuple[str, ...], str], ...] = (
    (
        "WashU's long-range text (`chrom start end chrom:start-end,score`)",
        _is_longrange,
        (),
        "write each pair as BEDPE (chrom1 start1 end1 chrom2 start2 end2 score) and say "
        "`format: bedpe`, `score_column: 7`",
    ),
    (
        "a dense matrix (a row per bin)",
        _is_matrix,
        (),
        "write its pairs as triples (`bin1 bin2 value`, a file per chromosome) and say "
        "`format: triples`, or make a cooler of it",
    ),
    (
        "UCSC's interact format",
        _is_interact,
        (),
        "make BEDPE of it, `awk -v OFS='\\t' '!/^(#|track)/ {print $9,$10,$11,$14,$15,$16,$6}'`, "
        "and say `format: bedpe`, `score_column: 7`",
    ),
    (
        "pairs of anchors (BEDPE or bedGraph2: chrom1 start1 end1 chrom2 start2 end2 …)",
        _is_bedpe,
        ("bedpe",),
        "say `format: bedpe`, with `score_column: 7` if the seventh field is the contacts; or make "
        "a cooler of it with `cooler load -f bg2`",
    ),
    ("pairs of reads (HiC-Pro's valid pairs)", _is_valid_pairs, (), BINNED),
    (
        "pairs of reads (Juicer's text)",
        _is_juicer_short,
        (),
        "give the .hic file that Juicer makes of it, or bin it with `cooler cload pairs`",
    ),
)


def refuse_other_text(path: str | Path, text: str, format: str | None, expected: str) -> None:
    """Refuse text that is known to be of another format than the config says.

    Args:
        path: named in messages.
        text: what is in the file.
        format: as which it is to be read; None: text is not expected at all.
        expected: what should have been there.

    Raises:
        InputError: of a kind that is known here.
    """
    head = text[:ENOUGH]
    found = remedy = None
    if head.startswith("## pairs format"):
        found, remedy = "pairs of reads (4DN's .pairs)", BINNED
    for line in (line for _, line in data_lines(head)):
        if found:
            break
        fields = line.split("\t") if "\t" in line else line.split()
        for name, is_kind, formats, mend in KINDS:
            if not found and format not in formats and is_kind(fields):
                found, remedy = f"{name}: {line[:60]!r}", mend
        break
    if found and remedy:
        raise InputError(path, found=found, expected=expected, remedy=remedy)
