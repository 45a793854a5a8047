"""Gene tables of a run: every gene with its TSS, in two layouts."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import read_columns
from foldcast.spex.models.tissue_columns import parse
from foldcast.spex.models.tissue_expression import clean_ids

COLUMNS = ["gene", "symbol", "chrom", "tss", "strand", "biotype", "length"]
# Layouts of gene tables: their name for a column → ours. A TSS is 1-based in ExPecto's.
EXPECTO = {"id": "gene", "symbol": "symbol", "seqnames": "chrom", "strand": "strand"}
ANNOTATION = {"gene", "symbol", "chrom", "start", "end", "strand", "tss", "biotype"}


def read_genes(path: str | Path) -> pd.DataFrame:
    """A gene table in the layout of ExPecto and SpEx, or our own ``annotation.tsv``.

    ExPecto's: id, symbol, seqnames, strand, TSS, CAGE_representative_TSS, type; 1-based. The CAGE
    TSS is taken where there are both.

    Returns:
        gene (Ensembl ids without version), symbol, chrom (as in the file), tss (0-based, missing
        where the table has none), strand, biotype, length (bp, missing where not known).

    Raises:
        InputError: another layout, a TSS that is no position, a gene twice.
    """
    cells = read_columns(path)
    cells = cells.rename(columns=str.strip).apply(lambda column: column.str.strip())
    if {*cells.columns} >= ANNOTATION:
        genes = cells.assign(tss=_positions(cells["tss"], path))
        start, end = (_positions(cells[name], path) for name in ("start", "end"))
        genes["length"] = end - start
    elif {*cells.columns} >= {*EXPECTO, "TSS"}:
        genes = cells.rename(columns=EXPECTO)
        tss = _positions(cells["TSS"], path)
        if "CAGE_representative_TSS" in cells:
            cage = _positions(cells["CAGE_representative_TSS"], path)
            # As published, a gene without TSS is left out even where it has one by CAGE: it got
            # lost when the table was brought to another assembly.
            tss = cage.where(cage.notna() & tss.notna(), tss)
        genes["tss"] = tss - 1
        genes["biotype"] = cells.get("type", "")
        genes["length"] = np.nan
    else:
        raise InputError(
            path,
            place="line 1",
            found=f"columns {first_few(cells.columns)}",
            expected="id, symbol, seqnames, strand, TSS, CAGE_representative_TSS, type; or the "
            "columns of our annotation.tsv",
            remedy="name the columns so, or leave `genes` out to take the genome's annotation",
        )
    genes["gene"] = clean_ids(genes["gene"], "ensembl")
    genes["strand"] = genes["strand"].replace({"1": "+", "+1": "+", "-1": "-"})
    repeated = genes["gene"].duplicated() & genes["gene"].ne("")
    if repeated.any():
        row = int(np.flatnonzero(repeated)[0])
        gene = genes["gene"].iloc[row]
        first = int(np.flatnonzero(genes["gene"].eq(gene))[0])
        raise InputError(
            path,
            place=f"lines {genes.index[first] + 2} and {genes.index[row] + 2}",
            found=f"gene {gene} twice",
            expected="each gene once, with one TSS",
            remedy="delete one of the lines",
        )
    return genes[COLUMNS]


def ids_of(names: pd.Series, genes: pd.DataFrame) -> pd.Series:
    """Ids of genes by their id, with or without version, or by a symbol that one of them has.

    Args:
        genes: gene (id), symbol.

    Returns:
        by the index of ``names``; missing where there is no such gene, or where several have the
        symbol.
    """
    ids = clean_ids(names, "ensembl")
    single = genes[~genes["symbol"].duplicated(keep=False)].set_index("symbol")["gene"]
    return ids.where(ids.isin(genes["gene"]), names.map(single.to_dict()))


def _positions(text: pd.Series, path: str | Path) -> pd.Series:
    numbers, wrong = parse(text)
    wrong |= numbers % 1 > 0
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            path,
            place=f"line {text.index[row] + 2}, {text.name}",
            found=repr(text.iloc[row]),
            expected="a whole number (bp)",
            remedy="mend that line",
        )
    return pd.Series(numbers, index=text.index)
