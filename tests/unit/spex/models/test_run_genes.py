"""Genes of a run: chosen, and joined to their labels by id."""

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.spex.models.gene_table import read_genes
from foldcast.spex.models.run_genes import Steps, add_lengths, join, matches, select
from foldcast.spex.models.tissue_expression import read_expression

SIZES = pd.Series({"chr1": 10_000, "chr2": 8_000, "chrX": 5_000})
EXPECTO = """id,symbol,seqnames,strand,TSS,CAGE_representative_TSS,type
ENSG4,D,2,+,100,,protein_coding
ENSG1.7,A,chr1,+,500,510,protein_coding
ENSG2,B,1,-,400,401,lincRNA
ENSG3,C,chr1,+,50,60,rRNA
ENSG5,E,chrX,+,50,60,protein_coding
ENSG6,F,chr1,+,,70,protein_coding
ENSG7,A,chrUn,+,50,60,protein_coding
"""
CHROMS = ["chr1", "chr2"]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "geneanno.csv"
    path.write_text(EXPECTO)
    return path


def chosen(table, gene_type="all", chroms=CHROMS, sizes=SIZES):
    steps = Steps()
    return select(read_genes(table), sizes, chroms, gene_type, table, steps), steps


def labels(**rows):
    return pd.DataFrame({"Liver": rows}).rename_axis("id")


def test_expectos_table(table):
    genes, steps = chosen(table)
    assert list(genes["gene"]) == ["ENSG2", "ENSG1", "ENSG4"]
    assert list(genes["tss"]) == [400, 509, 99]  # 0-based; the plain TSS where there is no CAGE
    assert list(genes["chrom"]) == ["chr1", "chr1", "chr2"]
    lost = {step: lost for step, _, lost, _ in steps.rows}
    assert lost == {
        **{"gene table": 0, "whole": 1, "no rRNA": 1, "genome": 1},
        "chromosomes": 1,
    }
    assert "chrX" in steps.rows[-1][3] and "such as ENSG5" in steps.rows[-1][3]


def test_gene_types(table, tmp_path):
    assert list(chosen(table, "protein_coding")[0]["gene"]) == ["ENSG1", "ENSG4"]
    assert list(chosen(table, "lincRNA")[0]["gene"]) == ["ENSG2"]
    table.write_text(EXPECTO.replace("lincRNA", "lncRNA"))
    assert list(chosen(table, "lincRNA")[0]["gene"]) == ["ENSG2"]


def test_genome_without_chr(table):
    sizes = SIZES.rename(lambda name: name.removeprefix("chr"))
    assert list(chosen(table, chroms=["1", "2"], sizes=sizes)[0]["chrom"]) == ["1", "1", "2"]


def test_our_annotation(tmp_path):
    path = tmp_path / "annotation.tsv"
    path.write_text(
        "gene\tsymbol\tchrom\tstart\tend\tstrand\ttss\tbiotype\taliases\n"
        "ENSG1\tA\tchr1\t100\t400\t-\t399\tprotein_coding\t\n"
    )
    genes = read_genes(path)
    assert genes.iloc[0].to_list() == ["ENSG1", "A", "chr1", 399, "-", "protein_coding", 300]
    other = pd.DataFrame({"gene": ["ENSG9", "ENSG1"], "length": [np.nan, np.nan]})
    lengths = add_lengths(other, genes)["length"]
    assert lengths.isna().tolist() == [True, False] and lengths[1] == 300


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ENSG1.7", "ENSG2", "lines 4 and 3"),
        ("500,510", "500,51x", "line 3, CAGE_representative_TSS\n  found:    '51x'"),
        ("500,510", "500,10001", "off the chromosome of 10,000 bp (1 such genes)"),
        ("seqnames", "place", "columns id, symbol, place"),
    ],
)
def test_mistakes_in_a_gene_table(table, old, new, said):
    table.write_text(EXPECTO.replace(old, new))
    if said.startswith("lines"):
        said = "lines 3 and 4\n  found:    gene ENSG2 twice"
    with pytest.raises(InputError) as error:
        chosen(table)
    assert said in str(error.value)


