"""Gene annotations as their publishers write them → one table of loci.

Every reader returns the columns chrom, start (0-based), end, strand (+/-), tss (0-based), symbol,
biotype, aliases (``|``-separated), transcripts (how many speak for the row) and one column per
kind of stable id that the file has (see `ID_COLUMNS`); all text, empty where missing, except for
start, end, tss and transcripts (int64). Chromosomes are named as in the file.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import bioframe
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import BROKEN_GZIP, broken_gzip, is_gzipped, open_text, read_columns

# Kinds of stable id, the preferred one first.
ID_COLUMNS = ["gene", "gene_id", "ensgene", "entrez"]
SYNONYMS = {
    "chr": "chrom",
    "chromosome": "chrom",
    "gene_name": "symbol",
    "gene_symbol": "symbol",
    "gene_type": "biotype",
    "gene_biotype": "biotype",
}
REFGENE = [
    *("bin", "name", "chrom", "strand", "start", "end", "cds_start", "cds_end", "exons"),
    *("exon_starts", "exon_ends", "score", "symbol", "cds_start_stat", "cds_end_stat", "frames"),
]

# What pandas raises while it reads: no such columns, no text, a broken gzip file.
UNREADABLE = (
    *(pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError),
    *BROKEN_GZIP,
)


def read_gtf(path: str | Path) -> pd.DataFrame:
    """The ``gene`` lines of an Ensembl or GENCODE GTF; version suffixes of Ensembl ids dropped."""
    wanted = ["chrom", "feature", "start", "end", "strand", "attributes"]
    # In pieces: a GENCODE GTF is above 1 GB and 98 % of its lines are not genes.
    pieces = _chunks(path, bioframe.SCHEMAS["gtf"], wanted)
    genes = pd.concat([piece[piece["feature"] == "gene"] for piece in pieces])
    if genes.empty:
        raise InputError(
            path,
            found="no line whose feature is `gene`",
            expected="a GTF of Ensembl or GENCODE",
            remedy=(guess if "gtf" not in (guess := looks_like(path)) else "")
            or "take the GTF from Ensembl or GENCODE, or UCSC's refGene.txt with `format: refgene`",
        )
    attributes = genes["attributes"]
    genes["gene"] = _attribute(attributes, "gene_id")
    genes["symbol"] = _attribute(attributes, "gene_name")
    genes["biotype"] = _attribute(attributes, "gene_type|gene_biotype")
    if (nameless := genes["gene"].eq("")).any():
        raise InputError(
            path,
            place=f"line {genes.index[nameless][0] + 1}",
            found=f"no gene_id in {attributes[nameless].iloc[0][:80]!r}",
            expected='attributes such as gene_id "ENSMUSG00000051951"',
            remedy="give a GTF, not a GFF3",
        )
    genes["gene"] = genes["gene"].str.replace(r"^(ENS\w*G\d+)\.\d+", r"\1", regex=True)
    return _finish(_one_based(genes, path, first_line=1))


def read_refgene(path: str | Path) -> pd.DataFrame:
    """UCSC ``refGene.txt``: a symbol's overlapping transcripts on one strand become one locus.

    The locus is their union; its TSS is the one that most of them share, the most upstream of
    equals.
    """
    wanted = ["name", "chrom", "strand", "start", "end", "cds_start", "cds_end", "symbol"]
    table = pd.concat(_chunks(path, REFGENE, wanted))
    table = table[~table["name"].eq("name")]  # the Table Browser's header
    _check_strand(table, path, first_line=1)
    for column in ("start", "end", "cds_start", "cds_end"):
        table[column] = _integers(table[column], path, first_line=1)

    keys = ["symbol", "chrom", "strand"]
    table = table.sort_values([*keys, "start", "end"], ignore_index=True)
    # Not bioframe.cluster(on=…): it loops over the groups, and here that is over every gene.
    table["reach"] = table.groupby(keys)["end"].cummax()
    reach = table.groupby(keys)["reach"].shift()
    table["locus"] = (reach.isna() | (table["start"] >= reach)).cumsum()

    forward = table["strand"] == "+"
    table["tss"] = table["start"].where(forward, table["end"] - 1)
    table["downstream"] = table["tss"].where(forward, -table["tss"])
    table["share"] = table.groupby(["locus", "tss"])["tss"].transform("size")
    tss = table.sort_values(["locus", "share", "downstream"], ascending=[True, False, True])

    table["coding"] = table["cds_start"] < table["cds_end"]
    loci = table.groupby("locus").agg(
        **{key: (key, "first") for key in keys},
        start=("start", "min"),
        end=("end", "max"),
        coding=("coding", "any"),
        transcripts=("coding", "size"),
    )
    loci["tss"] = tss.groupby("locus")["tss"].first()
    loci["biotype"] = loci["coding"].map({True: "protein_coding", False: "noncoding"})
    return _finish(loci)


def read_genes(path: str | Path) -> pd.DataFrame:
    """A TSV or CSV of genes: symbol or gene, chrom, start, end, strand; 1-based, closed.

    Optional: tss (1-based), biotype, aliases, gene_id, ensgene, entrez.
    """
    genes = read_columns(path)
    genes = genes.rename(columns={name: name.strip().lower() for name in genes})
    genes = genes.rename(columns={k: v for k, v in SYNONYMS.items() if v not in genes})
    if "symbol" not in genes and "gene" in genes:
        genes["symbol"] = genes["gene"]
    missing = [c for c in ("symbol", "chrom", "start", "end", "strand") if c not in genes]
    if missing:
        raise InputError(
            path,
            place="line 1",
            found=f"columns {first_few(genes)}; no {', '.join(missing)}",
            expected="symbol (or gene), chrom, start, end, strand; perhaps tss, biotype, aliases, "
            "gene_id, ensgene, entrez",
            remedy=looks_like(path) or "name the columns so",
        )
    for column in genes.columns.intersection([*ID_COLUMNS, "symbol"]):
        genes[column] = genes[column].str.strip().replace("NA", "")
    if "entrez" in genes:
        genes["entrez"] = genes["entrez"].str.removesuffix(".0")  # a spreadsheet's number
    genes["strand"] = genes["strand"].replace({"1": "+", "+1": "+", "-1": "-"})
    return _finish(_one_based(genes, path, first_line=2))


READERS = {"gtf": read_gtf, "refgene": read_refgene, "table": read_genes}


def looks_like(path: str | Path) -> str:
    """How the first line of an annotation is written, with what to do; empty where it is unknown.

    Args:
        path: the file, plain or gzipped text.
    """
    try:
        with open_text(path) as handle:
            lines = (line.decode("utf-8", "replace").rstrip("\r\n") for line in handle)
            first = next((line for line in lines if line.strip() and line[0] != "#"), "")
    except (*UNREADABLE, StopIteration):
        return ""
    fields = first.split("\t")
    if len(fields) == 9 and re.search(r'gene_id "', fields[8]):
        return "this is a GTF: say `format: gtf`"
    if len(fields) == 9 and re.search(r"(^|;)(ID|Parent|Name)=", fields[8]):
        return "this is a GFF3, which is not read: take the GTF of the same release"
    if len(fields) == len(REFGENE) and fields[3] in ("+", "-"):
        return "this is UCSC's refGene.txt: say `format: refgene`"
    if len(fields) >= 6 and fields[1].isdigit() and fields[2].isdigit() and fields[5] in ("+", "-"):
        return (
            "this is BED: give its columns names (chrom, start + 1, end, symbol, score, strand) "
            "and say `format: table`"
        )
    if {"chrom", "start", "end", "strand"} <= {SYNONYMS.get(x.lower(), x.lower()) for x in fields}:
        return "this is a table with a header: say `format: table`"
    return ""


def _chunks(path: str | Path, names: list[str], wanted: list[str]) -> Iterator[pd.DataFrame]:
    """The wanted columns of a headerless TSV in pieces; the index is the line number less one."""
    open_text(path, "a gene annotation: text, plain or gzipped").close()
    try:
        yield from bioframe.read_table(
            str(path),
            schema=names,
            compression="gzip" if is_gzipped(path) else None,
            usecols=wanted,
            dtype=str,
            na_filter=False,
            quoting=csv.QUOTE_NONE,
            skip_blank_lines=False,
            chunksize=200_000,
        )
    except BROKEN_GZIP as error:
        raise broken_gzip(path, error) from None
    except UNREADABLE as error:
        # pandas' own words where it names a line.
        few = re.search(r"expected \d+ and found (\d+)", str(error))
        raise InputError(
            path,
            found=f"lines of {few[1]} columns" if few else str(error).strip(),
            expected=f"{len(names)} tab-separated columns: {', '.join(names)}",
            remedy=looks_like(path)
            or "fetch the file again, or check that `format` is what the file is",
        ) from error


def _attribute(attributes: pd.Series, name: str) -> pd.Series:
    """The value of a GTF attribute (``name``: a regular expression), empty where there is none."""
    pattern = rf'(?:^|[;\s])(?:{name}) "?([^";]*)'
    return attributes.str.extract(pattern, expand=False).fillna("")


def _one_based(genes: pd.DataFrame, path: str | Path, first_line: int) -> pd.DataFrame:
    """Closed 1-based start, end and tss → start and tss 0-based; a missing tss is the 5' end."""
    _check_strand(genes, path, first_line)
    start = _integers(genes["start"], path, first_line) - 1
    end = _integers(genes["end"], path, first_line)
    tss = start.where(genes["strand"] == "+", end - 1)
    if "tss" in genes:
        given = genes["tss"].where(genes["tss"].ne(""), (tss + 1).astype(str))
        tss = _integers(given, path, first_line) - 1
    genes = genes.assign(start=start, end=end, tss=tss)
    wrong = (genes["start"] < 0) | (genes["end"] <= genes["start"]) | (genes["tss"] < 0)
    if wrong.any():
        row = genes[wrong].iloc[0]
        raise InputError(
            path,
            place=f"line {genes.index[wrong][0] + first_line}",
            found=f"{row['symbol']} at {row['chrom']}:{row['start'] + 1}-{row['end']}",
            expected="1 ≤ start ≤ end",
            remedy="mend that line; positions are 1-based and closed",
        )
    return genes


