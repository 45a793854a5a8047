"""Gene names → loci: each rule, no guessing, and the mouse-lung panel."""

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.expression_tables import read_expression
from foldcast.expression.sample_sheets import read_overrides, read_samples
from foldcast.files import read_table, write_table
from foldcast.genes.gene_names import Names
from foldcast.genes.name_resolution import resolve_panel
from scripts.expression import resolve_genes

GENES = [
    # gene, symbol, aliases
    ("g1", "Cdh1", "Ecad|E-cadherin"),
    ("g2", "S100a4", "Fsp1|shared"),
    ("g3", "Aifm2", "FSP1|shared"),
    ("g4", "Nkx2-1", "Ttf-1"),
    ("g5", "Ttf1", None),
    ("g6", "Gata6", None),
    ("g7", "Vegfa", "Vegf|Gata6"),
    ("g8", "Twin", None),
    ("g9", "Twin", None),
    ("g10", "Serpina3n", None),
    ("g11", "Abc", None),
    ("g12", "ABC", None),
    ("ENSG0000013", "Twin", None),
]


@pytest.fixture
def annotation():
    table = pd.DataFrame(GENES, columns=["gene", "symbol", "aliases"])
    start = pd.Series(range(len(table))) * 1000
    return table.assign(chrom="chr1", start=start, end=start + 500, strand="+", tss=start)


@pytest.mark.parametrize(
    ("name", "symbol", "how"),
    [
        ("Cdh1", "Cdh1", "symbol"),
        ("CDH1", "Cdh1", "symbol, but for case"),
        ("Abc", "Abc", "symbol"),
        ("ABC", "ABC", "symbol"),
        ("CDH1 (PMID 123 456) (Most important)", "Cdh1", "symbol, but for case"),
        ("Cadherin of epithelia(CDH1)", "Cdh1", "symbol, but for case"),
        ("CDH1  sGC(soluble something)", "Cdh1", "symbol, but for case"),
        ("GATA-6", "Gata6", "symbol, but for hyphens and spaces"),
        ("Vegf", "Vegfa", "alias"),
        ("VEGF (PMID 1)", "Vegfa", "alias, but for case"),
        ("Gata6", "Gata6", "symbol"),
        ("FSP1 (S100a4)", "S100a4", "symbol"),
        ("Fsp1", "S100a4", "alias"),
        ("FSP1", "Aifm2", "alias"),
        ("g9", "Twin", "gene id"),
        ("ENSG0000013.7", "Twin", "gene id"),
    ],
)
def test_rules(annotation, name, symbol, how):
    found = Names(annotation).resolve(name)
    assert found.row is not None, found.explanation
    assert (annotation["symbol"][found.row], found.how) == (symbol, how)
    assert symbol in found.explanation


@pytest.mark.parametrize(
    ("name", "how", "said"),
    [
        ("shared", "ambiguous", ["S100a4 (g2, chr1:1000-1500)", "Aifm2 (g3"]),
        ("fsp1", "ambiguous", ["S100a4", "Aifm2"]),
        ("TTF-1", "ambiguous", ["Nkx2-1", "Ttf1"]),
        ("Twin", "ambiguous", ["g8", "g9"]),
        ("abc", "ambiguous", ["g11", "g12"]),
        ("Cdh1 (Gata6)", "ambiguous", ["Cdh1", "Gata6"]),
        ("Cdh1/Gata6", "not found", []),
        ("remark (Vegf)", "not found", []),
        ("Serpina3", "not found", ["did you mean Serpina3n"]),
    ],
)
def test_nothing_is_guessed(annotation, name, how, said):
    found = Names(annotation).resolve(name)
    assert (found.row, found.how) == (None, how)
    for part in said:
        assert part in found.explanation


def overrides(*rows):
    return pd.DataFrame(rows, columns=["gene", "symbol", "reason"])


def test_overrides_come_first_and_may_leave_a_gene_unplaced(annotation):
    by_hand = overrides(
        ("TTF-1", "Nkx2-1", "lung"), ("Cdh1", "", "for a reason"), ("twins", "g77|g9", "the second")
    )
    loci, report = resolve_panel(["TTF-1", "Cdh1", "twins"], annotation, by_hand)
    assert loci["gene_id"].tolist()[::2] == ["g4", "g9"] and pd.isna(loci["chrom"][1])
    assert report["how"].tolist() == ["override", "left unplaced by hand", "override"]
    assert report["explanation"].tolist() == ["lung", "for a reason", "the second"]


