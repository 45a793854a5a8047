"""Everything that the user gave, looked at before the work begins, by the readers that do it."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from foldcast.errors import Attempt, first_few
from foldcast.graph.genes_on_maps import check_in_map
from foldcast.graph.interactions import genes_in_contact
from foldcast.hic.balancing import Balance
from foldcast.hic.centromeres import read_centromeres
from foldcast.hic.contact_formats import read_contacts
from foldcast.hic.map_import import Counted, count_contacts, match_chromosomes
from foldcast.hic.phasing_track import load_sequence
from foldcast.hic.raw_maps import raw_map, resolutions_of
from foldcast.resources.annotation import import_annotation
from foldcast.resources.annotation_formats import READERS
from foldcast.resources.chromosomes import bundled_sizes, read_sizes
from foldcast.resources.gene_aliases import READERS as ALIAS_READERS
from foldcast.resources.genome_sequence import index_sequence

NO_LOCI: Mapping[str, pd.DataFrame] = MappingProxyType({})

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
    loci: Mapping[str, pd.DataFrame] = NO_LOCI,
) -> tuple[str, set[str]]:
    """Triples, loops or a model; as `look_at_map`.

    Args:
        attempt: keeps the mistakes.
        name: of the map.
        files: the map's files, by their names in the config.
        about: options (how the files are read), resolutions (bp), perhaps graphs.
        sizes: chromosome → length (bp), where they are known.
        loci: of each dataset's genes, where they could be told.
    """
    if sizes is None:
        return "", set()
    found, chromosomes, of_graphs = [], set(), ""
    for resolution in about["resolutions"]:
        contacts = attempt(read_contacts, files, about["options"], resolution, sizes)
        if contacts is not None:
            found.append(f"{len(contacts):,} pairs of bins at {resolution:,} bp")
            chromosomes |= {*contacts["chrom1"], *contacts["chrom2"]}
            cis = contacts[contacts["chrom1"] == contacts["chrom2"]]
            cis = cis.rename(columns={"chrom1": "chrom"})
            of_graphs += _of_graphs(about, resolution, loci, cis, False)
    form = about["options"]["format"]
    said = f"map {name} ({form}): {len(chromosomes)} chromosomes; {', '.join(found)}"
    return said + of_graphs, chromosomes


def look_at_map(
    attempt: Attempt,
    name: str,
    files: Mapping[str, str],
    about: Mapping[str, Any],
    sizes: pd.Series | None,
    loci: Mapping[str, pd.DataFrame] = NO_LOCI,
) -> tuple[str, set[str]]:
    """A map of raw contacts at the resolutions that graphs use; and which chromosomes it has.

    Args:
        attempt: keeps the mistakes.
        name: of the map.
        files: the map's file as `map`, HiC-Pro's bins as `bins`.
        about: resolutions (bp) that graphs use; balance (how the map will be balanced); perhaps
            graphs, each with its dataset, resolution, max_distance and min_contacts.
        sizes: chromosome → length (bp), where they are known.
        loci: of each dataset's genes, where they could be told.
    """
    found, of_graphs = [], ""
    chromosomes: dict[str, str] = {}
    silent: dict[str, None] = {}
    for resolution in about["resolutions"]:
        graphs = _graphs_at(about, resolution, loci)
        bins = _gene_bins([loci[graph["dataset"]] for graph in graphs], resolution)
        looked = attempt(_contacts, files, resolution, sizes, bins, about.get("balance", {}))
        if looked is not None:
            chromosomes, counted = looked
            found.append(f"{counted.total:,.10g} at {resolution:,} bp")
            silent |= dict.fromkeys(counted.silent)
            of_graphs += _of_graphs(about, resolution, loci, counted.between, counted.whole)
    if not found or sizes is None:
        return "", set()
    lengths = sizes[sizes.index.isin(chromosomes.values())]
    for graph in about.get("graphs", ()):
        if graph["dataset"] in loci:
            placed = loci[graph["dataset"]].dropna(subset=["chrom", "tss"])
            attempt(check_in_map, placed, lengths, files["map"])
    there = about["resolutions"] if "bins" in files else resolutions_of(files["map"])
    renamed = " (renamed as in the genome)" if any(a != b for a, b in chromosomes.items()) else ""
    return (
        f"map {name}: {len(chromosomes)} chromosomes{renamed}; contacts: {', '.join(found)}; "
        f"resolutions: {', '.join(f'{size:,}' for size in there)} bp"
        + (f"; not a single contact of {first_few(silent)}" if silent else "")
        + of_graphs
    ), set(chromosomes.values())


def _contacts(
    files: Mapping[str, str],
    resolution: int,
    sizes: pd.Series | None,
    bins: Mapping[str, Collection[int]],
    balance: Mapping[str, int],
) -> tuple[dict[str, str], Counted]:
    """Names of chromosomes in the map → in the genome, and what `count_contacts` says."""
    source = files["map"]
    with raw_map(source, resolution, files.get("bins")) as clr:
        if sizes is None:
            return {}, Counted(0, [], True, pd.DataFrame())
        matched = match_chromosomes(clr, sizes, source)
        return matched.kept, count_contacts(clr, matched, source, bins, Balance(**balance))


def _graphs_at(
    about: Mapping[str, Any], resolution: int, loci: Mapping[str, pd.DataFrame]
) -> list[Mapping[str, Any]]:
    """The graphs that read the map at this bin size, of datasets whose genes are known."""
    graphs = about.get("graphs", ())
    return [g for g in graphs if g["resolution"] == resolution and g["dataset"] in loci]


def _gene_bins(tables: list[pd.DataFrame], resolution: int) -> dict[str, set[int]]:
    """Chromosome → bins that hold the TSS of a gene."""
    found: dict[str, set[int]] = {}
    for table in tables:
        placed = table.dropna(subset=["chrom", "tss"])
        for chrom, tss in placed.groupby("chrom")["tss"]:
            found.setdefault(str(chrom), set()).update((tss.astype("int64") // resolution).tolist())
    return found


def _of_graphs(
    about: Mapping[str, Any],
    resolution: int,
    loci: Mapping[str, pd.DataFrame],
    contacts: pd.DataFrame,
    whole: bool,
) -> str:
    """A line for each graph of the map: how many genes have a contact in it."""
    said = ""
    for graph in _graphs_at(about, resolution, loci):
        table, least = loci[graph["dataset"]], graph["min_contacts"] if whole else 0
        number = genes_in_contact(table, contacts, resolution, graph["max_distance"], least)
        limits = [f"{least} or more raw contacts"] if least else []
        if graph["max_distance"]:
            limits.append(f"up to {graph['max_distance']:,} bp")
        said += (
            f"\n    graph {graph['graph']} of dataset {graph['dataset']}: {number:,} of "
            f"{len(table):,} genes have a contact before balancing"
            + (f" ({', '.join(limits)})" if limits else "")
        )
        if graph["min_contacts"] and not whole:
            said += "; the map holds no raw counts, so `min_contacts` is not asked of it"
        if not number:
            said += (
                "\n    warning: a graph without a pair says nothing of folding: take a coarser "
                "`resolution`, a larger `max_distance` or fewer `min_contacts`, or a deeper map"
            )
    return said


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
