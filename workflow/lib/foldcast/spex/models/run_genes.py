"""The genes of a run: their TSS and their labels, matched by id and never by row."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few, known_name
from foldcast.files import read_columns
from foldcast.genes.identifier_kinds import guess
from foldcast.resources.chromosomes import harmonise
from foldcast.spex.models.tissue_columns import parse
from foldcast.spex.models.tissue_expression import clean_ids
from foldcast.spex.run_settings import TYPES

COLUMNS = ["gene", "symbol", "chrom", "tss", "strand", "biotype", "length"]
# Layouts of gene tables: their name for a column → ours. A TSS is 1-based in ExPecto's.
EXPECTO = {"id": "gene", "symbol": "symbol", "seqnames": "chrom", "strand": "strand"}
ANNOTATION = {"gene", "symbol", "chrom", "start", "end", "strand", "tss", "biotype"}
RIBOSOMAL = {"rRNA", "Mt_rRNA"}
ID_NAMES = {"ensgene": "gene", "ensembl": "gene", "gene": "gene", "entrez": "entrez"}


class Steps:
    """What each step of the join left and lost: the rows of ``join.tsv``."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, int, str]] = []

    def note(self, step: str, left: int, lost: int, explanation: str) -> None:
        self.rows.append((step, left, lost, explanation))

    def keep(
        self, step: str, genes: pd.DataFrame, mask: pd.Series | np.ndarray, explanation: str
    ) -> pd.DataFrame:
        """The genes under ``mask``; examples of the lost ones are added to the explanation."""
        lost = genes.loc[~np.asarray(mask, bool), "gene"]
        if len(lost):
            explanation += f" (such as {', '.join(lost[:3])})"
        kept = genes[np.asarray(mask, bool)]
        self.note(step, len(kept), len(lost), explanation)
        return kept

    def table(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["step", "genes", "lost", "explanation"])


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
            place=f"lines {first + 2} and {row + 2}",
            found=f"gene {gene} twice",
            expected="each gene once, with one TSS",
            remedy="delete one of the lines",
        )
    return genes[COLUMNS]


def select(
    genes: pd.DataFrame,
    sizes: pd.Series,
    chromosomes: Sequence[str],
    gene_type: str,
    source: str | Path,
    steps: Steps,
) -> pd.DataFrame:
    """The genes of a type on a run's chromosomes; rRNA is always left out.

    Args:
        sizes: chromosome → length (bp).
        gene_type: ``all``, ``protein_coding`` or ``lincRNA``.

    Returns:
        In the order of ``chromosomes``, then by TSS and id.

    Raises:
        InputError: chromosomes that the genome lacks, no gene left, a TSS off its chromosome.
    """
    known_name(chromosomes, list(sizes.index), "config", "spex, chromosomes")
    steps.note("gene table", len(genes), 0, str(source))
    whole = genes[["gene", "chrom"]].ne("").all(axis=1) & genes["tss"].notna()
    whole &= genes["strand"].isin(["+", "-"])
    genes = steps.keep("whole", genes, whole, "without id, chromosome, strand or TSS")
    genes = steps.keep("no rRNA", genes, ~genes["biotype"].isin(RIBOSOMAL), "ribosomal RNA")
    if gene_type != "all":
        typed = genes["biotype"].isin(TYPES[gene_type])
        genes = steps.keep("gene type", genes, typed, f"of another type than {gene_type}")
    chrom = harmonise(genes["chrom"], sizes.index)
    strange = sorted({*genes["chrom"][chrom.isna()]})
    there = f"on chromosomes that the genome lacks: {', '.join(strange[:5]) or 'none'}"
    genes = steps.keep("genome", genes.assign(chrom=chrom), chrom.notna(), there)
    others = sorted({*genes["chrom"]} - {*chromosomes})
    here = genes["chrom"].isin(chromosomes)
    named = f"not on the run's chromosomes: {', '.join(others[:5])}{', …' * (len(others) > 5)}"
    genes = steps.keep("chromosomes", genes, here, named)
    if genes.empty:
        raise InputError(
            source,
            found="; ".join(f"{step}: {left} genes" for step, left, *_ in steps.rows),
            expected=f"genes of type {gene_type} on {first_few(chromosomes, 5)}",
            remedy="check `chromosomes` and `gene_type`, and that gene table and genome agree",
        )
    off = (genes["tss"] < 0) | (genes["tss"] >= genes["chrom"].map(sizes))
    if off.any():
        row = genes[off].iloc[0]
        raise InputError(
            source,
            place=f"gene {row['gene']}",
            found=f"a TSS at {row['chrom']}:{int(row['tss']) + 1:,}, off the chromosome of "
            f"{sizes[row['chrom']]:,} bp ({off.sum()} such genes)",
            expected="positions in the genome's assembly",
            remedy="take a gene table of `genome.assembly`; if the genome is a part of one, cut "
            "the table down to it",
        )
    order = genes["chrom"].map({name: k for k, name in enumerate(chromosomes)})
    genes = genes.assign(order=order, tss=genes["tss"].astype("int64"))
    return genes.sort_values(["order", "tss", "gene"], ignore_index=True)[COLUMNS]


