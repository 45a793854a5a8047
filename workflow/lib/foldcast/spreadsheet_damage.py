"""What spreadsheets do to gene names and to numbers: told as what it is, all of it."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from foldcast.errors import first_few

_MONTH = (
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|mrz|mär|mai|okt|dez|mars|avr|juin|"
    "juil|août|fév|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|out|fev)"
)
# 2-Sep, 1-Mar-23, 2023-09-02, 02/09/2023, 2.9.2023; Sep-02 as written, since C. elegans has set-2.
DATE = re.compile(
    rf"\d{{1,2}}[-. /]{_MONTH}\.?([-. /]\d{{2,4}})?|"
    r"\d{4}-\d{2}-\d{2}([ T]00:00(:00)?)?|\d{1,2}(?P<sign>[/.-])\d{1,2}(?P=sign)\d{2,4}",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2}")
POWER = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)  # 2.31E+13 was 2310009E13Rik
COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
# 1.234,5 and 1 234,5
SPACED = re.compile(r"[+-]?[1-9]\d{0,2}([. '\u00a0\u202f]\d{3})+(,\d+)?")

# What a table's cells must be, where it cannot be told what commas mean.
COMMAS = {
    "expected": "numbers with a decimal point, and nothing between thousands",
    "remedy": "save the table again with the number format of English, without thousands "
    "separators",
}
RESTORE = (
    "take the table as it was before the spreadsheet, or write the genes' names back "
    "(MARCHF1, MTARC1, SEPTIN2, 2310009E13Rik …); gene ids (Ensembl) are safe in spreadsheets"
)


def is_damaged(name: str) -> bool:
    """Whether a gene's name is a date or a power of ten, as spreadsheets make of some names."""
    return any(each.fullmatch(name) for each in (DATE, MONTH_FIRST, POWER))


def damaged(names: Iterable[str]) -> list[str]:
    """The names that a spreadsheet has changed, each once."""
    return [name for name in dict.fromkeys(names) if is_damaged(name)]


class Repeated(NamedTuple):
    """Names that stand more than once: what to say of them."""

    found: str
    remedy: str


def repeated(names: Sequence[str]) -> Repeated | None:
    """All names that stand in several rows, and what they are."""
    several = {name: n for name, n in Counter(names).items() if n > 1}
    if not several:
        return None
    dates = [name for name in several if is_damaged(name)]
    others = {name: n for name, n in several.items() if name not in set(dates)}
    said, remedies = [], []
    if dates:
        said.append(_listed(dates, several) + ": dates or numbers that a spreadsheet made of names")
        every = damaged(names)
        if len(every) > len(dates):
            said[0] += f" (with those that stand once, {len(every)}: {first_few(every)})"
        remedies.append(RESTORE)
    if others:
        said.append(_listed(others, several))
        remedies.append(
            "genes that share a symbol (Y_RNA, SNORA70 …) are different genes: take the table "
            "with gene ids, or make the names differ (R: make.unique); average only rows that "
            "are known to be one gene"
        )
    return Repeated("; ".join(said), "; ".join(remedies))


def _listed(names: Collection[str], several: dict[str, int]) -> str:
    if len(names) == 1:
        (name,) = names
        times = {2: "twice"}.get(several[name], f"{several[name]} times")
        return f"gene {name} {times}"
    rows = sum(several[name] for name in names)
    each = first_few(f"{name} ({several[name]})" for name in names)
    return f"{len(names)} names in {rows} rows: {each}"


def has_comma(cell: str) -> bool:
    """Whether a cell is a number but for commas, or what else divides thousands."""
    return any(each.fullmatch(cell.strip()) for each in (COMMA, GROUPED, SPACED))


def read_commas(odd: Sequence[str], with_points: int) -> tuple[list[float] | None, str]:
    """Numbers with decimal commas, where they can be nothing else.

    Args:
        odd: the cells of a table that are no numbers as they stand.
        with_points: how many of its other cells have a decimal point.

    Returns:
        the numbers, or None and why they cannot be read; no reason where other cells are among
        them.
    """
    if not odd or not all(map(has_comma, odd)):
        return None, ""
    n = f"{len(odd):,} cell{'s' * (len(odd) > 1)} with commas, such as {odd[0]!r}"
    thousands = [cell for cell in odd if not COMMA.fullmatch(cell)]
    if thousands:
        return None, f"{n}: thousands with a sign between them ({thousands[0]!r})"
    if with_points:
        return None, f"{n}, beside {with_points:,} with decimal points"
    if all(GROUPED.fullmatch(cell) for cell in odd):
        return None, f"{n}, which may be decimal commas or divide thousands"
    return [float(cell.replace(",", ".")) for cell in odd], ""
