"""Gene sets: their files, what they call the genes of a panel, and their place in the config."""

import gzip

import pandas as pd
import pytest

from foldcast.enrichment.gene_identifiers import (
    check_found,
    match,
    own_names,
    panel_genes,
    read_names,
)
from foldcast.enrichment.gene_set_settings import names_for, settle_enrichment
from foldcast.enrichment.gene_sets import read_gmt
from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.preflight.given_gene_sets import look_at_sets


def write(path, text):
    path.write_text(text)
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_gmt_file_is_read_whatever_its_line_ends(tmp_path, end):
    path = tmp_path / "a.gmt"
    lines = ["HALLMARK_A\tMM1\tAbca1\tNA\t", "B\t\tCDH1,1.0\tCDH1\tNkx2-1,-2.5e-3", "", "C\tx\t12"]
    path.write_bytes(end.join(lines).encode())
    assert read_gmt(path) == {"HALLMARK_A": ("Abca1", "NA"), "B": ("CDH1", "Nkx2-1"), "C": ("12",)}
    (tmp_path / "a.gmt.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    assert read_gmt(tmp_path / "a.gmt.gz") == read_gmt(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no sets"),
        ("A\tx\tg1\nB\tx\n", "a.gmt, line 2"),
        ("A\tx\tg1\nA\tx\tg2\n", "line 2\n  found:    a second set A"),
        ("gene,symbol\n1,Abca1\n", "line 1\n  found:    'gene,symbol'"),
        ("\tx\tg1\n", "line 1"),
    ],
)
def test_what_is_no_gmt_file_is_refused(tmp_path, text, said):
    with pytest.raises(InputError) as caught:
        read_gmt(write(tmp_path / "a.gmt", text))
    assert said in str(caught.value) and "MSigDB or Enrichr" in str(caught.value)


LOCI = pd.DataFrame(
    {
        "gene": ["AGER", "RAGE", "Aqp5(Aquaporin)", "nothing", "P-63", "New"],
        "symbol": ["Ager", "Ager", "Aqp5", None, "Trp63", "Newsym"],
        "gene_id": ["E1", "E1", "E2", None, "E4", "E5"],
    }
)
ANNOTATION = pd.DataFrame(
    [
        ("ENSMUSG01", "Cdh1", "11|Ecad"),
        ("ENSMUSG02.3", "Cdh2", "12"),
        ("ENSMUSG03", "Newsym", "Oldsym|13|14"),
        ("ENSMUSG04", "Other", "Cdh1alias"),
        ("ENSMUSG05", "Twin1", "Both"),
        ("ENSMUSG06", "Twin2", "Both"),
        ("ENSMUSG07", "Trick", "Other|Trickalias"),
    ],
    columns=["gene", "symbol", "aliases"],
)


def test_rows_that_are_one_gene_are_one_and_unresolved_ones_none():
    panel = panel_genes(LOCI)
    assert panel["gene"].tolist() == ["Ager", "Aqp5", "Trp63", "Newsym"]
    assert panel["rows"].tolist() == ["AGER|RAGE", "Aqp5(Aquaporin)", "P-63", "New"]
    assert panel["gene_id"].tolist() == ["E1", "E2", "E4", "E5"]
    assert panel_genes(LOCI, ["RAGE", "New", "nothing"])["rows"].tolist() == ["RAGE", "New"]
    own_ids = panel_genes(LOCI.drop(columns="gene_id"))
    assert own_ids["gene_id"].tolist()[0] == "AGER|RAGE"


def panel_of(*symbols):
    ids = ANNOTATION.set_index("symbol")["gene"]
    rows = {"gene": symbols, "symbol": symbols, "gene_id": [ids[one] for one in symbols]}
    return panel_genes(pd.DataFrame(rows))


def matched(*symbols, universe, **kwargs):
    panel = panel_of(*symbols)
    known = set(ANNOTATION["symbol"])
    table = match(
        panel["gene"], own_names(panel, ANNOTATION), universe, symbols=known, **kwargs
    ).set_index("gene")
    assert list(table.index) == list(symbols)
    return table


