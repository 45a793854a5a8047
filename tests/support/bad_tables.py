"""Bad expression tables, sample sheets and sheets of overrides, and what must be said of each."""

import bz2
import gzip
import lzma
import re
from collections.abc import Callable

import numpy as np

from bad_input import Bad
from small_lab import SHEET, TABLE, Lab, Spoil

Rows = list[list[str]]


def table(change: Callable[[Rows], Rows | None], name: str = TABLE) -> Spoil:
    """Rows of a table changed, the header first; in place where nothing is returned."""

    def spoil(lab: Lab) -> None:
        rows = lab.rows(name)
        lab.put(change(rows) or rows, name)

    return spoil


def cell(row: int, column: int, value: str, name: str = TABLE) -> Spoil:
    """One other cell, counted as in a spreadsheet, from 1."""
    return table(lambda rows: rows[row - 1].__setitem__(column - 1, value), name)


def names(of: Callable[[int, str], str], name: str = TABLE) -> Spoil:
    """Other names of the genes, from their number (from 1) and their name."""

    def change(rows: Rows) -> Rows:
        header, *genes = rows
        return [header, *([of(i, row[0]), *row[1:]] for i, row in enumerate(genes, 1))]

    return table(change, name)


def raw(content: str | bytes, name: str = TABLE) -> Spoil:
    return lambda lab: lab.write(name, content)


def packed(pack: Callable[[bytes], bytes]) -> Spoil:
    return lambda lab: lab.write(TABLE, pack(lab.path(TABLE).read_bytes()))


def numbers(change: Callable[[float], str], values: str = "log2") -> Spoil:
    """All values changed; said to be ``values``."""

    def spoil(lab: Lab) -> None:
        header, *genes = lab.rows()
        lab.put([header, *([row[0], *(change(float(x)) for x in row[1:])] for row in genes)])
        lab.set("datasets.mrna.values", values)

    return spoil


def sheet(pattern: str, other: str) -> Spoil:
    """Another sample sheet: a regular expression replaced, once."""

    def spoil(lab: Lab) -> None:
        lab.write(SHEET, re.sub(pattern, other, lab.read(SHEET), count=1))

    return spoil


def times(n: int) -> Spoil:
    """A sheet of the first times only."""
    return table(
        lambda rows: [row for row in rows if row[2] == "time" or int(row[2]) < 2 * n], SHEET
    )


def overrides(text: str) -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write("data/overrides.tsv", text)
        lab.set("datasets.mrna.overrides", "data/overrides.tsv")

    return spoil


def by_name(lab: Lab) -> None:
    """A sheet without positions."""
    lab.put([[row[0], *row[2:]] for row in lab.rows(SHEET)], SHEET)


def both(*spoils: Spoil) -> Spoil:
    def spoil(lab: Lab) -> None:
        for one in spoils:
            one(lab)

    return spoil


def annotate(columns: list[str], cells: list[str]) -> Spoil:
    """Counts with columns that describe genes between the names and the samples."""

    def spoil(lab: Lab) -> None:
        header, *genes = lab.counts()
        lab.put(
            [[header[0], *columns, *header[1:]], *([row[0], *cells, *row[1:]] for row in genes)]
        )

    return spoil


def mirnas(lab: Lab) -> None:
    lab.set("datasets.mrna.nodes", "mirna")


RDS = gzip.compress(b"X\n\0\0\0\3\0\4\2\1\0\3\5\0\0\0\0\5UTF-8" + bytes(range(256)) * 4)
HTML = "<!DOCTYPE html>\n<html><body>Not found</body></html>\n"
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
ARRAY = np.arange(8.0).tobytes()

