"""The sections of a first config, each guess with what tells it; see `preflight.first_config`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml

from foldcast.errors import first_few
from foldcast.hic.map_import import assembly_of
from foldcast.hic.resolution_choice import CONTACTS, Proposal
from foldcast.preflight.brought_files import (
    ALIASES,
    ANNOTATION,
    SEQUENCE,
    SIZES,
    Brought,
    named_assembly,
)
from foldcast.preflight.given_tables import Table
from foldcast.protocol import LEAST_TIMES
from foldcast.resources.chromosomes import read_sizes
from foldcast.what_times_allow import allowed_in_words


class Map(NamedTuple):
    """A contact map: its name in the config, its file, what to read it at, HiC-Pro's bins."""

    label: str
    file: Brought
    proposal: Proposal
    bins: str | None


@dataclass
class Said:
    """What is said to the user, a line each, and further files to write (path → text)."""

    found: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def genome_section(
    of: Mapping[str, Sequence[Brought]], maps: Sequence[Map], name: str, said: Said
) -> list[str]:
    """`genome`: the assembly by the lengths of chromosomes, else as the annotation names it."""
    [annotation] = of[ANNOTATION]
    said.found.append(f"{annotation.path}: annotation ({annotation.format})")
    told = {one.file.path: one.proposal.assembly for one in maps}
    for sizes in of[SIZES]:
        said.found.append(f"{sizes.path}: {SIZES}")
        told[sizes.path] = assembly_of(read_sizes(sizes.path))
    known = {path: f"{path} has its chromosome lengths" for path, one in told.items() if one}
    told[annotation.path] = named_assembly(annotation.path)
    known[annotation.path] = f"{annotation.path} names it"
    path, why = next(iter(known.items()))
    assembly = told[path]
    lines = ["genome:"]
    if assembly:
        said.guessed.append(f"assembly {assembly}: {why}")
        lines.append(f"  assembly: {assembly}  # {why}")
    else:
        said.doubts.append(
            "the assembly: no file names it, and no known one has these lengths of chromosomes; "
            "`own` stands for it"
        )
        lines.append("  assembly: own  # a name of yours; its chromosomes are those of `sizes`")
    for path, other in told.items():
        if other and other != assembly:
            said.doubts.append(f"the assembly: {path} seems to be of {other}, not of {assembly}")
    if of[SIZES]:
        lines.append(f"  sizes: {_file(of[SIZES][0].path)}")
    elif not assembly and maps:
        lengths = maps[0].proposal.lengths.items()
        said.files[f"{name}.chrom.sizes"] = "".join(f"{c}\t{length}\n" for c, length in lengths)
        of_map = f"the chromosomes of {maps[0].file.path}"
        lines.append(f"  sizes: {_file(f'{name}.chrom.sizes')}  # {of_map}")
    for kind, key in ((SEQUENCE, "fasta"), (ALIASES, "aliases")):
        for one in of[kind]:
            said.found.append(f"{one.path}: {kind}")
            lines.append(f"  {key}: {_file(one.path, one.format)}")
    return [*lines, f"  annotation: {_file(annotation.path, annotation.format)}"]


def map_sections(maps: Sequence[Map], said: Said) -> list[str]:
    """`maps` and `graphs`: a graph for each map."""
    if not maps:
        said.doubts.append("which genes are in contact: there is no contact map")
        return []
    lines, graphs = ["maps:"], ["graphs:"]
    for label, file, proposal, bins in maps:
        entry: dict[str, Any] = {"path": file.path, "format": file.format}
        lines.append(f"  {label}: {yaml_of(entry | ({'bins': {'path': bins}} if bins else {}))}")
        sizes = first_few(f"{size:,}" for size in proposal.there)
        n_chromosomes = len(proposal.lengths)
        said.found.append(
            f"{file.path}: contact map ({file.format}), {n_chromosomes} "
            f"chromosome{'s'[: n_chromosomes > 1]}, in bins of {sizes} bp"
        )
        size, why = proposal.resolution, ""
        if proposal.contacts is not None:
            enough = "the finest with at least" if proposal.contacts >= CONTACTS else "fewer than"
            why = f"{enough} {CONTACTS:,} contacts per bin ({proposal.contacts:,.0f})"
            said.guessed.append(f"resolution {size:,} bp of {file.path}: {why}")
        graphs += [f"  {label}:", f"    maps: [{label}]"]
        graphs.append(f"    resolution: {size}  # bp{f': {why}' if why else ''}")
        if proposal.compartments != size:
            graphs.append(f"    compartment_resolution: {proposal.compartments}  # bp")
    if len(maps) > 1:
        said.doubts.append(
            "how the maps belong together: each has a graph of its own. If they are of times of "
            "one course, give each its `time` and name them all in one graph"
        )
    return [*lines, *graphs]


