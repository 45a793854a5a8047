import numpy as np
import pandas as pd
import pytest

from foldcast.demo.simulated_folding import BED, read_folding
from foldcast.files import read_table
from scripts.demo import demo_tissues


@pytest.fixture(scope="module")
def genes(usual):
    return read_table(usual / "truth/all_genes.tsv")


@pytest.fixture(scope="module")
def motifs(usual):
    names = [*BED, "name", "score", "strand"]
    return pd.read_csv(usual / "truth/motifs.bed", sep="\t", names=names)


@pytest.fixture(scope="module")
def folding(usual):
    names = ("compartments.bed", "boundaries.bed", "loops.bedpe")
    return read_folding(*(usual / "truth" / name for name in names))


def wide(folder):
    """gene × (part, tissue) of the truth, in the table's order."""
    truth = read_table(folder / "truth/tissues.tsv")
    return truth.pivot(index="gene", columns="tissue").loc[truth["gene"].drop_duplicates()]


def test_the_table_is_the_sum_of_its_parts(usual, genes):
    table = read_table(usual / "tissues.tsv")
    assert list(table.columns) == ["gene", "alpha", "beta"]
    assert table["gene"].tolist() == genes["gene_id"].tolist()
    truth = wide(usual)
    for tissue in ("alpha", "beta"):
        parts = sum(truth[part, tissue] for part in ("local", "distal", "noise"))
        label = np.log(table[tissue].to_numpy())
        np.testing.assert_allclose(label, demo_tissues.MEAN + parts, atol=0.02)
        for part in ("local", "distal", "noise"):
            share = truth[part, tissue].var() / demo_tissues.SD**2
            assert share == pytest.approx(demo_tissues.SHARES[part], rel=0.15)


def test_tissues_share_what_is_near_and_not_what_touches(usual):
    truth = wide(usual)
    between = {part: truth[part].corr().iloc[0, 1] for part in ("local", "distal", "noise")}
    assert between["local"] > 0.5
    assert abs(between["distal"]) < 0.2
    assert abs(between["noise"]) < 0.1
    for tissue in ("alpha", "beta"):
        parts = truth.xs(tissue, axis=1, level="tissue").corr().to_numpy()
        assert np.abs(parts[np.triu_indices(3, 1)]).max() < 0.15


def test_distal_motifs_can_be_switched_off(usual, tissues_with):
    on, off = wide(usual), wide(tissues_with(distal=0.0))
    assert (off["distal"] == 0).all().all()
    for part in ("local", "noise"):
        pd.testing.assert_frame_equal(on[part], off[part])
    half = wide(tissues_with(distal=0.5))
    np.testing.assert_allclose(half["distal"], on["distal"] / 2, atol=1e-9)


def test_a_promoter_motif_counts_by_its_distance():
    genes = pd.DataFrame({"chrom": ["chr1", "chr1", "chr2"], "tss": [50_000, 58_000, 50_000]})
    motifs = pd.DataFrame(
        [("chr1", 53_994, "promoter1"), ("chr1", 69_994, "promoter2"), ("chr2", 49_994, "decoy")],
        columns=["chrom", "start", "name"],
    ).assign(end=lambda table: table["start"] + 12)
    said = demo_tissues.local_effects(genes, motifs, {"promoter1": 2.0, "promoter2": -1.0})
    # The second motif is 20 kb from the first gene: too far.
    expected = [2 * np.exp(-1), 2 * np.exp(-1) - np.exp(-3), 0.0]
    np.testing.assert_allclose(said, expected)


def test_distal_motifs_count_where_the_folding_touches(genes, motifs, folding):
    said = demo_tissues.distal_effects(genes, motifs, folding, {"enhancer": 1.0, "silencer": -1.0})
    sites = motifs[motifs["name"].isin(["enhancer", "silencer"])]
    for k in (0, 77, 311, 599):
        gene = genes.loc[k]
        (chromosome,) = [c for c in folding if c.chrom == gene["chrom"]]
        middle = np.arange(5_000, chromosome.length, 10_000)
        away = np.abs(middle - gene["tss"])
        middle = middle[(away >= 25_000) & (away <= 500_000)]
        ends = np.minimum(middle, gene["tss"]), np.maximum(middle, gene["tss"])
        contact = chromosome.observed_over_expected(*ends, 10_000)
        touching = dict(zip(middle - 5_000, contact, strict=True))
        strongest = sorted(touching, key=lambda start: -touching[start])[:10]
        total = 0.0
        for site in sites[sites["chrom"] == gene["chrom"]].itertuples():
            if (start := site.start // 10_000 * 10_000) in strongest:
                total += touching[start] * (1 if site.name == "enhancer" else -1)
        assert said[k] == pytest.approx(total, abs=1e-6)
    assert (said == 0).mean() < 0.2


def test_constant_parts_say_nothing():
    parts = {"local": np.zeros(5), "distal": np.ones(5)}
    expression, truth = demo_tissues.express(parts, 1.0, np.random.default_rng(0))
    assert (truth[["local", "distal"]] == 0).all().all()
    assert (expression > 0).all()
