"""Everything that the user gave, looked at before the work begins, by the readers that do it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from foldcast.errors import Attempt, first_few
from foldcast.hic.centromeres import read_centromeres
from foldcast.hic.contact_formats import read_contacts
from foldcast.hic.map_import import count_contacts, match_chromosomes
from foldcast.hic.phasing_track import load_sequence
from foldcast.hic.raw_maps import raw_map, resolutions_of
from foldcast.resources.annotation import import_annotation
from foldcast.resources.annotation_formats import READERS
from foldcast.resources.chromosomes import bundled_sizes, read_sizes
from foldcast.resources.gene_aliases import READERS as ALIAS_READERS
from foldcast.resources.genome_sequence import index_sequence

# Every function here looks at one thing through `attempt`, which keeps the mistakes (see
# `foldcast.errors.together`), and goes on with what can still be looked at. The sentence that it
# returns is only meant for the user when there was no mistake at all.


def look_at_sizes(
    attempt: Attempt, path: str | None, assembly: str
) -> tuple[str, pd.Series | None]:
    """The chromosomes: of the file, or those bundled for the assembly."""
    sizes = attempt(read_sizes, path) if path else attempt(bundled_sizes, assembly)
    if sizes is None:
        return "", None
    return f"genome {assembly}: {len(sizes)} chromosomes, {sizes.sum():,} bp", sizes


def look_at_genes(
    attempt: Attempt,
    annotation: str,
    format: str,
    sizes: pd.Series | None,
    aliases: str | None,
    alias_format: str | None,
) -> tuple[str, pd.DataFrame | None]:
    """The annotation, on the chromosomes where these are known, with aliases if there are any.

    Args:
        attempt: keeps the mistakes.
        annotation, format: the file and how it is written.
        sizes: chromosome → length (bp), where they are known.
        aliases, alias_format: a file of further names, if there is one.
    """
    if aliases and alias_format and attempt(ALIAS_READERS[alias_format], aliases) is None:
        aliases = None
    if sizes is None:
        attempt(READERS[format], annotation)
        return "", None
    genes = attempt(import_annotation, annotation, format, sizes, aliases, alias_format)
    if genes is None:
        return "", None
    return (
        f"annotation: {len(genes):,} genes, {int(genes['aliases'].ne('').sum()):,} with aliases",
        genes,
    )


def look_at_centromeres(attempt: Attempt, path: str, sizes: pd.Series | None) -> str:
    """The centromeres of the config, on the genome's chromosomes."""
    middles = None if sizes is None else attempt(read_centromeres, path, sizes)
    return "" if middles is None else f"centromeres: of {len(middles)} chromosomes"


def look_at_contacts(
    attempt: Attempt,
    name: str,
    files: Mapping[str, str],
    about: Mapping[str, Any],
    sizes: pd.Series | None,
) -> tuple[str, set[str]]:
    """Triples, loops or a model; as `look_at_map`.

    Args:
        attempt: keeps the mistakes.
        name: of the map.
        files: the map's files, by their names in the config.
        about: options (how the files are read) and resolutions (bp).
        sizes: chromosome → length (bp), where they are known.
    """
    if sizes is None:
        return "", set()
    found, chromosomes = [], set()
    for resolution in about["resolutions"]:
        contacts = attempt(read_contacts, files, about["options"], resolution, sizes)
        if contacts is not None:
            found.append(f"{len(contacts):,} pairs of bins at {resolution:,} bp")
            chromosomes |= {*contacts["chrom1"], *contacts["chrom2"]}
    form = about["options"]["format"]
    return f"map {name} ({form}): {len(chromosomes)} chromosomes; {', '.join(found)}", chromosomes


def look_at_map(
    attempt: Attempt,
    name: str,
    files: Mapping[str, str],
    about: Mapping[str, Any],
    sizes: pd.Series | None,
) -> tuple[str, set[str]]:
    """A map of raw contacts at the resolutions that graphs use; and which chromosomes it has.

    Args:
        attempt: keeps the mistakes.
        name: of the map.
        files: the map's file as `map`, HiC-Pro's bins as `bins`.
        about: resolutions (bp) that graphs use.
        sizes: chromosome → length (bp), where they are known.
    """
    found: list[str] = []
    chromosomes: dict[str, str] = {}
    silent: dict[str, None] = {}
    for resolution in about["resolutions"]:
        looked = attempt(_contacts, files, resolution, sizes)
        if looked is not None:
            chromosomes, contacts, none = looked
            found.append(f"{contacts:,.10g} at {resolution:,} bp")
            silent |= dict.fromkeys(none)
    if not found or sizes is None:
        return "", set()
    there = about["resolutions"] if "bins" in files else resolutions_of(files["map"])
    renamed = " (renamed as in the genome)" if any(a != b for a, b in chromosomes.items()) else ""
    return (
        f"map {name}: {len(chromosomes)} chromosomes{renamed}; contacts: {', '.join(found)}; "
        f"resolutions: {', '.join(f'{size:,}' for size in there)} bp"
        + (f"; not a single contact of {first_few(silent)}" if silent else "")
    ), set(chromosomes.values())


def _contacts(
    files: Mapping[str, str], resolution: int, sizes: pd.Series | None
) -> tuple[dict[str, str], float, list[str]]:
    """Names of chromosomes in the map → in the genome, contacts, chromosomes without any."""
    source = files["map"]
    with raw_map(source, resolution, files.get("bins")) as clr:
        if sizes is None:
            return {}, 0, []
        matched = match_chromosomes(clr, sizes, source)
        return matched.kept, *count_contacts(clr, matched, source)


def count_genes(_: Attempt, name: str, genes: pd.DataFrame | None, chromosomes: set[str]) -> str:
    """How many genes of the annotation lie on a map's chromosomes, where not all of them do."""
    if genes is None or not chromosomes:
        return ""
    inside = int(genes["chrom"].isin(chromosomes).sum())
    whole = inside == len(genes)
    return "" if whole else f"map {name}: {inside:,} of {len(genes):,} genes lie in the map"


def look_at_sequence(attempt: Attempt, fasta: str, index: Path, lengths: pd.Series | None) -> str:
    """The sequence and the chromosomes that must be in it; its index is made for what follows."""
    n_sequences = attempt(index_sequence, fasta, index)
    if n_sequences is not None and lengths is not None:
        attempt(load_sequence, fasta, index, lengths)
    return f"sequence: {n_sequences} chromosomes"
