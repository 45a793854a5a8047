"""3D models of chromosomes: what is near in space is in contact."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_text
from foldcast.hic.contact_text import CONTACTS, bins_of, data_lines, in_genome
from foldcast.hic.other_text import refuse_other_text
from foldcast.job import log, progress

COLUMNS = ["chrom", "start", "x", "y", "z"]


def read_models(
    files: Mapping[str, str | Path],
    bin_size: int,
    label: str,
    exponent: float,
    sizes: pd.Series,
) -> pd.DataFrame:
    """Contacts within chromosomes of 3D models: distance^-exponent, mean over the models.

    Distances are in units of the model's median distance of neighbouring bins, so that the unit
    of the coordinates does not matter and each model weighs the same. An exponent of 3 is the
    contact-to-distance law of PASTIS (Varoquaux et al. 2014, 10.1093/bioinformatics/btu268).

    Args:
        files: by model; chrom, start, x, y, z without a header or with these names (.3dg).
        bin_size: bp; label: what `start` means, see `bins_of`.
        exponent: of the law from distance to contact, > 0.
        sizes: lengths (bp) of the genome's chromosomes.

    Returns:
        chrom1, bin1, chrom2, bin2 (bins of a chromosome from 0), count (float, > 0); pairs of
        different bins only.

    Raises:
        InputError: not such a table, two points of one bin, two bins at one point.
    """
    models = {name: _read(path, bin_size, label, sizes) for name, path in files.items()}
    scales = {name: _neighbours(model) for name, model in models.items()}
    log.info("%d models, contact = distance^-%g", len(models), exponent)
    chroms = [c for c in sizes.index if any(c in set(m["chrom"]) for m in models.values())]
    tables = []
    for chrom in progress(chroms, what="chromosomes of the models"):
        parts = {name: model[model["chrom"] == chrom] for name, model in models.items()}
        n = 1 + max(int(part["bin"].max()) for part in parts.values() if len(part))
        low, high = np.triu_indices(n, k=1)
        total, seen = np.zeros(len(low)), np.zeros(len(low), dtype=int)
        for name, part in parts.items():
            points = np.full((n, 3), np.nan)
            points[part["bin"]] = part[["x", "y", "z"]]
            distance = np.linalg.norm(points[low] - points[high], axis=1) / scales[name]
            if (distance == 0).any():
                at = int(np.flatnonzero(distance == 0)[0])
                raise InputError(
                    files[name],
                    place=str(chrom),
                    found=f"bins {low[at]} and {high[at]} at the same point",
                    expected="a distance above 0 between two bins",
                    remedy="give a model in which each bin has its own place",
                )
            known = np.isfinite(distance)
            total[known] += distance[known] ** -exponent
            seen += known
        here = np.flatnonzero(seen)
        contacts = {"bin1": low[here], "bin2": high[here], "count": total[here] / seen[here]}
        tables.append(pd.DataFrame(contacts).assign(chrom1=chrom, chrom2=chrom))
    return pd.concat(tables)[CONTACTS] if tables else pd.DataFrame(columns=CONTACTS)


def _read(path: str | Path, bin_size: int, label: str, sizes: pd.Series) -> pd.DataFrame:
    """chrom, bin, x, y, z of one model."""
    text = read_text(path)
    refuse_other_text(path, text, "coordinates", "a 3D model: `chrom start x y z`")
    lines = {number: line.split() for number, line in data_lines(text)}
    if lines and (first := next(iter(lines))) and [*map(str.lower, lines[first])] == COLUMNS:
        del lines[first]
    for number, fields in lines.items():
        if len(fields) != len(COLUMNS):
            raise _not_model(path, number, f"{len(fields)} fields")
    table = pd.DataFrame.from_dict(lines, orient="index", columns=COLUMNS)
    for column in COLUMNS[1:]:
        numbers = pd.to_numeric(table[column], errors="coerce").astype(float)
        wrong = ~np.isfinite(numbers)
        if wrong.any():
            number = table.index[wrong][0]
            raise _not_model(path, number, f"{column}: {table[column][number]!r}")
        table[column] = numbers
    table = in_genome(table, ["chrom"], sizes).assign(bin=0)
    for chrom, part in table.groupby("chrom", sort=False):
        numbers = bins_of(part["start"], bin_size, label, str(chrom), int(sizes[chrom]), path)
        table.loc[part.index, "bin"] = numbers
    twice = table.index[table.duplicated(["chrom", "bin"])]
    if len(twice):
        raise _not_model(path, twice[0], "a second point of a bin (is this more than one model?)")
    return table


def _neighbours(model: pd.DataFrame) -> float:
    """Median distance of bins that are next to each other on a chromosome; of all without any."""
    ordered = model.sort_values(["chrom", "bin"])
    step = np.linalg.norm(ordered[["x", "y", "z"]].diff(), axis=1)
    near = (ordered["bin"].diff() == 1) & (ordered["chrom"] == ordered["chrom"].shift())
    chosen = step[near] if near.any() else step[1:]
    median = float(np.median(chosen)) if len(chosen) else 1.0
    return median if median > 0 else 1.0


def _not_model(path: str | Path, line: int, found: str) -> InputError:
    return InputError(
        path,
        place=f"line {line}",
        found=found,
        expected=f"a 3D model, one point per bin: {' '.join(COLUMNS)}",
        remedy="give one file per model, in bins of `bin_size`, all numbers finite",
    )
