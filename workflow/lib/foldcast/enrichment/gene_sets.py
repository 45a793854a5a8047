"""Gene sets from GMT files, MSigDB's and Enrichr's way of writing them."""

import re
from pathlib import Path

from foldcast.errors import InputError
from foldcast.files import read_text

# Enrichr's libraries may give every gene a weight: GENE,1.0
WEIGHT = re.compile(r",-?[0-9.]+(e-?[0-9]+)?$", re.IGNORECASE)

GeneSets = dict[str, tuple[str, ...]]


def read_gmt(path: str | Path) -> GeneSets:
    """The genes of each set, in the file's order, each once.

    A line is the set's name, a description (or nothing) and its genes, parted by tabs.

    Raises:
        InputError: no sets; a line that is no set; a name that stands twice.
    """
    sets: GeneSets = {}
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        name, *rest = (field.strip() for field in line.split("\t"))
        genes = tuple(dict.fromkeys(WEIGHT.sub("", gene) for gene in rest[1:] if gene))
        if not name or not genes:
            raise _wrong(path, f"line {number}", f"{line[:60]!r}")
        if name in sets:
            raise _wrong(path, f"line {number}", f"a second set {name}")
        sets[name] = genes
    if not sets:
        raise _wrong(path, None, "no sets")
    return sets


def _wrong(path: str | Path, place: str | None, found: str) -> InputError:
    return InputError(
        path,
        place=place,
        found=found,
        expected="a GMT file: on each line a set's name, a description and its genes, by tabs",
        remedy="take the file as MSigDB or Enrichr gives it (…symbols.gmt), or mend the line",
    )