NO_TEXT = {
    "bzip2": Bad(packed(bz2.compress), TABLE, "packed with bzip2", "bunzip2"),
    "xz": Bad(packed(lzma.compress), TABLE, "packed with xz", "unxz"),
    "zstd": Bad(raw(b"\x28\xb5\x2f\xfd" + ARRAY), TABLE, "packed with zstd", "unzstd"),
    "an R object": Bad(raw(RDS), TABLE, "an R object (.rds)", "write.table(readRDS"),
    "an R image": Bad(raw(b"RDX3\n" + ARRAY), TABLE, "an R image", "load(FILE)"),
    "a cut off gzip file": Bad(
        packed(lambda b: gzip.compress(b)[:-400]), TABLE, "broken gzip", "compress the file again"
    ),
    "an Excel sheet": Bad(
        raw(b"PK\x03\x04" + b"\0" * 22 + b"[Content_Types].xml" + ARRAY), TABLE, ".xlsx", "save the sheet"
    ),
    "an old Excel sheet": Bad(
        raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + ARRAY), TABLE, ".xls", "save the sheet"
    ),
    "a web page": Bad(raw(HTML), TABLE, "a web page", "fetch it again"),
    "a Git LFS pointer": Bad(raw(LFS), TABLE, "a Git LFS pointer", "git lfs pull"),
    "a git-annex pointer": Bad(
        raw("../../.git/annex/objects/zz/SHA256E-s12--ab.tsv"), TABLE, "git-annex pointer", "git annex get"
    ),
    "Parquet": Bad(raw(b"PAR1" + ARRAY + b"PAR1"), TABLE, "a Parquet file", "read_parquet"),
    "a tar archive": Bad(
        raw(b"a.tsv".ljust(257, b"\0") + b"ustar" + ARRAY), TABLE, "a tar archive", "tar -xf"
    ),
    "a PDF": Bad(raw(b"%PDF-1.7\n" + ARRAY), TABLE, "a PDF", "the table behind it"),
    "alignments": Bad(raw(gzip.compress(b"BAM\1" + ARRAY)), TABLE, "alignments", "featureCounts"),
    "an HDF5 file that is no AnnData": Bad(
        lambda lab: lab.path(TABLE).write_bytes(lab.path("data/hic.mcool").read_bytes()),
        TABLE, "HDF5 that holds resolutions", "anndata",
    ),
    "an empty table": Bad(raw(""), TABLE, "an empty file", "tab-separated"),
    "a header alone": Bad(table(lambda rows: rows[:1]), TABLE, "no genes", "add rows"),
    "a lane of nCounter": Bad(
        raw("<Header>\nFileVersion,1.7\n</Header>\n"), TABLE, "one lane of nCounter", "join the lanes"
    ),
    "GEO's series matrix of sequencing": Bad(
        raw("!Series_title\t\"x\"\n!series_matrix_table_begin\n\"ID_REF\"\t\"GSM1\"\n"
            "!series_matrix_table_end\n"),
        TABLE, "without values", "supplementary",
    ),
    "GEO's SOFT": Bad(
        raw("^SERIES = GSE1\n!Series_title = x\n"), TABLE, "no !series_matrix_table_begin", "series matrix"
    ),
}  # fmt: skip

