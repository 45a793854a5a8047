"""Names as tables have them, whole panels of another kind or species, and what is said of them."""

import time

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.genes.gene_names import Names
from foldcast.genes.gene_placing import place_genes
from foldcast.genes.identifier_kinds import ENSEMBL, ENTREZ, MIRNAS, SYMBOLS, guess

HUMAN = [
    # gene, symbol, aliases
    ("ENSG00000141510", "TP53", "7157|P53|LFS1"),
    ("ENSG00000075624", "ACTB", "60"),
    ("ENSG00000182378", "PLCXD1", "55344"),
    ("ENSG00000182378_PAR_Y", "PLCXD1", ""),
    ("ENSG00000002586", "CD99", "4267|MIC2"),
    ("ENSG00000111640", "GAPDH", "2597"),
    ("ENSG00000199405", "Y_RNA", ""),
    ("ENSG00000200882", "Y_RNA", ""),
    ("ENSG00000197903", "H2BC12", "85236|HIST1H2BK"),
    ("ENSG00000099139", "PCSK5", "5125|PC5|SPC6"),
    ("ENSG00000169245", "CXCL10", "3627"),
    ("ENSG00000136244", "IL6", "3569"),
]
TP53 = "ENSG00000141510"


def genome(rows, symbol=str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["gene", "symbol", "aliases"])
    start = pd.Series(range(len(table))) * 1000
    table["symbol"] = table["symbol"].map(symbol)
    return table.assign(chrom="chr1", start=start, end=start + 500, strand="+", tss=start)


@pytest.fixture(scope="module")
def human() -> Names:
    return Names(genome(HUMAN))


WITHIN = ", a part of the name"
ONE = {
    "ENSG00000141510": (TP53, "gene id"),
    "ENSG00000141510.18": (TP53, "gene id"),
    "ensg00000141510.18": (TP53, "gene id"),
    " ENSG00000141510.18 ": (TP53, "gene id"),
    '"ENSG00000141510"': (TP53, "gene id"),
    "'TP53": (TP53, "symbol"),
    "“TP53”": (TP53, "symbol"),
    "\ufeffTP53": (TP53, "symbol"),
    "TP53\u00a0": (TP53, "symbol"),
    "ENSG00000141510.18|TP53": (TP53, "gene id" + WITHIN),
    "TP53|ENSG00000141510.18": (TP53, "gene id" + WITHIN),
    "ENSG00000141510_TP53": (TP53, "gene id" + WITHIN),
    "TP53_ENSG00000141510": (TP53, "gene id" + WITHIN),
    "TP53_ENSG00000141510.18": (TP53, "gene id" + WITHIN),
    "ENSG00000141510-TP53": (TP53, "gene id" + WITHIN),
    "ENSG00000141510:TP53": (TP53, "gene id" + WITHIN),
    "ENSG00000141510;TP53": (TP53, "gene id" + WITHIN),
    "TP53 (ENSG00000141510)": (TP53, "gene id" + WITHIN),
    "ENSG00000141510 TP53": (TP53, "gene id" + WITHIN),
    "ENSG00000141510__TP53": (TP53, "gene id" + WITHIN),
    "gene:ENSG00000141510": (TP53, "gene id" + WITHIN),
    "gene_id:ENSG00000141510.3": (TP53, "gene id" + WITHIN),
    "Ensembl:ENSG00000141510": (TP53, "gene id" + WITHIN),
    "ENSG00000141510|unheard": (TP53, "gene id" + WITHIN),
    "MSTRG.17|TP53": (TP53, "symbol" + WITHIN),
    "ENSG00000999999|TP53": (TP53, "symbol" + WITHIN),
    "gene-TP53": (TP53, "symbol" + WITHIN),
    "gene:TP53": (TP53, "symbol" + WITHIN),
    "MSTRG.17|P53": (TP53, "alias" + WITHIN),
    "7157": (TP53, "gene id"),
    "7157.0": (TP53, "gene id"),
    "TP53|7157": (TP53, "gene id" + WITHIN),
    "renamed|7157": (TP53, "gene id" + WITHIN),
    "?|7157": (TP53, "gene id" + WITHIN),
    "GeneID:7157": (TP53, "gene id" + WITHIN),
    "hsa:7157": (TP53, "gene id" + WITHIN),
    # GENCODE's transcripts: 2597 is a length here, and GAPDH's number.
    "ENST00000269305.9|ENSG00000141510.18|-|TP53-201|TP53|2597|mRNA|": (TP53, "gene id" + WITHIN),
    "ENSG00000182378.16_PAR_Y": ("ENSG00000182378_PAR_Y", "gene id"),
    "ENSGR0000182378": ("ENSG00000182378_PAR_Y", "gene id"),
    "ENSG00000182378.16": ("ENSG00000182378", "gene id"),
    "ENSG00000002586.20_PAR_Y": ("ENSG00000002586", "gene id, but for the copy on Y"),
    "ENSG00000199405|Y_RNA": ("ENSG00000199405", "gene id" + WITHIN),
    "Y_RNA_ENSG00000200882.1": ("ENSG00000200882", "gene id" + WITHIN),
    "H2BC12": ("ENSG00000197903", "symbol"),
    "sp|P53_HUMAN|TP53": (TP53, "symbol" + WITHIN),
}


