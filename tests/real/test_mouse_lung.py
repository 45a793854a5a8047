"""Mouse lung from the raw files to the figures, through the real workflow.

Of a run of the mRNA dataset one map is looked at closely.
The figures that are asserted were measured on the raw table before foldcast was written.
"""

import re
from collections import Counter
from pathlib import Path

import cooler
import numpy as np
import pandas as pd
import pytest
import yaml
from lung import LungRun, clone_with_data, write_one

from foldcast.files import read_table
from foldcast.graph.graph_store import read_graphs

pytestmark = pytest.mark.slow

# From what is known of these genes: the mouse symbol and its chromosome.
KNOWN = {
    "AGER": ("Ager", "chr17"),
    "RAGE": ("Ager", "chr17"),
    "Akt": ("Akt1", "chr12"),
    "ALDH1A1 (PMID 11751205)": ("Aldh1a1", "chr19"),
    "Aqp5(Aquaporin)": ("Aqp5", "chr15"),
    "Chi3l1": ("Chil1", "chr1"),
    "Claudin 1": ("Cldn1", "chr16"),
    "Claudin 3": ("Cldn3", "chr5"),
    "Claudin 7": ("Cldn7", "chr11"),
    "Claudin5": ("Cldn5", "chr16"),
    "E-Cadherin (CDH1)": ("Cdh1", "chr8"),
    "N-Cadherin(CDH2)": ("Cdh2", "chr18"),
    "EGFR (Epidermal growth factor receptor) (PMID 22916088 22245996)": ("Egfr", "chr11"),
    "FSP1 (S100a4)": ("S100a4", "chr3"),
    "GATA-6": ("Gata6", "chr18"),
    "GUCY1A2  sGC(soluble guanylate cyclase) (PMID 23934926)": ("Gucy1a2", "chr9"),
    "HIF1alpha": ("Hif1a", "chr12"),
    "Hist1h1b": ("H1f5", "chr13"),
    "hprt": ("Hprt", "chrX"),
    "integrin subunit alpha 8": ("Itga8", "chr2"),
    "ITgam (CD11b)": ("Itgam", "chr7"),
    "ITGax (CD11c)": ("Itgax", "chr7"),
    "MMP-3": ("Mmp3", "chr9"),
    "P-63": ("Trp63", "chr16"),
    "PDPn(Podoplanin)": ("Pdpn", "chr4"),
    "SFTP-C": ("Sftpc", "chr14"),
    "SFTP-D": ("Sftpd", "chr14"),
    "TTF-1": ("Nkx2-1", "chr12"),
    "Vegf": ("Vegfa", "chr17"),
}


@pytest.fixture(scope="module")
def run(lung_run):
    return lung_run("mrna")


@pytest.fixture(scope="module")
def results(run) -> Path:
    return run.results


@pytest.fixture(scope="module")
def raw(mirror) -> Path:
    return next(mirror.glob("beyzoskaya/STEP/*/raw_data_conversion/raw_data_mrna/mRNAnorm.txt"))


@pytest.fixture(scope="module")
def evaluation(results) -> pd.DataFrame:
    """The scores of the model on one map, and of what it is held against."""
    table = read_table(results / "evaluation/mrna/evaluation.tsv")
    return table[table["graph"].isin(["mesc", "-"])]


@pytest.fixture(scope="module")
def value(evaluation) -> pd.Series:
    """By model and metric."""
    return evaluation.set_index(["model", "metric"])["value"]


@pytest.fixture(scope="module")
def loci(results) -> pd.DataFrame:
    return read_table(results / "expression/mrna/loci.tsv", dtype={"gene": str}).set_index("gene")


@pytest.fixture(scope="module")
def pairs(results) -> pd.DataFrame:
    return pd.read_csv(results / "graph/mrna/mesc/interactions.csv")


def test_every_gene_of_the_raw_table_is_scored_from_30_origins(results, raw, evaluation):
    names = [line.split("\t")[0].strip() for line in raw.read_text().splitlines()[1:] if line]
    assert len(set(names)) == len(names) == 126
    scores = read_table(results / "evaluation/mrna/scores.tsv", dtype={"gene": str})
    scores = scores[scores["graph"].isin(["mesc", "-"])]
    for model, part in scores.groupby("model"):
        assert sorted(part["gene"]) == sorted(names), model
        assert np.isfinite(part["mse"]).all() and (part["n"] == 30).all(), model
    assert {"stepmr", "persistence", "smoothing_per_gene"} <= set(scores["model"])
    assert (evaluation["n_genes"] == 126).all() and (evaluation["n_origins"] == 30).all()


