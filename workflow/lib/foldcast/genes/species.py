"""Which species a genome is of, as mygene.info calls it."""

from foldcast.errors import InputError

SPECIES = {
    "mouse": ("mm", "GRCm", "MGSCv", "NCBIM"),
    "human": ("hg", "GRCh"),
    "rat": ("rn", "Rnor", "mRatBN"),
}
# NCBI's taxon numbers of the species that mygene.info knows by name.
TAXA = {
    "human": 9606,
    "mouse": 10090,
    "rat": 10116,
    "fruitfly": 7227,
    "nematode": 6239,
    "zebrafish": 7955,
    "thale-cress": 3702,
    "frog": 8364,
    "pig": 9823,
}


def species_of(assembly: str, source: str = "config") -> str:
    """mygene.info's species of a mouse, human or rat assembly.

    Raises:
        InputError: another assembly, of which the config must say the species.
    """
    for species, prefixes in SPECIES.items():
        if assembly.startswith(prefixes):
            return species
    raise InputError(
        source,
        place="names.species",
        found=f"none, and the assembly {assembly} does not tell it",
        expected="mygene.info's name of the species, or its NCBI taxon number",
        remedy="set `names.species`, for example zebrafish or 9913",
    )


def taxon_of(species: str) -> int | None:
    """NCBI's taxon number of a species, given by mygene.info's name or as a number itself."""
    return int(species) if species.isdigit() else TAXA.get(species)
