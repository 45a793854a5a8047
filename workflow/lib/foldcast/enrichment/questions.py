"""Every list and every ranking against every set.

A question is a list (over-representation) or a ranking (pre-ranked GSEA). The questions that are
asked of a panel are one family: q-values are over all sets that were tested for any of them, so
that the chance of a false find holds for the whole answer and not once for each list and ranking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foldcast.enrichment import overrepresentation as ora
from foldcast.enrichment import prerank as gsea
from foldcast.enrichment.enrichment_sentences import GSEA, ORA, Answer
from foldcast.enrichment.gene_lists import lists_of

SUMMARY = [
    "question", "test", "genes", "background", "sets", "significant", "reachable", "sentence",
]  # fmt: skip


@dataclass(frozen=True)
class Collection:
    """Gene sets in the words of a panel: the genes of each, and those that it could name."""

    name: str
    sets: Mapping[str, Sequence[str]]
    background: frozenset[str]

    def within(self, genes: Sequence[str], minimum: int) -> "Collection":
        """The same for some genes only, with the sets that have at least so many, but not all."""
        known = self.background & set(genes)
        inside = {name: [gene for gene in of if gene in known] for name, of in self.sets.items()}
        kept = {name: of for name, of in inside.items() if minimum <= len(of) < len(known)}
        return Collection(self.name, kept, known)


def collections_of(sets: pd.DataFrame, identifiers: pd.DataFrame) -> list[Collection]:
    """From the tables of rule match_gene_sets.

    Args:
        sets: collection, set, genes (by |).
        identifiers: collection, gene, background.
    """
    collections = []
    for name, genes in identifiers.groupby("collection", sort=False):
        own = sets[sets["collection"] == name]
        members = {row.set: row.genes.split("|") for row in own.itertuples()}
        background = frozenset(genes.loc[genes["background"], "gene"])
        collections.append(Collection(str(name), members, background))
    return collections


def ask_all(
    rankings: pd.DataFrame,
    collections: Sequence[Collection],
    minimum: int,
    seed: int,
    kind: str = "measured",
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Over-representation in the lists, and pre-ranked GSEA of the rankings.

    Args:
        rankings: ranking, gene, value, list (`foldcast.enrichment.gene_lists`).
        collections: the sets.
        minimum: fewest genes of a set among those ranked; smaller sets are not tested.
        seed: of `foldcast.enrichment.prerank`.
        kind: what the genes are: measured, or held-out.

    Returns:
        over-representation and pre-ranked GSEA (question, collection, …, p, q, genes; best first
        within a question) and their summary, a row per question.
    """
    lists, ranks = [], []
    for ranking, table in rankings.groupby("ranking", sort=False):
        within = [one.within(table["gene"], minimum) for one in collections]
        for name in lists_of(str(ranking)):
            chosen = set(table.loc[table["list"] == name, "gene"])
            lists.append(_ask_list(name, chosen, table["gene"].tolist(), within, minimum))
        values = table.set_index("gene")["value"]
        ranks.append(_ask_ranking(str(ranking), values, within, minimum, seed))
    answers = [replace(answer, kind=kind) for answer in _adjusted([*lists, *ranks])]
    lists, ranks = answers[: len(lists)], answers[len(lists) :]
    summary = [
        (
            answer.question,
            answer.test,
            answer.n_genes,
            answer.background,
            len(answer.table),
            len(answer.significant),
            answer.reachable,
            answer.sentence,
        )
        for answer in answers
    ]
    return (
        _joined(lists, ora.COLUMNS),
        _joined(ranks, gsea.COLUMNS),
        pd.DataFrame(summary, columns=SUMMARY),
    )


def _ask_list(
    name: str, chosen: set[str], genes: list[str], within: Sequence[Collection], minimum: int
) -> Answer:
    tables, smallest = [], [np.empty(0)]
    for one in within:
        background = [gene for gene in genes if gene in one.background]
        listed = len(chosen & one.background)
        if one.sets and listed:
            table = ora.overrepresentation(chosen, one.sets, background)
            tables.append(table.assign(collection=one.name))
            smallest.append(ora.smallest_p(table["size"], listed, len(background)))
    return Answer(
        name,
        ORA,
        _tested(name, tables, ora.COLUMNS),
        len(chosen),
        max(len(one.background) for one in within),
        minimum,
        np.concatenate(smallest),
    )


def _ask_ranking(
    name: str, values: pd.Series, within: Sequence[Collection], minimum: int, seed: int
) -> Answer:
    tables = [
        gsea.prerank(values[values.index.isin(one.background)], one.sets, seed).assign(
            collection=one.name
        )
        for one in within
    ]
    ranked = len(values) if values.nunique() > 1 else 0
    background = max(len(one.background) for one in within)
    return Answer(name, GSEA, _tested(name, tables, gsea.COLUMNS), ranked, background, minimum)


def _header(columns: Sequence[str]) -> list[str]:
    *numbers, genes = columns
    return ["question", "collection", *numbers, "q", genes]


def _tested(question: str, tables: list[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """The sets of all collections, best first; q-values come when every question is asked."""
    tables = [table for table in tables if len(table)]
    if not tables:
        return pd.DataFrame(columns=_header(columns))
    table = pd.concat(tables, ignore_index=True).assign(question=question, q=np.nan)
    table = table.sort_values(["p", "collection", "set"], kind="stable", ignore_index=True)
    return table[_header(columns)]


def _adjusted(answers: list[Answer]) -> list[Answer]:
    """The answers with q-values over the sets of all of them."""
    sizes = [len(answer.table) for answer in answers]
    each = [answer.table["p"].to_numpy(dtype=float) for answer in answers]
    q = np.split(ora.adjust(np.concatenate(each)), np.cumsum(sizes)[:-1])
    return [
        replace(answer, table=answer.table.assign(q=values), tests=sum(sizes))
        for answer, values in zip(answers, q, strict=True)
    ]


def _joined(answers: list[Answer], columns: Sequence[str]) -> pd.DataFrame:
    tables = [answer.table for answer in answers if len(answer.table)]
    return (
        pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=_header(columns))
    )