def test_genes_are_placed_in_mm9_or_it_is_said_why_not(results, loci, shared):
    placed = loci["chrom"].notna()
    assert len(loci) == 126 and placed.sum() >= 103
    report = read_table(results / "expression/mrna/resolution_report.tsv", dtype=str)
    report = report.set_index("gene")
    assert (report.loc[loci.index[~placed], "explanation"].str.len() > 30).all()
    assert report["explanation"].notna().all()

    found = {gene: (loci.at[gene, "symbol"], loci.at[gene, "chrom"]) for gene in KNOWN}
    assert found == KNOWN

    # A gene's id is Ensembl's, or NCBI's where two genes share that; TSS in the table are 1-based.
    table = read_table(shared / "annotation/mm9_knownGene_genes.tsv.gz", dtype={"entrez": str})
    mm9 = {
        (id_, row.chrom, row.strand, row.tss - 1)
        for row in table.itertuples()
        for id_ in (row.ensgene, row.entrez)
    }
    where = loci.loc[placed, ["gene_id", "chrom", "strand", "tss"]]
    assert set(where.itertuples(index=False, name=None)) <= mm9


@pytest.mark.parametrize(
    ("model", "metric", "measured"),
    [
        ("persistence", "mse", 0.277),
        ("moving_average_3", "skill", 0.263),
        ("smoothing", "skill", 0.261),
        ("smoothing_per_gene", "skill", 0.271),
        ("low_rank_8", "skill", 0.277),
        ("local_level", "skill", 0.321),
        ("stack", "skill", 0.325),
        ("noise_floor", "skill", 0.541),
        ("oracle_local_level", "skill", 0.350),
        ("interpolation", "skill", 0.44),
    ],
)
def test_baselines_and_bounds_are_as_measured(value, model, metric, measured):
    assert value[model, metric] == pytest.approx(measured, abs=0.005)


def test_the_model_is_in_one_table_with_baselines_and_bounds(evaluation):
    kinds = evaluation.drop_duplicates("model").groupby("kind")["model"].agg(set)
    assert kinds["model"] == {"stepmr", "stepmr_without_base", "stack_with_stepmr"}
    assert kinds["part"] == {"stepmr_network", "stepmr_linear_path"}
    assert kinds["bound"] == {"noise_floor", "oracle_local_level", "interpolation"}
    assert {"persistence", "moving_average_3", "smoothing_per_gene"} <= kinds["baseline"]
    skill = evaluation[evaluation["metric"] == "skill"]
    assert (skill["low"] <= skill["value"]).all() and (skill["value"] <= skill["high"]).all()


def test_the_base_forecast_is_above_smoothing_and_the_network_takes_nothing_from_it(results, value):
    verdicts = read_table(results / "evaluation/mrna/verdict.tsv").set_index("comparison")
    assert value["stack", "skill"] >= 0.32
    # 0 lies at the edge of the interval: −0.0005 to 0.095, p 0.052.
    row = verdicts.loc["stack - smoothing_per_gene"]
    assert row["difference"] > 0.05 and row["low"] > -0.01
    assert verdicts.loc["stack_with_stepmr on mesc - stack", "difference"] > -0.002
    fits = read_table(results / "evaluation/mrna/fits.tsv")
    assert len(fits) == 2 * (4 + 2)  # each graph as a correction, those not rewired without a base
    assert fits.loc[fits["model"] == "stepmr", "stack_weight"].notna().all()


