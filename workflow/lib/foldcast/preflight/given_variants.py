"""Variants of runs and for published models, looked at before the work begins; see `given_maps`."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from foldcast.errors import Attempt
from foldcast.files import write_table
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.assigned_genes import assign_genes
from foldcast.variants.given_differences import check_records, read_differences
from foldcast.variants.known_effects import read_known
from foldcast.variants.listed_genes import ask_for
from foldcast.variants.phased_variants import read_phased
from foldcast.variants.placed_variants import place_variants
from foldcast.variants.published_models import check_width, read_model
from foldcast.variants.variant_rows import read_variants

SAID = {"variants": "", "known": ", known effects", "haplotypes": ", haplotypes"}
KINDS = ("models", "variants", "differences", "genes", "resolve")


def look_at_variants(
    attempt: Attempt,
    name: str,
    given: Mapping[str, Any],
    about: Mapping[str, Any],
    sizes: pd.Series | None,
    fasta: str,
    index: Path,
    genes: pd.DataFrame | None = None,
) -> str:
    """A run's variants, known effects and haplotypes, against the sequence where it was indexed.

    Args:
        attempt: keeps the mistakes.
        name: of the run.
        given: files: any of variants, resolve, known and haplotypes; of the first and the last
            perhaps asked_variants and asked_haplotypes, the genes that they are asked about.
        about: strict: whether what else is left out is refused; haplotypes: samples, strict.
        sizes: chromosome → length (bp), where they are known.
        fasta, index: the sequence; the index is missing where it could not be made.
        genes: of the run, where they could be told.
    """
    readers: dict[str, tuple[Any, bool, dict]] = {
        "variants": (
            *(read_variants, about["strict"]),
            {"resolve": given.get("resolve"), "strict": about["strict"]},
        ),
        "known": (read_known, False, {}),
        "haplotypes": (read_phased, False, about.get("haplotypes", {})),
    }
    tables = {
        kind: attempt(read, given[kind], **how)
        for kind, (read, _, how) in readers.items()
        if kind in given
    }
    said = []
    for kind, found in tables.items():
        if found is None or sizes is None or not index.is_file():
            continue
        strict = readers[kind][1]
        with Genome(fasta, index) as genome:
            found = attempt(place_variants, found, sizes, genome, given[kind], strict=strict)
        if found is None:
            continue
        said.append(f"run {name}{SAID[kind]}: {found.count()}")
        if genes is not None and (listed := given.get(f"asked_{kind}")):
            table = found.table if kind == "variants" else None
            of = about["haplotypes"]["strict"] if kind == "haplotypes" else strict
            asked = attempt(ask_for, listed, genes, table, strict=of)
            said += [f"run {name}{SAID[kind]}: {asked.said}"] if asked else []
    return "\n  ".join(said)


def look_at_published(
    attempt: Attempt,
    name: str,
    given: Mapping[str, Any],
    about: Mapping[str, Any],
    annotation: pd.DataFrame | None,
    sizes: pd.Series | None,
    index: Path,
) -> str:
    """Models, variants, their genes, and their differences or the sequence that Beluga reads.

    Args:
        given: files as ``<kind>_of_<name>``: models (several), variants; perhaps differences
            (nine) and genes; beside them fasta.
        about: choice (of the gene of a variant) and strict.
        annotation: the genome's genes, where there are no others.
        sizes: chromosome → length (bp), where they are known.
        index: of the sequence; missing where it could not be made.
    """
    sequence = given.get("fasta")
    given = {kind: given[key] for kind in KINDS if (key := f"{kind}_of_{name}") in given}
    models = {path: attempt(read_model, path) for path in given["models"]}
    path, strict = given["variants"], about["strict"]
    variants = attempt(read_variants, path, strict=strict, resolve=given.get("resolve"))
    if variants is None:
        return ""
    if "differences" in given:
        attempt(check_records, variants, path)
        outputs = attempt(read_differences, given["differences"], variants.records)
        if outputs is not None:
            for path, model in models.items():
                if model is not None:
                    attempt(check_width, model, outputs.shape[2], path)
    elif sizes is not None and index.is_file():
        with Genome(str(sequence), index) as genome:
            variants = attempt(place_variants, variants, sizes, genome, path, strict=strict)
        if variants is None:
            return ""
    with tempfile.TemporaryDirectory() as scratch:
        genes = given.get("genes")
        if not genes and annotation is not None:
            genes = Path(scratch, "annotation.tsv")
            write_table(annotation, genes)
        pairs = None
        if genes:
            pairs = attempt(assign_genes, variants.table, genes, about["choice"])
    if pairs is None:
        return ""
    found = pairs["row"].nunique()
    return (
        f"published models {name}: {len(models):,} tissues; {variants.count()}; {found:,} have a "
        f"gene, {pairs['gene'].nunique():,} genes"
    )
