"""Runs of the sequence half looked at before the work begins; see `given_maps`."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from foldcast.enrichment.chromatin_marks import read_output_names
from foldcast.errors import Attempt, InputError, first_few, known_name
from foldcast.files import checksum, write_table
from foldcast.resources.chromosomes import read_sizes
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.contacts.place_signal import check_places
from foldcast.spex.features.beluga_weights import LINEAR, read_weights
from foldcast.spex.features.feature_tables import (
    LOCAL,
    PLACE,
    check_table,
    fingerprint_of,
)
from foldcast.spex.features.local_features import GRID
from foldcast.spex.models.folds import check_labels, divide
from foldcast.spex.models.gene_table import read_genes
from foldcast.spex.models.predicted_genes import genes_to_predict
from foldcast.spex.models.run_genes import (
    Steps,
    check_matched,
    join,
    matches,
    select,
)
from foldcast.spex.models.tissue_expression import check_differ, read_expression
from foldcast.spex.models.user_features import open_user_table
from foldcast.variants.mutagenesis import find_region

TABLE = ("id", "id_column", "values", "pseudocount")  # how a table of expression is written
FOLDS = ("hold_out", "test", "validation")
GRIDS: dict[str, dict] = {LOCAL: GRID, PLACE: {}}  # of tables of features, by kind


def look_at_weights(
    attempt: Attempt,
    path: str,
    names: str | None = None,
    tables: Collection[str] = (),
    options: Mapping[str, Any] | None = None,
) -> str:
    """Beluga's weights, all keys and shapes; its outputs' names, and tables of features, if any.

    Args:
        attempt: keeps the mistakes.
        path: of the weights.
        names: the table of the outputs' names.
        tables: of features that were made with these weights and options.
        options: precision, reverse_complement; needed with tables.
    """
    state = attempt(read_weights, path)
    if not state:
        return ""
    n_outputs = len(state[f"{LINEAR[-1]}.bias"])
    if names:
        attempt(read_output_names, names, n_outputs)
    digest = checksum(path) if tables else ""
    for table in tables:
        attempt(_kept_features, table, digest, options or {})
    return f"Beluga: {n_outputs:,} outputs"


def look_at_run(
    attempt: Attempt,
    name: str,
    given: Mapping[str, Any],
    about: Mapping[str, Any],
    sizes: pd.Series | None,
    annotation: tuple[str, pd.DataFrame | None] | None,
) -> tuple[str, pd.DataFrame | None]:
    """A run's genes, its expression, how they join, and its features of other models.

    The second that is returned is its genes, where they could be told.

    Args:
        given: files: expression, perhaps genes, ids, signal and enhancers; features: a list.
        about: the run's keys; expression: the table's; features: name → how many of the files.
        annotation: the file and its genes, where the config gives one and it could be read.
    """
    table, steps = about["expression"], Steps()
    if sizes is not None and ("signal" in given or "enhancers" in given):
        files = given.get("signal"), given.get("enhancers")
        attempt(check_places, *files, sizes, about["chromosomes"])
    options = {key: table[key] for key in TABLE}
    expression = attempt(read_expression, given["expression"], **options, tissues=about["tissues"])
    if expression is not None and about["matched"]:
        known = list(expression.columns)
        attempt(known_name, about["matched"], known, "the config", f"spex.{name}.matched")
    source, every = _genes(attempt, given.get("genes"), annotation)
    sets, brought = {}, iter(given.get("features", []))
    for which, n in about["features"].items():
        sets[f", features {which}"] = attempt(_features, [*islice(brought, n)], which, every)
    if every is None or sizes is None:
        return "", None
    chosen = attempt(select, every, sizes, about["chromosomes"], about["gene_type"], source, steps)
    if chosen is None or expression is None:
        return "", None
    pairs = attempt(matches, every, expression.index, table["id"], given.get("ids"))
    if pairs is None:
        return "", None
    of = (every, pairs, expression.index, table["id"], given["expression"])
    warnings = attempt(check_matched, *of)
    if warnings is None:
        return "", None
    joined = attempt(join, chosen, pairs, expression, given["expression"], steps)
    if joined is None:
        return "", None
    genes, labels = joined
    attempt(check_differ, labels, given["expression"])
    # Once for the features of the run's own, once for each set of the user's, which may lack genes.
    for which, ids in {"": genes["gene"], **sets}.items():
        if ids is not None:
            attempt(
                _fit_folds, f"run {name}{which}", about, genes, labels, ids, given["expression"]
            )
    regions = []
    for one, meant in about["mutagenesis"].items():
        place = f"spex.{name}.mutagenesis.{one}"
        region = attempt(find_region, genes, meant["gene"], meant["region"], sizes, place)
        regions.append(f"\n    mutagenesis {one}: {meant['gene']}, {region}")
    here = genes["chrom"].value_counts()
    return (
        f"run {name}: {len(genes):,} of {len(chosen):,} genes on {(here > 0).sum()} chromosomes "
        f"have expression, in {expression.shape[1]} tissues: {first_few(expression.columns)}"
        + "".join(f"\n    warning: {warning}" for warning in warnings)
        + "".join(regions),
        genes,
    )


def look_at_predicted(
    attempt: Attempt,
    name: str,
    given: Mapping[str, Any],
    about: Mapping[str, Any],
    sizes: pd.Series | None,
    annotation: tuple[str, pd.DataFrame | None] | None,
    labelled: pd.DataFrame | None,
) -> str:
    """The genes without a label that a run predicts, if any.

    Args:
        attempt: keeps the mistakes.
        name: of the run.
        given: files: perhaps genes, tss, and other (the sequence that these are in).
        about: the run's keys; predict: genes, chromosomes.
        sizes, annotation: as of `look_at_run`.
        labelled: the run's genes, where they could be told.
    """
    predict, source, every = about["predict"], "", None
    if not predict["genes"] and "tss" not in given:
        return ""
    if predict["genes"]:
        source, every = _genes(attempt, given.get("genes"), annotation)
        if every is None or labelled is None:
            return ""
    if "other" in given:
        with tempfile.TemporaryDirectory() as scratch:
            index = Path(scratch, "other.fai")
            found = attempt(index_sequence, given["other"], index)
            sizes = read_sizes(index) if found else None
    if sizes is None:
        return ""
    genes = attempt(
        genes_to_predict,
        every,
        {*labelled["gene"]} if labelled is not None else set(),
        given.get("tss"),
        sizes,
        predict["chromosomes"],
        about["gene_type"],
        source,
        f"spex.{name}.predict.chromosomes",
    )
    return "" if genes is None else f"run {name}: {len(genes):,} genes without a label to predict"


def _genes(
    attempt: Attempt, path: str | None, annotation: tuple[str, pd.DataFrame | None] | None
) -> tuple[str, pd.DataFrame | None]:
    """A run's gene table, or the genome's annotation as the run reads it; and what it is of."""
    if path:
        return path, attempt(read_genes, path)
    if annotation is None or annotation[1] is None:
        return "", None
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch, "annotation.tsv")
        write_table(annotation[1], table)
        return annotation[0], attempt(read_genes, table)


def _fit_folds(
    name: str,
    about: Mapping[str, Any],
    genes: pd.DataFrame,
    labels: pd.DataFrame,
    ids: Collection[str],
    source: str,
) -> None:
    """The folds of the genes that a set of features has, and the labels in each."""
    has = genes["gene"].isin(ids).to_numpy()
    chroms = genes["chrom"][has]
    here = chroms.value_counts()
    counts = {chrom: int(here.get(chrom, 0)) for chrom in about["chromosomes"]}
    hold_out, test, validation = (about[key] for key in FOLDS)
    for fold in divide(counts, hold_out, test, validation, name):
        check_labels(labels[has], chroms, fold, source)


def _kept_features(path: str, weights: str, options: Mapping[str, Any]) -> None:
    """A table of features that Beluga made, of either kind."""
    for kind, grid in GRIDS.items():
        check_table(path, fingerprint_of(kind, weights, options, **grid))


def _features(paths: Sequence[str], name: str, genes: pd.DataFrame | None) -> pd.Index:
    """The ids of a user's table of features, of which some must be in the gene table."""
    ids = open_user_table(*paths).genes
    if genes is not None and not ids.isin(genes["gene"]).any():
        raise InputError(
            paths[0],
            found=f"ids such as {', '.join(map(str, ids[:3]))}",
            expected=f"for {name}, ids such as {', '.join(genes['gene'].iloc[:3])}",
            remedy="name the genes as the gene table does",
        )
    return ids