@pytest.mark.parametrize("reference", ["smoothing_per_gene", "persistence", "local_level", "stack"])
def test_the_verdict_says_the_numbers_of_the_evaluation(results, value, reference):
    verdicts = read_table(results / "evaluation/mrna/verdict.tsv").set_index("comparison")
    row = verdicts.loc[f"stepmr on mesc - {reference}"]
    said = re.search(
        r"skill over persistence (\S+) against (\S+), difference (\S+) "
        r"\(95 % interval (\S+) to (\S+); (\d+) genes, (\d+) origins",
        row["sentence"],
    )
    ours, theirs = value["stepmr", "skill"], value[reference, "skill"]
    assert row["difference"] == pytest.approx(ours - theirs, abs=1e-9)
    numbers = (ours, theirs, ours - theirs, row["low"], row["high"])
    assert [float(number) for number in said.groups()[:5]] == pytest.approx(numbers, abs=0.0005001)
    assert said.groups()[5:] == ("126", "30")
    word = "better" if row["low"] > 0 else "worse" if row["high"] < 0 else "cannot be decided"
    if row["difference"] or row["low"] or row["high"]:
        assert row["verdict"] == word and f" {word}" in row["sentence"]
    assert row["sentence"] in (results / "logs/evaluate/mrna.log").read_text()


def test_pairs_are_the_genes_of_one_chromosome_in_bins_that_the_map_sees(pairs, loci, run):
    """About 300 of them; the bins are those of the map as it was fetched."""
    (source,) = (run.folder / "resources/files").rglob("*.cool")
    bins = cooler.Cooler(str(source)).bins()[:].set_index(["chrom", "start"])["weight"]
    placed = loci.dropna(subset="chrom").astype({"tss": int})
    seen = bins.loc[list(zip(placed["chrom"], placed["tss"] // 10**6 * 10**6, strict=True))]
    genes = placed.index[seen.notna().to_numpy()]
    possible = {
        frozenset((one, two))
        for k, one in enumerate(genes)
        for two in genes[k + 1 :]
        if placed.at[one, "chrom"] == placed.at[two, "chrom"]
    }
    found = [frozenset(pair) for pair in zip(pairs["Gene1"], pairs["Gene2"], strict=True)]
    assert len(set(found)) == len(found) and set(found) <= possible
    assert 280 <= len(found) <= 350
    # A gene keeps its 5 strongest contacts, or all, but for pairs without a read between them.
    had, could = (Counter(gene for pair in some for gene in pair) for some in (found, possible))
    assert sum(max(min(5, could[gene]) - had[gene], 0) for gene in genes) <= 0.05 * len(possible)
    assert (pairs["Gene1_Chromosome"] == pairs["Gene2_Chromosome"]).all()
    assert np.isfinite(pairs["HiC_Interaction"]).all() and (pairs["HiC_Interaction"] > 0).all()


def test_what_a_map_of_1_mb_cannot_give_is_left_out_and_said(results, pairs, loci):
    graphs = read_graphs(results / "graph/mrna/mesc/graph.h5")
    assert graphs.genes == list(loci.index) and len(graphs.times) == len(graphs.graphs) == 43
    assert set(graphs.left_out) == {"tad", "insulation"}
    assert set(graphs.attr_names) == {"hic", "compartment", "expression"}
    for graph in graphs.graphs:
        assert ((graph.edge_weight > 0) & (graph.edge_weight <= 1)).all()
    assert pairs.filter(regex="TAD|Insulation").isna().all(axis=None)
    assert pairs["Gene1_Compartment"].isin(["A", "B"]).mean() > 0.9
    log = (results / "logs/build_graph/mrna.mesc.log").read_text()
    assert "The map gives no tad, insulation: left out of the edge weights" in log
    log = (results / "logs/insulation/mesc.1000000.log").read_text()
    assert "no insulation: bins of 1000000 bp are coarser than tad_limit" in log


def test_a_copy_with_cr_line_ends_gives_the_same_panel(run, results, raw, shared, tmp_path):
    other = LungRun(clone_with_data(tmp_path, shared), run.configs)
    write_one(other.folder)
    spelled = raw.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r")
    (other.folder / "cr.txt").write_bytes(spelled)
    table = {"path": "cr.txt", "url": None, "checksum": None}
    beside = {"name": "cr", "datasets": {"mrna": {"expression": table}}}
    (other.folder / "cr.yaml").write_text(yaml.safe_dump(beside))
    other.snakemake("results/cr/expression/mrna/panel.tsv", beside=("cr.yaml",))
    for name in ("panel", "course", "replicate_variance", "samples"):
        made = other.folder / f"results/cr/expression/mrna/{name}.tsv"
        assert made.read_bytes() == (results / f"expression/mrna/{name}.tsv").read_bytes()
