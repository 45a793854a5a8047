"""From the gene names of a table to their loci, and how each name was understood."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.genes.gene_names import Names, Resolution
from foldcast.genes.mygene_additions import MyGeneAdditions
from foldcast.genes.mygene_answers import MyGene

LOCUS = ["chrom", "start", "end", "strand", "tss"]


def resolve_panel(
    genes: Iterable[str],
    annotation: pd.DataFrame,
    overrides: pd.DataFrame | None = None,
    source: str | Path = "overrides",
    *,
    resolve: Callable[[str], Resolution] | None = None,
    mygene: MyGene | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every gene of a panel its locus, or say why it has none.

    Args:
        genes: names as in the user's table.
        annotation: as for `Names`.
        overrides: gene, symbol, reason (`sample_sheets.read_overrides`); before all rules.
        source: where the overrides are from, for messages.
        resolve: from a name to a row of the annotation; that of `Names` where there is none.
        mygene: answers of mygene.info, which complete what the annotation knows.

    Returns:
        loci (gene, symbol, gene_id, chrom, start, end, strand, tss; missing where unplaced) and
        report (gene, query, symbol, how, explanation), one row per gene in the panel's order.

    Raises:
        InputError: an override's symbol is not one gene of the annotation.
    """
    names = Names(annotation)
    by_hand = {} if overrides is None else overrides.set_index("gene").to_dict("index")
    genes = list(genes)
    found = {gene: (resolve or names.resolve)(gene) for gene in genes if gene not in by_hand}
    if mygene:
        additions = MyGeneAdditions(names, mygene, found)
        found = {gene: additions.of(gene, seen) for gene, seen in found.items()}
    for gene in by_hand.keys() & set(genes):
        found[gene] = _by_hand(names, gene, source=source, **by_hand[gene])
    sharing = defaultdict(list)
    for gene in genes:
        if key := _gene_id(names, found[gene]):
            sharing[key].append(gene)
    loci, report = [], []
    for gene in genes:
        seen = found[gene]
        key, said = _gene_id(names, seen), seen.explanation
        if key and (others := sorted(set(sharing[key]) - {gene})):
            said += f"; shares its locus with {', '.join(others)}"
        symbol = names.symbol_of(seen.row) if seen.row is not None else None
        of = {} if seen.row is None else names.records[seen.row]
        locus = [of.get(part) for part in LOCUS]
        if seen.hit and seen.locus:
            symbol = seen.hit.symbol or seen.hit.id
            locus = [getattr(seen.locus, part) for part in LOCUS]
        report.append((gene, seen.query, symbol, seen.how, said))
        loci.append((gene, symbol, key, *locus))
    numbers = dict.fromkeys(("start", "end", "tss"), "Int64")
    return (
        pd.DataFrame(loci, columns=["gene", "symbol", "gene_id", *LOCUS]).astype(numbers),
        pd.DataFrame(report, columns=["gene", "query", "symbol", "how", "explanation"]),
    )


def _gene_id(names: Names, seen: Resolution) -> str | None:
    if seen.row is not None:
        return str(names.records[seen.row]["gene"])
    return seen.hit.id if seen.hit else None


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
