"""Bad annotations, sizes, aliases, sequences, centromeres, and what must be said of each."""

import gzip
import re
from collections.abc import Callable

from bad_input import Bad
from bad_tables import ARRAY, HTML, LFS, RDS, raw
from small_lab import FASTA, GTF, SIZES, Lab, Spoil


def gtf(pattern: str, other: str, count: int = 0) -> Spoil:
    """Another annotation: a regular expression replaced."""

    def spoil(lab: Lab) -> None:
        lab.write(GTF, re.sub(pattern, other, lab.read(GTF), count=count, flags=re.MULTILINE))

    return spoil


def genes_as(write: Callable[[list[str], str, str], str], format: str, header: str = "") -> Spoil:
    """The annotation in another format, a line per gene: fields of the GTF, id, symbol."""

    def spoil(lab: Lab) -> None:
        lines = [line.split("\t") for line in lab.read(GTF).splitlines() if "\tgene\t" in line]
        made = [write(f, f[8].split('"')[1], f[8].split('"')[3]) for f in lines]
        lab.write("data/genes.txt", header + "".join(made))
        lab.set("genome.annotation", {"path": "data/genes.txt", "format": format})

    return spoil


def aliases(text: str | bytes, format: str = "pairs") -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write("data/aliases.tsv", text)
        lab.set("genome.aliases", {"path": "data/aliases.tsv", "format": format})

    return spoil


def centromeres(text: str | bytes) -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write("data/centromeres.bed", text)
        lab.set("genome.centromeres", {"path": "data/centromeres.bed"})

    return spoil


def fasta(change: Callable[[str], str | bytes], name: str = FASTA) -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write(name, change(lab.read(FASTA)))
        lab.set("genome.fasta", {"path": name})

    return spoil


GENES, ALIASES, MIDDLES = "data/genes.txt", "data/aliases.tsv", "data/centromeres.bed"
ROW = "{0[0]}\t{0[3]}\t{0[4]}\t{0[6]}\t{2}\n"
HEADER = "chrom\tstart\tend\tstrand\tsymbol\n"

