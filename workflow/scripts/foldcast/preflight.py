"""Everything that the user gave, looked at before the work begins, by the readers that do it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from foldcast.errors import Attempt
from foldcast.expression.resolve import resolve_panel
from foldcast.expression.sheets import check_times, read_overrides, read_samples
from foldcast.expression.tables import read_expression, to_log2
from foldcast.graph.published import course_sheet, read_published
from foldcast.hic.contacts import read_contacts
from foldcast.hic.maps import count_contacts, match_chromosomes
from foldcast.hic.phasing import load_sequence
from foldcast.hic.sources import map_groups, open_map
from foldcast.resources.aliases import READERS as ALIAS_READERS
from foldcast.resources.annotation import import_annotation
from foldcast.resources.chromosomes import bundled_sizes, read_sizes
from foldcast.resources.readers import READERS
from foldcast.resources.sequence import index_sequence

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
    """The annotation, on the chromosomes where these are known, with aliases if there are any."""
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


def look_at_contacts(
    attempt: Attempt,
    name: str,
    files: Mapping[str, str],
    about: Mapping[str, Any],
    sizes: pd.Series | None,
) -> tuple[str, set[str]]:
    """Triples, loops or a model; as `look_at_map`."""
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
    """A cooler at the resolutions that graphs use; the second is which chromosomes it has."""
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


def look_at_sequence(attempt: Attempt, fasta: str, lengths: pd.Series | None) -> str:
    """The sequence, indexed in a scratch folder, and the chromosomes that must be in it."""
    with tempfile.TemporaryDirectory() as scratch:
        index = Path(scratch, "index.fai")
        n_sequences = attempt(index_sequence, fasta, index)
        if n_sequences is not None and lengths is not None:
            attempt(load_sequence, fasta, index, lengths)
    return f"sequence: {n_sequences} chromosomes"


def look_at_dataset(
    attempt: Attempt,
    name: str,
    given: Mapping[str, str],
    about: Mapping[str, Any],
    min_times: int,
    genes: pd.DataFrame | None,
) -> str:
    """A course: its sheets, its table, and the loci of its genes where these are known.

    Args:
        given: files: samples, table, perhaps overrides.
        about: values, time_unit, name_column and nodes of the dataset.
    """
    samples = attempt(read_samples, given["samples"])
    sheet = given.get("overrides")
    overrides = attempt(read_overrides, sheet) if sheet else None
    if samples is None:
        return ""
    attempt(check_times, samples, min_times, given["samples"])
    table = attempt(read_expression, given["table"], samples, about["name_column"])
    if table is None:
        return ""
    attempt(to_log2, table, about["values"], given["table"])
    times = samples["time"]
    replicates = times.value_counts()
    several = sorted({int(replicates.min()), int(replicates.max())})
    said = (
        f"dataset {name}: {table.shape[0]:,} genes × {table.shape[1]} samples; "
        f"{len(replicates)} times from {times.min():g} to {times.max():g} ({about['time_unit']}), "
        f"{' to '.join(map(str, several))} replicates each"
    )
    # Where miRNAs or their targets are placed is not known before the table is imported.
    if genes is None or about["nodes"] != "gene":
        return said
    placing = attempt(resolve_panel, table.index, genes, overrides, sheet or "")
    if placing is None:
        return ""
    report = placing[1]
    unplaced = report["gene"][report["symbol"].isna()].tolist()
    return f"{said}; {len(report) - len(unplaced):,} of {len(report):,} genes placed" + (
        f", not {', '.join(unplaced[:5])}{', …' if unplaced[5:] else ''}" if unplaced else ""
    )


def look_at_pairs(
    attempt: Attempt,
    name: str,
    given: Mapping[str, str],
    about: Mapping[str, Any],
    min_times: int,
    genes: pd.DataFrame | None,
) -> str:
    """A table of interactions in place of a course; it brings the loci of its genes."""
    table = attempt(read_published, given["pairs"])
    samples = attempt(course_sheet, given["pairs"])
    if table is None or samples is None:
        return ""
    attempt(check_times, samples, min_times, given["pairs"])
    n_genes = len({*table["Gene1"], *table["Gene2"]})
    return (
        f"dataset {name}: {len(table):,} pairs of {n_genes:,} genes; "
        f"{samples['time'].nunique()} times ({about['time_unit']})"
    )
