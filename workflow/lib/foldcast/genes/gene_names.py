"""From a free-text gene name to a gene of the annotation, saying how."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from foldcast.genes.mygene_answers import Hit, Locus
from foldcast.genes.name_parts import parts
from foldcast.text_table import close_names

Index = dict[str, list[int]]
ALIKE = "symbol, but for hyphens and spaces"


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

    1. the whole name is a gene id (an Ensembl version does not count), else a symbol, else one
       but for its case;
    2. a part of it is: the text around brackets (or wide gaps) or inside them;
    3. the name or its text outside brackets is an alias (else one but for case) or, but for
       hyphens and spaces, a symbol.

    Where the rule finds more than one row, nothing is guessed: the candidates are listed. A
    symbol thereby beats an equal alias of another gene, and TTF-1 is not simply taken for Ttf1
    where it is also an alias of Nkx2-1.

    Args:
        annotation: gene, symbol, chrom, start, end, strand, tss, aliases (divided by ``|``).
    """

    def __init__(self, annotation: pd.DataFrame) -> None:
        self.annotation = annotation.reset_index(drop=True).fillna({"symbol": "", "aliases": ""})
        symbols = list(enumerate(self.annotation["symbol"].astype(str)))
        texts = enumerate(self.annotation["aliases"].astype(str))
        aliases = [(row, alias.strip()) for row, text in texts for alias in text.split("|")]
        self._id = _index(enumerate(self.annotation["gene"].astype(str)), str)
        self._symbol = _index(symbols, str)
        self._folded_symbol = _index(symbols, str.casefold)
        self._squeezed_symbol = _index(symbols, _squeeze)
        self._alias = _index(aliases, str)
        self._folded_alias = _index(aliases, str.casefold)

    def resolve(self, name: str) -> Resolution:
        """Find the row that a free-text name means; the same whatever else is asked."""
        outside, inside = parts(name)
        for hits in (
            self._ids(name),
            self._symbols([name]),
            self._symbols(outside + inside),
            self._aliases(list(dict.fromkeys([name, *outside]))),
        ):
            if hits:
                return self._decide(hits)
        query = outside[0] if outside else name
        # Families share the start of their names; this also keeps long panels fast.
        alike = [s for s in self._symbol if s.casefold().startswith(query.casefold()[:3])]
        hint = close_names(query, sorted(alike)) if alike else ""
        hint = f" ({hint.rstrip('?')})" if hint.startswith("did") else ""
        return Resolution(query, "not found", f"no symbol or alias of the annotation{hint}")

    def look_up(self, symbol: str) -> Resolution:
        """Find the row of a gene id, symbol or alias as written by someone who decided."""
        for hits in (self._ids(symbol), self._symbols([symbol]), self._aliases([symbol])):
            if hits:
                return self._decide(hits)
        return Resolution(symbol, "not found", close_names(symbol, sorted(self._symbol)))

    def rows_of(self, hit: Hit, loci: list[Locus]) -> list[int]:
        """The rows that are a gene of mygene.info: by an id, else by its symbol.

        Else by an alias that is a symbol here, an older one, provided that the loci overlap.
        """
        for index, texts in (
            (self._id, hit.ids),
            (self._alias, hit.ids),
            (self._symbol, (hit.symbol,)),
        ):
            if rows := {row for text in texts for row in index.get(text, [])}:
                return sorted(rows)
        old = {row for text in hit.aliases for row in self._symbol.get(text, [])}
        return sorted(row for row in old if self.overlap(row, loci))

    def overlap(self, row: int, loci: list[Locus]) -> bool:
        """Whether a row lies at one of the loci."""
        chrom, start, end = self.annotation.loc[row, ["chrom", "start", "end"]]
        return any(locus.overlaps(chrom, start, end) for locus in loci)

    def symbol_of(self, row: int) -> str:
        """The symbol of a row, or its gene id where it has none."""
        record = self.annotation.loc[row]
        return str(record["symbol"] or record["gene"])

    def _ids(self, text: str) -> list[_Hit]:
        rows = self._id.get(re.sub(r"^(ENS\w+)\.\d+$", r"\1", text))
        return [_Hit(text, "gene id", rows)] if rows else []

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

    def _decide(self, hits: list[_Hit]) -> Resolution:
        query = hits[0].text
        rows = sorted({row for hit in hits for row in hit.rows})
        if len(rows) == 1:
            return Resolution(query, hits[0].how, hits[0].says(self.symbol_of(rows[0])), rows[0])
        found = sorted({hit.says(self.describe(row)) for hit in hits for row in hit.rows})
        said = "more than one gene: " + "; ".join(found)
        return Resolution(query, "ambiguous", said, rows=tuple(rows))

    def describe(self, row: int) -> str:
        """Symbol, gene id and locus of a row."""
        record = self.annotation.loc[row]
        where = f"{record['chrom']}:{record['start']}-{record['end']}"
        return f"{self.symbol_of(row)} ({record['gene']}, {where})"


def _squeeze(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).casefold()


def _index(names: Iterable[tuple[int, str]], key: Callable[[str], str]) -> Index:
    index: dict[str, set[int]] = defaultdict(set)
    for row, name in names:
        if key(name):
            index[key(name)].add(row)
    return {name: sorted(rows) for name, rows in index.items()}
