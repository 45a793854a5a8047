"""What mygene.info answered, as a file that is kept and read, and what of it can be believed."""

import json
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import atomic
from foldcast.genes.mygene_records import Answers, listed
from foldcast.genes.name_parts import parts
from foldcast.resources.chromosomes import harmonise

# mygene.info holds old assemblies under UCSC's names, beside `genomic_pos` in the present one.
UCSC = {
    "GRCh37": "hg19",
    "GRCh38": "hg38",
    "MGSCv37": "mm9",
    "NCBIM37": "mm9",
    "GRCm38": "mm10",
    "GRCm39": "mm39",
}

OLD = ("hg19", "mm9")
_wrong = partial(
    InputError,
    expected="answers of mygene.info as rule query_names writes them",
    remedy="delete the file and ask again, or give another one as `names.cache`",
)


@dataclass(frozen=True)
class Locus:
    """A gene's place: start 0-based, end exclusive, strand + or -."""

    chrom: str
    start: int
    end: int
    strand: str

    def __str__(self) -> str:
        return f"{self.chrom}:{self.start}-{self.end}"

    @property
    def tss(self) -> int:
        return self.start if self.strand == "+" else self.end - 1

    def overlaps(self, chrom: str, start: int, end: int) -> bool:
        return self.chrom == chrom and self.start < end and start < self.end


@dataclass(frozen=True)
class Hit:
    """A gene as mygene.info knows it; loci by the name of their field (``genomic_pos…``)."""

    id: str
    symbol: str
    name: str
    aliases: tuple[str, ...]
    ids: tuple[str, ...]
    loci: dict[str, tuple[Locus, ...]] = field(compare=False)

    def __str__(self) -> str:
        return f"{self.symbol or self.id} ({self.id}{', ' + self.name if self.name else ''})"

    def called(self, way: str) -> tuple[str, ...]:
        """What a hit is called as a symbol, a gene id or an alias."""
        return {"symbol": (self.symbol,), "gene id": self.ids, "alias": self.aliases}[way]


def read_answers(path: str | Path) -> dict[str, list[Hit]]:
    """The hits of every text that was asked, none where mygene.info found nothing.

    The file is JSON: ``answers`` maps each text to a list of mygene.info's own records (_id,
    symbol, name, alias, entrezgene, ensembl, genomic_pos…), see `write_answers`.

    Raises:
        InputError: no such file, no JSON, or records that are not mygene.info's.
    """
    answers = _load(path)["answers"]
    return {text: [_hit(path, text, hit) for hit in hits] for text, hits in answers.items()}


def read_records(path: str | Path, species: str, assembly: str) -> Answers:
    """The records of a file of answers as they are, to be asked for no second time.

    Raises:
        InputError: as `read_answers`; or it was asked about another species or assembly.
    """
    read_answers(path)
    document = _load(path)
    for key, asked, expected in (
        ("species", document["species"], species),
        ("assembly", document["assembly"], assembly),
    ):
        if asked != expected:
            raise InputError(
                path,
                place=key,
                found=str(asked),
                expected=f"answers about {expected}",
                remedy="ask anew without `names.cache`, or give a file for this genome",
            )
    return document["answers"]


def write_answers(
    answers: Answers, species: str, assembly: str, service: str, path: str | Path
) -> None:
    """Write what mygene.info answered; sorted, so equal answers give equal bytes.

    Args:
        answers: by what was asked.
        species, assembly, service: what was asked of whom; kept beside the answers.
        path: a JSON file.
    """
    document = {"service": service, "species": species, "assembly": assembly, "answers": answers}
    with atomic(path) as temporary:
        text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