def test_the_annotation_gives_aliases_and_ids():
    names = own_names(panel_of("Cdh1", "Cdh2", "Newsym"), ANNOTATION).set_index("gene")
    assert names["entrez"].tolist() == ["11", "12", "13|14"]
    assert names["ensembl"].tolist() == ["ENSMUSG01", "ENSMUSG02", "ENSMUSG03"]
    assert names.loc["Cdh1", "aliases"] == "ENSMUSG01|11|Ecad"


def test_symbols_come_before_aliases_and_an_alias_that_is_a_symbol_is_not_taken():
    table = matched("Cdh1", "Newsym", "Trick", universe={"Cdh1", "Ecad", "Oldsym", "Other"})
    assert table["name"].tolist()[:2] == ["Cdh1", "Oldsym"] and table["name"].isna()["Trick"]
    assert table["how"].tolist() == ["symbol", "alias", "not in the sets"]
    assert table["explanation"]["Newsym"] == "as Oldsym"
    assert table["background"].all()


def test_a_name_of_two_genes_is_of_none_and_two_names_of_one_gene_too():
    table = matched("Twin1", "Twin2", "Newsym", universe={"Both", "Oldsym", "13", "x"})
    assert table["name"].isna().all()
    assert table["how"].tolist() == ["ambiguous"] * 3
    assert "all of Twin1, Twin2" in table["explanation"]["Twin1"]
    assert "13, Oldsym" in table["explanation"]["Newsym"]
    assert matched("Twin1", universe={"Both"})["name"].tolist() == ["Both"]


def test_case_counts_unless_it_is_to_be_ignored():
    assert matched("Cdh1", universe={"CDH1"})["name"].isna().all()
    table = matched("Cdh1", "Cdh2", universe={"CDH1", "CDH2", "cdh2"}, ignore_case=True)
    assert table["name"].fillna("").tolist() == ["CDH1", ""]
    assert table["how"].tolist() == ["symbol, but for case", "ambiguous"]


def test_ids_are_matched_as_such_and_genes_without_one_are_no_background():
    table = matched("Cdh1", "Twin1", universe={"11", "99"}, identifiers="entrez")
    assert table["name"].tolist()[0] == "11" and not table["background"]["Twin1"]
    assert table["how"]["Twin1"] == "no entrez"
    table = matched("Cdh1", "Cdh2", universe={"ENSMUSG02.9", "x"}, identifiers="ensembl")
    assert table["name"].fillna("").tolist() == ["", "ENSMUSG02.9"]


def test_a_table_of_names_of_ones_own(tmp_path):
    path = write(
        tmp_path / "names.tsv",
        "symbol\tname\tensgene\nCdh1\tCDH1\tENSG01.2\nTwin1\tTWIN\t\nTwin1\tTWINB\t\nCdh2\t\t\n",
    )
    names = read_names(path)
    assert names["gene"].tolist() == ["Cdh1", "Twin1", "Cdh2"]
    assert names.set_index("gene")["ensembl"]["Cdh1"] == "ENSG01"
    table = match(["Cdh1", "Twin1", "Cdh2", "Lost"], names, {"CDH1", "TWIN", "TWINB"})
    assert table["name"].fillna("").tolist() == ["CDH1", "", "", ""]
    assert table["how"].tolist() == ["symbol", "ambiguous", "no symbol", "no symbol"]
    assert table["background"].tolist() == [True, True, False, False]
    same = read_names(write(tmp_path / "ids.tsv", "gene\tentrez\nCdh1\t11\n"))
    assert same["name"].tolist() == ["Cdh1"]
    with pytest.raises(InputError, match=r"header\n  found:    a, b"):
        read_names(write(tmp_path / "wrong.tsv", "a\tb\n1\t2\n"))


def test_sets_of_another_species_are_refused_with_what_to_do(tmp_path):
    table = matched("Cdh1", "Cdh2", "Newsym", universe={"CDH1", "CDH2", "NEWSYM"})
    with pytest.raises(InputError) as caught:
        check_found(table.reset_index(), {"CDH1", "CDH2", "NEWSYM"}, "h.all.gmt")
    assert "3 of them are, but for case: sets of another species?" in str(caught.value)
    assert "`species`" in str(caught.value) and "h.all.gmt" in str(caught.value)


