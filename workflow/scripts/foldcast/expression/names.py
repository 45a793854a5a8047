"""From the free-text gene names of a table to loci of an annotation, saying how."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.expression.cells import close_names

LOCUS = ["chrom", "start", "end", "strand", "tss"]
Index = dict[str, list[int]]


@dataclass(frozen=True)
class Resolution:
    """What became of a name: a row of the annotation or none, by which rule and why."""

    query: str
    how: str
    explanation: str
    row: int | None = None


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
        outside, inside = _parts(name)
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
                hits.append(_Hit(text, "symbol, but for hyphens and spaces", rows))
        return hits

    def _decide(self, hits: list[_Hit]) -> Resolution:
        query = hits[0].text
        rows = sorted({row for hit in hits for row in hit.rows})
        if len(rows) == 1:
            return Resolution(query, hits[0].how, hits[0].says(self.symbol_of(rows[0])), rows[0])
        found = sorted({hit.says(self._describe(row)) for hit in hits for row in hit.rows})
        return Resolution(query, "ambiguous", "more than one gene: " + "; ".join(found))

    def _describe(self, row: int) -> str:
        record = self.annotation.loc[row]
        where = f"{record['chrom']}:{record['start']}-{record['end']}"
        return f"{self.symbol_of(row)} ({record['gene']}, {where})"


def resolve_panel(
    genes: Iterable[str],
    annotation: pd.DataFrame,
    overrides: pd.DataFrame | None = None,
    source: str | Path = "overrides",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every gene of a panel its locus, or say why it has none.

    Args:
        genes: names as in the user's table.
        annotation: as for `Names`.
        overrides: gene, symbol, reason (`sheets.read_overrides`); they come before all rules.
        source: where the overrides are from, for messages.

    Returns:
        loci (gene, symbol, gene_id, chrom, start, end, strand, tss; missing where unplaced) and
        report (gene, query, symbol, how, explanation), one row per gene in the panel's order.

    Raises:
        InputError: an override's symbol is not one gene of the annotation.
    """
    names = Names(annotation)
    by_hand = {} if overrides is None else overrides.set_index("gene").to_dict("index")
    found = {
        gene: _by_hand(names, gene, source=source, **by_hand[gene])
        if gene in by_hand
        else names.resolve(gene)
        for gene in genes
    }
    sharing = defaultdict(list)
    for gene, resolution in found.items():
        if resolution.row is not None:
            sharing[resolution.row].append(gene)
    loci, report = [], []
    for gene, resolution in found.items():
        row, said = resolution.row, resolution.explanation
        symbol = names.symbol_of(row) if row is not None else None
        others = sorted(set(sharing.get(row, [])) - {gene}) if row is not None else []
        if others:
            said += f"; shares its locus with {', '.join(others)}"
        report.append((gene, resolution.query, symbol, resolution.how, said))
        record = names.annotation.loc[row] if row is not None else {}
        loci.append((gene, symbol, record.get("gene"), *(record.get(part) for part in LOCUS)))
    numbers = dict.fromkeys(("start", "end", "tss"), "Int64")
    return (
        pd.DataFrame(loci, columns=["gene", "symbol", "gene_id", *LOCUS]).astype(numbers),
        pd.DataFrame(report, columns=["gene", "query", "symbol", "how", "explanation"]),
    )


def _by_hand(names: Names, gene: str, symbol: str, reason: str, source: str | Path) -> Resolution:
    if not symbol:
        return Resolution(gene, "left unplaced by hand", reason)
    for choice in symbol.split("|"):
        meant = names.look_up(choice.strip())
        if meant.row is not None:
            return Resolution(meant.query, "override", reason, meant.row)
    raise InputError(
        source,
        place=f"gene {gene}",
        found=f"symbol {symbol}: {meant.explanation}",
        expected="one gene of the annotation, by gene id, symbol or alias",
        remedy="mend the symbol, or leave it blank to keep the gene unplaced",
    )


def _parts(name: str) -> tuple[list[str], list[str]]:
    """The texts outside and inside brackets; a gap of two spaces divides as brackets do."""
    inside = [text.strip() for text in re.findall(r"[(\[]([^()\[\]]*)[)\]]", name)]
    outside = re.split(r"\s{2,}", re.sub(r"[(\[][^()\[\]]*[)\]]", "  ", name).strip())
    return [t for t in outside if t], [t for t in inside if t]


def _squeeze(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).casefold()


def _index(names: Iterable[tuple[int, str]], key: Callable[[str], str]) -> Index:
    index: dict[str, set[int]] = defaultdict(set)
    for row, name in names:
        if key(name):
            index[key(name)].add(row)
    return {name: sorted(rows) for name, rows in index.items()}