@pytest.mark.parametrize("name", ONE)
def test_a_name_is_found_by_the_part_that_is_known(human, name):
    gene, how = ONE[name]
    found = human.resolve(name)
    assert found.row is not None, found.explanation
    assert (human.annotation["gene"][found.row], found.how) == (gene, how)
    assert found.query in name


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("Y_RNA", "ambiguous"),
        ("ENSG00000999999|Y_RNA", "ambiguous"),
        ("ENSG00000141510|ENSG00000075624", "ambiguous"),
        ("ACTB|7157", "ambiguous"),  # number and symbol are two genes
        ("TP53;ACTB", "ambiguous"),
        ("TP53 /// ACTB", "ambiguous"),
        ("TP53.1", "not found"),
        ("ENST00000269305", "not found"),
        ("12345678", "not found"),
        ("TP53, ACTB", "not found"),
        ("NA|NA", "not found"),
        ("|", "not found"),
    ],
)
def test_nothing_is_guessed_from_parts(human, name, how):
    found = human.resolve(name)
    assert (found.row, found.how) == (None, how)


def test_an_id_decides_and_the_other_part_is_said(human):
    found = human.resolve("ENSG00000141510|ACTB")
    assert human.annotation["gene"][found.row] == TP53
    assert "ACTB is the symbol of ACTB (ENSG00000075624" in found.explanation


def test_versions_in_the_annotation_do_not_count():
    names = Names(genome([("ENSMUSG00000051951.6", "Xkr4", "")]))
    for name in ("ENSMUSG00000051951", "ENSMUSG00000051951.5", "ENSMUSG00000051951.3|x"):
        assert names.resolve(name).row == 0


