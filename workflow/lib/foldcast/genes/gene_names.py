"""From a free-text gene name to a gene of the annotation, saying how."""

import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pandas as pd

from foldcast.genes.identifier_kinds import is_gene_id
from foldcast.genes.mygene_answers import Hit, Locus
from foldcast.genes.name_parts import clean, joined, parts
from foldcast.text_table import close_names

Index = dict[str, list[int]]
ALIKE = "symbol, but for hyphens and spaces"
WITHIN = ", a part of the name"
COPY = "_PAR_Y"  # GENCODE's mark of the copy on Y of a gene in a pseudoautosomal region (PAR)
FAMILY = 100  # symbols that begin alike, among which one that was meant is looked for
# The version behind an id; a dot and a number behind other names may be a part of them.
VERSION = re.compile(r"((?:[A-Z]+_?\d{5,}|AT[1-5CM]G\d{5})(?:_PAR_Y)?)\.\d+(_PAR_Y)?", re.I)


@dataclass(frozen=True)
class Resolution:
    """What became of a name, by which rule and why.

    row is that of the annotation; where this lacks the gene, mygene.info's hit and locus may
    stand for it; rows are the candidates among which nothing was chosen.
    """

    query: str
    how: str
    explanation: str
    row: int | None = None
    rows: tuple[int, ...] = ()
    hit: Hit | None = None
    locus: Locus | None = None


@dataclass(frozen=True)
class _Hit:
    """The rows that a text names, and in which way."""

    text: str
    how: str
    rows: list[int]

    def says(self, gene: str) -> str:
        way, *but = self.how.partition(",")
        phrase = {"symbol": "the symbol", "alias": "an alias of", "gene id": "the id of"}[way]
        return f"{self.text} is {phrase} {gene}{''.join(but)}"