@pytest.mark.parametrize(("symbol", "said"), [("Nkx2-2", "Nkx2-1"), ("Twin", "more than one gene")])
def test_an_override_must_name_one_gene(annotation, symbol, said):
    with pytest.raises(InputError) as caught:
        resolve_panel(["x"], annotation, overrides(("x", symbol, "why")), "names.tsv")
    assert "names.tsv, gene x" in str(caught.value) and said in str(caught.value)


def test_two_genes_on_one_locus_stay_and_are_said(annotation):
    loci, report = resolve_panel(["CDH1", "x", "Ecad"], annotation)
    assert loci["gene_id"].fillna("").tolist() == ["g1", "", "g1"]
    assert report["explanation"][0].endswith("shares its locus with Ecad")
    assert report["explanation"][2].endswith("shares its locus with CDH1")


@pytest.fixture(scope="module")
def lung(lung_table, mouse_lung, mm9):
    panel = read_expression(lung_table, read_samples(mouse_lung / "samples.tsv"))
    return list(panel.index), mm9, read_overrides(mouse_lung / "names.tsv")


def test_the_mouse_lung_panel(lung):
    loci, report = resolve_panel(*lung)
    assert loci["gene"].tolist() == report["gene"].tolist() == lung[0]
    unplaced = set(report.loc[report["symbol"].isna(), "gene"])
    assert {name.split(" ")[0] for name in unplaced} == {
        "BCL2A1", "C/EBP", "Chi3l3/Chi3l4", "ERB", "MUC5Ab", "RARA", "Serpina3"
    }  # fmt: skip
    assert report["explanation"].str.len().min() > 10
    symbols = report.set_index("gene")["symbol"]
    for gene, symbol in {
        "RAGE": "Ager",
        "TTF-1": "Nkx2-1",
        "P-63": "Trp63",
        "FSP1 (S100a4)": "S100a4",
        "Claudin5": "Cldn5",
        "Hist1h1b": "H1f5",
        "ITGax (CD11c)": "Itgax",
        "GUCY1A2  sGC(soluble guanylate cyclase) (PMID 23934926)": "Gucy1a2",
    }.items():
        assert symbols[gene] == symbol
    assert loci.set_index("gene").loc["ALDH1A1 (PMID 11751205)", "tss"] == 20676472


@pytest.mark.slow
def test_order_of_panel_and_annotation_does_not_matter(lung):
    genes, annotation, by_hand = lung
    once = resolve_panel(genes, annotation, by_hand)
    shuffled = annotation.sample(frac=1, random_state=1)
    again = resolve_panel(genes[::-1], shuffled, by_hand)
    for before, after in zip(once, again, strict=True):
        pd.testing.assert_frame_equal(before, after[::-1].reset_index(drop=True))


class Files(dict):
    __getattr__ = dict.__getitem__


class Job:
    def __init__(self, folder, **inputs):
        self.input = Files(inputs)
        self.output = Files(loci=folder / "loci.tsv", report=folder / "report.tsv")
        self.params = Files(
            duplicates="keep", nodes="gene", copies="near", assembly="mm9", source="genes.tsv"
        )


def test_the_script_says_how_many_are_placed(tmp_path, annotation, caplog):
    write_table(pd.DataFrame({"gene": ["CDH1", "NA", "007"], "s": 1.0}), tmp_path / "measured.tsv")
    write_table(annotation, tmp_path / "annotation.tsv")
    write_table(overrides(("Cdh1", "Cdh1", "why")), tmp_path / "names.tsv")
    inputs = {name: tmp_path / f"{name}.tsv" for name in ("measured", "annotation")}
    with caplog.at_level("INFO"):
        resolve_genes.main(Job(tmp_path, overrides=tmp_path / "names.tsv", **inputs))
    assert "placed 1 of 3 genes" in caplog.text
    assert "no gene Cdh1 in the table; did you mean CDH1?" in caplog.text
    loci = read_table(tmp_path / "loci.tsv", dtype=str)
    assert list(loci) == [
        "gene", "symbol", "gene_id", "chrom", "start", "end", "strand", "tss"
    ]  # fmt: skip
    assert loci["gene"].tolist() == ["CDH1", "NA", "007"]
    assert loci.loc[0].tolist() == ["CDH1", "Cdh1", "g1", "chr1", "0", "500", "+", "0"]
    assert list(read_table(tmp_path / "report.tsv")) == [
        "gene", "query", "symbol", "how", "explanation", "merged_into"
    ]  # fmt: skip
    first = (tmp_path / "loci.tsv").read_bytes()
    resolve_genes.main(Job(tmp_path, overrides=[], **inputs))
    assert (tmp_path / "loci.tsv").read_bytes() == first
