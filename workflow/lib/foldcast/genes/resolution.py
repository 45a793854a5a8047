"""What became of a name."""

from dataclasses import dataclass

from foldcast.genes.mygene_answers import Hit, Locus


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
