"""A first config and its sample sheets for the files of a lab: what `make init` writes and says."""

from collections.abc import Iterable, Mapping, Sequence

from foldcast.errors import Attempt, InputError, first_few
from foldcast.expression.sample_sheets import read_arms
from foldcast.file_kinds import is_hdf5
from foldcast.hic.resolution_choice import propose
from foldcast.preflight.brought_files import (
    ALIASES,
    ANNOTATION,
    BINS,
    KINDS,
    MAP,
    SEQUENCE,
    SHEET,
    SIZES,
    TABLE,
    Brought,
    bin_size_of,
    recognise,
)
from foldcast.preflight.config_sections import (
    Map,
    Said,
    dataset_sections,
    different,
    genome_section,
    label_of,
    map_sections,
    yaml_of,
)
from foldcast.preflight.given_tables import look_at_table

HEAD = (
    "# Written by `make init`: what it guessed is said beside it. Every key: config/keys.md.\n"
    "# Paths start from the folder in which snakemake is started.\n"
)


# Without these there is no config; what to bring.
NEEDED = {
    TABLE: "a table of genes × samples (featureCounts, salmon, GEO …)",
    ANNOTATION: "the genes' loci: a GTF of GENCODE or Ensembl, of the map's assembly",
}
ONE = (ANNOTATION, ALIASES, SIZES, SEQUENCE, SHEET, BINS)  # there may be one of each


def draft_config(attempt: Attempt, paths: Sequence[str], name: str) -> Said:
    """A config for these files, by the readers that the rules use; nothing is written.

    Args:
        attempt: keeps the mistakes (see `foldcast.errors.together`).
        paths: the files of the lab.
        name: of the run; the config is NAME.yaml, its sheet NAME_samples.tsv.

    Returns:
        What is to be written and said; no files where a mistake is in the way.
    """
    said = Said()
    of: dict[str, list[Brought]] = {kind: [] for kind in KINDS}
    unread: dict[str, InputError] = {}
    for path in paths:
        known = attempt(_recognise, path)
        if isinstance(known, Brought):
            of[known.kind].append(known)
        elif known:
            unread[path] = known
        else:
            said.found.append(f"{path}: nothing that a first config needs; left out")
    lacking = not all(of[kind] for kind in NEEDED)
    for path, error in unread.items():
        if lacking or is_hdf5(path):  # it may be what is meant
            attempt(_refuse, error)
        else:
            said.found.append(f"{path}: {error.found}; left out")
    attempt(_check_kinds, of, paths)
    sheets = [attempt(read_arms, sheet.path) for sheet in of[SHEET]]
    tables = [attempt(look_at_table, one.path, *sheets[:1]) for one in of[TABLE]]
    labels = different([label_of(one.path) for one in of[MAP]])
    maps = [
        attempt(_propose, label, one, of[BINS]) for label, one in zip(labels, of[MAP], strict=True)
    ]
    looked = [table for table in tables if table]
    proposed = [one for one in maps if one]
    if len(looked) < max(len(tables), 1) or len(proposed) < len(maps) or len(of[ANNOTATION]) != 1:
        return said
    if timed := [table for table in looked if len(table.course.samples)]:
        for table in looked:
            if not len(table.course.samples):
                said.found.append(f"{table.path}: a table without times in its names; left out")
        looked = timed
    config = [
        f"name: {yaml_of(name)}  # results go to results/{name}/",
        *genome_section(of, proposed, name, said),
        *map_sections(proposed, said),
        *dataset_sections(
            looked, next(iter(of[SHEET]), None), [one.label for one in proposed], name, said
        ),
    ]
    said.files = {f"{name}.yaml": HEAD + "".join(f"{line}\n" for line in config)} | said.files
    return said


def _recognise(path: str) -> Brought | InputError | None:
    try:
        return recognise(path)
    except InputError as error:
        return error


def _refuse(error: InputError) -> None:
    raise error


def _check_kinds(of: Mapping[str, Sequence[Brought]], paths: Iterable[str]) -> None:
    """Refuse files without which there is no config, and those that there may be only one of."""
    for kind, expected in NEEDED.items():
        if not of[kind]:
            raise InputError(
                f"no {kind}",
                found=f"{first_few(paths) or 'no file'}, of which none is one",
                expected=expected,
                remedy="bring that file too, and run again",
            )
    for kind in ONE:
        if len(of[kind]) > 1:
            raise InputError(
                f"more than one {kind}",
                found=", ".join(one.path for one in of[kind]),
                expected="one",
                remedy="name the files one by one, with the one that is meant",
            )


def _propose(label: str, one: Brought, bins: Sequence[Brought]) -> Map:
    if one.format != "hicpro":
        return Map(label, one, propose(one.path), None)
    if not bins:
        raise InputError(
            one.path,
            found="HiC-Pro's matrix alone",
            expected="its BED file of bins (`…_abs.bed`) beside it",
            remedy="bring that file too",
        )
    bed = bins[0].path
    return Map(label, one, propose(one.path, bed, bin_size_of(bed)), bed)
