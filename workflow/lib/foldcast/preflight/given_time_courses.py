"""Expression time courses looked at before the work begins; see `foldcast.preflight.given_maps`."""

import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from foldcast.errors import Attempt, InputError, first_few
from foldcast.expression.expression_tables import check_changes
from foldcast.expression.measurements import Measurements, read_measurements
from foldcast.expression.mirna_targets import assign_targets, read_targets, target_load
from foldcast.expression.sample_scaling import libraries_in_words, scale
from foldcast.expression.sample_sheets import (
    check_times,
    past_samples,
    read_overrides,
    read_samples,
)
from foldcast.files import write_table
from foldcast.genes.duplicate_genes import mark_merged, merge_rows
from foldcast.genes.gene_placing import place_genes
from foldcast.graph.gene_agreement import of_panel, read_interactions
from foldcast.graph.published_interactions import time_course_sheet
from foldcast.job import log
from foldcast.preflight.given_forecasters import look_at_forecasters
from foldcast.text_table import close_names
from foldcast.what_times_allow import allowed_in_words, replicates_in_words

# Keys that say how to read a table.
READ = ("values", "name_column", "classes", "detection", "normalise")


class Look(NamedTuple):
    """What is said of a time course; None where the rest could not be told.

    names: of its genes, as in its table.
    loci: of `place_genes`.
    """

    said: str = ""
    names: list[str] | None = None
    loci: pd.DataFrame | None = None


def look_at_dataset(
    attempt: Attempt,
    name: str,
    given: Mapping[str, str],
    about: Mapping[str, Any],
    genes: pd.DataFrame | None,
) -> Look:
    """A time course: its sheets, its table, its targets, and the loci of its genes.

    Args:
        given: files: samples, table, perhaps overrides and targets.
        about: the dataset's keys; first_origin; forecasters: name → file, function; asked_later:
            whether mygene.info is asked about its names.
        genes: the annotation, where it is known.
    """
    samples = attempt(read_samples, given["samples"], about["arm"])
    sheet = given.get("overrides")
    overrides = attempt(read_overrides, sheet) if sheet else None
    if samples is None:
        return Look()
    attempt(check_times, samples, given["samples"])
    past = attempt(past_samples, samples, about["first_origin"], given["samples"])
    if past is None:
        return Look()
    options = {key: about[key] for key in READ}
    rows = attempt(read_measurements, given["table"], samples, past, **options)
    if rows is None:
        return Look()
    panel, depth, noted = _scaled(attempt, name, rows, about, past, given["table"])
    if panel is not None:
        attempt(check_changes, panel, samples, past, given["table"])
    said = f"dataset {name}: {_counts(rows, about['nodes'])} × {len(samples)} samples; "
    said += _times(samples, about["time_unit"]) + depth
    noted = _allowed(samples, about["first_origin"]) + noted
    names = list(rows.kept.index)
    if about["nodes"] == "target":
        pairs = attempt(read_targets, given["targets"], about["targets"]["format"])
        if pairs is None or panel is None:
            return Look()
        rule, found = about["targets"], assign_targets(names, pairs)
        load = attempt(
            target_load,
            panel,
            found,
            rule["weights"],
            rule["min_support"],
            rule["min_mirnas"],
            given["targets"],
        )
        if load is None:
            return Look()
        panel, names = load[0], list(load[0].index)
        said += f"; {len(names):,} target genes of {load[1]['mirna'].nunique():,} miRNAs"
    if genes is None:
        return Look(said + noted, names)
    placing = attempt(
        place_genes,
        names,
        genes,
        given["targets"] if about["nodes"] == "target" else given["table"],
        nodes=about["nodes"],
        copies=about["copies"],
        overrides=overrides,
        sheet=sheet or "overrides",
        asked_later=about["asked_later"],
    )
    if placing is None:
        return Look(names=names)
    loci, report, warnings = placing
    if panel is not None:
        if about["duplicates"] == "merge" and about["nodes"] != "mirna":
            merged = mark_merged(loci, report, about["duplicates"])[1].set_index("gene")
            panel = merge_rows(panel, merged["merged_into"])
        noted += look_at_forecasters(
            attempt, about["forecasters"], panel, samples, rows.values, about["first_origin"]
        )
    for warning in warnings:
        log.warning("dataset %s: %s", name, warning)
    unplaced = list(loci["gene"][loci["chrom"].isna()])
    said += f"; {len(names) - len(unplaced):,} of {len(names):,} genes placed"
    if unplaced:
        said += f", not {first_few(unplaced, 5)}"
    said += noted + "".join(f"\n    warning: {warning}" for warning in warnings)
    return Look(said, names, loci)