ANNOTATIONS = {
    "no annotation": Bad(lambda lab: lab.path(GTF).unlink(), "config.yaml", f"{GTF}: no such file", "check the path"),
    "a folder for a file": Bad(lambda lab: lab.set("genome.annotation.path", "data"), "config.yaml", "a folder", "check the path"),
    "a path with ~": Bad(lambda lab: lab.set("genome.annotation.path", "~/genes.gtf"), "config.yaml", "no such file", "`~` and `$…` are not expanded"),
    "a path with braces": Bad(lambda lab: lab.set("genome.annotation.path", "data/{genes}.gtf"), "config.yaml", "braces", "rename the file"),
    "no annotation in the config": Bad(lambda lab: lab.set("genome.annotation", None), "config.yaml", "null", "genome.annotation"),
    "an empty annotation": Bad(raw("", GTF), GTF, "an empty file", "get the file again"),
    "a web page for an annotation": Bad(raw(HTML, GTF), GTF, "a web page", "fetch it again"),
    "a pointer for an annotation": Bad(raw(LFS, GTF), GTF, "a Git LFS pointer", "git lfs pull"),
    "an R object for an annotation": Bad(raw(RDS, GTF), GTF, "an R object", "write it as text"),
    "a cut off annotation": Bad(lambda lab: lab.write(GTF, gzip.compress(lab.path(GTF).read_bytes())[:-500]), GTF, "a broken gzip file", "fetch or compress the file again"),
    "a GFF3": Bad(gtf(r'gene_id "(\w+)"; gene_name "(\w+)".*', r"ID=gene:\1;Name=\2"), GTF, "no gene_id", "not a GFF3"),
    "a GTF without gene lines": Bad(gtf("\tgene\t", "\tmRNA\t"), GTF, "no line whose feature is `gene`", "refgene"),
    "a GTF with blanks": Bad(gtf("\t", " "), GTF, "lines of 1 columns", "`format`"),
    "a refGene said to be GTF": Bad(genes_as(lambda f, i, s: f"1\t{i}\t{f[0]}\t{f[6]}\t{f[3]}\t{f[4]}\t{f[3]}\t{f[4]}\t1\t{f[3]},\t{f[4]},\t0\t{s}\tcmpl\tcmpl\t0,\n", "gtf"), GENES, "no line whose feature", "say `format: refgene`"),
    "a GTF said to be refGene": Bad(lambda lab: lab.set("genome.annotation.format", "refgene"), GTF, "lines of 9 columns", "this is a GTF: say `format: gtf`"),
    "a GTF said to be a table": Bad(lambda lab: lab.set("genome.annotation.format", "table"), GTF, "columns chr1", "this is a GTF: say `format: gtf`"),
    "an annotation of other chromosomes": Bad(gtf("^chr", "scaffold_"), GTF, "0 of 120 loci", "of one assembly"),
    "another assembly's genes": Bad(gtf(r"^(chr1\tfoldcast\t\w+\t)\d+\t\d+", r"\g<1>600000\t600900"), GTF, "past the chromosome's end", "different assemblies"),
    "a strand that is none": Bad(gtf(r"(\tgene\t\d+\t\d+\t\.\t)[-+]", r"\1."), GTF, "'.'", "`format`"),
    "a start that is no number": Bad(gtf(r"(\tgene\t)\d+", r"\1x"), GTF, "'x'", "mend that line"),
    "an end before its start": Bad(gtf(r"(\tgene\t)\d+\t(\d+)", r"\g<1>\2\t9"), GTF, "GENE001 at chr1:", "1-based"),
    "a table of genes without strands": Bad(genes_as(lambda f, i, s: ROW.format(f, i, s).replace(f[6], "") , "table", "chrom\tstart\tend\tside\tsymbol\n"), GENES, "no strand", "name the columns so"),
    "a table of genes from 0": Bad(genes_as(lambda f, i, s: ROW.format([f[0], "", "", "-1", f[4], "", f[6]], i, s), "table", HEADER), GENES, "GENE001 at chr1:-1", "1-based"),
    "a table of genes, a row too long": Bad(genes_as(lambda f, i, s: ROW.format(f, i, s).rstrip() + ("\tx\ty\n" if s == "GENE005" else "\n"), "table", HEADER), GENES, "Expected 5 fields", "mend that line"),
}  # fmt: skip

