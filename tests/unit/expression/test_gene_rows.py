"""Tables as their makers write them: the values that are read, or what is said instead."""

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.expression_tables import read_expression

FEATURECOUNTS = (
    '# Program:featureCounts v2.0.6; Command:"featureCounts" "-a" "g.gtf" "-o" "c.txt" "a.bam"\n'
    "Geneid\tChr\tStart\tEnd\tStrand\tLength\taln/a.bam\taln/b.bam\n"
    "G1\tchr1;chr1\t1;9\t5;20\t+;+\t17\t3\t4\nG2\tchr1\t30\t40\t-\t11\t5\t6\n"
)
HTSEQ = (
    "\ta\tb\nG1\t3\t4\nG2\t5\t6\n__no_feature\t900\t901\n__ambiguous\t7\t8\n"
    "__too_low_aQual\t0\t0\n__not_aligned\t0\t0\n__alignment_not_unique\t50\t51\n"
)
STAR = (
    "N_unmapped\t10\t11\nN_multimapping\t1\t1\nN_noFeature\t4\t4\nN_ambiguous\t2\t2\n"
    "G1\t3\t4\nG2\t5\t6\n"
)
GEO = (
    '!Series_title\t"Lung"\n!Series_sample_id\t"GSM1 GSM2"\n\n!Sample_title\t"a"\t"b"\n'
    '!series_matrix_table_begin\n"ID_REF"\t"a"\t"b"\n"G1"\t3\t4\n"G2"\t5\t6\n'
    "!series_matrix_table_end\n"
)
GCT13 = (
    "#1.3\n2\t2\t2\t1\nid\tpr_gene\tlevel\ta\tb\nage\tna\tna\t1\t2\n"
    "G1\tx\t1\t3\t4\nG2\ty\t1\t5\t6\n"
)
# Text, perhaps positions of a and b.
READ = {
    "featureCounts by name": (FEATURECOUNTS, None),
    "featureCounts by position": (FEATURECOUNTS, [7, 8]),
    "featureCounts, Windows": (FEATURECOUNTS.replace("\n", "\r\n"), [7, 8]),
    "HTSeq joined": (HTSEQ, None),
    "HTSeq of 2010": (HTSEQ.replace("__", ""), None),
    "HTSeq without a header": (
        HTSEQ.replace("\ta\tb\n", "").replace("G1", "ENSG00000141510.18"), [2, 3]),
    "STAR by position": (STAR, [2, 3]),
    "STAR with a header": ("gene\ta\tb\n" + STAR, None),
    "RSEM's matrix": (
        '""\t"a.genes.results"\t"b.genes.results"\n"G1"\t3.00\t4.00\n"G2"\t5.00\t6.00\n', None),
    "nf-core's salmon": ("gene_id\tgene_name\ta\tb\nG1\tX\t3\t4\nG2\tY\t5\t6\n", None),
    "R's write.csv": ('"","a","b"\n"G1",3,4\n"G2",5,6\n', None),
    "pandas with row numbers": (",gene,a,b\n0,G1,3,4\n1,G2,5,6\n2,G3,7,8\n", None),
    "R with row numbers": ('"","gene","a","b"\n"1","G1",3,4\n"2","G2",5,6\n"3","G3",1,2\n', None),
    "GCT": ("#1.2\n2\t2\nName\tDescription\ta\tb\nG1\tx\t3\t4\nG2\ty\t5\t6\n", None),
    "GCT with commas": (
        "#1.2,,,\n2,2,,\nName,Description,a,b\nG1,x,3,4\nG2,y,5,6\n", [3, 4]),
    "GCT 1.3": (GCT13, None),
    "GEO's series matrix": (GEO, None),
    "GEO by position": (GEO, [2, 3]),
    "cBioPortal": ("Hugo_Symbol\tEntrez_Gene_Id\ta\tb\nG1\t7\t3\t4\nG2\t8\t5\t6\n", None),
    "nSolver": (
        "Code Class,Name,Accession,a.RCC,b.RCC\nEndogenous,G1,NM_1,3,4\nEndogenous,G2,NM_2,5,6\n",
        None),
    "a # before the header": ("#gene\ta\tb\nG1\t3\t4\nG2\t5\t6\n", None),
    "comments": ("# made by me\n#\n# on a day, or two\n\ngene,a,b\nG1,3,4\nG2,5,6\n", None),
    "GENCODE's comment": (
        "# gene-model: GENCODE v36\ngene_id\tgene_type\ta\tb\nG1\tx\t3\t4\nG2\tx\t5\t6\n"
        "N_unmapped\t\t1\t2\n", None),
    "a title": ("Table S1. Counts, normalised\n\ngene\ta\tb\nG1\t3\t4\nG2\t5\t6\n", None),
    "semicolons": ("gene;a;b\nG1;3;4\nG2;5;6\n", None),
    "semicolons, decimal commas": ("gene;a;b\nG1;3,0;4,0\nG2;5,00;6,0\n", None),
    "decimal commas": ("gene\ta\tb\nG1\t3,0\t4,0000\nG2\t5\t6\n", None),
    "samtools idxstats' last row": ("gene\ta\tb\nG1\t3\t4\nG2\t5\t6\n*\t9\t9\n", None),
    "a tab behind": ("gene\ta\tb\t\nG1\t3\t4\t\nG2\t5\t6\t\n", None),
    "annotation behind": ("gene\ta\tb\tlength\nG1\t3\t4\t90\nG2\t5\t6\t80\n", None),
}  # fmt: skip


