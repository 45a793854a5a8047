"""Which columns are tissues in tables as their makers write them; and what else is said."""

import pytest

from foldcast.errors import InputError
from foldcast.spex.models.tissue_expression import read_expression


def read(tmp_path, text, **options):
    path = tmp_path / "tissues.txt"
    path.write_text(text)
    return read_expression(path, **{"id": "symbol", "values": "log", **options})


def table(*annotation, rows=("7", "9", "8")):
    """A table with columns between the genes and the tissues."""
    lines = ["\t".join(["gene", *annotation, "Liver", "Brain"])]
    for i, row in enumerate(rows):
        lines.append("\t".join([f"G{i + 1}", *[row] * len(annotation), f"{i + 3}", f"{i + 0.5}"]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "name",
    ["Entrez_Gene_Id", "entrezgene", "gene_length", "Length", "EffectiveLength", "exonic.length",
     "width", "Gene start (bp)", "Gene end (bp)", "Transcript length (including UTRs and CDS)",
     "chrom_start", "TSS", "Strand", "NCBI gene (formerly Entrezgene) ID", "HGNC ID", "",
     "Chromosome/scaffold name", "baseMean", "padj", "log2FoldChange", "Unnamed: 0",
     "% GC content"],
)  # fmt: skip
def test_a_column_about_genes_is_no_tissue(tmp_path, caplog, name):
    caplog.set_level("INFO")
    found = read(tmp_path, table(name))
    assert list(found.columns) == ["Liver", "Brain"] and found.loc["G2"].tolist() == [4, 1.5]
    assert f"taken for no tissue: {name or 'column 2, which has no name'}" in caplog.text


@pytest.mark.parametrize("name", ["Colon", "Start-up culture", "Endothelium", "CD4", "Placenta"])
def test_a_tissue_is_a_tissue(tmp_path, name):
    assert list(read(tmp_path, table(name)).columns) == [name, "Liver", "Brain"]


READ = {
    "row numbers first": ",gene,Liver,Brain\n0,G1,3,.5\n1,G2,4,1.5\n2,G3,5,2.5\n",
    "row numbers behind": "gene,n,Liver,Brain\nG1,1,3,.5\nG2,2,4,1.5\nG3,3,5,2.5\n",
    "GCT 1.3": "#1.3\n2\t2\t1\t1\nid\tlevel\tLiver\tBrain\nage\tna\t1\t2\n"
    "G1\t1\t3\t.5\nG2\t9\t4\t1.5\n",
    "featureCounts": "# Program:featureCounts v2\nGeneid\tChr\tStart\tEnd\tStrand\tLength\tLiver\t"
    "Brain\nG1\t1\t1\t5\t+\t4\t3\t.5\nG2\t1\t1\t5\t+\t4\t4\t1.5\n",
    "HTSeq": "gene\tLiver\tBrain\nG1\t3\t.5\nG2\t4\t1.5\n__no_feature\t9\t9\n__ambiguous\t2\t1\n",
    "STAR": "gene\tLiver\tBrain\nN_unmapped\t9\t9\nG1\t3\t.5\nG2\t4\t1.5\n",
    "GEO": '!Series_title\t"x"\n!series_matrix_table_begin\n"ID_REF"\t"Liver"\t"Brain"\n'
    '"G1"\t3\t.5\n"G2"\t4\t1.5\n!series_matrix_table_end\n',
    "tximport": "gene,abundance.Liver,abundance.Brain,counts.Liver,counts.Brain,length.Liver,"
    "length.Brain\nG1,3,.5,9,9,9,9\nG2,4,1.5,9,9,9,9\n",
    "decimal commas": "gene\tLiver\tBrain\nG1\t3,0\t0,5\nG2\t4\t1,5\n",
    "decimal commas and semicolons": "gene;Liver;Brain\nG1;3,0;0,5\nG2;4;1,5\n",
}


@pytest.mark.parametrize("name", READ)
def test_a_makers_table_is_read(tmp_path, name):
    found = read(tmp_path, READ[name])
    assert [name.split(".")[-1] for name in found.columns] == ["Liver", "Brain"]
    assert found.loc[["G1", "G2"]].to_numpy().tolist() == [[3, 0.5], [4, 1.5]]
    assert not {"__no_feature", "N_unmapped"} & {*found.index}


REFUSED = {
    "salmon's quant.sf": ("Name\tLength\tEffectiveLength\tTPM\tNumReads\nG\t5\t4\t1\t2\n",
                          ["salmon's quant.sf, of one sample: TPM, NumReads", "`tissues`"]),
    "RSEM": ("gene_id\ttranscript_id(s)\tlength\teffective_length\texpected_count\tTPM\tFPKM\n"
             "G\tT\t5\t4\t1\t2\t3\n", ["RSEM's results", "expected_count, TPM, FPKM"]),
    "commas beside points": ("g\tA\nx\t1,5\ny\t2.5\n", ["1 cell with commas", "beside 1 with"]),
    "commas of either kind": ("g\tA\nx\t1,500\ny\t2,500\n", ["2 cells", "divide thousands"]),
    "a cell that is no number": ("# a\n\ng\tA\nx\t1\ny\tlow\nz\t1\n", ["line 5, column A"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused(tmp_path, name):
    text, said = REFUSED[name]
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    for part in said:
        assert part in str(raised.value)


def test_a_column_of_one_sample_that_is_asked_for(tmp_path):
    text = REFUSED["RSEM"][0]
    assert read(tmp_path, text, tissues=["TPM"]).loc["G", "TPM"] == 2


def test_names_that_a_spreadsheet_changed(tmp_path, caplog):
    read(tmp_path, "g\tA\n2-Sep\t1\n1-Mar\t3\nG\t7\n")
    assert "2 genes whose names a spreadsheet turned into dates or numbers: 2-Sep, 1-Mar" in (
        caplog.text
    )
