"""What mygene.info adds to the annotation: genes that it lacks, and where the two differ."""

from collections.abc import Mapping
from dataclasses import replace

from foldcast.genes.gene_names import ALIKE, Names, Resolution
from foldcast.genes.mygene_answers import Hit, Locus, MyGene
from foldcast.job import log

# Nothing says which assembly `genomic_pos` is in, so it must fit the annotation's loci.
FEWEST_COMPARED, SHARE_FITTING = 3, 0.8


class MyGeneAdditions:
    """Resolutions by the annotation, completed by mygene.info's exact hits.

    A name that the annotation does not know takes mygene.info's hit if there is only one: at the
    annotation's locus where this has the gene (by id or symbol) and the loci overlap, else at
    mygene.info's own locus in the genome's assembly. Of several rows of one symbol it takes the
    one with the hit's id or locus. What the annotation decides stays, and differences are said;
    but a symbol that is the name only but for hyphens yields where the name is another gene's.

    Args:
        names: of the annotation.
        mygene: the answers, for its assembly.
        found: gene → its resolution by the annotation.
    """

    def __init__(self, names: Names, mygene: MyGene, found: Mapping[str, Resolution]) -> None:
        self._names, self._mygene = names, mygene
        self._placing = True
        fits = [
            fit
            for gene, seen in found.items()
            if seen.row is not None and (fit := self._fits(gene, seen.row)) is not None
        ]
        share = sum(fits) / len(fits) if fits else 0.0
        if not mygene.names_assembly:
            self._placing = len(fits) >= FEWEST_COMPARED and share >= SHARE_FITTING
        log.info(
            "mygene.info: %s of %d of %d genes lies at the annotation's locus%s",
            mygene.field,
            sum(fits),
            len(fits),
            "" if self._placing else f": not taken for {mygene.assembly}, and left unused",
        )
        if self._placing and len(fits) >= FEWEST_COMPARED and share < SHARE_FITTING:
            log.warning("annotation and %s differ: is the assembly right?", mygene.field)

    def of(self, name: str, seen: Resolution) -> Resolution:
        """A resolution by the annotation, completed or commented on."""
        exact = self._mygene.exact(name)
        if not exact:
            if seen.row is not None:
                return seen
            asked = "knows no such symbol or alias" if self._mygene.asked(name) else "was not asked"
            return _saying(seen, f"mygene.info {asked}")
        if len(exact) > 1:
            said = "mygene.info knows more than one: " + ", ".join(str(hit) for hit, _, _ in exact)
            if seen.row is None:
                return _saying(replace(seen, how="ambiguous"), said)
            known = {row for hit, _, _ in exact for row in self._rows(hit)}
            return seen if seen.row in known else _saying(seen, said)
        hit, text, way = exact[0]
        taken = f"mygene.info: {text} is {'an' if way == 'alias' else 'the'} {way} of {hit}"
        if seen.row is not None:
            return self._compare(hit, taken, seen)
        if seen.rows:
            return self._choose(hit, taken, way, seen)
        return self._place(hit, taken, f"mygene {way}", replace(seen, query=text))

    def _compare(self, hit: Hit, taken: str, seen: Resolution) -> Resolution:
        loci = self._loci(hit)
        if seen.row not in self._rows(hit):
            # An exact name weighs more than one that only looks alike: TTF-1 may not be Ttf1.
            alike = seen.how == ALIKE
            return _saying(replace(seen, how="ambiguous", row=None) if alike else seen, taken)
        if loci and not self._names.overlap(seen.row, loci):
            return _saying(seen, f"mygene.info places it at {_at(loci)}")
        return seen

    def _choose(self, hit: Hit, taken: str, way: str, seen: Resolution) -> Resolution:
        rows = [row for row in self._rows(hit) if row in seen.rows]
        if way == "alias" or not rows:
            return _saying(seen, taken)
        return self._one_of(rows, hit, taken, f"mygene {way}", seen)

    def _place(self, hit: Hit, taken: str, how: str, seen: Resolution) -> Resolution:
        if rows := self._rows(hit):
            return self._one_of(rows, hit, taken, how, replace(seen, explanation=""))
        loci = self._loci(hit)
        where = f"{self._mygene.field} of {self._mygene.assembly}"
        if len(loci) == 1:
            said = f"{taken}; the annotation lacks it, the locus is {where}"
            return replace(seen, how=how, explanation=said, hit=hit, locus=loci[0])
        said = f"more than one locus, {_at(loci)}" if loci else f"no locus in {where}"
        return _saying(seen, f"{taken}, with {said}")

    def _one_of(
        self, rows: list[int], hit: Hit, taken: str, how: str, seen: Resolution
    ) -> Resolution:
        loci = self._loci(hit)
        there = [row for row in rows if self._names.overlap(row, loci)]
        left = rows if len(rows) == 1 and not loci else there
        if len(left) == 1:
            where = f"{'at' if loci else 'by its name'} {self._names.describe(left[0])}"
            return replace(seen, how=how, explanation=f"{taken}; {where}", row=left[0], rows=())
        listed = ", ".join(map(self._names.describe, rows))
        said = f"{taken}, at {_at(loci)}; the annotation has {listed}"
        return _saying(seen, said) if seen.rows else replace(seen, explanation=said)

    def _fits(self, name: str, row: int) -> bool | None:
        """Whether the gene's loci overlap; None where they cannot be compared."""
        exact = self._mygene.exact(name)
        hits = [hit for hit, _, _ in exact if row in self._rows(hit)]
        loci = self._loci(hits[0]) if len(exact) == len(hits) == 1 else []
        return self._names.overlap(row, loci) if loci else None

    def _rows(self, hit: Hit) -> list[int]:
        return self._names.rows_of(hit, self._loci(hit))

    def _loci(self, hit: Hit) -> list[Locus]:
        return self._mygene.loci(hit) if self._placing else []


def _saying(seen: Resolution, more: str) -> Resolution:
    return replace(seen, explanation="; ".join(filter(None, [seen.explanation, more])))


def _at(loci: list[Locus]) -> str:
    return ", ".join(map(str, loci)) or "no locus in this assembly"
