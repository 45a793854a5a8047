"""Expression per tissue: tables as users and GTEx write them, and their mistakes."""

import gzip

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.spex.models.tissue_expression import clean_ids, read_expression

TABLE = "gene\tLiver\tBrain - Cortex (BA9)\nENSG1.4\t1\t0\nENSG2\t\t2.5\nENSG3.1\tNA\t40\n"


def read(tmp_path, text, **options):
    path = tmp_path / "expression.tsv"
    path.write_text(text)
    return read_expression(path, **{"id": "ensembl", "values": "linear", **options})


def test_labels(tmp_path):
    table = read(tmp_path, TABLE)
    assert list(table.index) == ["ENSG1", "ENSG2", "ENSG3"]
    assert list(table.columns) == ["Liver", "Brain - Cortex (BA9)"]
    expected = [[np.log(1.0001), np.log(1e-4)], [np.nan, np.log(2.5001)], [np.nan, np.log(40.0001)]]
    np.testing.assert_allclose(table.to_numpy(), expected)
    logs = read(tmp_path, TABLE.replace("40", "-4"), values="log")
    assert logs.iloc[2, 1] == -4.0


def test_only_the_tissues_that_are_asked_for_in_their_order(tmp_path):
    table = read(tmp_path, "g,A,B,C\nx,1,2,n/a\ny,2,50,z\n", tissues=["B", "A"], id="symbol")
    assert list(table.columns) == ["B", "A"]


def test_columns_of_loci_and_ids_are_no_tissues(tmp_path, caplog):
    caplog.set_level("INFO")
    text = "GeneID,symbol,chr,start,end,strand,length,Liver\n7,X,1,5,9,1,4,33\n8,Y,1,5,9,-1,4,2\n"
    table = read(tmp_path, text, id="symbol", id_column=2)
    assert list(table.columns) == ["Liver"] and list(table.index) == ["X", "Y"]
    assert "taken for no tissue: GeneID, chr, start, end, strand, length" in caplog.text


def test_gtex_gct_and_gzip(tmp_path):
    gct = "#1.2\n2\t1\nName\tDescription\tLiver\nENSG1.4\tA\t50\nENSG2.1\tB\t3\n"
    path = tmp_path / "median_tpm.gct.gz"
    path.write_bytes(gzip.compress(gct.encode(), mtime=0))
    table = read_expression(path, id="ensembl", values="linear")
    assert list(table.index) == ["ENSG1", "ENSG2"] and list(table.columns) == ["Liver"]


def test_entrez_ids_as_a_spreadsheet_writes_them(tmp_path):
    table = read(tmp_path, "id\tA\n7105.0\t1\n64102\t99\n\t3\n", id="entrez")
    assert list(table.index) == ["7105", "64102", ""]


def test_logarithms_that_are_said_to_be_linear(tmp_path, caplog):
    read(tmp_path, "gene\tA\nx\t1.5\ny\t12\n")
    assert "if they are logarithms already, say `values: log`" in caplog.text


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("g\tA\nx\t1\ny\t-2\n", {}, "gene y, column A\n  found:    -2, the lowest value"),
        ("g\tA\nx\t1\ny\t99\n", {"values": "log"}, "gene y, column A\n  found:    99, the highest"),
        ("g\tA\nx\t1\ny\t2\nz\tlow\n", {}, "line 4, column A\n  found:    'low'"),
        ("#1.2\n2\t1\ng\tA\nx\t1\ny\tinf\n", {}, "line 5, column A\n  found:    'inf'"),
        (TABLE, {"tissues": ["liver"]}, "did you mean Liver?"),
        ("g\tA\tA\nx\t1\t2\ny\t2\t3\n", {"tissues": ["A"]}, "'A' twice"),
        ("g\tA\nx\ta\ny\tb\n", {}, "no column of numbers"),
        ("g\tA\nx\t\ny\t\n", {"tissues": ["A"]}, "no value"),
        (TABLE, {"id_column": 9}, "3 columns"),
        ("A\nx\t1\ny\t2\n", {}, "3 lines, 1 columns"),
        ("A\tB\nx\t1\t2\n", {}, "Expected 2 fields in line 2, saw 3"),
        ("g\tA\n", {}, "1 lines, 2 columns"),
    ],
)
def test_mistakes(tmp_path, text, options, said):
    with pytest.raises(InputError) as error:
        read(tmp_path, text, **options)
    assert "expression.tsv" in str(error.value) and said in str(error.value)


@pytest.mark.slow
def test_real_gtex(shared, mirror):
    path = shared / "gtex/GTEx_V4_log2rpkm_ensembl_grch37.tsv.gz"
    table = read_expression(path, id="ensembl", values="log")
    assert table.shape == (21_580, 53) and table.columns[0] == "Adipose - Subcutaneous"
    assert "Cells - EBV-transformed lymphocytes" in table.columns
    (entrez,) = mirror.glob("dhimmel/gtex/*/data/expression-SMTSD.tsv.gz")
    table = read_expression(entrez, id="entrez", values="log")
    assert table.shape == (21_293, 53) and not table.index.duplicated().any()
    assert pd.notna(table.to_numpy()).all()


@pytest.mark.parametrize(
    ("name", "kind", "id"),
    [
        ("ENSG00000141510.18|TP53", "ensembl", "ENSG00000141510"),
        ("TP53_ENSG00000141510.18", "ensembl", "ENSG00000141510"),
        ("ENSG00000141510_TP53", "ensembl", "ENSG00000141510"),
        ("gene:ENSG00000141510", "ensembl", "ENSG00000141510"),
        ("ENSG00000182378.12_PAR_Y", "ensembl", "ENSG00000182378_PAR_Y"),
        ("'ENSG00000141510.18'", "ensembl", "ENSG00000141510"),
        ("TP53|7157", "entrez", "7157"),
        ("GeneID:7157", "entrez", "7157"),
        ("7157.0", "entrez", "7157"),
        ("TP53|7157", "symbol", "TP53"),
        ("ENSG00000141510|TP53", "symbol", "TP53"),
        ("Y_RNA", "symbol", "Y_RNA"),
        ("7SLRNA:CR32864", "symbol", "7SLRNA:CR32864"),
        ("DEMOG00000000001", "ensembl", "DEMOG00000000001"),
    ],
)
def test_ids_beside_other_names(name, kind, id):
    assert clean_ids(pd.Series([name]), kind).tolist() == [id]