class MyGene:
    """The answers of mygene.info, seen from one genome.

    Scores are never looked at: a hit counts only where its symbol, an id or an alias is the text
    that was asked, but for case.

    Args:
        answers: what `read_answers` gives.
        assembly: of the genome; chooses ``genomic_pos_<assembly>`` (UCSC's name) where mygene.info
            holds it (mm9, hg19), else ``genomic_pos``.
        sizes: chromosome → length (bp).
    """

    def __init__(self, answers: dict[str, list[Hit]], assembly: str, sizes: pd.Series) -> None:
        self._answers = answers
        self._sizes = sizes
        self.assembly = assembly
        hits = [hit for found in answers.values() for hit in found]
        name = UCSC.get(assembly, assembly)
        named = f"genomic_pos_{name}"
        # Of `genomic_pos` nothing says the assembly: whoever uses it must compare first.
        self.names_assembly = name in OLD or any(named in hit.loci for hit in hits)
        self.field = named if self.names_assembly else "genomic_pos"

    def asked(self, name: str) -> bool:
        """Whether mygene.info was asked for every text of a name."""
        return all(text in self._answers for text in queries_of(name))

    def exact(self, name: str) -> list[tuple[Hit, str, str]]:
        """Every (hit, text, "symbol" | "gene id" | "alias") that is what the name says.

        By the strongest rule that finds anything: the whole name is a symbol or an id, then a
        part of it is, then the name or its text outside brackets is an alias.
        """
        outside, inside = parts(name)
        for texts, ways in (
            ([name], ("symbol", "gene id")),
            (outside + inside, ("symbol", "gene id")),
            ([name, *outside], ("alias",)),
        ):
            found: dict[str, tuple[Hit, str, str]] = {}
            for text in texts:
                for way in ways:
                    for hit in self._hits(text, way):
                        found.setdefault(hit.id, (hit, text, way))
            if found:
                return [found[id] for id in sorted(found)]
        return []

    def loci(self, hit: Hit) -> list[Locus]:
        """Where a hit is on the genome's chromosomes; patches and haplotypes do not count."""
        loci = hit.loci.get(self.field, ())
        chroms = harmonise(pd.Series([locus.chrom for locus in loci], dtype=str), self._sizes.index)
        placed = [replace(x, chrom=chrom) for x, chrom in zip(loci, chroms, strict=True)]
        return [x for x in placed if x.end <= self._sizes.get(x.chrom, 0)]

    def _hits(self, text: str, way: str) -> list[Hit]:
        hits = self._answers.get(text, [])
        as_written = [hit for hit in hits if text in hit.called(way)]
        folded = text.casefold()
        return as_written or [h for h in hits if folded in map(str.casefold, h.called(way))]


def queries_of(name: str) -> list[str]:
    """What to ask for a free-text name: all of it, and its parts. The service quotes by ``"``."""
    outside, inside = parts(name)
    return [text for text in dict.fromkeys([name, *outside, *inside]) if '"' not in text]


def _load(path: str | Path) -> dict[str, Any]:
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise _wrong(path, found="no such file") from None
    except ValueError as error:
        raise _wrong(path, found=f"no JSON ({error})") from None
    if not isinstance(document, dict) or not isinstance(document.get("answers"), dict):
        raise _wrong(path, found="no `answers`")
    for key in ("species", "assembly"):
        if not isinstance(document.get(key), str):
            raise _wrong(path, found=f"no `{key}`")
    for text, hits in document["answers"].items():
        if not isinstance(hits, list) or not all(isinstance(hit, dict) for hit in hits):
            raise _wrong(path, place=f"answers, {text!r}", found=repr(hits)[:80])
    return document


def _hit(path: str | Path, text: str, record: dict[str, Any]) -> Hit:
    try:
        ensembl = [str(entry["gene"]) for entry in listed(record.get("ensembl"))]
        entrez = [str(number) for number in listed(record.get("entrezgene"))]
        return Hit(
            id=str(record["_id"]),
            symbol=str(record.get("symbol", "")),
            name=str(record.get("name", "")),
            aliases=tuple(map(str, listed(record.get("alias")))),
            ids=tuple(dict.fromkeys([str(record["_id"]), *entrez, *ensembl])),
            loci={
                key: tuple(map(_locus, listed(value)))
                for key, value in record.items()
                if key.startswith("genomic_pos")
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        found = f"{record!r:.80} ({error!r})"
        raise _wrong(path, place=f"answers, {text!r}", found=found) from None


def _locus(position: dict[str, Any]) -> Locus:
    """Ensembl's coordinates, which mygene.info passes on: 1-based, closed; strand 1 or -1."""
    strand = "-" if int(position["strand"]) < 0 else "+"
    return Locus(str(position["chr"]), int(position["start"]) - 1, int(position["end"]), strand)
