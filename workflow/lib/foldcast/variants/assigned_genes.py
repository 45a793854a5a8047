"""Which gene a variant is scored for: the nearest TSS, every one in reach, or as a table says."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import open_text
from foldcast.resources.chromosomes import harmonise
from foldcast.spex.features.local_features import REACH
from foldcast.spex.models.gene_table import read_genes

# `bedtools closest` of variants and TSS: its columns, without header.
CLOSEST = ["chrom", "start", "position", "ref", "alt", "_", "tss", "end", "strand", "gene"]
PAIR = ["row", "gene", "symbol", "tss", "strand"]


def assign_genes(variants: pd.DataFrame, path: str | Path, choice: str) -> pd.DataFrame:
    """Pairs of variants and genes.

    Args:
        variants: chrom, position (0-based), ref, alt.
        path: a gene table (ExPecto's layout or our annotation.tsv), or what ``bedtools closest``
            says of each variant, which then is the choice.
        choice: `nearest` TSS on the chromosome (all of them at a tie), or each `within` 20 kb.

    Returns:
        row (in ``variants``), gene, symbol, tss (0-based), strand; in the order of the variants.

    Raises:
        InputError: neither layout, no variant with a gene.
    """
    closest = _is_closest(path)
    pairs = _closest(variants, path) if closest else _from_table(variants, path, choice)
    if pairs.empty:
        raise InputError(
            path,
            found=f"no gene for any of {len(variants):,} variants, such as "
            f"{variants['chrom'].iloc[0]}:{variants['position'].iloc[0] + 1:,}",
            expected="genes in the assembly and chromosomes of the variants",
            remedy="give genes and variants of one assembly",
        )
    return pairs[PAIR].sort_values(["row", "tss", "gene"], ignore_index=True)


def _is_closest(path: str | Path) -> bool:
    with open_text(path, "a gene table, or what bedtools closest wrote") as handle:
        cells = handle.readline().decode("utf-8", "replace").rstrip("\n").split("\t")
    return len(cells) >= len(CLOSEST) and all(cells[k].isdigit() for k in (1, 2, 6, 7))


def _closest(variants: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    table = pd.read_csv(path, sep="\t", header=None, dtype=str, na_filter=False)
    table = table.iloc[:, : len(CLOSEST)].set_axis(CLOSEST, axis=1)
    wrong = ~table["strand"].isin(["+", "-"]) | ~table[["position", "tss"]].apply(
        lambda column: column.str.fullmatch("[0-9]+")
    ).all(axis=1)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise InputError(
            path,
            place=f"line {at + 1}",
            found=first_few(table.iloc[at], 10),
            expected=f"{', '.join(CLOSEST)} by tab: variant, then TSS (BED) with strand and gene",
            remedy="mend the line: bedtools writes -1 where a chromosome has no TSS",
        )
    table = table.assign(tss=table["tss"].astype("int64"), symbol=table["gene"])
    table["position"] = table["position"].astype("int64") - 1
    keys = ["chrom", "position", "ref", "alt"]
    asked = variants.assign(row=np.arange(len(variants)))[["row", *keys]]
    table["chrom"] = harmonise(table["chrom"], pd.Index(asked["chrom"].unique()))
    return asked.merge(table[[*keys, *PAIR[1:]]].drop_duplicates(), on=keys)


def _from_table(variants: pd.DataFrame, path: str | Path, choice: str) -> pd.DataFrame:
    genes = read_genes(path)
    usable = genes["tss"].notna() & genes["strand"].isin(["+", "-"])
    genes = genes[usable].astype({"tss": "int64"}).sort_values("tss", kind="stable")
    names = harmonise(genes["chrom"], pd.Index(variants["chrom"].unique()))
    by_chrom = dict(list(genes.groupby(names, sort=False)))
    found = []
    for row, (chrom, position) in enumerate(
        zip(variants["chrom"], variants["position"], strict=True)
    ):
        if chrom not in by_chrom:
            continue
        here = by_chrom[chrom]
        away = np.abs(here["tss"].to_numpy() - position)
        chosen = away == away.min() if choice == "nearest" else away <= REACH
        found.append(here[chosen].assign(row=row))
    return pd.concat(found) if found else pd.DataFrame(columns=PAIR)
