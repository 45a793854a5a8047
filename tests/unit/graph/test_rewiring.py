"""Rewired graphs: like the graph in all but whom they join."""

import numpy as np
import pandas as pd
import pytest

from foldcast.graph.rewiring import (
    distance_class,
    distinct_pairs,
    pairs_by_distance,
    rewire,
)


@pytest.fixture(scope="module")
def loci() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"gene": [f"g{i}" for i in range(240)]})
    table["chrom"] = rng.choice(["1", "2", "X"], 240)
    table["tss"] = rng.integers(0, 20_000_000, 240).astype(float)
    table.loc[230:, ["chrom", "tss"]] = None
    return table


@pytest.fixture(scope="module")
def table(loci) -> pd.DataFrame:
    """About two pairs per gene, hubs among them."""
    rng = np.random.default_rng(4)
    placed = loci.dropna()
    pairs = set()
    while len(pairs) < 400:
        one = placed.iloc[int(len(placed) * rng.random() ** 2)]
        near = placed[(placed["chrom"] == one["chrom"]) & (placed["gene"] != one["gene"])]
        weight = 1 / (near["tss"] - one["tss"]).abs()
        two = near.sample(1, weights=weight, random_state=int(rng.integers(2**31))).iloc[0]
        pairs.add(tuple(sorted((one["gene"], two["gene"]))))
    return pd.DataFrame(sorted(pairs), columns=["Gene1", "Gene2"]).assign(
        HiC_Interaction=rng.random(400), Gene1_Compartment="A"
    )


def test_pairs_are_counted_by_distance():
    loci = pd.DataFrame(
        {
            "gene": list("abcdef"),
            "chrom": ["1", "1", "1", "1", "2", None],
            "tss": [0.0, 9_999, 10_000, 20_000_000, 5, None],
        }
    )
    pairs = [("a", "b"), ("c", "a"), ("a", "d"), ("a", "e"), ("e", "f"), ("a", "b")]
    table = pd.DataFrame(pairs, columns=["Gene1", "Gene2"])
    of = pd.DataFrame([("a", "c"), ("d", "a")], columns=["Gene1", "Gene2"])
    counted = pairs_by_distance(table, loci, of)
    assert counted["pairs"].tolist() == [1, 1, 0, 0, 1, 2]
    assert counted["shared"].tolist() == [0, 1, 0, 0, 1, 0]
    assert counted["from"].tolist()[:3] == [0, 1e4, 1e5] and counted["from"].isna()[5]
    assert pairs_by_distance(table[:0], loci, of)["pairs"].sum() == 0


def shared_pairs(one: pd.DataFrame, two: pd.DataFrame) -> int:
    return len(distinct_pairs(one) & distinct_pairs(two))


def degrees(table: pd.DataFrame, loci: pd.DataFrame) -> np.ndarray:
    ends = pd.concat([table["Gene1"], table["Gene2"]])
    return ends.value_counts().reindex(loci["gene"], fill_value=0).to_numpy()


def classes(table: pd.DataFrame, loci: pd.DataFrame) -> pd.Series:
    where = loci.set_index("gene")
    one, two = (where.loc[table[side]] for side in ("Gene1", "Gene2"))
    assert (one["chrom"].to_numpy() == two["chrom"].to_numpy()).all()
    apart = np.abs(one["tss"].to_numpy() - two["tss"].to_numpy())
    return pd.Series(one["chrom"].to_numpy() + ":") + distance_class(apart).astype(str)


def unavoidable(table: pd.DataFrame, loci: pd.DataFrame) -> int:
    """Pairs that must stay: a class may hold fewer other pairs than it needs."""
    tied = loci[loci["gene"].isin(table[["Gene1", "Gene2"]].to_numpy().ravel())]
    merged = tied.merge(tied, on="chrom", suffixes=("", "2"))
    every = merged[merged["gene"] < merged["gene2"]]
    pairs = every[["gene", "gene2"]].set_axis(["Gene1", "Gene2"], axis=1).reset_index(drop=True)
    there = classes(pairs, loci).value_counts()
    needed = classes(table, loci).value_counts()
    return int((2 * needed - there.reindex(needed.index)).clip(lower=0).sum())


def test_matched_keeps_distances_and_nearly_degrees(table, loci):
    rewired = rewire(table, loci, "matched", seed=1)
    # Row by row, so that weights stay in their distance class.
    pd.testing.assert_series_equal(classes(rewired, loci), classes(table, loci))
    others = rewired.drop(columns=["Gene1", "Gene2"])
    pd.testing.assert_frame_equal(others, table.drop(columns=["Gene1", "Gene2"]))
    pairs = {frozenset(pair) for pair in zip(rewired["Gene1"], rewired["Gene2"], strict=True)}
    assert len(pairs) == len(table) and all(len(pair) == 2 for pair in pairs)
    assert shared_pairs(table, rewired) == unavoidable(table, loci) < 0.15 * len(table)
    now, before = degrees(rewired, loci), degrees(table, loci)
    assert not now[before == 0].any()
    assert np.abs(now - before).mean() < 1 and np.corrcoef(now, before)[0, 1] > 0.8


def test_the_seed_decides(table, loci):
    one, again, two = (rewire(table, loci, "matched", seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert shared_pairs(one, two) < 0.7 * len(table)
    shuffled = rewire(table, loci.sample(frac=1, random_state=1), "matched", 1)
    pd.testing.assert_frame_equal(one, shuffled)


def test_a_pair_of_several_maps_becomes_one_pair(table, loci):
    twice = pd.concat([table.assign(Map_Time=1.0), table.iloc[::-1].assign(Map_Time=2.0)])
    rewired = rewire(twice.reset_index(drop=True), loci, "matched", 1)
    one, two = (rewired[rewired["Map_Time"] == time] for time in (1.0, 2.0))
    assert shared_pairs(one, two) == len(table)


def test_distance_takes_the_nearest(table, loci):
    rewired = rewire(table, loci, "distance", 1)
    where = loci.dropna().set_index("gene")
    for chrom, genes in where.groupby("chrom"):
        tss = np.sort(genes["tss"])
        every = np.sort([b - a for i, a in enumerate(tss) for b in tss[i + 1 :]])
        mine = rewired[rewired["Gene1"].map(where["chrom"]) == chrom]
        apart = np.abs(mine["Gene1"].map(where["tss"]) - mine["Gene2"].map(where["tss"]))
        np.testing.assert_allclose(np.sort(apart), every[: len(mine)])
    # The n-th nearest has the row of the n-th nearest.
    here = (rewired["Gene1"].map(where["chrom"]) == "1").to_numpy()
    rank = [
        (t["Gene1"].map(where["tss"]) - t["Gene2"].map(where["tss"])).abs()[here].rank()
        for t in (table, rewired)
    ]
    np.testing.assert_array_equal(*rank)


def test_identity_has_no_pairs(table, loci):
    rewired = rewire(table, loci, "identity", 1)
    assert rewired.empty and list(rewired) == list(table)


def test_where_nothing_else_is_there_a_pair_stays(loci):
    few = pd.DataFrame({"gene": ["a", "b"], "chrom": "1", "tss": [0.0, 1e6]})
    table = pd.DataFrame({"Gene1": ["a", "a"], "Gene2": ["b", "z"], "HiC_Interaction": 1.0})
    rewired = rewire(table, few, "matched", 1)
    assert rewired.values.tolist() == table.values.tolist()  # z has no locus


def test_classes_are_half_octaves():
    distance = np.array([0, 500, 1000, 1414, 1415, 2000, 4000])
    assert distance_class(distance).tolist() == [0, 0, 0, 0, 1, 2, 4]
