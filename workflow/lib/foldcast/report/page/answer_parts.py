"""What an answer of the page's first screen consists of, and what several of them say."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from foldcast.report.genes_shown import labels
from foldcast.report.page.page_tables import Tables

NEXT, GENES, FOLDING, TRUST = (
    "What comes next?",
    "Which genes are predictable?",
    "Does folding matter?",
    "Can I trust it?",
)


@dataclass(frozen=True)
class Answer:
    """One line of the first screen.

    Attributes:
        question: what a reader asks.
        number: the one number that answers it.
        beside: its interval, or what it is to be held against.
        sentence: what it means, in plain words.
        figure: a small figure; empty where there is nothing to draw.
    """

    question: str
    number: Markup
    beside: Markup
    sentence: Markup
    figure: Markup = Markup("")


def symbols_of(tables: Tables, name: str) -> pd.Series:
    """gene → what a dataset's part of the page calls it."""
    return labels(tables.read(f"loci.{name}"))


def gene_link(dataset: str, gene: str, symbol: str, sign: str = "") -> Markup:
    """A gene's symbol, and a sign before it; where genes can be picked it opens the gene's card."""
    return Markup(
        '<span class="gene">{}<button type="button" class="link" data-dataset="{}" '
        'data-gene="{}">{}</button></span>'
    ).format(sign, dataset, gene, symbol)


def interval(tables: Tables, table: str, form: str, **where: Any) -> Markup:
    """`` (95 %: low to high)``; nothing where there is none."""
    if tables.value(table, "low", **where) is None:
        return Markup("")
    ends = (tables.cite(table, end, form, **where) for end in ("low", "high"))
    return Markup(" (95 %: {} to {})").format(*ends)
