"""What was found, and what could have been found at all, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

Q = 0.05  # significant below
NAMED = 3  # sets that a sentence names
ORA, GSEA = "over-representation", "pre-ranked GSEA"


@dataclass(frozen=True)
class Answer:
    """What a question came to.

    table: the sets that were tested, best first.
    n_genes: genes in the list, or that differ in the ranking.
    background: genes that could have been in it.
    minimum: fewest of them that a set must have.
    smallest_p: that each of the sets could have reached, in a list.
    tests: sets that were tested for this and every other question.
    kind: what the genes of the background are: measured, or held-out.
    """

    question: str
    test: str
    table: pd.DataFrame
    n_genes: int
    background: int
    minimum: int
    smallest_p: np.ndarray | None = None
    tests: int = 0
    kind: str = "measured"

    @property
    def significant(self) -> pd.DataFrame:
        return self.table[self.table["q"] < Q]

    @property
    def reachable(self) -> float:
        """Sets that could have been significant by themselves; missing for a ranking."""
        if self.smallest_p is None:
            return np.nan
        return int((self.smallest_p * self.tests < Q).sum())

    @property
    def sentence(self) -> str:
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if not self.n_genes:
            none = "No gene is" if self.test == ORA else "The genes do not differ in"
            yield f"{none} {self.question}: there is nothing to test."
        elif self.table.empty:
            yield (
                f"No set could be tested for {self.question}: none has {self.minimum} or more of "
                f"the {self.background} {self.kind} genes."
            )
        else:
            yield self._found() if len(self.significant) else self._nothing()
            if self.smallest_p is not None:
                yield self._limit(float(np.median(self.smallest_p)))

    @property
    def _asked(self) -> str:
        if self.test == GSEA:
            return f"at either end of the {self.n_genes} genes ranked by {self.question}"
        genes = f"the {self.n_genes} genes" if self.n_genes > 1 else "the one gene"
        return f"among {genes} in the list {self.question}"

    @property
    def _tested(self) -> str:
        return f"{len(self.table)} sets" if len(self.table) > 1 else "one set"

    @property
    def _word(self) -> str:
        return "over-represented" if self.test == ORA else "enriched"

    def _nothing(self) -> str:
        first = self.table.iloc[0]
        return (
            f"Nothing is significant: none of {self._tested} is {self._word} {self._asked} at "
            f"q < {Q} (the first: {first['set']}, p {first['p']:.2g}, q {first['q']:.2g})."
        )

    def _found(self) -> str:
        count = len(self.significant)
        first = "; ".join(self._named(row) for _, row in self.significant[:NAMED].iterrows())
        more = f"; and {count - NAMED} more" if count > NAMED else ""
        verb = "is" if count == 1 else "are"
        return f"{count} of {self._tested} {verb} {self._word} {self._asked}: {first}{more}."

    def _limit(self, middle: float) -> str:
        background = f"The background is the {self.background} {self.kind} genes, not the genome"
        if self.reachable == len(self.table):
            return f"{background}."
        size = int(self.table["size"].median())
        return (
            f"{background}, which limits what can be found: half of the sets (median: {size} "
            f"genes) cannot reach a p below {middle:.2g}, and "
            f"{self.reachable or 'none'} of {self._tested} could reach q < {Q} by itself."
        )

    def _named(self, row: pd.Series) -> str:
        if self.test == ORA:
            return (
                f"{row['set']} ({row['overlap']} of its {row['size']} {self.kind} genes, odds "
                f"ratio {row['odds_ratio']:.1f}, q {row['q']:.2g})"
            )
        end = "high" if row["nes"] > 0 else "low"
        return f"{row['set']} ({end}, NES {row['nes']:+.2f}, {row['size']} genes, q {row['q']:.2g})"