TABLES = {
    "blanks between columns": Bad(
        lambda lab: lab.put(lab.rows(), sep=" "), TABLE, "one column", "write.table"
    ),
    "a row longer than the header": Bad(
        table(lambda rows: rows[3].append("1")), TABLE, "26 cells under a header of 25", "first column"
    ),
    "a blank cell": Bad(cell(4, 3, ""), TABLE, "blank", "fill the cell"),
    "a word among numbers": Bad(cell(4, 3, "low"), TABLE, "'low'", "fill the cell"),
    "an infinite value": Bad(cell(4, 3, "inf"), TABLE, "'inf'", "fill the cell"),
    "a value in single quotes": Bad(cell(4, 3, "'7.1"), TABLE, "\"'7.1\"", "fill the cell"),
    "a row cut off": Bad(table(lambda rows: rows[-1].__delitem__(slice(9, None))), TABLE, "blank", "fill the cell"),
    "an open quote": Bad(cell(4, 1, '"GENE003'), TABLE, "quotes that do not match", "close them"),
    "a nameless gene": Bad(cell(4, 1, ""), TABLE, "values without a gene", "name the gene"),
    "a gene twice": Bad(
        cell(4, 1, "GENE001"), TABLE, "gene GENE001 twice", "average only rows"
    ),
    "symbols of several genes": Bad(
        table(lambda rows: rows + [[n, *rows[i][1:]] for n in ("Y_RNA", "SNORA70") for i in (1, 2, 3)]),
        TABLE, "2 names in 6 rows: Y_RNA (3), SNORA70 (3)", "gene ids",
    ),
    "dates of a spreadsheet, one of them twice": Bad(
        names(lambda i, n: {1: "1-Mar", 2: "1-Mar", 3: "2-Sep", 4: "2.31E+13"}.get(i, n)),
        TABLE, "dates or numbers that a spreadsheet made", "before the spreadsheet",
    ),
    "decimal commas beside points": Bad(
        table(lambda rows: [r[:1] + [x.replace(".", ",") for x in r[1:9]] + r[9:] for r in rows]),
        TABLE, "beside", "number format of English",
    ),
    "thousands with commas": Bad(
        numbers(lambda x: f"{1000 * round(2 ** x):,}", "counts"), TABLE, "divide thousands", "thousands"
    ),
    "negative counts": Bad(
        numbers(lambda x: str(round(x) - 6), "counts"), TABLE, "the lowest value", "values: log2"
    ),
    "values that stand still": Bad(
        table(lambda rows: [rows[0], *([r[0], *r[1:2] * (len(r) - 1)] for r in rows[1:])]),
        TABLE, "no gene changes up to the first origin", "samples of the sheet",
    ),
    "values that stand still in the end": Bad(
        table(lambda rows: [rows[0], *([*r[:9], *r[8:9] * (len(r) - 9)] for r in rows[1:])]),
        TABLE, "no gene changes after the first origin", "samples of the sheet",
    ),
    "counts said to be log2": Bad(
        numbers(lambda x: str(round(2**x))), TABLE, "the highest value", "values: counts"
    ),
    "one sample of salmon": Bad(
        both(by_name, lambda lab: lab.put(
            [["Name", "Length", "EffectiveLength", "TPM", "NumReads"]]
            + [[r[0], "900", "700.1", "3.2", "12"] for r in lab.rows()[1:]])),
        TABLE, "salmon's quant.sf", "tximport",
    ),
    "one sample of kallisto": Bad(
        both(by_name, lambda lab: lab.put(
            [["target_id", "length", "eff_length", "est_counts", "tpm"]]
            + [[r[0], "900", "700.1", "12", "3.2"] for r in lab.rows()[1:]])),
        TABLE, "kallisto's abundance.tsv", "tximport",
    ),
    "one sample of RSEM": Bad(
        both(by_name, lambda lab: lab.put(
            [["gene_id", "transcript_id(s)", "length", "effective_length", "expected_count", "TPM", "FPKM"]]
            + [[r[0], "T1", "900", "700.1", "12", "3.2", "3.1"] for r in lab.rows()[1:]])),
        TABLE, "RSEM's results", "tximport",
    ),
    "counts without a header": Bad(
        both(by_name, lambda lab: lab.put(
            [[f"ENSG{i:011d}", *r[1:]] for i, r in enumerate(lab.counts()[1:], 1)])),
        TABLE, "values in the first line, no header", "a first line",
    ),
    "only rows that are no genes": Bad(
        table(lambda rows: [rows[0], *([n, *rows[1][1:]] for n in ("__no_feature", "__ambiguous"))]),
        TABLE, "no genes, only __no_feature", "table of counts itself",
    ),
    "positions on annotation columns": Bad(
        annotate(["Chr", "Start", "End", "Strand", "Length"], ["chr1", "1", "9", "+", "8"]),
        TABLE, "Chr, which describes genes", "begin at column 7",
    ),
    "positions on cBioPortal's numbers": Bad(
        annotate(["Entrez_Gene_Id"], ["7157"]), TABLE, "Entrez_Gene_Id, which describes genes", "column 3"
    ),
    "positions on GCT's descriptions": Bad(
        lambda lab: lab.write(TABLE, "#1.2\n34\t24\n" + "".join(
            "\t".join([r[0], "Description" if k == 0 else "na", *r[1:]]) + "\n"
            for k, r in enumerate(lab.rows()))),
        TABLE, "Description, which describes genes", "begin at column 3",
    ),
    "no such sample": Bad(
        both(by_name, table(lambda rows: rows[0].__setitem__(3, "t02_rep1"))),
        TABLE, "no sample t02_r1", "did you mean t02_rep1",
    ),
    "a sample twice": Bad(
        both(by_name, table(lambda rows: rows[0].__setitem__(4, "t02_r1"))),
        TABLE, "sample t02_r1 2 times", "positions",
    ),
    "fewer columns than positions": Bad(
        table(lambda rows: [row[:20] for row in rows]), TABLE, "20 columns", "sheet's `column`"
    ),
    "headers of other times": Bad(
        table(lambda rows: rows[0].__setitem__(slice(1, None), [str(2 * (k // 2) + 1) for k in range(24)])),
        TABLE, "the header 1", "`column` or `time`",
    ),
    "nothing detected": Bad(
        lambda lab: (
            lab.set("datasets.mrna.classes", {"column": 26, "endogenous": ["gene"], "negative": ["neg"]}),
            lab.set("datasets.mrna.detection", {"keep": "detected"}),
            lab.put([[*r, "class" if k == 0 else "neg" if k < 9 else "gene"] for k, r in enumerate(lab.rows())]),
        ),
        TABLE, "no row that is detected", "detection.keep: all",
    ),
    "a row to leave out that is not there": Bad(
        lambda lab: (
            lab.set("datasets.mrna.classes", {"column": 26, "endogenous": ["gene"], "leave_out": ["GENE1"]}),
            lab.put([[*r, "class" if k == 0 else "gene"] for k, r in enumerate(lab.rows())]),
        ),
        TABLE, "no row 'GENE1'", "did you mean GENE",
    ),
    "no column of classes": Bad(
        lambda lab: lab.set("datasets.mrna.classes", {"column": 40, "endogenous": ["gene"]}),
        TABLE, "25 columns", "classes.column",
    ),
}  # fmt: skip

NAMES = {
    "no gene of the annotation": Bad(
        names(lambda i, n: f"LOC{i}X"), TABLE, "0 of 34 genes placed", "genome.annotation"
    ),
    "Ensembl ids of the mouse": Bad(
        names(lambda i, n: f"ENSMUSG{i:011d}"), TABLE, "Ensembl gene ids of mouse", "genome.annotation"
    ),
    "Entrez numbers": Bad(
        names(lambda i, n: str(7000 + i)), TABLE, "Entrez (NCBI) gene numbers", "genome.aliases"
    ),
    "transcripts": Bad(
        names(lambda i, n: f"ENST{i:011d}.2"), TABLE, "Ensembl transcript ids", "tximport"
    ),
    "probes of an array": Bad(
        names(lambda i, n: f"{200000 + i}_at"), TABLE, "probes of Affymetrix", "GPL table"
    ),
    "numbers of assembled transcripts": Bad(
        names(lambda i, n: f"MSTRG.{i}"), TABLE, "numbers of assembled transcripts", "prepDE.py"
    ),
    "names of miRNAs among genes": Bad(
        names(lambda i, n: f"hsa-miR-{i}-5p"), TABLE, "names of miRNAs", "nodes: mirna"
    ),
    "genes said to be miRNAs": Bad(mirnas, TABLE, "`nodes: gene` places genes", "genome.annotation"),
    "two of thirty placed, ids of the fly": Bad(
        names(lambda i, n: n if i < 3 else f"FBgn{i:07d}"), TABLE, "only 2 of 34", "genome.annotation"
    ),
}  # fmt: skip

SHEETS = {
    "no sheet": Bad(lambda lab: lab.path(SHEET).unlink(), SHEET, "no such file", "check the path"),
    "an empty sheet": Bad(raw("", SHEET), SHEET, "an empty file", "tab-separated"),
    "a sheet without samples": Bad(
        table(lambda rows: rows[:1], SHEET), SHEET, "no samples", "add the samples"
    ),
    "no times": Bad(sheet("\ttime\t", "\thour\t"), SHEET, "an unknown column 'hour'", "known: sample"),
    "no replicates": Bad(
        table(lambda rows: [row[:3] for row in rows], SHEET), SHEET, "sample, column, time", "add the column replicate"
    ),
    "a column twice": Bad(sheet("\ttime\t", "\tsample\t"), SHEET, "two columns 'sample'", "keep one"),
    "a time with its unit": Bad(sheet(r"(t04_r1\t\d+)\t4", r"\1\t4h"), SHEET, "'4h'", "unit of the config"),
    "an embryonic day": Bad(sheet(r"(t04_r1\t\d+)\t4", r"\1\tE16.5"), SHEET, "'E16.5'", "-4.5 for E16.5"),
    "a decimal comma in a time": Bad(sheet(r"(t04_r1\t\d+)\t4", r"\1\t4,5"), SHEET, "'4,5'", "4.5"),
    "a time that is no number": Bad(sheet(r"(t04_r1\t\d+)\t4", r"\1\tnan"), SHEET, "'nan'", "unit of the config"),
    "a blank sample": Bad(sheet("t04_r1", ""), SHEET, "blank", "name the sample"),
    "a sample on two lines": Bad(sheet("t04_r1", "t04_r2"), SHEET, "which line 6 has already" , "mend either line"),
    "a replicate twice": Bad(sheet(r"(t04_r1\t\d+\t4\t)1", r"\g<1>2"), SHEET, "replicate 2 at time 4", "number the replicates"),
    "a replicate with a letter": Bad(sheet(r"(t04_r1\t\d+\t4\t)1", r"\1A"), SHEET, "'A'", "number the replicates"),
    "a position on the names": Bad(sheet(r"t04_r1\t\d+", "t04_r1\t1"), SHEET, "'1'", "holds the gene names"),
    "a position twice": Bad(sheet(r"t04_r1\t\d+", "t04_r1\t2"), SHEET, "column 2", "mend either line"),
    "a cell too many": Bad(sheet(r"(t04_r1.*)\n", "\\1\tx\tbatch\n"), SHEET, "6 cells", "mend the line"),
    "two times": Bad(
        both(times(2), lambda lab: lab.set("evaluation.first_origin", None)), SHEET, "2 different times", "longer time course"
    ),
    "a first origin too early": Bad(
        lambda lab: lab.set("evaluation.first_origin", 0.05), SHEET, "needs 21", "first_origin: 0.16"
    ),
    "a first origin too late": Bad(
        lambda lab: lab.set("evaluation.first_origin", 0.99), SHEET, "needs 100", "first_origin: 0.16"
    ),
    "too little past for a network": Bad(
        both(times(8), lambda lab: lab.set("datasets.mrna.forecast", "stepmr")), SHEET, "8 different times", "first_origin: 0.75"
    ),
    "a spreadsheet's own sheet": Bad(
        raw(b"PK\x03\x04" + b"\0" * 22 + b"xl/workbook.xml" + ARRAY, SHEET), SHEET, ".xlsx", "save the sheet"
    ),
    "overrides without reasons": Bad(
        overrides("gene\tsymbol\nCTRL1\tGENE001\n"), "data/overrides.tsv", "gene, symbol", "add the column reason"
    ),
    "an override without a reason": Bad(
        overrides("gene\tsymbol\treason\nCTRL1\tGENE001\t\n"), "data/overrides.tsv", "blank", "give the reason"
    ),
    "an override twice": Bad(
        overrides("gene\tsymbol\treason\nCTRL1\tGENE001\tx\nCTRL1\tGENE002\ty\n"),
        "data/overrides.tsv", "which line 2 has already", "delete either line",
    ),
    "an override by no gene of the annotation": Bad(
        overrides("gene\tsymbol\treason\nCTRL1\tGENE999\tx\n"), "data/overrides.tsv", "did you mean GENE099", "mend the symbol"
    ),
}  # fmt: skip

CASES = NO_TEXT | TABLES | NAMES | SHEETS
