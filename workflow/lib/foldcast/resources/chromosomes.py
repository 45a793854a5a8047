"""Chromosome names and lengths."""

from collections.abc import Container, Iterable
from functools import partial
from pathlib import Path

import bioframe
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import atomic, read_text

MITOCHONDRIAL = ("M", "MT")
_not_sizes = partial(
    InputError,
    expected="a chromosome and its length in bp, tab-separated, without a header, each once",
    remedy="give a UCSC chrom.sizes file, or the .fai of the genome's FASTA file",
)


def read_sizes(path: str | Path) -> pd.Series:
    """Chromosome lengths (bp) by name, from a UCSC ``chrom.sizes`` file or a ``.fai``.

    Raises:
        InputError: a line without a name and a positive length, a name twice, an empty file.
    """
    sizes: dict[str, int] = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, length = [*line.split("\t"), ""][:2]
        if not name or not length.strip().isdigit() or int(length) == 0 or name in sizes:
            twice = f" ({name} a second time)" if name in sizes else ""
            raise _not_sizes(path, place=f"line {number}", found=repr(line[:80]) + twice)
        sizes[name] = int(length)
    if not sizes:
        raise _not_sizes(path, found="no chromosome")
    return pd.Series(sizes, name="length", dtype="int64")


def bundled_sizes(assembly: str) -> pd.Series:
    """Lengths (bp) of the chromosomes that bioframe holds for an assembly (no contigs).

    Raises:
        InputError: bioframe does not hold the assembly.
    """
    held = bioframe.assemblies_available()["provider_build"].tolist()
    if assembly not in held:
        raise InputError(
            "config",
            place="genome.assembly",
            found=f"{assembly}, whose chromosome sizes are not bundled",
            expected=f"one of {', '.join(held)}",
            remedy="give the chromosome sizes (two columns, or a .fai) as genome.sizes",
        )
    return bioframe.assembly_info(assembly).chromsizes.rename("length").astype("int64")


def write_sizes(sizes: pd.Series, path: str | Path) -> None:
    """Write lengths as a UCSC ``chrom.sizes`` file: chromosome, tab, length; no header."""
    with atomic(path) as temporary:
        sizes.to_csv(temporary, sep="\t", header=False, lineterminator="\n")


def harmonise(names: pd.Series, known: pd.Index) -> pd.Series:
    """Each name as ``known`` spells it (``1``/``chr1``, ``MT``/``M``); missing where it cannot."""
    spelling: dict[str, str] = {}
    for name in known:
        for variant in _variants(name):
            spelling.setdefault(variant, name)
    spelling.update({name: name for name in known})
    return names.map(spelling)


def spelling(name: str, known: Iterable[str]) -> str | None:
    """A chromosome as ``known`` spells it, with or without ``chr``; None where it is not there."""
    found = harmonise(pd.Series([name]), pd.Index(list(known))).iloc[0]
    return None if pd.isna(found) else str(found)


def nuclear_name(name: str, genome: Container[str]) -> str | None:
    """The genome's name of a nuclear chromosome, with or without ``chr``; None if it has none."""
    bare = name.removeprefix("chr")
    if bare in MITOCHONDRIAL:
        return None
    return next((other for other in (name, f"chr{name}", bare) if other in genome), None)


def _variants(name: str) -> list[str]:
    bare = name.removeprefix("chr")
    bares = MITOCHONDRIAL if bare in MITOCHONDRIAL else (bare,)
    return [prefix + each for each in bares for prefix in ("", "chr")]
