"""Pairs of genes in contact: the naive double loop is the oracle."""

import warnings

import cooler
import numpy as np
import pandas as pd
import pytest
from bench.bench_graph import SIZE, WINDOW, Room, naive_interactions, simulate

from foldcast.errors import InputError
from foldcast.graph.interactions import interactions, no_interactions, strongest
from foldcast.hic.expected import expected_cis

OPTIONS = {"window": WINDOW, "compartment_resolution": 2 * SIZE}


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Room:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return simulate(tmp_path_factory.mktemp("map"), genes=36, bins=60, times=3)


@pytest.fixture(scope="module")
def pairs(room: Room) -> pd.DataFrame:
    return interactions(*room.tables(), **OPTIONS)


@pytest.mark.slow
def test_same_table_as_the_naive_loop(room, pairs):
    naive = naive_interactions(*room.tables())
    assert len(pairs) > 50
    assert set(np.abs(pairs["Gene1_Bin"] - pairs["Gene2_Bin"]) // SIZE) >= {0, 1, 2, 5}
    pd.testing.assert_frame_equal(pairs, naive, check_dtype=False)


def test_published_columns(pairs, mirror):
    published = next(mirror.glob("beyzoskaya/STEP/*/dataset/mrna/interaction_mrna.csv"))
    theirs = [c for c in pd.read_csv(published, nrows=0).columns if "_Time_" not in c]
    assert [c for c in pairs.columns if "_Time_" not in c] == theirs
    # A bin is named by its start, as there.
    assert (pairs["Gene1_Bin"] % SIZE == 0).all()
    assert (pairs["Gene1_Bin"] > 10 * SIZE).any()
    times = [c for c in pairs.columns if "_Time_" in c]
    assert times[:4] == ["Gene1_Time_0.5", "Gene2_Time_0.5", "Gene1_Time_1.5", "Gene2_Time_1.5"]


def test_contact_over_expected_does_not_decay(room):
    pairs = interactions(*room.tables(), **OPTIONS)
    close = np.abs(pairs["Gene1_Bin"] - pairs["Gene2_Bin"]) < 2 * SIZE
    assert 0.3 < pairs["HiC_Interaction"][close].median() < 3
    assert 0.3 < pairs["HiC_Interaction"][~close].median() < 3


def test_balanced_contact_is_the_pixel(room):
    pairs = interactions(*room.tables(), **OPTIONS, contact="balanced")
    row = pairs.iloc[0]
    pixel = room.clr.matrix(balance=True).fetch(row["Gene1_Chromosome"])
    assert row["HiC_Interaction"] == pixel[row["Gene1_Bin"] // SIZE, row["Gene2_Bin"] // SIZE]


def test_max_distance(room, pairs):
    tss = room.loci.set_index("gene")["tss"]
    apart = np.abs(pairs["Gene1"].map(tss) - pairs["Gene2"].map(tss))
    near = interactions(*room.tables(), **OPTIONS, max_distance=100_000)
    expected = pairs[(apart <= 100_000).to_numpy()].reset_index(drop=True)
    pd.testing.assert_frame_equal(near, expected)


def test_min_contacts(room, pairs):
    """Raw contacts of the pair's bins, and the strongest are chosen among what is left."""
    raw = {c: room.clr.matrix(balance=False).fetch(c) for c in pairs["Gene1_Chromosome"].unique()}
    bins = pairs[["Gene1_Chromosome", "Gene1_Bin", "Gene2_Bin"]].itertuples(index=False)
    counts = np.array([raw[chrom][i // SIZE, j // SIZE] for chrom, i, j in bins])
    least = int(np.median(counts))
    kept = interactions(*room.tables(), **OPTIONS, min_contacts=least)
    pd.testing.assert_frame_equal(kept, pairs[counts >= least].reset_index(drop=True))
    assert 0 < len(kept) < len(pairs)
    best = interactions(*room.tables(), **OPTIONS, min_contacts=least, neighbours=1)
    strong = strongest(*(kept[side] for side in ("Gene1", "Gene2")), kept["HiC_Interaction"], 1)
    pd.testing.assert_frame_equal(best, kept[strong].reset_index(drop=True))


def test_without_a_map_there_are_columns_and_no_pair(room, pairs):
    nothing = no_interactions(room.time_course)
    assert len(nothing) == 0 and list(nothing) == list(pairs)


def test_profiles_follow_names_not_rows(room, pairs):
    shuffled = room.time_course.sample(frac=1, random_state=3)
    again = interactions(room.loci, shuffled, *room.tables()[2:], **OPTIONS)
    pd.testing.assert_frame_equal(again, pairs)


def test_a_map_without_tads_leaves_them_empty(room):
    pairs = interactions(
        *room.tables()[:4],
        room.insulation.iloc[:0],
        room.boundaries.iloc[:0],
        room.compartments,
        **OPTIONS,
    )
    assert len(pairs)
    assert pairs.filter(regex="Insulation|Boundary").isna().all(axis=None)


def test_a_chromosome_with_one_gene_gives_no_pair(room, pairs):
    loci = room.loci.copy()
    alone = loci.dropna(subset=["tss"])["chrom"].iloc[0]
    gone = (loci["chrom"] == alone) & loci["chrom"].duplicated()
    loci.loc[gone, ["chrom", "start", "end", "strand", "tss"]] = np.nan
    left = interactions(loci, *room.tables()[1:], **OPTIONS)
    others = pairs[pairs["Gene1_Chromosome"] != alone]
    assert len(left) == len(others) > 0


def test_no_placed_gene_gives_a_header(room):
    loci = room.loci.assign(chrom=None, tss=np.nan)
    pairs = interactions(loci, *room.tables()[1:], **OPTIONS)
    assert len(pairs) == 0 and "HiC_Interaction" in pairs


def test_other_chromosome_names_are_named(room):
    loci = room.loci.assign(chrom=room.loci["chrom"].map(lambda name: name and f"scaffold{name}"))
    with pytest.raises(InputError, match=r"map\.cool[\s\S]*found: .*chr1") as error:
        interactions(loci, *room.tables()[1:], **OPTIONS)
    assert "same assembly" in error.value.remedy


def test_gene_past_the_end_is_named(room):
    loci = room.loci.copy()
    gene = loci["chrom"].eq("chr1").idxmax()
    loci.loc[gene, "tss"] = 10**9
    with pytest.raises(InputError, match=f"TSS of {loci.loc[gene, 'gene']} is at 1000000000"):
        interactions(loci, *room.tables()[1:], **OPTIONS)


@pytest.mark.filterwarnings("ignore")
def test_real_map(shared):
    import cooltools

    path = shared / "hic/K562.hg38.chr22.mcool"
    clr = cooler.Cooler(f"{path}::resolutions/100000")
    tss = np.arange(17_000_000, 50_000_000, 1_500_000)
    genes = [f"g{i}" for i in range(len(tss))]
    pairs = interactions(
        pd.DataFrame({"gene": genes, "chrom": "chr22", "start": tss, "end": tss, "tss": tss}),
        pd.DataFrame({"gene": genes, "1.0": 0.0}),
        clr,
        expected_cis(clr),
        cooltools.insulation(clr, [1_000_000]),
        pd.DataFrame(columns=["chrom", "start", "end", "window"]),
        pd.DataFrame(columns=["chrom", "start", "end", "score"]),
        window=10,
        compartment_resolution=100_000,
    )
    assert len(pairs) > 0.7 * len(genes) * (len(genes) - 1) / 2
    assert 0.5 < pairs["HiC_Interaction"].mean() < 2