def sheet(positions=None, times=(0.0, 1.5)):
    column = pd.array(positions or [pd.NA, pd.NA], "Int64")
    return pd.DataFrame({"sample": ["a", "b"], "column": column, "time": times, "replicate": 1})


def read(tmp_path, text, positions=None):
    path = tmp_path / "table.txt"
    path.write_text(text, newline="")
    return read_expression(path, sheet(positions))


@pytest.mark.parametrize("name", READ)
def test_a_makers_table_is_read(tmp_path, name):
    values = read(tmp_path, *READ[name])
    assert [gene.split("0")[0].replace("ENSG", "G1") for gene in values.index[:2]] == ["G1", "G2"]
    assert values.iloc[:2].to_numpy().tolist() == [[3, 4], [5, 6]]
    assert not any(name.startswith(("_", "N_", "no_", "*")) for name in values.index)


def test_what_is_taken_and_left_out_is_said(tmp_path, caplog):
    caplog.set_level("INFO")
    summary = HTSEQ.splitlines()[3:]
    rows = "".join(line.replace("\t", 6 * "\t", 1) + "\n" for line in summary)
    read(tmp_path, FEATURECOUNTS + rows)
    assert "genes named by column 1, samples taken from column 7 aln/a.bam, 8 aln/b.bam" in (
        caplog.text
    )
    assert "columns left out: Chr, Start, End, Strand, Length" in caplog.text
    assert "5 rows left out that are no genes: __no_feature, __ambiguous" in caplog.text