OTHERS = {
    "BED for an annotation": Bad(genes_as(lambda f, i, s: f"{f[0]}\t{f[3]}\t{f[4]}\t{s}\t0\t{f[6]}\n", "gtf"), GENES, "lines of 6 columns", "this is BED"),
    "a GFF3 with ids alone": Bad(genes_as(lambda f, i, s: "\t".join([*f[:8], f"ID=gene:{i};Name={s}"]) + "\n", "refgene"), GENES, "lines of 9 columns", "this is a GFF3"),
    "a table of genes said to be GTF": Bad(genes_as(lambda f, i, s: ROW.format(f, i, s), "gtf", HEADER), GENES, "lines of 5 columns", "say `format: table`"),
    "no sizes of an unknown assembly": Bad(lambda lab: lab.set("genome.sizes", None), "config", "demo, whose chromosome sizes are not bundled", "genome.sizes"),
    "sizes with a header": Bad(lambda lab: lab.write(SIZES, "chrom\tlength\n" + lab.read(SIZES)), SIZES, "'chrom\\tlength'", ".fai"),
    "sizes with blanks": Bad(lambda lab: lab.write(SIZES, lab.read(SIZES).replace("\t", " ")), SIZES, "'chr1 500000'", ".fai"),
    "sizes with thousands": Bad(lambda lab: lab.write(SIZES, lab.read(SIZES).replace("500000", "500,000")), SIZES, "500,000", ".fai"),
    "a chromosome twice": Bad(lambda lab: lab.write(SIZES, lab.read(SIZES) + "chr1\t500000\n"), SIZES, "chr1 a second time", ".fai"),
    "no sizes at all": Bad(raw("", SIZES), SIZES, "no chromosome", ".fai"),
    "another assembly's sizes": Bad(lambda lab: lab.write(SIZES, lab.read(SIZES).replace("500000", "600000")), "data/hic.mcool", "3 of 3 chromosomes", "one assembly"),
    "aliases of three columns": Bad(aliases("alias\tsymbol\tnote\nA\tB\tC\n"), ALIASES, "alias, symbol, note", "cut the file down"),
    "aliases of one column": Bad(aliases("alias\nA\n"), ALIASES, "columns alias", "cut the file down"),
    "no aliases": Bad(aliases(""), ALIASES, "an empty file", "get the file again"),
    "a web page for aliases": Bad(aliases(HTML), ALIASES, "a web page", "fetch it again"),
    "HGNC's table said to be gene_info": Bad(aliases("hgnc_id\tsymbol\tname\nHGNC:1\tA\tx\n", "gene_info"), ALIASES, "no Symbol, Synonyms", "set the format"),
    "an HDF5 file for aliases": Bad(aliases(b"\x89HDF\r\n\x1a\n" + ARRAY), ALIASES, "an HDF5 file", "text"),
    "UCSC's centromeres of another genome": Bad(centromeres("585\tchr1\t121700000\t125100000\tGJ1\n"), MIDDLES, "chr1:121,700,000–125,100,000", "of this assembly"),
    "centromeres by name": Bad(centromeres("chr1\tp11\tq11\n"), MIDDLES, "chr1 p11 q11", "such a file"),
    "centromeres of other chromosomes": Bad(centromeres("chrA\t100\t200\n"), MIDDLES, "centromeres of chrA", "such a file"),
    "centromeres that end before they start": Bad(centromeres("chr1\t200\t100\n"), MIDDLES, "chr1:200–100", "such a file"),
    "no centromeres": Bad(centromeres(""), MIDDLES, "nothing", "such a file"),
    "a picture of centromeres": Bad(centromeres(b"\x89PNG\r\n\x1a\n" + ARRAY), MIDDLES, "a picture", "the table behind it"),
    "a packed sequence not named .gz": Bad(fasta(lambda t: gzip.compress(t.encode())), FASTA, "a gzipped file", "gunzip -k"),
    "a 2bit sequence": Bad(fasta(lambda t: b"\x43\x27\x41\x1a" + ARRAY), FASTA, "a .2bit sequence", "twoBitToFa"),
    "an empty sequence": Bad(fasta(lambda t: ""), FASTA, "does not contain a valid sequence", "seqkit"),
    "a web page for a sequence": Bad(fasta(lambda t: HTML), FASTA, "a web page", "fetch it again"),
    "lines of unequal length": Bad(fasta(lambda t: t.replace("\n", "", 7).replace(">chr1", ">chr1\n", 1)), FASTA, "Inconsistent line", "seqkit seq"),
    "a sequence twice": Bad(fasta(lambda t: t + ">chr1\nACGT\n"), FASTA, "chr1", "seqkit"),
    "a chromosome without its sequence": Bad(fasta(lambda t: t[: t.index(">chr3")]), FASTA, "no such sequence, but chr1, chr2", "of the assembly"),
    "a sequence of another length": Bad(fasta(lambda t: t.replace(">chr3\n", ">chr3\n" + "A" * 60 + "\n")), FASTA, "500,060 bp", "of the assembly"),
    "reads for a sequence": Bad(fasta(lambda t: "@r1\nACGT\n+\nFFFF\n"), FASTA, "Unexpected text before the first", "seqkit"),
}  # fmt: skip

CASES = ANNOTATIONS | OTHERS
