"""From the names of mature miRNAs to the hairpin genes that they are processed from."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from foldcast.genes.gene_names import Resolution

# miRBase's definition of a cluster: hairpins less than 10 kb apart, as a rule one transcript.
CLUSTER = 10_000
GUESSED = "first of several hairpins"  # how a locus was found that is one of several

_NAME = re.compile(
    r"(?:(?P<species>[a-z0-9]{2,5})-)?(?P<kind>let|mirn(?=\d|let)|mir)-?(?P<rest>\w.*)", re.I
)
_ARM = re.compile(r"(?:-(?P<arm>[35]p)(?:\.\d+)?|(?P<star>\*))$", re.I)
_STEM = re.compile(r"(?P<stem>[a-z]*\d+(?!hg)[a-z]*?)(?:-(?P<copy>\d+))?", re.I)


@dataclass(frozen=True)
class MicroRNA:
    """A miRNA's name in parts.

    mmu-miR-129-1-3p: species mmu, stem 129, copy 1, arm 3p. let-7a has the stem let7a. The arm is
    ``*`` in old names of the minor strand and empty where the name gives none.
    """

    name: str
    species: str
    stem: str
    copy: int | None
    arm: str

    @property
    def stems(self) -> list[str]:
        """Its stem, and what a family's first member is called before or after a second is found.

        miR-21 became miR-21a when miR-21b was found.
        """
        if self.stem[-1].isdigit():
            return [self.stem, f"{self.stem}a"]
        first = re.fullmatch(r"(\w*\d)a", self.stem)
        return [self.stem, first[1]] if first else [self.stem]


def parse(name: str) -> MicroRNA | None:
    """A mature miRNA, a hairpin or a hairpin's gene (Mir26a-1, Mirlet7a-1); None if it is none."""
    match = _NAME.fullmatch(name.strip())
    if not match:
        return None
    rest = match["rest"]
    arm = _ARM.search(rest)
    stem = _STEM.fullmatch(rest[: arm.start()] if arm else rest)
    if not stem:
        return None
    let = "let" if match["kind"].lower() == "let" else ""
    return MicroRNA(
        name.strip(),
        (match["species"] or "").lower(),
        let + stem["stem"].lower(),
        int(stem["copy"]) if stem["copy"] else None,
        (arm["arm"] or "*").lower() if arm else "",
    )


def parse_probe(name: str) -> list[MicroRNA]:
    """The miRNAs that a probe cannot tell apart (``miR-106a+miR-17``); none if one is no miRNA."""
    parts = [parse(part) for part in name.split("+")]
    return [part for part in parts if part] if all(parts) else []


def main_species(names: Iterable[str]) -> str:
    """The species that most names of a panel give; empty where none does."""
    species = Counter(m.species for name in names for m in parse_probe(name) if m.species)
    return min(species, key=lambda s: (-species[s], s)) if species else ""


