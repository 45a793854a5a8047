"""Columns that are no sample and rows that are no gene, by the names that their makers give."""

import re
from collections.abc import Sequence
from pathlib import Path

from foldcast.errors import InputError, first_few

# Compared without case and without what is no letter or digit.
NO_SAMPLE = re.compile(
    r"(chr|chrom|chromosome|seqname|seqnames|contig|chromosomescaffoldname|strand|tss|"
    r"chromosomename|karyotypeband|version|biotype|"
    r"(gene|transcript|exon|tx|cds|chrom|chr)?(start|end|stop|left|right)(bp|pos|position)?|"
    r"transcriptionstartsitetss|position|pos|"
    r"(gene|transcript|exon|exonic|effective|eff|tx|cds|chrom|mean|median|union)*length\w*|width|gc|gccontent|genegccontent|percentagegccontent|genesize|"
    r"\w*(entrez|ncbi|hgnc)\w*|geneid|hgnc|mgi|rgd|ensemblid|"
    r"row|rownumber|rowid|index|unnamed0|"
    r"basemean|log2foldchange|logfc|lfcse|stat|pvalue|padj|pval|adjpval|qvalue|fdr|logcpm|aveexpr|"
    r"codeclass|classname|accession|annotation|analytetype|probename|probeid|nsprobeid|name|"
    r"speciesname|targetmatureaccession|samplesabovethreshold|description|symbol|"
    r"genename|genesymbol|hugosymbol|genetype|genebiotype|idref|transcriptids?)"
)
SUMMARY = re.compile(
    r"_{0,2}(no_feature|ambiguous|too_low_aQual|not_aligned|alignment_not_unique)|"
    r"N_(unmapped|multimapping|noFeature|ambiguous)|Assigned|Unassigned_\w+|\*",
    re.IGNORECASE,
)
# Spike-ins and the controls of nCounter.
SPIKES = re.compile(r"(gSpikein_)?ERCC[-_]\d{5}|(POS|NEG)_[A-H]\(.*\)")
# Measures of one sample: with these columns a file is the output for one sample.
ONE_SAMPLE = {
    "salmon's quant.sf": {"effectivelength", "tpm", "numreads"},
    "kallisto's abundance.tsv": {"efflength", "estcounts", "tpm"},
    "RSEM's results": {"effectivelength", "expectedcount", "tpm"},
    "StringTie's gene abundances": {"coverage", "fpkm", "tpm"},
    "Cufflinks' FPKMs": {"fpkm", "fpkmconflo", "fpkmconfhi"},
    "GDC's augmented counts": {"unstranded", "strandedfirst", "strandedsecond"},
}
TXIMPORT = ("abundance.", "counts.", "length.")


def squeeze(name: str) -> str:
    """A name without case and without what is no letter or digit."""
    return re.sub(r"[\W_]+", "", name).casefold()


def is_annotation(name: str) -> bool:
    """Whether a column describes genes and is no sample, by its name."""
    return NO_SAMPLE.fullmatch(squeeze(name)) is not None


def is_summary(name: str) -> bool:
    """Whether a row counts reads that are of no gene (HTSeq, STAR, featureCounts)."""
    return SUMMARY.fullmatch(name) is not None


def is_row_number(cells: Sequence[str]) -> bool:
    """Whether a column counts the rows, from 0 or 1, as pandas and R write them."""
    if len(cells) < 3 or not cells[0].isdecimal() or int(cells[0]) > 1:
        return False
    return all(cell == str(i) for i, cell in enumerate(cells, start=int(cells[0])))


def one_sample(header: Sequence[str]) -> str | None:
    """Which tool's output for one sample has this header."""
    names = set(map(squeeze, header))
    return next((maker for maker, columns in ONE_SAMPLE.items() if columns <= names), None)


def beside_abundance(header: Sequence[str]) -> list[str]:
    """Columns of a table of tximport's whole list that are not its abundances."""
    if not all(any(name.startswith(prefix) for name in header) for prefix in TXIMPORT):
        return []
    return [name for name in header if name.startswith(TXIMPORT[1:])]


def is_headless(names: Sequence[str]) -> bool:
    """Whether names of columns are values: a table without a header, whose first gene is lost.

    Numbers that count the columns are names (pandas writes them so), and so are whole numbers.
    """
    try:
        numbers = [float(name) for name in names]
    except ValueError:
        return False
    return any(number % 1 for number in numbers)


def refuse_headless(path: str | Path, names: Sequence[str], line: int) -> None:
    """Refuse a table without a header.

    Args:
        path: named in the message.
        names: what stands where the columns' names should; line: where.

    Raises:
        InputError: they are values.
    """
    if names and is_headless(names):
        raise InputError(
            path,
            place=f"line {line}",
            found=f"numbers where the columns' names should be: {first_few(names, 3)}",
            expected="a header",
            remedy="add a first line with a name for each column; without it the first gene would "
            "be lost",
        )