Y_RNA = "".join(f"{name}\t1\t2\n" for name in ("Y_RNA", "SNORA70", "Y_RNA", "SNORA70", "Y_RNA"))
DATES = "1-Mar\t1\t2\n1-Mar\t3\t4\nG\t5\t6\n2-Sep\t3\t3\n"
REFUSED = {
    "a position on Length": (FEATURECOUNTS, [6, 7], ["column 6 (sample a)", "Length, which "
                             "describes genes", "begin at column 7"]),
    "a position on Start": (FEATURECOUNTS.replace("1;9", "1"), [3, 7], ["Start, which describes"]),
    "Entrez ids": ("Hugo\tEntrez_Gene_Id\ta\tb\nG\t7\t3\t4\n", [2, 3], ["Entrez_Gene_Id"]),
    "salmon's quant.sf": ("Name\tLength\tEffectiveLength\tTPM\tNumReads\nG\t5\t4\t1\t2\n", None,
                          ["salmon's quant.sf, of one sample", "join the samples' files"]),
    "kallisto": ("target_id\tlength\teff_length\test_counts\ttpm\nG\t5\t4\t1\t2\n", None,
                 ["kallisto's abundance.tsv, of one sample"]),
    "RSEM": ("gene_id\ttranscript_id(s)\tlength\teffective_length\texpected_count\tTPM\tFPKM\n"
             "G\tT\t5\t4\t1\t2\t3\n", None, ["RSEM's results, of one sample"]),
    "STAR by name": (STAR, None, ["no header", "positions as `column`"]),
    "GEO without values": (GEO.split('"G1"')[0] + "!series_matrix_table_end\n", None,
                           ["without values", "supplementary files"]),
    "GEO's SOFT": ("^DATABASE = GeoMiame\n!Database_name = GEO\n", None, ["series matrix"]),
    "blanks": ('"a" "b"\n"G1" 3 4\n', None, ["one column", "tab-separated"]),
    "names many times": ("gene\ta\tb\n" + Y_RNA, None, [
        "lines 2, 4 and 6", "2 names in 5 rows: Y_RNA (3), SNORA70 (2)", "different genes",
        "gene ids"]),
    "dates twice": ("gene\ta\tb\n" + DATES, None, [
        "lines 2 and 3", "gene 1-Mar twice: dates or numbers that a spreadsheet made",
        "once, 2: 1-Mar, 2-Sep", "MARCHF1"]),
    "dates and symbols": ("gene\ta\tb\n" + DATES + Y_RNA, None, [
        "gene 1-Mar twice: dates", "2 names in 5 rows: Y_RNA (3)"]),
    "names in another column": ("set\tprobe\ta\tb\nE\tx1\t1\t2\nE\tx2\t1\t2\n", None,
                                ["set `name_column: 2` (probe)"]),
    "thousands": ("gene\ta\tb\nG\t1,234,567\t2\n", None, ["1 cell with commas", "thousands"]),
    "European thousands": ("gene\ta\tb\nG\t1.234,5\t2,5\n", None, [
        "2 cells with commas, such as '1.234,5'", "thousands"]),
    "thousands with blanks": ("gene\ta\tb\nG\t1 234,5\t2\n", None, ["thousands"]),
    "featureCounts' summary": (
        "Status\ta.bam\tb.bam\nAssigned\t1\t2\nUnassigned_Unmapped\t3\t4\n", None,
        ["no genes, only Assigned, Unassigned_Unmapped", "not its summary"]),
    "commas of either kind": ("gene\ta\tb\nG\t1,234\t2\nH\t5,678\t3\n", None,
                              ["2 cells with commas, such as '1,234', which may be"]),
    "commas beside points": ("gene\ta\tb\nG\t1,5\t2.5\nH\t5,67\t3\n", None,
                             ["2 cells with commas, such as '1,5', beside 1 with decimal points"]),
    "only summary rows": ("gene\ta\tb\n__no_feature\t1\t2\n", None, ["no genes"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_cannot_be_read_is_refused_with_its_remedy(tmp_path, name):
    text, positions, said = REFUSED[name]
    with pytest.raises(InputError) as raised:
        read(tmp_path, text, positions)
    for part in said:
        assert part in str(raised.value)


@pytest.mark.parametrize(
    "name",
    ["2-Sep", "02-Sep", "1-Mrz", "Sep-02", "2023-09-02", "2023-09-02 00:00:00", "02/09/2023",
     "2.9.2023", "1-Dec-23", "2.31E+13", "5E+09"],
)  # fmt: skip
def test_a_name_that_a_spreadsheet_changed_is_warned_of(tmp_path, caplog, name):
    values = read(tmp_path, f"gene\ta\tb\n{name}\t1\t2\nG\t3\t4\n")
    assert list(values.index) == [name, "G"]
    assert f"1 genes whose names a spreadsheet turned into dates or numbers: {name}." in caplog.text


@pytest.mark.parametrize(
    "name", ["MARCH1", "SEPT2", "set-2", "apr-1", "2310009E13Rik", "H2-K1", "7-3", "Nkx2-1", "NOV"]
)
def test_names_of_genes_are_no_dates(tmp_path, caplog, name):
    read(tmp_path, f"gene\ta\tb\n{name}\t1\t2\nG\t3\t4\n")
    assert "spreadsheet" not in caplog.text


def test_decimal_commas_are_said(tmp_path, caplog):
    read(tmp_path, *READ["decimal commas"])
    assert "decimal commas in 2 of 4 cells, read as decimal points" in caplog.text
