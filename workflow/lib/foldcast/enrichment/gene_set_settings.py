"""Gene sets in the config: what they are of, and where their names for a panel's genes come from.

Imported when the workflow is parsed, so nothing but the standard library is imported here.
"""

from typing import Any

from foldcast.errors import InputError
from foldcast.genes.species import species_of


def settle_enrichment(config: dict, source: str) -> None:
    """Check what a schema cannot; a set's species becomes null where it is the panel's own.

    Raises:
        InputError: a library of Enrichr beside another file; a species to compare with, and
            nothing that tells the genome's.
    """
    for name, entry in config["enrichment"]["sets"].items():
        if entry["enrichr"] and (entry["path"] or entry["url"]):
            raise InputError(
                source,
                place=f"enrichment.sets.{name}",
                found="a file and a library of Enrichr",
                expected="one of them",
                remedy="leave one of them",
            )
        if entry["species"] is not None and str(entry["species"]) == genome_species(config, source):
            entry["species"] = None


def genome_species(config: dict, source: str = "config") -> str:
    """The species of the genome, as mygene.info calls it."""
    return str(config["names"]["species"] or species_of(config["genome"]["assembly"], source))


def names_for(entry: dict[str, Any], config: dict) -> str | None:
    """The species whose table of names a collection of sets is read with; None: the annotation's.

    Sets of another species always need one; sets of ids take one where the config has it.
    """
    if entry["species"] is not None:
        return str(entry["species"])
    tables = config["enrichment"]["names"]
    if entry["identifiers"] == "symbol" or not tables:
        return None
    own = genome_species(config)
    return own if own in tables else None