def test_chromosomes(table):
    with pytest.raises(InputError, match="did you mean chr1"):
        chosen(table, chroms=["chr01"])
    with pytest.raises(InputError, match="chromosomes: 0 genes"):
        chosen(table, chroms=["chr2"], gene_type="lincRNA")


def joined(table, expression, kind="ensembl", ids=None):
    genes, steps = chosen(table)
    pairs = matches(read_genes(table), expression.index, kind, ids)
    return *join(genes, pairs, expression, "expression.tsv", steps), steps


def test_joined_by_id_whatever_the_order(table):
    genes, found, steps = joined(table, labels(ENSG4=4.0, ENSG9=9.0, ENSG1=1.0, ENSG2=2.0))
    assert list(found["Liver"]) == [2.0, 1.0, 4.0] and list(found.index) == list(genes["gene"])
    assert ("expression ids", 3, 1, "ids that no gene of the gene table has") in steps.rows


def test_genes_without_a_row_and_without_a_value(table):
    genes, found, steps = joined(table, labels(ENSG1=np.nan, ENSG2=2.0))
    assert list(genes["gene"]) == ["ENSG2"]
    lost = {step: lost for step, _, lost, _ in steps.rows}
    assert lost["measured"] == 1 and lost["label"] == 1


def test_a_value_that_is_missing_in_one_tissue_stays_missing(table):
    expression = labels(ENSG1=1.0, ENSG2=2.0).assign(Brain=[np.nan, 3.0])
    genes, found, steps = joined(table, expression)
    assert found["Brain"].isna().tolist() == [False, True]
    assert ("missing in Brain", 1, 1, "left out of its fit") in steps.rows


def test_rows_twice(table):
    expression = labels(ENSG1=1.0, ENSG2=2.0)
    same = pd.concat([expression, expression])
    assert list(joined(table, same)[0]["gene"]) == ["ENSG2", "ENSG1"]
    differing = pd.concat([expression, labels(ENSG1=5.0)])
    genes, _, steps = joined(table, differing)
    assert list(genes["gene"]) == ["ENSG2"]
    assert ("one row", 1, 1, "several rows of different values (such as ENSG1)") in steps.rows


def test_symbols_of_two_genes_are_no_ones(table):
    genes, _, steps = joined(table, labels(A=1.0, B=2.0, D=3.0), "symbol")
    assert list(genes["gene"]) == ["ENSG2", "ENSG4"]  # A is ENSG1 and ENSG7
    assert any(step == "own row" and lost == 1 for step, _, lost, _ in steps.rows)


def test_entrez_ids(table, tmp_path):
    ids = tmp_path / "ids.tsv"
    ids.write_text(
        "Ensembl\tentrez\tsymbol\nENSG1\t11\tA\nENSG1\t12\tA\nENSG2.3\t22\tB\nENSG4\t44.0\tD\n"
        "ENSG4\t44\tD\nENSG8\t22\tother\nENSG9\t\tZ\n"
    )
    expression = labels(**{"11": 1.0, "12": 1.5, "22": 2.0, "44": 4.0})
    genes, found, steps = joined(table, expression, "entrez", ids)
    # ENSG1 has two ids; ENSG8 shares 22 but is no gene of the table.
    assert list(genes["gene"]) == ["ENSG2", "ENSG4"] and list(found["Liver"]) == [2.0, 4.0]
    ids.write_text("a\tb\n1\t2\n")
    with pytest.raises(InputError, match="ensgene \\(or ensembl\\) and entrez"):
        joined(table, expression, "entrez", ids)