def matches(
    genes: pd.DataFrame, ids: pd.Index, kind: str, table: str | Path | None
) -> pd.DataFrame:
    """Which rows of an expression table may be of which genes: columns gene, id.

    Args:
        genes: every gene of the gene table, used or not, so that an id of two genes is found out.
        ids: the expression table's.
        kind: ``ensembl``, ``entrez`` or ``symbol``.
        table: columns ensgene (or ensembl) and entrez, needed with Entrez ids.

    Raises:
        InputError: no such table or columns.
    """
    if kind == "entrez" and table is not None:
        pairs = read_columns(table)
        pairs = pairs.rename(columns={name: str(name).strip().lower() for name in pairs})
        pairs = pairs.rename(columns={k: v for k, v in ID_NAMES.items() if k in pairs})
        if not {"gene", "entrez"} <= {*pairs.columns}:
            raise InputError(
                table,
                place="line 1",
                found=f"columns {first_few(pairs.columns)}",
                expected="ensgene (or ensembl) and entrez",
                remedy="name the columns so",
            )
        pairs = pd.DataFrame(
            {
                "gene": clean_ids(pairs["gene"], "ensembl"),
                "id": clean_ids(pairs["entrez"], "entrez"),
            }
        )
    else:
        column = "symbol" if kind == "symbol" else "gene"
        pairs = pd.DataFrame({"gene": genes["gene"], "id": clean_ids(genes[column], kind)})
    pairs = pairs[pairs["gene"].isin(genes["gene"]) & pairs["id"].isin(ids) & pairs["id"].ne("")]
    return pairs.drop_duplicates(ignore_index=True)


def join(
    genes: pd.DataFrame,
    pairs: pd.DataFrame,
    expression: pd.DataFrame,
    source: str | Path,
    steps: Steps,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each gene the row of the expression table that is its own.

    Where it cannot be said which row is a gene's, the gene is left out: several rows of different
    values under its id, several ids, or an id that is another gene's too.

    Args:
        genes: what `select` gives.
        pairs: what `matches` gives.
        expression: label by id and tissue.

    Returns:
        genes, and their labels (gene × tissue, in their order).

    Raises:
        InputError: no gene is left.
    """
    named = expression[expression.index != ""]
    distinct = named.reset_index().drop_duplicates()
    rows = distinct["id"].value_counts()
    steps.note(
        "expression rows",
        len(distinct),
        len(expression) - len(distinct),
        f"of {source}: without an id, or the same row again",
    )
    steps.note(
        "expression ids",
        int(rows.index.isin(pairs["id"]).sum()),
        int((~rows.index.isin(pairs["id"])).sum()),
        "ids that no gene of the gene table has",
    )
    found = genes["gene"].isin(pairs["gene"])
    if not found.any():
        mine, theirs = (", ".join(list(each)[:3]) for each in (genes["gene"], rows.index))
        raise InputError(
            source,
            found=f"ids such as {theirs}; these are {guess(rows.index)}",
            expected=f"ids of genes such as {mine}",
            remedy="check `expression.id` (ensembl, entrez or symbol), `id_column` and `ids`",
        )
    genes = steps.keep("measured", genes, found, "not in the expression table")
    ids_of, genes_of = pairs["gene"].value_counts(), pairs["id"].value_counts()
    single = pairs["gene"].map(ids_of).eq(1) & pairs["id"].map(rows).eq(1)
    own = pairs["id"].map(genes_of).eq(1)
    several, shared = {*pairs["gene"][~single]}, {*pairs["gene"][~own]}
    genes = steps.keep(
        "one row", genes, ~genes["gene"].isin(several), "several rows of different values"
    )
    genes = steps.keep("own row", genes, ~genes["gene"].isin(shared), "its row is another's too")
    row = genes["gene"].map(pairs.set_index("gene")["id"].to_dict())
    labels = distinct.set_index("id").loc[row].set_axis(pd.Index(genes["gene"], name="gene"))
    known = labels.notna().any(axis=1).to_numpy()
    genes = steps.keep("label", genes, known, "without a value in any of the tissues")
    if genes.empty:
        raise InputError(
            source,
            found="; ".join(f"{step}: {left} genes" for step, left, *_ in steps.rows),
            expected="genes with a value",
            remedy="check `expression` and `tissues`",
        )
    for tissue, count in labels[known].isna().sum().items():
        if count:
            steps.note(
                f"missing in {tissue}", len(genes) - count, int(count), "left out of its fit"
            )
    return genes.reset_index(drop=True), labels[known]


def add_lengths(genes: pd.DataFrame, annotation: pd.DataFrame) -> pd.DataFrame:
    """Gene lengths from the genome's annotation, by id, where the gene table has none."""
    known = annotation.drop_duplicates("gene").set_index("gene")["length"]
    length = pd.to_numeric(genes["length"]).fillna(genes["gene"].map(known))
    return genes.assign(length=length.astype("Int64"))


def _positions(text: pd.Series, path: str | Path) -> pd.Series:
    numbers, wrong = parse(text)
    wrong |= numbers % 1 > 0
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            path,
            place=f"line {row + 2}, {text.name}",
            found=repr(text.iloc[row]),
            expected="a whole number (bp)",
            remedy="mend that line",
        )
    return pd.Series(numbers, index=text.index)