class Hairpins:
    """The miRNA genes of an annotation, and which of them a mature miRNA comes from.

    A mature miRNA may be processed from several hairpins (copies): mmu-miR-26a from Mir26a-1 on
    chromosome 9 and Mir26a-2 on chromosome 10. What is measured is their sum. Under ``near`` it
    has a locus where all its copies lie within 10 kb of each other on one chromosome (miRBase's
    cluster, as a rule one transcript): that of the most upstream one. Otherwise, and where the
    numbers show that the annotation lacks a copy, it has none. Under ``first`` it takes the copy
    with the lowest number, which is a guess, and is said to be one.

    Names are matched by their stem: the gene's symbol, else an alias of it, else either with the
    letter that the first of a family gains or loses (miR-21, Mir21a).

    Args:
        annotation: gene, symbol, chrom, start, end, strand, tss, aliases (divided by ``|``).
        copies: ``near`` or ``first``.
        species: miRBase's code, such as mmu; names that give another (viruses of the host on the
            same array) have no locus in this genome. Empty: not looked at.
    """

    def __init__(self, annotation: pd.DataFrame, copies: str = "near", species: str = "") -> None:
        self.annotation = annotation.reset_index(drop=True).fillna({"symbol": "", "aliases": ""})
        self.copies, self.species = copies, species
        symbols = enumerate(self.annotation["symbol"].astype(str))
        aliases = enumerate(self.annotation["aliases"].astype(str))
        by_alias = ((row, alias) for row, text in aliases if "ir" in text for alias in _split(text))
        self._indices = (("symbol", _index(symbols)), ("alias", _index(by_alias)))

    def resolve(self, name: str) -> Resolution:
        """The locus of a probe of mature miRNAs, or why it has none."""
        probe = parse_probe(name)
        if not probe:
            return Resolution(name, "not found", "not a miRNA's name, such as mmu-miR-26a-5p")
        strange = sorted({member.species for member in probe} - {self.species, ""})
        if self.species and strange:
            said = f"of {', '.join(strange)}, not {self.species}: no locus in this genome"
            return Resolution(name, "another species", said)
        found = [(member, *self._copies(member)) for member in probe]
        lacking = [member.name for member, numbers, _ in found if not _is_whole(member, numbers)]
        rows = list(dict.fromkeys(row for _, numbers, _ in found for row in numbers))
        if not rows:
            return Resolution(name, "not found", "the annotation has no hairpin of this name")
        ways = ", ".join(dict.fromkeys(way for _, _, way in found if way))
        genes = ", ".join(map(self._describe, rows))
        if not lacking and (one := self._together(rows)) is not None:
            which = f"one of {genes}, within 10 kb" if len(rows) > 1 else genes
            how = "hairpin cluster" if len(rows) > 1 else f"hairpin, by {ways}"
            return Resolution(name, how, f"processed from {which}", one)
        why = f"{len(rows)} hairpin{'s'[: len(rows) > 1]}: {genes}"
        if lacking:
            why += f"; the annotation lacks copies of {', '.join(lacking)}"
        if self.copies == "first":
            return Resolution(name, GUESSED, f"a guess among {why}", rows[0])
        return Resolution(name, "several hairpins", f"no single locus: {why}")

    def _copies(self, member: MicroRNA) -> tuple[dict[int, int | None], str]:
        """Its hairpins in the order of their numbers (row → number), and how they were found."""
        for stem, note in zip(member.stems, ("", " but for the letter a"), strict=False):
            for way, index in self._indices:
                numbers = index.get(stem, {})
                if member.copy is not None:
                    numbers = {row: n for row, n in numbers.items() if n == member.copy}
                if numbers:
                    order = sorted(numbers, key=lambda row: (numbers[row] or 0, row))
                    return {row: numbers[row] for row in order}, way + note
        return {}, ""

    def _together(self, rows: Sequence[int]) -> int | None:
        """The most upstream of hairpins that form one cluster; None where they do not."""
        if len(rows) == 1:
            return rows[0]
        loci = self.annotation.loc[list(rows)].sort_values("start")
        gaps = loci["start"].to_numpy()[1:] - loci["end"].cummax().to_numpy()[:-1]
        if loci["chrom"].nunique() > 1 or loci["strand"].nunique() > 1 or (gaps >= CLUSTER).any():
            return None
        return int(loci.index[0 if loci["strand"].iloc[0] == "+" else -1])

    def _describe(self, row: int) -> str:
        record = self.annotation.loc[row]
        return f"{record['symbol']} ({record['chrom']}:{record['start']}-{record['end']})"


def _is_whole(member: MicroRNA, numbers: dict[int, int | None]) -> bool:
    """Whether the annotation has every copy: a number is only given where there are several."""
    if member.copy is not None or list(numbers.values()) == [None]:
        return bool(numbers)
    return len(numbers) > 1 and {n or 1 for n in numbers.values()} == set(
        range(1, len(numbers) + 1)
    )


def _index(names: Iterable[tuple[int, str]]) -> dict[str, dict[int, int | None]]:
    index: dict[str, dict[int, int | None]] = defaultdict(dict)
    for row, name in names:
        # Hairpins only: a gene's alias may also be the name of what regulates it.
        hairpin = parse(name)
        if hairpin and not hairpin.arm:
            index[hairpin.stem].setdefault(row, hairpin.copy)
    return dict(index)


def _split(text: str) -> list[str]:
    return [alias.strip() for alias in text.split("|")]