def look_at_pairs(
    attempt: Attempt,
    name: str,
    given: Mapping[str, str],
    about: Mapping[str, Any],
    genes: pd.DataFrame | None,
) -> Look:
    """A table of interactions in place of a time course; it brings the loci of its genes.

    Args:
        attempt: keeps the mistakes.
        name: of the dataset.
        given: files: pairs, perhaps samples.
        about: the dataset's keys; first_origin, conflicts, forecasters.
        genes: not looked at: the table brings its own loci.
    """
    table = attempt(read_interactions, given["pairs"], about["conflicts"])
    if table is None:
        return Look()
    sheet = given.get("samples")
    samples = attempt(read_samples, sheet) if sheet else attempt(time_course_sheet, given["pairs"])
    names = list(table.genes.index)
    if samples is None:
        return Look(names=names)
    attempt(check_times, samples, sheet or given["pairs"])
    past = attempt(past_samples, samples, about["first_origin"], sheet or given["pairs"])
    if past is None:
        return Look(names=names)
    rows = attempt(_unfolded, table.profiles, given["pairs"], samples, past, about)
    if rows is None:
        return Look(names=names)
    panel, depth, noted = _scaled(attempt, name, rows, about, past, given["pairs"])
    if panel is not None:
        attempt(check_changes, panel, samples, past, given["pairs"])
        noted += look_at_forecasters(
            attempt, about["forecasters"], panel, samples, rows.values, about["first_origin"]
        )
    said = f"dataset {name}: {len(table.pairs):,} pairs of {len(names):,} genes; "
    noted = _allowed(samples, about["first_origin"]) + noted
    return Look(said + _times(samples, about["time_unit"]) + depth + noted, names)


def _unfolded(
    profiles: pd.DataFrame,
    source: str,
    samples: pd.DataFrame,
    past: list[str],
    about: Mapping[str, Any],
) -> Measurements:
    """What rule import_expression reads of the table that rule unfold_interactions writes."""
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch, "table.tsv")
        write_table(profiles, table, index=True)
        samples = samples.assign(column=pd.array([pd.NA] * len(samples), "Int64"))
        try:
            return read_measurements(table, samples, past, **{key: about[key] for key in READ})
        except InputError as error:
            raise InputError(
                source,
                place=error.place,
                found=error.found,
                expected=error.expected,
                remedy=error.remedy,
            ) from None


def _scaled(
    attempt: Attempt,
    name: str,
    rows: Measurements,
    about: Mapping[str, Any],
    past: list[str],
    source: str,
) -> tuple[pd.DataFrame | None, str, str]:
    """The rows to forecast on one scale; how deep the samples are, and what looks odd, in words."""
    scaled = attempt(scale, rows, about["normalise"], about["values"], past, source)
    panel, _, doubts = scaled or (None, None, [])
    for doubt in doubts:
        log.warning("dataset %s: %s: %s", name, source, doubt)
    depth = libraries_in_words(rows)
    return (
        panel,
        f"; {depth}" if depth else "",
        "".join(f"\n    warning: {doubt}" for doubt in doubts),
    )


def look_at_edges(
    attempt: Attempt,
    name: str,
    path: str,
    about: Mapping[str, Any],
    panels: Mapping[str, list[str] | None],
) -> str:
    """A table of interactions that a graph is made of, beside the datasets that use the graph.

    Args:
        attempt: keeps the mistakes.
        name: of the graph.
        path: of the table.
        about: conflicts.
        panels: dataset → names of its genes; None where it could not be read.
    """
    given = attempt(read_interactions, path, about["conflicts"])
    if given is None:
        return ""
    for names in panels.values():
        if names is not None:
            attempt(of_panel, given.pairs, pd.Index(names), path)
    return f"graph {name}: {len(given.pairs):,} pairs of {len(given.genes):,} genes"


def look_at_report(
    attempt: Attempt, asked: list[str], names: Mapping[str, list[str] | None], source: str
) -> str:
    """The genes to draw, which must be in some time course, where all could be read."""
    if all(each is not None for each in names.values()):
        known = dict.fromkeys(gene for each in names.values() for gene in each or ())
        attempt(_drawn, asked, known, source)
    return ""


def _drawn(asked: list[str], known: Collection[str], source: str) -> None:
    for gene in asked:
        if gene not in known:
            raise InputError(
                source,
                place="report.genes",
                found=repr(gene),
                expected="genes of a dataset, as its expression table names them",
                remedy=close_names(gene, known),
            )


def _counts(rows: Measurements, nodes: str) -> str:
    what = "genes" if nodes == "gene" else "miRNAs"
    said = f"{len(rows.raw):,} {what}"
    if len(rows.kept) < len(rows.raw):
        said += f", {len(rows.kept):,} of them detected before the first origin,"
    if n_controls := sum(map(len, rows.controls.values())):
        said += f" and {n_controls} controls"
    return said


def _times(samples: pd.DataFrame, unit: str) -> str:
    times = samples["time"]
    replicates = times.value_counts()
    return (
        f"{len(replicates)} times from {times.min():g} to {times.max():g} ({unit}), "
        f"{replicates_in_words(list(replicates))} each"
    )


def _allowed(samples: pd.DataFrame, first_origin: float | None) -> str:
    """A line on what so many times and replicates allow."""
    replicates = samples["time"].value_counts().sort_index()
    return f"\n    {allowed_in_words(replicates.tolist(), first_origin)}"
