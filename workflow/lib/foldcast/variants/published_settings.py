"""Sections `published_models`: which files they are, and checks of the config.

Imported when the workflow is parsed, so nothing but the standard library is imported here.
"""

import re
from pathlib import Path

from foldcast.errors import InputError

SUFFIXES = (".save", ".dump")  # the exact one first
NAME = re.compile(r"basescore[^.]*\.(.+)$")  # …lambda100.round100.basescore2.Whole_Blood
AROUND = range(-800, 801, 200)  # windows around a variant as published, by their distance (bp)


def settle_published(config: dict, source: str) -> None:
    """Put the files of models and differences in the place of their folder and prefix.

    Raises:
        InputError: no models there, two of one tissue; Beluga asked without weights or sequence;
            no genes.
    """
    for name, published in config["published_models"].items():
        place = f"published_models.{name}"
        published["models"] = model_files(published["models"], source, f"{place}.models")
        needed = {} if published["genes"] else {"genome.annotation": config["genome"]["annotation"]}
        if not published["differences"]:
            needed["genome.fasta"] = config["genome"]["fasta"]
            needed["beluga.weights"] = config["beluga"]["weights"]
        for key, given in needed.items():
            if not given:
                instead = "genes" if key == "genome.annotation" else "differences"
                raise InputError(
                    source,
                    place=key,
                    found="null",
                    expected=f"a file: {place} has no `{instead}`",
                    remedy=f"give `{key}`, or `{place}.{instead}`",
                )
        published["differences"] = difference_files(published["differences"])


def difference_files(prefix: str | None) -> list[str]:
    """The nine files by growing distance of their window; none without a prefix."""
    return [f"{prefix}.shift_{shift}.diff.h5" for shift in AROUND] if prefix else []


def tissue_of(path: str | Path) -> str:
    """The tissue in the name of a published file, or the name without its ending."""
    stem = Path(path).name.removesuffix(".save").removesuffix(".dump")
    named = NAME.search(stem)
    return named[1] if named else stem


def model_files(folder: str, source: str, place: str) -> list[str]:
    """The models of a folder by their tissue's name; of two formats of one model the exact one.

    Raises:
        InputError: none in it, or two files of one tissue and format.
    """
    found: dict[str, str] = {}
    for suffix in SUFFIXES:
        of_suffix: dict[str, str] = {}
        for path in sorted(Path(folder).glob(f"*{suffix}")):
            tissue = tissue_of(path)
            if tissue in of_suffix:
                raise InputError(
                    source,
                    place=place,
                    found=f"{Path(of_suffix[tissue]).name} and {path.name}, both of {tissue}",
                    expected="one model of each tissue",
                    remedy="leave one of them in the folder",
                )
            of_suffix[tissue] = str(path)
        found = of_suffix | found
    if not found:
        there = Path(folder).is_dir()
        raise InputError(
            source,
            place=place,
            found=f"{folder}: {'no *.save or *.dump in it' if there else 'no such folder'}",
            expected="a folder with ExPecto's models as published, one file per tissue",
            remedy=f"check the path; it starts from {Path.cwd()}",
        )
    return [found[tissue] for tissue in sorted(found)]
