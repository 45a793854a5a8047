"""Genes that have no label: which they are, and whose model may predict each of them."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.spex.models.folds import Fold
from foldcast.spex.models.gene_table import COLUMNS
from foldcast.spex.models.run_genes import Steps, select
from foldcast.spex.models.tissue_expression import clean_ids
from foldcast.spex.models.tss_bed import place_tss, read_tss

NONE = "none"  # of the folds, where every one of them learnt from the gene


def genes_to_predict(
    every: pd.DataFrame | None,
    labelled: Collection[str],
    bed: str | Path | None,
    sizes: pd.Series,
    chromosomes: Sequence[str],
    gene_type: str,
    source: str | Path,
    place: str,
) -> pd.DataFrame:
    """Genes of a gene table that have no label, and the TSS of a BED file.

    Args:
        every: the gene table; None: only the BED file's are predicted.
        labelled: ids of the run's genes.
        bed: the BED file, where there is one.
        sizes: chromosome → length (bp), of the genome that is read.
        chromosomes: those that are read.
        gene_type: of the run.
        source: of the gene table, for messages.
        place: key of the config that names the chromosomes, for messages.

    Returns:
        columns of a gene table, and given (``annotation`` or ``bed``); by chromosome, TSS and id.
        Of a BED file's TSS biotype and length are not known.

    Raises:
        InputError: as `select`, `read_tss` and `place_tss`; no gene without a label; an id twice.
    """
    parts = []
    if every is not None:
        chosen = select(every, sizes, chromosomes, gene_type, source, Steps())
        chosen = chosen[~chosen["gene"].isin(labelled)]
        if chosen.empty and not bed:
            raise InputError(
                source,
                found=f"no gene without a label on {first_few(chromosomes, 5)}",
                expected="genes of the gene table that the expression table lacks",
                remedy="their predictions are in predictions.tsv.gz; or give TSS (`predict.tss`)",
            )
        parts.append(chosen.assign(given="annotation"))
    if bed:
        tss = place_tss(read_tss(bed), sizes, list(chromosomes), bed, place)
        unknown = {"symbol": "", "biotype": "", "length": np.nan, "given": "bed"}
        parts.append(tss.assign(**unknown)[[*COLUMNS, "given"]])
    genes = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    if genes["gene"].duplicated().any():
        raise InputError(
            str(bed),
            place=f"TSS {genes['gene'][genes['gene'].duplicated()].iloc[0]}",
            found="the id of a gene that is predicted anyway",
            expected="names of their own",
            remedy="rename the TSS (such as by its transcript), or leave out `predict.genes`",
        )
    order = genes["chrom"].map({name: k for k, name in enumerate(chromosomes)})
    return (
        genes.assign(order=order)
        .sort_values(["order", "tss", "gene"], ignore_index=True)
        .drop(columns="order")
    )


def may_predict(
    genes: pd.DataFrame, known: pd.DataFrame, folds: Sequence[Fold], same_places: bool
) -> np.ndarray:
    """Whose models predict each gene, [folds, genes].

    Where a fold holds out the gene's chromosome, that one; otherwise all of them. Never one that
    learnt from the gene, or was validated on it: one of the same id, TSS or sequence.

    Args:
        genes: gene, chrom, tss, strand, key (of the sequence around the TSS; empty: not known).
        known: the same of the genes with a label.
        folds: of the run.
        same_places: whether both are of one assembly.
    """
    held = np.array([[chrom in fold.test for chrom in genes["chrom"]] for fold in folds], bool)
    may = held | ~held.any(axis=0)
    marks = [(clean_ids(genes["gene"], "ensembl"), known["gene"]), (genes["key"], known["key"])]
    if same_places:
        marks.append((_places(genes), _places(known)))
    for k, fold in enumerate(folds):
        seen = known["chrom"].isin(_seen(fold)).to_numpy()
        for mine, theirs in marks:
            may[k] &= ~(mine.isin(theirs[seen]) & mine.ne("")).to_numpy()
    return may


def nearest_seen(
    genes: pd.DataFrame, known: pd.DataFrame, folds: Sequence[Fold], may: np.ndarray
) -> np.ndarray:
    """Distance (bp) to the nearest TSS that the models which predict a gene have seen, [genes].

    NaN where they have seen none on its chromosome: what they say is then of sequence new to them.
    """
    nearest = np.full(len(genes), np.nan)
    for chrom, rows in genes.groupby("chrom").indices.items():
        tss = np.sort(known.loc[known["chrom"] == chrom, "tss"].to_numpy(float))
        seen = np.array([chrom in _seen(fold) for fold in folds])
        rows = rows[may[seen][:, rows].any(axis=0)]
        if len(tss) and len(rows):
            at = genes["tss"].to_numpy(float)[rows]
            right = np.searchsorted(tss, at).clip(0, len(tss) - 1)
            both = np.stack([tss[right], tss[(right - 1).clip(0)]])
            nearest[rows] = np.abs(both - at).min(axis=0)
    return nearest


def names_of_folds(folds: Sequence[Fold], may: np.ndarray) -> list[str]:
    """Whose models predict each gene, in words: a fold's name, ``mean of 3``, or ``none``."""
    found = []
    for column in may.T:
        names = [fold.name for fold, used in zip(folds, column, strict=True) if used]
        found.append(names[0] if len(names) == 1 else f"mean of {len(names)}" if names else NONE)
    return found


def _seen(fold: Fold) -> set[str]:
    return {*fold.train, *fold.validation}


def _places(genes: pd.DataFrame) -> pd.Series:
    return genes["chrom"] + ":" + genes["tss"].astype(str) + genes["strand"]
