"""Gene sets, looked at before the work begins; see `foldcast.preflight.given_maps`."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from foldcast.enrichment.gene_identifiers import check_found, read_names
from foldcast.enrichment.gene_sets import read_gmt
from foldcast.errors import Attempt


def look_at_sets(
    attempt: Attempt, name: str, path: str, about: Mapping[str, Any], genes: pd.DataFrame | None
) -> str:
    """A collection of gene sets, and whether it is of the annotation's genes.

    Args:
        about: identifiers, ignore_case and foreign of the collection.
    """
    known = () if genes is None else set(genes["symbol"].dropna())
    sets = attempt(read_gmt, path, known)
    if sets is None:
        return ""
    universe = {gene for of in sets.values() for gene in of}
    said = f"gene sets {name}: {len(sets):,} sets of {len(universe):,} genes"
    if genes is None or about["foreign"] or about["identifiers"] != "symbol":
        return said
    symbols = genes["symbol"].replace("", pd.NA).dropna().drop_duplicates()
    key = str.casefold if about["ignore_case"] else str
    known = {key(gene) for gene in universe}
    found = symbols.where(symbols.map(lambda symbol: key(symbol) in known))
    attempt(check_found, pd.DataFrame({"gene": symbols, "name": found}), universe, path)
    return f"{said}, {found.count():,} of them symbols of the annotation"


def look_at_names(attempt: Attempt, species: str, path: str) -> str:
    """A table of names."""
    names = attempt(read_names, path)
    return "" if names is None else f"names in {species}: of {len(names):,} genes"
