"""The genes of a run: their TSS and their labels, matched by id and never by row."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few, known_name
from foldcast.files import read_columns
from foldcast.genes.gene_placing import HALF, few_placed
from foldcast.genes.identifier_kinds import guess
from foldcast.resources.chromosomes import harmonise
from foldcast.spex.models.gene_table import COLUMNS
from foldcast.spex.models.tissue_expression import clean_ids
from foldcast.spex.run_settings import TYPES

RIBOSOMAL = {"rRNA", "Mt_rRNA"}
REMEDY = "check `expression.id` (ensembl, entrez or symbol), `id_column` and `ids`"
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
        named = first_few(pairs.columns)
        pairs = pairs.rename(columns={name: str(name).strip().lower() for name in pairs})
        pairs = pairs.rename(columns={k: v for k, v in ID_NAMES.items() if k in pairs})
        if not {"gene", "entrez"} <= {*pairs.columns}:
            raise InputError(
                table,
                place="line 1",
                found=f"columns {named}",
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


def check_matched(
    genes: pd.DataFrame, pairs: pd.DataFrame, ids: pd.Index, kind: str, source: str | Path
) -> list[str]:
    """Refuse an expression table of other genes; what should be said where half of it is.

    By the rule of `gene_placing.few_placed`. A table may be of more genes than the gene table, or
    this of more than that, so the larger of both shares counts.

    Args:
        genes: every gene of the gene table.
        pairs: what `matches` gives.
        ids: of the expression table; kind: of them, as the config says.
        source: the expression table, for messages.

    Raises:
        InputError: as `few_placed`.
    """
    ids = ids[ids != ""].unique()
    found = ids.isin(pairs["id"])
    shares = found.mean() if len(ids) else 0.0, pairs["gene"].nunique() / max(len(genes), 1)
    said = f"{found.sum():,} of {len(ids):,} ids are genes of the gene table"
    names = pd.Series(ids[~found], dtype=str)
    others = {"symbol": genes["symbol"], "ensembl": genes["gene"]}
    fits = [other for other, known in others.items() if names.isin(set(known)).mean() > HALF]
    remedy = f"say `expression.id: {fits[0]}`" if fits else REMEDY
    expected = f"ids of genes such as {first_few(genes['gene'], 3)}, or their symbols"
    return few_placed(max(shares), said, names, genes, source, expected, remedy)


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
            remedy=REMEDY,
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