def dataset_sections(
    tables: Sequence[Table],
    sheet: Brought | None,
    graphs: Sequence[str],
    name: str,
    said: Said,
) -> list[str]:
    """`datasets`; the sample sheets are added to the files to write.

    Args:
        tables: of the lab; sheet: the one that was brought, if any.
        graphs: to forecast with.
        name: of the run.
        said: what is said, and the files.
    """
    lines = ["datasets:"]
    courses = [(table, *course) for table in tables for course in table.sheets.items()]
    labels = different([label_of(group or table.path) for table, group, _ in courses])
    for table in tables:
        _say(table, said)
    for label, (table, group, samples) in zip(labels, courses, strict=True):
        path = f"{name}_{label}_samples.tsv" if len(courses) > 1 else f"{name}_samples.tsv"
        if sheet:
            path = sheet.path
        else:
            said.files[path] = _sheet(samples)
        guessed = "" if sheet else "  # guessed from the samples' names: look at it"
        unit, column = table.course.unit or "hour", table.name_column
        lines += [
            f"  {label}:",
            f"    expression: {_file(table.path)}",
            *([f"    name_column: {column}  # column 1 repeats names"] if column > 1 else []),
            f"    samples: {yaml_of(path)}{guessed}",
            *([f"    arm: {yaml_of(group)}"] if sheet and group else []),
            f"    values: {table.values}  # {table.why}",
            f"    time_unit: {unit}{'' if table.course.unit else '  # or minute, day, week'}",
            f"    graphs: [{', '.join(graphs)}]",
        ]
    if sheet and len(courses) > len(tables):
        said.doubts.append(
            "which arm is held against which: say `against: DATASET` in that of the treated samples"
        )
    return lines


def _sheet(samples: pd.DataFrame) -> str:
    columns = [c for c in ("sample", "column", "time", "replicate") if c in samples]
    table = samples.assign(time=samples["time"].map(_plain))[columns]
    return table.to_csv(sep="\t", index=False, lineterminator="\n")


def _say(table: Table, said: Said) -> None:
    samples = sum(len(part) for part in table.sheets.values())
    said.found.append(f"{table.path}: expression, {table.genes:,} genes × {samples} samples")
    said.guessed.append(f"values: {table.values}, as {table.why}")
    if len(table.sheets) > 1:
        said.guessed.append(f"{len(table.sheets)} time courses: {', '.join(table.sheets)}")
    for group, part in table.sheets.items():
        times = part["time"][part["time"].ne("")].unique()
        if len(times):
            most = int(part["time"].value_counts().max())
            said.guessed.append(
                f"times{f' of {group}' if group else ''} "
                f"{first_few(map(_plain, sorted(times)), 12)} ({table.course.unit or 'no unit'}), "
                f"{most} replicate{'s'[: most > 1]}, as in {part['sample'].iloc[-1]}"
            )
            replicates = part["time"][part["time"].ne("")].value_counts().sort_index()
            if len(replicates) >= LEAST_TIMES:
                said.guessed.append(allowed_in_words(replicates.tolist(), None))
    said.doubts.extend(table.course.doubts)
    if table.course.left_out and samples:
        said.doubts.append(f"the time of {first_few(table.course.left_out)}: left out")
    if not table.course.unit:
        said.doubts.append("the unit of the times: `time_unit: hour` is a guess")


def label_of(path: str) -> str:
    """A name for a file's section: letters, digits, - and _; no number, yes or no."""
    stem = Path(path).name.partition(".")[0]
    label = re.sub(r"[^A-Za-z0-9_-]+", "_", stem).strip("_-")
    return label if isinstance(yaml.safe_load(label), str) else f"own_{label}".strip("_")


def different(labels: Sequence[str]) -> list[str]:
    """Names that stand once: a number is put behind those that stand before."""
    made: list[str] = []
    for label in labels:
        numbered = (f"{label}_{k}" for k in count(2))
        made.append(label if label not in made else next(n for n in numbered if n not in made))
    return made


def _plain(time: Any) -> str:
    return f"{time:.10g}" if isinstance(time, float | int) else str(time)


def _file(path: str, format: str = "") -> str:
    return yaml_of({"path": path} | ({"format": format} if format else {}))


def yaml_of(value: Any) -> str:
    """A value as one writes it in YAML, on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)
    return text.removesuffix("...\n").strip()
