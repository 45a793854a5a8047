"""Variants for published models, looked at before the work begins; see `given_maps`."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from foldcast.errors import Attempt
from foldcast.files import write_table
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.variants.assigned_genes import assign_genes
from foldcast.spex.variants.given_differences import check_records, read_differences
from foldcast.spex.variants.placed_variants import place_variants
from foldcast.spex.variants.published_models import check_width, read_model
from foldcast.spex.variants.variant_rows import read_variants

KINDS = ("models", "variants", "differences", "genes", "resolve")


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
