"""Gene sets, looked at before the work begins; see `foldcast.preflight.given_maps`."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from foldcast.enrichment.gene_identifiers import (
    check_found,
    match,
    own_names,
    panel_genes,
    read_names,
)
from foldcast.enrichment.gene_sets import read_gmt
from foldcast.errors import Attempt
from foldcast.genes.mygene_answers import read_records
from foldcast.genes.species import species_of


def look_at_sets(
    attempt: Attempt,
    name: str,
    path: str,
    about: Mapping[str, Any],
    genes: pd.DataFrame | None,
    panels: Mapping[str, pd.DataFrame] | None = None,
    table: str | None = None,
) -> str:
    """A collection of gene sets, and whether it has genes of each panel.

    Args:
        attempt: keeps the mistakes.
        name, path: of the collection.
        about: identifiers, ignore_case, names (of which species a table of names is needed) and
            foreign of the collection.
        genes: the annotation, where it could be read.
        panels: gene and symbol (perhaps gene_id) of each dataset and run that is asked about.
        table: the table of names, where the config has it; else mygene.info is asked later.
    """
    known = () if genes is None else set(genes["symbol"].dropna())
    sets = attempt(read_gmt, path, known)
    if sets is None:
        return ""
    universe = {gene for of in sets.values() for gene in of}
    said = f"gene sets {name}: {len(sets):,} sets of {len(universe):,} genes"
    if genes is None:
        return said
    if not about["foreign"] and about["identifiers"] == "symbol":
        symbols = genes["symbol"].replace("", pd.NA).dropna().drop_duplicates()
        key = str.casefold if about["ignore_case"] else str
        known = {key(gene) for gene in universe}
        found = symbols.where(symbols.map(lambda symbol: key(symbol) in known))
        missed = pd.DataFrame({"gene": symbols, "name": found})
        if not panels:
            attempt(check_found, missed, universe, path)
        said += f", {found.count():,} of them symbols of the annotation"
    if about.get("names") and not table:
        return said  # mygene.info is asked for the names
    names = attempt(read_names, table) if table else None
    for of, loci in (panels or {}).items():
        found = attempt(_found, loci, genes, names, universe, about, path)
        if found is not None:
            said += f"; {found['name'].count():,} of {len(found):,} genes of {of}"
    return said


def _found(
    loci: pd.DataFrame,
    genes: pd.DataFrame,
    names: pd.DataFrame | None,
    universe: set[str],
    about: Mapping[str, Any],
    path: str,
) -> pd.DataFrame:
    """What rule match_gene_sets finds of a panel."""
    panel = panel_genes(loci)
    found = match(
        panel["gene"],
        own_names(panel, genes) if names is None else names,
        universe,
        about["identifiers"],
        ignore_case=about["ignore_case"],
        symbols=set() if about["foreign"] else set(genes["symbol"].dropna()),
    )
    check_found(found, universe, path)
    return found


def look_at_answers(attempt: Attempt, path: str | None, species: str | None, assembly: str) -> str:
    """The species that mygene.info is asked about; answers that were brought (`names.cache`)."""
    of = species or attempt(species_of, assembly)
    if of is None or path is None:
        return ""
    answers = attempt(read_records, path, str(of), assembly)
    return "" if answers is None else f"answers of mygene.info: about {len(answers):,} names"


def look_at_names(attempt: Attempt, species: str, path: str) -> str:
    """A table of names."""
    names = attempt(read_names, path)
    return "" if names is None else f"names in {species}: of {len(names):,} genes"