PANELS = {
    (ENSEMBL, "human"): [gene for gene, *_ in HUMAN],
    (ENSEMBL, "mouse"): [f"ENSMUSG{k:011}.{k}" for k in range(12)],
    (ENSEMBL, "zebrafish"): [f"ENSDARG{k:011}" for k in range(12)],
    (ENSEMBL, "rat"): [f"ENSRNOG{k:011}|x" for k in range(12)],
    ("Ensembl transcript ids", "human"): [f"ENST{k:011}.2" for k in range(12)],
    ("Ensembl transcript ids", "mouse"): [f"ENSMUST{k:011}" for k in range(12)],
    (ENTREZ, ""): [str(k) for k in range(100, 112)],
    ("RefSeq transcript ids", ""): [f"NM_{k:06}.2" for k in range(12)],
    ("FlyBase gene ids", "fruitfly"): [f"FBgn{k:07}" for k in range(12)],
    ("WormBase gene ids", "nematode"): [f"WBGene{k:08}" for k in range(12)],
    ("systematic names of yeast (SGD)", "yeast"): [f"YDR{k:03}C" for k in range(12)],
    ("TAIR gene ids", "thale-cress"): [f"AT1G{k:05}.1" for k in range(12)],
    ("UniProt accessions", ""): ["P04637", "P60709", "Q9Y2H1", "O15350", "A0A024RBG1"],
    ("probes of Affymetrix", ""): [f"{k}_s_at" for k in range(1000, 1012)],
    ("probes of Illumina", ""): [f"ILMN_{k}" for k in range(1000, 1012)],
    (MIRNAS, "human"): [f"hsa-miR-{k}-5p" for k in range(12)],
    (MIRNAS, "mouse"): [f"mmu-let-7{k}" for k in "abcdefg"],
    (SYMBOLS, "human"): ["TP53", "ACTB", "C1orf112", *(f"SLC{k}A1" for k in range(9))],
    (SYMBOLS, "mouse or rat"): ["Trp53", "Actb", "H2-K1", *(f"Slc{k}a1" for k in range(9))],
    (SYMBOLS, "zebrafish or frog"): ["tp53", *(f"slc{k}a1" for k in range(11))],
    (SYMBOLS, ""): ["a", "Abd-B", "CG1234", "l(1)sc", "eve", "Kr"],
    ("", ""): ["TP53", "7157", "ENSG00000141510", "FBgn0000008"],
}


@pytest.mark.parametrize("kind", PANELS)
def test_the_kind_and_the_species_of_names_are_guessed(kind):
    found = guess(PANELS[kind])
    assert (found.kind, found.species) == kind
    assert not found.kind or found.example in str(found)


def place(names, annotation=None, **options):
    annotation = genome(HUMAN) if annotation is None else annotation
    return place_genes(names, annotation, "data/counts.tsv", **options)


OTHERS = {
    "mouse ids": (
        PANELS[ENSEMBL, "mouse"],
        "Ensembl gene ids of mouse (ENSMUSG00000000000.0), and",
    ),
    "transcripts": (PANELS["Ensembl transcript ids", "human"], "name no gene of an annotation"),
    "probes": (PANELS["probes of Affymetrix", ""], "probes of Affymetrix (1000_s_at)"),
    "miRNAs": (PANELS[MIRNAS, "human"], "names of miRNAs of human"),
    "yeast": (PANELS["systematic names of yeast (SGD)", "yeast"], "of yeast (YDR000C)"),
    "mouse symbols": ([f"Slc{k}a1" for k in range(20)], "as those of mouse or rat (Slc0a1)"),
    "a fifth placed": ([*PANELS[ENSEMBL, "mouse"], "TP53", "ACTB", "IL6"], "of mouse"),
}

# Where another annotation is not what helps.
WAYS_OUT = {"transcripts": "tximport", "probes": "GPL table", "miRNAs": "nodes: mirna"}


@pytest.mark.parametrize("name", OTHERS)
def test_names_of_another_kind_or_species_are_refused_with_the_guess(name):
    names, said = OTHERS[name]
    with pytest.raises(InputError, match=r"data/counts\.tsv, the genes' names") as caught:
        place(names)
    assert said in caught.value.found
    assert WAYS_OUT.get(name, "genome.annotation") in caught.value.remedy
    assert f"of {len(names)} genes placed" in caught.value.found


def test_entrez_numbers_need_an_annotation_that_has_them():
    names = [aliases.split("|")[0] for *_, aliases in HUMAN if aliases]
    assert place(names)[0]["chrom"].notna().all()
    with pytest.raises(InputError, match=r"(?s)Entrez.*gene_info"):
        place(names, genome(HUMAN).assign(aliases=""))


def test_what_is_decided_by_hand_of_no_gene_of_the_table_is_said():
    by_hand = pd.DataFrame([("TP54", "TP53", "a slip"), ("ACTB", "", "x")])
    by_hand.columns = ["gene", "symbol", "reason"]
    *_, warnings = place(["TP53", "ACTB", "IL6"], overrides=by_hand, sheet="names.tsv")
    assert warnings == [
        "1 of 2 lines of names.tsv are of no gene of the table, such as TP54: did you mean TP53?"
    ]


