"""Everything that the user gave, looked at before the work begins, by the readers that do it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from foldcast.errors import Attempt
from foldcast.hic.centromeres import read_centromeres
from foldcast.hic.contact_formats import read_contacts
from foldcast.hic.map_import import count_contacts, match_chromosomes
from foldcast.hic.map_sources import map_groups, open_map
from foldcast.hic.phasing_track import load_sequence
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
    """A cooler at the resolutions that graphs use; the second is which chromosomes it has.

    Args:
        attempt: keeps the mistakes.
        name: of the map.
        files: one cooler, by its name in the config.
        about: resolutions (bp) that graphs use.
        sizes: chromosome → length (bp), where they are known.
    """
    (path,) = files.values()
    found: list[str] = []
    chromosomes: dict[str, str] = {}
    for resolution in about["resolutions"]:
        clr = attempt(open_map, path, resolution)
        if clr is None or sizes is None:
            continue
        matched = attempt(match_chromosomes, clr, sizes, path)
        if matched is None:
            continue
        chromosomes = matched.kept
        contacts = attempt(count_contacts, clr, matched, path)
        if contacts is not None:
            found.append(f"{contacts:,.10g} at {resolution:,} bp")
    if not found:
        return "", set()
    there = ", ".join(f"{size:,}" for size in sorted(filter(None, map_groups(path).values())))
    renamed = " (renamed as in the genome)" if any(a != b for a, b in chromosomes.items()) else ""
    return (
        f"map {name}: {len(chromosomes)} chromosomes{renamed}; contacts: {', '.join(found)}; "
        f"resolutions: {there} bp"
    ), set(chromosomes.values())


def look_at_sequence(attempt: Attempt, fasta: str, index: Path, lengths: pd.Series | None) -> str:
    """The sequence and the chromosomes that must be in it; its index is made for what follows."""
    n_sequences = attempt(index_sequence, fasta, index)
    if n_sequences is not None and lengths is not None:
        attempt(load_sequence, fasta, index, lengths)
    return f"sequence: {n_sequences} chromosomes"