def about(**kwargs):
    return {"identifiers": "symbol", "ignore_case": False, "foreign": False} | kwargs


def test_preflight_looks_at_sets(tmp_path):
    path = write(tmp_path / "a.gmt", "A\tx\tCdh1\tCdh2\n")
    capitals = write(tmp_path / "b.gmt", "A\tx\tCDH1\tCDH2\n")

    def attempt(check, *args):
        return check(*args)

    said = look_at_sets(attempt, "a", path, about(), ANNOTATION)
    assert said == "gene sets a: 1 sets of 2 genes, 2 of them symbols of the annotation"
    assert "2 of them" in look_at_sets(attempt, "b", capitals, about(ignore_case=True), ANNOTATION)
    assert look_at_sets(attempt, "b", capitals, about(foreign=True), ANNOTATION).endswith("2 genes")
    with pytest.raises(InputError, match="none of 7 genes"):
        look_at_sets(attempt, "b", capitals, about(), ANNOTATION)


def config(assembly="mm9", names=None, species=None, **entry):
    given = {"path": "a.gmt", "url": None, "enrichr": None, "species": None}
    given |= {"identifiers": "symbol", **entry}
    return {
        "names": {"species": species},
        "genome": {"assembly": assembly},
        "enrichment": {"sets": {"a": given}, "names": names or {}},
    }


def test_the_genomes_own_species_needs_no_table_of_names():
    for one in (config(species="mouse"), config(species=10090, assembly="demo")):
        one["enrichment"]["sets"]["a"]["species"] = one["names"]["species"]
        settle_enrichment(one, "mine.yaml")
        entry = one["enrichment"]["sets"]["a"]
        assert entry["species"] is None and names_for(entry, one) is None
    demo = config(assembly="demo")  # whose species nobody needs to know
    settle_enrichment(demo, "mine.yaml")
    human = config()
    human["enrichment"]["sets"]["a"]["species"] = "human"
    settle_enrichment(human, "mine.yaml")
    assert names_for(human["enrichment"]["sets"]["a"], human) == "human"


def test_a_table_of_ids_of_the_genomes_species_is_used_where_there_is_one():
    entrez = config(identifiers="entrez")
    assert names_for(entrez["enrichment"]["sets"]["a"], entrez) is None
    table = {"mouse": {"path": "ids.tsv"}}
    for identifiers, expected in (("entrez", "mouse"), ("symbol", None)):
        given = config(identifiers=identifiers, names=table)
        assert names_for(given["enrichment"]["sets"]["a"], given) == expected


def test_what_the_config_cannot_mean_is_refused():
    with pytest.raises(InputError, match=r"mine.yaml, enrichment.sets.a\n[\s\S]*one of them"):
        settle_enrichment(config(enrichr="KEGG_2021_Human"), "mine.yaml")
    unknown = config(assembly="danRer11")
    unknown["enrichment"]["sets"]["a"]["species"] = "human"
    with pytest.raises(InputError, match=r"mine.yaml, names.species"):
        settle_enrichment(unknown, "mine.yaml")


@pytest.mark.slow
def test_the_real_mouse_sets_have_the_mouse_lung_panel(shared):
    """But for one gene, all of a panel of lung genes is in GO; Hallmark has half of them."""
    genes = read_table(shared / "annotation/mm9_knownGene_genes.tsv.gz", dtype=str)
    names = ["Ager", "Aqp5", "Cdh1", "Cdh2", "Sftpc", "Vegfa", "Trp63", "Nkx2-1", "Chil1", "Akt1"]
    panel = pd.DataFrame({"gene": names, "rows": names, "gene_id": names})
    annotation = genes.assign(gene=genes["symbol"], aliases="")
    found = {}
    for name in ("hallmark_MH", "GOBP_M5"):
        universe = {g for of in read_gmt(shared / f"genesets/msigdb_mouse_{name}.gmt").values()
                    for g in of}  # fmt: skip
        found[name] = match(names, own_names(panel, annotation), universe)["name"].notna().sum()
    assert found["GOBP_M5"] >= 9 and 3 <= found["hallmark_MH"] <= 9