class Names:
    """Every name by which an annotation knows its genes.

    A name is resolved by the strongest rule that finds anything:

    1. the whole name is a gene id (its version does not count), else a symbol, else one but for
       its case;
    2. it holds a gene id: ``ENSG…|TP53``, ``TP53_ENSG….12``, ``gene:ENSG…``; a number
       (``TP53|7157``) only where no symbol beside it says another gene;
    3. a part of it is a symbol: the text around brackets (or wide gaps) or inside them, else what
       is joined to something else, as in ``MSTRG.7|TP53``;
    4. the name, its text outside brackets or what is joined in it is an alias (else one but for
       case) or, but for hyphens and spaces, a symbol.

    Quotes around a name and blanks at its ends do not count. Where the rule finds more than one
    row, nothing is guessed: the candidates are listed. A symbol thereby
    beats an equal alias of another gene, and TTF-1 is not simply taken for Ttf1 where it is also
    an alias of Nkx2-1.

    Args:
        annotation: gene, symbol, chrom, start, end, strand, tss, aliases (divided by ``|``).
    """

    def __init__(self, annotation: pd.DataFrame) -> None:
        self.annotation = annotation.reset_index(drop=True).fillna({"symbol": "", "aliases": ""})
        # Looking up a row of a data frame takes as long as 50 names.
        self.records = self.annotation.to_dict("records")
        symbols = list(enumerate(self.annotation["symbol"].astype(str)))
        texts = enumerate(self.annotation["aliases"].astype(str))
        aliases = [(row, alias.strip()) for row, text in texts for alias in text.split("|")]
        genes = list(enumerate(self.annotation["gene"].astype(str)))
        further = [(row, alias) for row, alias in aliases if is_gene_id(alias)]
        self._id = _index(genes, canonical)
        self._further_id = _index(further, canonical)
        self._symbol = _index(symbols, str)
        self._folded_symbol = _index(symbols, str.casefold)
        self._squeezed_symbol = _index(symbols, _squeeze)
        self._alias = _index(aliases, str)
        self._folded_alias = _index(aliases, str.casefold)
        self._ordered = sorted(self._folded_symbol)

    def resolve(self, name: str) -> Resolution:
        """Find the row that a free-text name means; the same whatever else is asked."""
        name = clean(name)
        outside, inside = parts(name)
        ids, others = joined(name)
        for hits in (
            self._ids([name]),
            self._symbols([name]),
            self._joined_ids(ids, others),
            self._symbols(outside + inside),
            _within(self._symbols(others)),
            self._aliases(list(dict.fromkeys([name, *outside]))),
            _within(self._aliases(others)),
        ):
            if hits:
                return self._decide(hits, others if ids else [])
        query = outside[0] if outside else name
        alike = [] if is_gene_id(query) else self._family(query)
        hint = close_names(query, alike) if alike else ""
        hint = f" ({hint.rstrip('?')})" if hint.startswith("did") else ""
        return Resolution(query, "not found", f"no symbol or alias of the annotation{hint}")

    def look_up(self, symbol: str) -> Resolution:
        """Find the row of a gene id, symbol or alias as written by someone who decided."""
        for hits in (self._ids([symbol]), self._symbols([symbol]), self._aliases([symbol])):
            if hits:
                return self._decide(hits, [])
        return Resolution(symbol, "not found", close_names(symbol, sorted(self._symbol)))

    def rows_of(self, hit: Hit, loci: list[Locus]) -> list[int]:
        """The rows that are a gene of mygene.info: by an id, else by its symbol.

        Else by an alias that is a symbol here, an older one, provided that the loci overlap.
        """
        for index, texts in (
            (self._id, tuple(map(canonical, hit.ids))),
            (self._alias, hit.ids),
            (self._symbol, (hit.symbol,)),
        ):
            if rows := {row for text in texts for row in index.get(text, [])}:
                return sorted(rows)
        old = {row for text in hit.aliases for row in self._symbol.get(text, [])}
        return sorted(row for row in old if self.overlap(row, loci))

    def overlap(self, row: int, loci: list[Locus]) -> bool:
        """Whether a row lies at one of the loci."""
        chrom, start, end = (self.records[row][part] for part in ("chrom", "start", "end"))
        return any(locus.overlaps(chrom, start, end) for locus in loci)

    def symbol_of(self, row: int) -> str:
        """The symbol of a row, or its gene id where it has none."""
        record = self.records[row]
        return str(record["symbol"] or record["gene"])

    def _family(self, query: str) -> list[str]:
        """Symbols that begin as a name does: with three letters, or with more where many do."""
        folded = query.casefold()
        for length in range(3, max(len(folded), 3) + 1):
            first = bisect_left(self._ordered, folded[:length])
            last = bisect_left(self._ordered, folded[:length] + chr(sys.maxunicode))
            if last - first <= FAMILY:
                rows = (self._folded_symbol[symbol] for symbol in self._ordered[first:last])
                return sorted({str(self.records[row]["symbol"]) for each in rows for row in each})
        return []

    def _ids(self, texts: list[str]) -> list[_Hit]:
        hits = []
        for text in texts:
            key = canonical(text)
            if rows := self._id.get(key) or self._further_id.get(key):
                hits.append(_Hit(text, "gene id", rows))
            elif key.endswith(COPY) and (rows := self._id.get(key.removesuffix(COPY))):
                hits.append(_Hit(text, "gene id, but for the copy on Y", rows))
        return hits

    def _joined_ids(self, ids: list[str], others: list[str]) -> list[_Hit]:
        """Ids within a name; a number decides only where no symbol beside it says otherwise."""
        hits = self._ids([id for id in ids if not id.isdigit()])
        if not hits and (hits := self._ids([id for id in ids if id.isdigit()])):
            rows = {row for hit in hits for row in hit.rows}
            hits += [hit for hit in self._symbols(others) if not rows & set(hit.rows)]
        return _within(hits)

    def _symbols(self, texts: list[str]) -> list[_Hit]:
        hits = []
        for text in texts:
            if rows := self._symbol.get(text):
                hits.append(_Hit(text, "symbol", rows))
            elif rows := self._folded_symbol.get(text.casefold()):
                hits.append(_Hit(text, "symbol, but for case", rows))
        return hits

    def _aliases(self, texts: list[str]) -> list[_Hit]:
        hits = []
        for text in texts:
            if rows := self._alias.get(text):
                hits.append(_Hit(text, "alias", rows))
            elif rows := self._folded_alias.get(text.casefold()):
                hits.append(_Hit(text, "alias, but for case", rows))
            if rows := self._squeezed_symbol.get(_squeeze(text)):
                hits.append(_Hit(text, ALIKE, rows))
        return hits

    def _decide(self, hits: list[_Hit], others: list[str]) -> Resolution:
        query = hits[0].text
        rows = sorted({row for hit in hits for row in hit.rows})
        if len(rows) == 1:
            said = hits[0].says(self.symbol_of(rows[0]))
            for text in others:
                elsewhere = self._symbol.get(text, rows)
                if rows[0] not in elsewhere:
                    said += f"; {text} is the symbol of {self.describe(elsewhere[0])}"
            return Resolution(query, hits[0].how, said, rows[0])
        found = sorted({hit.says(self.describe(row)) for hit in hits for row in hit.rows})
        said = "more than one gene: " + "; ".join(found)
        return Resolution(query, "ambiguous", said, rows=tuple(rows))

    def describe(self, row: int) -> str:
        """Symbol, gene id and locus of a row."""
        record = self.records[row]
        where = f"{record['chrom']}:{record['start']}-{record['end']}"
        return f"{self.symbol_of(row)} ({record['gene']}, {where})"


def canonical(id: str) -> str:
    """An id as ids are compared: without version, ``ENSGR…`` as GENCODE's ``…_PAR_Y``."""
    id = id.strip()
    if re.fullmatch(r"\d+\.0", id):
        return id[:-2]  # a spreadsheet's number
    if match := VERSION.fullmatch(id):
        id = match[1] + (match[2] or "")
    if copy := re.fullmatch(r"ENS([GT])R(\d{10})", id, re.I):
        id = f"ENS{copy[1]}0{copy[2]}{COPY}"
    return id.upper() if is_gene_id(id) else id


def _within(hits: list[_Hit]) -> list[_Hit]:
    return [replace(hit, how=hit.how + WITHIN) for hit in hits]


def _squeeze(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).casefold()


def _index(names: Iterable[tuple[int, str]], key: Callable[[str], str]) -> Index:
    index: dict[str, set[int]] = defaultdict(set)
    for row, name in names:
        if key(name):
            index[key(name)].add(row)
    return {name: sorted(rows) for name, rows in index.items()}