def test_ids_of_another_kind(table):
    with pytest.raises(InputError) as error:
        joined(table, labels(TP53=1.0, BRCA1=2.0))
    assert "ids such as TP53, BRCA1" in str(error.value) and "ENSG2" in str(error.value)


@pytest.fixture
def gene_tables(mirror):
    (folder,) = mirror.glob("SFGLab/spex/*/expecto")
    return {"hg19": folder / "geneanno.csv", "hg38": folder / "geneanno_GRCh38.csv"}


AUTOSOMES = [f"chr{k}" for k in range(1, 23)]
ENTREZ = {"hg19": 16_590, "hg38": 16_898}
HUMAN = pd.Series(300_000_000, index=[*AUTOSOMES, "chrX", "chrY"])


def test_the_published_gene_set(gene_tables):
    genes, steps = chosen(gene_tables["hg38"], chroms=AUTOSOMES, sizes=HUMAN)
    assert len(genes) == 22_826  # as published
    lost = {step: lost for step, _, lost, _ in steps.rows}
    assert lost == {
        **{"gene table": 0, "whole": 4, "no rRNA": 522, "genome": 0},
        "chromosomes": 987,
    }


@pytest.mark.slow
def test_real_join_by_ensembl_ids(gene_tables, shared):
    path = shared / "gtex/GTEx_V4_log2rpkm_ensembl_grch37.tsv.gz"
    expression = read_expression(path, id="ensembl", values="log")
    genes, steps = chosen(gene_tables["hg19"], chroms=AUTOSOMES, sizes=HUMAN)
    pairs = matches(read_genes(gene_tables["hg19"]), expression.index, "ensembl", None)
    genes, found, steps = *join(genes, pairs, expression, path, steps), steps
    raw = pd.read_csv(path, sep="\t").drop(columns="GeneID").drop_duplicates()
    once = raw.drop_duplicates("ensgene", keep=False).set_index("ensgene")
    anno = pd.read_csv(gene_tables["hg19"]).query("type != 'rRNA'")
    wanted = anno[anno["seqnames"].isin(AUTOSOMES) & anno["id"].isin(once.index)]
    assert {*genes["gene"]} == {*wanted["id"]} and len(genes) == 16_777
    np.testing.assert_array_equal(found["Liver"], once.loc[genes["gene"], "Liver"])


@pytest.mark.parametrize(
    ("assembly", "build"), [("hg19", "37"), pytest.param("hg38", "38", marks=pytest.mark.slow)]
)
def test_real_join_by_entrez_ids(gene_tables, shared, mirror, assembly, build):
    (path,) = mirror.glob("dhimmel/gtex/*/data/expression-SMTSD.tsv.gz")
    ids = shared / f"annotation/annotables_grch{build}.tsv.gz"
    expression = read_expression(path, id="entrez", values="log")
    every = read_genes(gene_tables[assembly])
    steps = Steps()
    genes = select(every, HUMAN, AUTOSOMES, "all", path, steps)
    pairs = matches(every, expression.index, "entrez", ids)
    genes, found = join(genes, pairs, expression, path, steps)
    raw = pd.read_csv(path, sep="\t", dtype={"GeneID": str}).set_index("GeneID")
    known = pd.read_csv(ids, sep="\t", dtype=str)[["ensgene", "entrez"]].dropna().drop_duplicates()
    known = known[known["ensgene"].isin(every["gene"]) & known["entrez"].isin(raw.index)]
    known = known[~known["ensgene"].duplicated(False) & ~known["entrez"].duplicated(False)]
    used = select(every, HUMAN, AUTOSOMES, "all", "", Steps())["gene"]
    known = known[known["ensgene"].isin(used)]
    assert {*genes["gene"]} == {*known["ensgene"]} and len(genes) == ENTREZ[assembly]
    entrez = known.set_index("ensgene")["entrez"]
    np.testing.assert_array_equal(found["Lung"], raw.loc[entrez[genes["gene"]], "Lung"])
