"""Gene sets from GMT files, MSigDB's and Enrichr's way of writing them."""

from collections.abc import Collection
from pathlib import Path

from foldcast.errors import InputError
from foldcast.gmt_lines import read_gmt_lines

GeneSets = dict[str, tuple[str, ...]]


def read_gmt(path: str | Path, known: Collection[str] = ()) -> GeneSets:
    """The genes of each set, in the file's order, each once.

    A line is the set's name, a description (or nothing) and its genes, parted by tabs.

    Args:
        path: the file.
        known: symbols of the annotation, by which genes in the place of descriptions are told.

    Raises:
        InputError: no sets; a line that is no set; a name that stands twice; no descriptions.
    """
    sets: GeneSets = {}
    for line in read_gmt_lines(path, known):
        genes = tuple(dict.fromkeys(line.genes))
        if not line.name or not genes:
            raise _wrong(path, f"line {line.number}", f"{line.text[:60]!r}")
        if line.name in sets:
            raise _wrong(path, f"line {line.number}", f"a second set {line.name}")
        sets[line.name] = genes
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
