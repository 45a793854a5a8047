"""Genes with one locus each, on the chromosomes of one genome."""

from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.job import log
from foldcast.resources.annotation_formats import ID_COLUMNS, READERS
from foldcast.resources.chromosomes import harmonise
from foldcast.resources.gene_aliases import READERS as ALIAS_READERS
from foldcast.resources.gene_aliases import names_of

COLUMNS = ["gene", "symbol", "chrom", "start", "end", "strand", "tss", "biotype", "aliases"]
LOCUS = ["chrom", "start", "end", "strand", "symbol"]


def import_annotation(
    path: str | Path,
    format: str,
    sizes: pd.Series,
    aliases: str | Path | None = None,
    alias_format: str | None = None,
) -> pd.DataFrame:
    """Read an annotation and put it on the chromosomes of ``sizes``.

    Args:
        path: the annotation.
        format: ``gtf``, ``refgene`` or ``table`` (see `foldcast.resources.annotation_formats`).
        sizes: chromosome → length (bp).
        aliases: a list of further names.
        alias_format: ``pairs`` or ``gene_info``.

    Returns:
        One row per gene in the order of ``sizes``, then by position: gene (stable id, unique),
        symbol (the id where there is none), chrom, start and tss (0-based), end, strand, biotype,
        aliases (``|``-separated: the file's, its other ids, those of the list).

    Raises:
        InputError: an unreadable file, or another assembly than that of ``sizes``.
    """
    genes = place(READERS[format](path), sizes, path)
    genes = genes.assign(gene=identify(genes))
    genes["symbol"] = genes["symbol"].where(genes["symbol"].ne(""), genes["gene"])
    names = _own_names(genes)
    genes = one_locus(genes, sizes)
    if aliases and alias_format:
        listed = names_of(genes["symbol"], ALIAS_READERS[alias_format](aliases))
        listed = genes[["gene", "symbol"]].merge(listed, on="symbol")
        names = pd.concat([names, listed[["gene", "alias"]]])
    names = names[names["alias"].ne("") & ~names["alias"].isin({*genes["gene"], *genes["symbol"]})]
    joined = names.drop_duplicates().groupby("gene", sort=False)["alias"].agg("|".join)
    genes["aliases"] = genes["gene"].map(joined).fillna("")
    return genes[COLUMNS]


def place(genes: pd.DataFrame, sizes: pd.Series, source: str | Path) -> pd.DataFrame:
    """Name chromosomes as ``sizes`` does and drop what lies on none of them.

    Raises:
        InputError: less than half of the rows, or a locus past the end of its chromosome.
    """
    chrom = harmonise(genes["chrom"], sizes.index)
    placed = genes.assign(chrom=chrom)[chrom.notna()]
    strange = genes.loc[chrom.isna(), "chrom"].unique()
    if len(placed) < len(genes) / 2 or placed.empty:
        raise InputError(
            source,
            place="chromosomes",
            found=f"{len(placed)} of {len(genes)} loci on the genome's chromosomes; unknown are "
            + first_few(strange),
            expected=f"loci on {first_few(sizes.index)}",
            remedy="take annotation and chromosome sizes of one assembly; if the sizes are of a "
            "part of the genome, cut the annotation down to it",
        )
    if len(strange):
        log.info(
            "%s: dropped %d of %d loci, on chromosomes that the genome lacks (%s)",
            source,
            len(genes) - len(placed),
            len(genes),
            first_few(strange),
        )
    pairs = pd.DataFrame({"theirs": genes["chrom"], "ours": placed["chrom"]}).dropna()
    renamed = pairs[pairs["theirs"] != pairs["ours"]].drop_duplicates()
    if len(renamed):
        named = first_few([" → ".join(pair) for pair in renamed.itertuples(index=False)])
        log.info("%s: named as the genome's: %s", source, named)
    length = placed["chrom"].map(sizes)
    past = placed[(placed["end"] > length) | (placed["tss"] >= length)]
    if not past.empty:
        row = past.iloc[0]
        raise InputError(
            source,
            place=f"gene {row['symbol'] or row.get('gene', '')}",
            found=f"{row['chrom']}:{row['start'] + 1}-{row['end']}, past the chromosome's end at "
            f"{sizes[row['chrom']]} ({len(past)} such loci)",
            expected="loci within their chromosomes",
            remedy="annotation and chromosome sizes are of different assemblies: take both of one",
        )
    return placed


def identify(genes: pd.DataFrame) -> pd.Series:
    """A stable id per row: the first of its ids that stands for a single locus in the file.

    Failing that the first that it has; a row without any id takes its symbol.
    """
    columns = [*genes.columns.intersection(ID_COLUMNS), "symbol"]
    columns.sort(key=[*ID_COLUMNS, "symbol"].index)
    locus = genes.groupby(LOCUS, sort=False).ngroup()
    single = [
        genes[column].where(locus.groupby(genes[column]).transform("nunique").eq(1), "")
        for column in columns
    ]
    identified = pd.Series("", index=genes.index)
    for candidate in [*single, *(genes[column] for column in columns)]:
        identified = identified.where(identified.ne(""), candidate)
    if nameless := int(identified.eq("").sum()):
        log.info("dropped %d loci without any id or symbol", nameless)
    return identified


def one_locus(genes: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """One row per gene, in genome order.

    Of several loci the one on an assembled chromosome (no ``_`` or ``.`` in its name) that has
    most transcripts; of equals the first along the genome.
    """
    genes = genes[genes["gene"].ne("")].assign(
        order=genes["chrom"].map(pd.Series(range(len(sizes)), index=sizes.index)),
        scaffold=genes["chrom"].str.contains(r"[_.]"),
    )
    along = ["order", "start", "end", "gene"]
    best = genes.assign(fewer=-genes["transcripts"]).sort_values(["scaffold", "fewer", *along])
    chosen = best.drop_duplicates("gene").sort_values(along, ignore_index=True)
    several = genes.drop_duplicates(["gene", *LOCUS])["gene"].duplicated().sum()
    if several:
        log.info("%d further loci of genes that have several were left out", several)
    return chosen


def _own_names(genes: pd.DataFrame) -> pd.DataFrame:
    """The file's own aliases, and the ids that a row has beside its gene → columns gene, alias."""
    row = genes[["gene"]]
    ids = genes.columns.intersection(ID_COLUMNS).drop("gene")
    listed = row.assign(alias=genes["aliases"].str.split("|")).explode("alias")
    return pd.concat([listed, *(row.assign(alias=genes[column]) for column in ids)])
