"""Lists of the genes that variants are asked about: what they may look like, what matches."""

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.variants.listed_genes import ask_for

GENES = pd.DataFrame(
    [("ENSG01", "A"), ("ENSG02", "B"), ("ENSG03", "twin"), ("ENSG04", "twin"), ("ENSG05", None)],
    columns=["gene", "symbol"],
)
VARIANTS = pd.DataFrame(
    [
        ("chr1", 9, "rs1", "A", "C", 1), ("chr1", 9, "", "A", "G", 1),
        ("chr1", 19, "rs2;rs3", "AT", "A", 1), ("chr2", 9, "", "C", "T", -1),
    ],
    columns=["chrom", "position", "id", "ref", "alt", "sign"], index=[3, 5, 8, 13],
)  # fmt: skip


def asked(tmp_path, text, variants=VARIANTS, **how):
    path = tmp_path / "asked.tsv"
    path.write_text(text)
    return ask_for(path, GENES, variants, **how)


@pytest.mark.parametrize(
    "text",
    [
        "ENSG01\nB\n",
        "ENSG01.7\nENSG02\nB\n\n",
        "gene\nA\nB\n",
        "id,symbol,seqnames,TSS\nENSG01,A,chr1,5\nENSG02,B,chr1,9\n",
        "# mine\ngene_id\tnote\nENSG01\tx\nENSG02.1\ty\n",
    ],
)
def test_a_list_may_be_of_genes(text, tmp_path):
    found = asked(tmp_path, text)
    assert found.genes == {"ENSG01", "ENSG02"} and found.by_variant is None and not found.pairs
    assert found.said == "2 genes are asked about"
    rows = found.rows(["ENSG09", "ENSG02", "ENSG05"])
    assert rows(3) == rows(99) == {1}


PAIRS = {
    "places": "chr,pos,ref,alt,gene\n1,10,A,C,A\nchr1,20,AT,A,ENSG02\n1,10,A,C,B\nchr2,10,C,T,B\n",
    "other way": "chrom\tpos\tea\toa\tgene\n"
    "1\t10\tA\tC\tA\n1\t20\tAT\tA\tB\n1\t10\tc\ta\tB\n2\t10\tC\tT\tB\n",
    "in one column": "variant\tgene\n"
    "chr1_10_A_C_b38\tA\nchr1:20 AT>A\tB\nchr1:10:A:C\tB\n2_10_C_T\tB\n",
    "spaces": "variant       gene\n"
    "chr1_10_A_C   A\n  chr1_20_AT_A  B\nrs1  ENSG02 \nchr2:10:C:T  B\n",
    "ids": "rsid\tgene_id\nrs1\tENSG01.2\nrs3\tENSG02\nrs2\tENSG02\nrs1\tENSG02\nchr2_10_T_C\tB\n",
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_list_may_be_of_pairs(name, tmp_path):
    found = asked(tmp_path, PAIRS[name])
    both, one = {"ENSG01", "ENSG02"}, {"ENSG02"}
    assert found.by_variant == {3: both, 8: one, 13: one} and found.pairs == 4
    assert found.said == (
        "4 pairs of 3 variants and 2 genes are asked about, 1 variants have no pair"
    )
    rows = found.rows(["ENSG02", "ENSG01"])
    assert [rows(label) for label in VARIANTS.index] == [{0, 1}, set(), {0}, {0}]


def test_names_that_match_nothing_are_said_and_where_strict_refused(tmp_path):
    genes = "A\nNOPE\ntwin\nNOPE\n"
    said = asked(tmp_path, genes).said
    assert said.startswith("1 genes are asked about, 2 names match no gene of the run (NOPE, twin)")
    assert "`genes.tsv` of the run" in said
    with pytest.raises(InputError, match=r"2 names match no gene of the run \(NOPE, twin\)"):
        asked(tmp_path, genes, strict=True)
    pairs = "variant\tgene\nchr1_10_A_C\tA\nchr1_11_A_C\tA\nrs9\tB\nchr1_10_A_C\tNOPE\n"
    found = asked(tmp_path, pairs)
    assert found.by_variant == {3: {"ENSG01"}}
    assert "3 variants have no pair" in found.said and "(NOPE)" in found.said
    assert "2 variants match none of the file of variants (chr1_11_A_C, rs9)" in found.said
    with pytest.raises(InputError, match="NOPE"):
        asked(tmp_path, pairs, strict=True)
    with pytest.raises(InputError, match=r"2 variants match none(.|\n)*place and alleles"):
        asked(tmp_path, pairs.replace("NOPE", "B"), strict=True)


MISTAKES = {
    "no gene that matches": ("X\nY\n", r"2 names match no gene(.|\n)*ENSG01, ENSG02"),
    "no variant that matches": ("variant\tgene\nrs9\tA\n", "1 variants match none"),
    "matches that never meet": ("variant\tgene\nrs9\tA\nrs1\tX\n", "1 variants match none"),
    "no column of a gene": ("name\tTSS\nA\t5\n", r"columns name, TSS(.|\n)*gene_id"),
    "nothing": ("", "empty"),
    "a header alone": ("gene\tnote\n", "found: +no names\n"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_list_of_nothing_is_refused(name, tmp_path):
    text, said = MISTAKES[name]
    with pytest.raises(InputError, match=said):
        asked(tmp_path, text)


def test_haplotypes_are_asked_about_for_genes_alone(tmp_path):
    assert asked(tmp_path, "A\n", None).genes == {"ENSG01"}
    with pytest.raises(InputError, match="variants beside the genes"):
        asked(tmp_path, PAIRS["ids"], None)
