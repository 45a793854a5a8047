"""Lines of GMT files: a name, a description (which may be empty) and genes, parted by tabs."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from foldcast.errors import InputError, first_few
from foldcast.files import read_text
from foldcast.job import log

# Enrichr's libraries may give every gene a weight: GENE,1.0
WEIGHT = re.compile(r",-?[0-9.]+(e-?[0-9]+)?$", re.IGNORECASE)
# What descriptions are that have a gene's form: MSigDB's and ontologies' ids, nothing in words.
IDS = re.compile(r"M{1,2}\d+|GO\d+|(na|none|null|custom|unknown|description|x)", re.IGNORECASE)
GENE = re.compile(r"[A-Za-z][A-Za-z0-9]{1,11}(-[A-Za-z0-9]{1,4})?|\d+|ENS[A-Z]*G\d{11}(\.\d+)?")


class GmtLine(NamedTuple):
    """A set as it stands on its line; genes may repeat."""

    number: int
    text: str
    name: str
    description: str
    genes: list[str]


def read_gmt_lines(path: str | Path, known: Collection[str] = ()) -> list[GmtLine]:
    """The lines of a GMT file that are not blank.

    Args:
        path: the file, plain or gzipped.
        known: names of genes, by which a gene in the place of the description is told.

    Raises:
        InputError: the second column holds genes, so that the first of each set would be lost.
    """
    lines = []
    for number, text in enumerate(read_text(path).split("\n"), start=1):
        if text.strip():
            name, *rest = (field.strip() for field in text.split("\t"))
            genes = [WEIGHT.sub("", gene) for gene in rest[1:] if gene]
            lines.append(GmtLine(number, text, name, rest[0] if rest else "", genes))
    _check_descriptions(path, lines, known)
    return lines


def _check_descriptions(path: str | Path, lines: list[GmtLine], known: Collection[str]) -> None:
    second = [WEIGHT.sub("", line.description) for line in lines if line.description]
    second = [text for text in second if not IDS.fullmatch(text)]
    if not second or 2 * len(second) < len(lines):
        return
    genes = set(known).union(*(line.genes for line in lines))
    are_genes = [text for text in second if text in genes]
    if 2 * len(are_genes) >= len(second):
        raise InputError(
            path,
            place=f"line {lines[0].number}, second column",
            found=f"genes in the place of the description, in {len(are_genes)} of {len(lines)} "
            f"sets: {first_few(dict.fromkeys(are_genes), 4)}",
            expected="on each line a set's name, a description and its genes, by tabs",
            remedy="put an empty column behind the names, or the first gene of every set is lost: "
            "awk 'BEGIN {FS = OFS = \"\\t\"} {$1 = $1 OFS} 1'; if these are descriptions, empty "
            "that column",
        )
    alike = [text for text in second if GENE.fullmatch(text)]
    if 2 * len(alike) > len(second):
        log.warning(
            "%s: the second column (%s) is taken for descriptions; if it is genes, put an empty "
            "column behind the names",
            path,
            first_few(alike, 4),
        )
