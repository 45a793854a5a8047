"""Features as a NumPy array beside a list of its genes, such as ExPecto's published matrix.

The array is mapped into memory: of a file of gigabytes only the rows that are asked for are read.
Nothing is ever unpickled.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import read_columns, read_text
from foldcast.spex.models.tissue_expression import clean_ids

EXPECTED = "a NumPy array of numbers [genes, features] (.npy)"
IDS = ("id", "gene", "gene_id", "ensembl", "ensgene")  # names of the column of ids, in any case


def open_array(path: str | Path) -> np.ndarray:
    """An array [n, features] of numbers, mapped into memory and never written to.

    Raises:
        InputError: damaged or cut off, of objects, of another shape.
    """
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        objects = "Python objects" in str(error) or "pickle" in str(error)
        raise InputError(
            path,
            found="an array of Python objects" if objects else f"a damaged array ({error})",
            expected=EXPECTED,
            remedy="save it as an array of numbers: numpy.save(FILE, x.astype('float32'))"
            if objects
            else "get or copy the file again, and compare its size and checksum with the source's",
        ) from None
    if array.ndim != 2 or array.dtype.kind not in "fiub" or not array.shape[1]:
        raise InputError(
            path,
            found=f"an array {list(array.shape)} of type {array.dtype}",
            expected=EXPECTED,
            remedy="bring one row of numbers per gene",
        )
    return array


def read_gene_list(path: str | Path) -> list[str]:
    """Ids of genes in the order of a file: one a line, or a table with a column of ids.

    Of a table the column `id`, `gene`, `gene_id`, `ensembl` or `ensgene` is taken, such as that of
    ExPecto's geneanno.csv. Ensembl ids without their version.

    Raises:
        InputError: no such column, no id, an id that is missing or twice.
    """
    lines = read_text(path).split("\n")
    first = next((line for line in lines if line.strip()), "")
    if "\t" in first or "," in first:
        table = read_columns(path)
        named = [name for name in table if str(name).strip().strip('"').lower() in IDS]
        if not named:
            raise InputError(
                path,
                place="line 1",
                found=f"columns {first_few(table.columns)}",
                expected=f"a column of ids: {', '.join(IDS)}",
                remedy="name the column so, or give the ids alone, one a line",
            )
        ids, line_of = table[named[0]], [int(k) + 2 for k in table.index]
    else:
        head = first.strip().lower() in IDS
        rows = [(k, line.strip()) for k, line in enumerate(lines, 1) if line.strip()][head:]
        line_of = [k for k, _ in rows]
        ids = pd.Series([name for _, name in rows], dtype=str)
    genes = clean_ids(ids, "ensembl").tolist()
    seen: dict[str, int] = {}
    for line, gene in zip(line_of, genes, strict=True):
        if not gene or gene in seen:
            raise InputError(
                path,
                place=f"lines {seen[gene]} and {line}" if gene else f"line {line}",
                found=f"{gene} twice (ids are compared without version)" if gene else "no id",
                expected="an id of its own for each row of the array",
                remedy="give the list that the array was made with",
            )
        seen[gene] = line
    return genes