def test_hardly_any_is_refused_and_less_than_half_is_said():
    strange = [f"GENE{k}" for k in range(60)]
    with pytest.raises(InputError, match="only 2 of 62 genes placed"):
        place([*strange, "TP53", "ACTB"])
    *_, warnings = place([*strange[:5], "TP53", "ACTB"])
    assert warnings == ["only 2 of 7 genes placed, not such as GENE0, GENE1, GENE2 and 2 more"]
    *_, warnings = place(["TP53", "ACTB", "x"])
    assert not warnings


def test_none_placed_is_only_said_where_mygene_is_asked_later():
    loci, _, warnings = place(["x", "y"], asked_later=True)
    assert loci["chrom"].isna().all() and "mygene.info may know them" in warnings[0]


def test_placed_by_case_alone_is_said_with_the_guess():
    symbols = [f"SLC{k}A1" for k in range(20)]
    annotation = genome([(f"ENSG{k:011}", symbol, "") for k, symbol in enumerate(symbols)])
    loci, _, warnings = place([symbol.capitalize() for symbol in symbols], annotation)
    assert loci["chrom"].notna().all()
    assert "20 of 20 placed genes only by ignoring case (such as Slc0a1 for SLC0A1)" in warnings[0]
    assert "those of mouse or rat" in warnings[0] and "those of human" in warnings[0]
    assert not place(symbols, annotation)[2]


def test_mirnas_are_few_on_any_annotation():
    annotation = genome([("ENSG00000284190", "MIR21", "")])
    assert not place([*PANELS[MIRNAS, "human"], "hsa-miR-21-5p"], annotation, nodes="mirna")[2]
    with pytest.raises(InputError, match="none of 2 miRNAs"):
        place(["hsa-miR-7", "hsa-miR-9"], annotation, nodes="mirna")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["annotables_grch38", "mm9_knownGene_genes"])
def test_real_annotations(shared, name):
    path = shared / f"annotation/{name}.tsv.gz"
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False).drop_duplicates("ensgene")
    table = table[table["ensgene"].str.startswith("ENS")].head(5000).reset_index(drop=True)
    annotation = table.rename(columns={"ensgene": "gene", "entrez": "aliases"})
    annotation = genome(annotation[["gene", "symbol", "aliases"]].to_numpy().tolist())
    some = annotation.iloc[::50]
    for names in (
        some["gene"] + "." + (some.index % 9 + 1).astype(str) + "|" + some["symbol"],
        some["symbol"] + "_" + some["gene"],
        "gene:" + some["gene"],
    ):
        loci, *_ = place(list(names), annotation)
        assert loci["gene_id"].tolist() == some["gene"].tolist()
    human = name.endswith("38")
    strange = [f"{'ENSMUSG' if human else 'ENSG'}{k:011}" for k in range(50)]
    with pytest.raises(
        InputError, match=f"of {'mouse' if human else 'human'} .*and the annotation"
    ):
        place(strange, annotation)


@pytest.mark.slow
def test_a_whole_genome_is_placed_in_seconds():
    """Rows of a data frame, and all symbols for each name that is unknown, took half a minute."""
    rows = [(f"ENSMUSG{i:011d}", f"Gm{i}", "") for i in range(20_000)]
    names = [
        *(f"ENSMUSG{i:011d}.{i % 9}" for i in range(15_000)),
        *(f"Gm{i}x" for i in range(5000)),
    ]
    mouse = genome(rows)
    before = time.process_time()
    loci, report, _ = place_genes(names, mouse, "counts.txt")
    assert time.process_time() - before < 8
    assert loci["chrom"].notna().sum() == 15_000
    assert (report["how"] == "not found").sum() == 5000


def test_a_name_of_a_large_family_gets_a_hint_too():
    rows = [(f"ENSMUSG{i:011d}", f"Gm{i}", "") for i in range(20_000)]
    assert "did you mean Gm12345" in Names(genome(rows)).resolve("Gm12345x").explanation