def _integers(text: pd.Series, path: str | Path, first_line: int) -> pd.Series:
    numbers = pd.to_numeric(text, errors="coerce")
    if (wrong := numbers.isna() | (numbers % 1 != 0)).any():
        raise InputError(
            path,
            place=f"line {text.index[wrong][0] + first_line}, {text.name}",
            found=repr(text[wrong].iloc[0]),
            expected="a whole number (bp)",
            remedy="mend that line, or check that `format` is what the file is",
        )
    return numbers.astype("int64")


def _check_strand(genes: pd.DataFrame, path: str | Path, first_line: int) -> None:
    if (wrong := ~genes["strand"].isin(["+", "-"])).any():
        raise InputError(
            path,
            place=f"line {genes.index[wrong][0] + first_line}, strand",
            found=repr(genes.loc[wrong, "strand"].iloc[0]),
            expected="+ or - (in a table also 1 or -1)",
            remedy="mend that line, or check that `format` is what the file is",
        )


def _finish(genes: pd.DataFrame) -> pd.DataFrame:
    ids = [column for column in ID_COLUMNS if column in genes]
    genes = genes.assign(**{c: "" for c in ("biotype", "aliases") if c not in genes})
    if "transcripts" not in genes:
        genes["transcripts"] = 1
    columns = ["chrom", "start", "end", "strand", "tss", "symbol", "biotype", "aliases"]
    return genes[[*columns, "transcripts", *ids]].reset_index(drop=True)
