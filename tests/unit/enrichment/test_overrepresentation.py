"""Over-representation and pre-ranked GSEA: against other implementations, planted sets, chance."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, fisher_exact, kstest

from foldcast.enrichment.gene_lists import CHANGE, tail_lists
from foldcast.enrichment.overrepresentation import (
    adjust,
    odds_ratio,
    overrepresentation,
    smallest_p,
)
from foldcast.enrichment.prerank import prerank
from foldcast.enrichment.questions import Collection, ask_all


def draw(rng, genes, sizes):
    return {
        f"SET{k}": tuple(rng.choice(genes, size, replace=False)) for k, size in enumerate(sizes)
    }


# Names that other software reads as something else: digits, capitals, missing values.
NAMES = [
    *(str(n) for n in range(30)),
    *(f"GENE{n}" for n in range(30)),
    "NA",
    "nan",
    "Cdh1",
    "CDH1",
]


@pytest.mark.parametrize("n_listed", [1, 7, 31, 63, 64])
def test_p_values_are_fishers(n_listed):
    rng = np.random.default_rng(n_listed)
    sets = draw(rng, [*NAMES, *(f"other{n}" for n in range(50))], rng.integers(1, 60, size=80))
    sets |= {"ALL": tuple(NAMES), "NONE": ("other1", "other2")}
    chosen = set(rng.choice(NAMES, n_listed, replace=False))
    table = overrepresentation([*chosen, "unmeasured"], sets, NAMES).set_index("set")
    assert list(table.index) == list(sets)
    for name, genes in sets.items():
        inside = set(genes) & set(NAMES)
        both = len(inside & chosen)
        cells = [
            [both, len(inside) - both],
            [len(chosen) - both, len(NAMES) - len(inside) - len(chosen) + both],
        ]
        row = table.loc[name]
        assert row["p"] == pytest.approx(fisher_exact(cells, "greater").pvalue, rel=1e-9, abs=1e-12)
        assert (row["size"], row["overlap"], row["background"]) == (len(inside), both, len(NAMES))
        assert row["genes"].split("|") == [g for g in NAMES if g in inside & chosen] or not both
        a, b, c, d = (np.array(cells) + 0.5).ravel()
        assert row["odds_ratio"] == pytest.approx(a * d / (b * c) if both else 0)


def test_the_odds_ratio_is_gseapys():
    import gseapy

    genes = [f"g{n}" for n in range(40)]
    result = gseapy.enrich(
        genes[:10], {"S": genes[5:12]}, background=genes, outdir=None, no_plot=True
    ).results
    assert result["Odds Ratio"][0] == pytest.approx(odds_ratio(5, 7, 10, 40))


def test_a_list_without_any_overlap_and_an_empty_one_have_p_1():
    genes = [f"g{n}" for n in range(20)]
    for chosen in ([], ["g19"], ["elsewhere"]):
        table = overrepresentation(chosen, {"A": genes[:5], "B": genes[5:10]}, genes)
        assert table["p"].tolist() == [1, 1] and table["overlap"].tolist() == [0, 0]


def test_the_smallest_p_is_that_of_all_of_the_set_or_all_of_the_list():
    genes = [f"g{n}" for n in range(30)]
    for listed, size in ((3, 8), (8, 3), (5, 5)):
        best = overrepresentation(genes[:listed], {"S": genes[:size]}, genes)["p"][0]
        assert smallest_p([size], listed, 30)[0] == pytest.approx(best)


def test_q_values_are_over_everything_that_was_tested():
    p = np.array([0.001, 0.04, 0.03, 1.0, 1.0])
    assert adjust(p) == pytest.approx(false_discovery_control(p))
    assert adjust(p) == pytest.approx([0.005, 0.2 / 3, 0.2 / 3, 1, 1])
    assert len(adjust(np.empty(0))) == 0


def rankings(values, share=0.1):
    values = pd.Series(values)
    return pd.DataFrame(
        {
            "ranking": CHANGE,
            "gene": values.index,
            "value": values.to_numpy(),
            "list": tail_lists(values, CHANGE, share).to_numpy(),
        }
    )


def panel(rng, n_genes=150, n_sets=40):
    genes = [f"Gene{n}" for n in range(n_genes)]
    sets = draw(rng, genes, rng.integers(5, 40, size=n_sets))
    return genes, Collection("c", sets, frozenset(genes))


def test_a_planted_set_is_found_by_both_tests():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        genes, collection = panel(rng)
        values = dict(zip(genes, rng.normal(size=len(genes)), strict=True))
        planted = tuple(genes[:12])
        values |= {gene: values[gene] + 2 for gene in planted}
        with_it = Collection("c", {**collection.sets, "PLANTED": planted}, collection.background)
        lists, ranks, summary = ask_all(rankings(values), [with_it], 5, 1)
        for table, question in ((lists, "forecast up"), (ranks, CHANGE)):
            first = table[table["question"] == question].iloc[0]
            assert first["set"] == "PLANTED" and first["q"] < 0.05
        assert ranks.iloc[0]["nes"] > 0
        down = lists[lists["question"] == "forecast down"]
        assert down.set_index("set")["q"]["PLANTED"] > 0.5
        said = summary.set_index("question")["sentence"]
        assert "PLANTED" in said["forecast up"] and "PLANTED" in said[CHANGE]


@pytest.mark.slow
@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.full)])
def test_random_panels_find_nothing(count):
    """Panels without anything in them.

    A panel's lists and rankings are one family, so that 5 of 100 such panels at most have anything
    significant in any of them.
    """
    panels, tests, p = 0, [], []
    for seed in range(count):
        rng = np.random.default_rng(1000 + seed)
        genes, collection = panel(rng, n_genes=80, n_sets=12)
        heavy = rng.standard_t(2, size=len(genes))  # a few values far out, as skills have
        lists, ranks, _ = ask_all(
            rankings(dict(zip(genes, heavy, strict=True))), [collection], 5, seed
        )
        q = pd.concat([lists["q"], ranks["q"]])
        panels += bool((q < 0.05).any())
        tests += list(q < 0.05)
        p.append(ranks["p"].sample(random_state=seed).iloc[0])
    assert panels <= 0.05 * count
    assert np.mean(tests) <= 0.05
    assert kstest(p, "uniform").pvalue > 0.01


def test_a_ranking_and_its_mirror_image():
    rng = np.random.default_rng(3)
    genes, collection = panel(rng)
    values = pd.Series(rng.normal(size=len(genes)), index=genes)
    there, back = (prerank(one, collection.sets, 1) for one in (values, -values))
    assert there["es"].to_numpy() == pytest.approx(-back["es"].to_numpy(), abs=1e-9)
    assert there["set"].tolist() == list(collection.sets)


def test_the_score_is_the_running_sum_of_subramanian():
    values = pd.Series({"a": 30.0, "b": 2.0, "c": 1.0, "d": -1.0, "e": -2.0, "f": -2.1})
    row = prerank(values, {"S": ["a", "c"]}, 1).iloc[0]
    # Ranks 2.5, 1.5, 0.5, …: up by 5/6 for a, down by a quarter for b, up by 1/6 for c.
    assert row["es"] == pytest.approx(5 / 6)
    assert row["genes"] == "a" and row["size"] == 2 and row["background"] == 6


def test_pre_ranked_gsea_repeats_itself_and_does_not_depend_on_the_order_of_genes():
    rng = np.random.default_rng(4)
    genes, collection = panel(rng)
    values = pd.Series(rng.normal(size=len(genes)), index=genes)
    once, again = (prerank(values, collection.sets, 1) for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    shuffled = prerank(values.sample(frac=1, random_state=1), collection.sets, 1)
    pd.testing.assert_frame_equal(once, shuffled)


def test_equal_values_do_not_favour_the_alphabet():
    genes = [f"{letter}{n}" for letter in "abcdef" for n in range(10)]
    values = pd.Series(0.0, index=genes)
    values.iloc[[3, 17]] = [1.0, -1.0]
    families = {letter: [g for g in genes if g[0] == letter] for letter in "abcdef"}
    found = [prerank(values, families, seed)["p"].min() < 0.01 for seed in range(30)]
    assert sum(found) <= 5


@pytest.mark.parametrize("seed", range(30))
def test_small_panels_ties_and_sets_of_any_size_give_numbers(seed):
    rng = np.random.default_rng(seed)
    genes = [f"g{k}" for k in range(int(rng.integers(2, 40)))]
    values = pd.Series(rng.normal(size=len(genes)).round(int(rng.integers(0, 3))), index=genes)
    table = prerank(values, draw(rng, genes, rng.integers(1, len(genes), size=6)), seed)
    assert table[["es", "nes", "p"]].notna().all(axis=None) and table["genes"].notna().all()
    assert ((table["p"] > 0) & (table["p"] <= 1)).all()


def test_values_that_are_all_equal_rank_nothing():
    values = pd.Series(0.0, index=["a", "b", "c"])
    assert prerank(values, {"S": ["a", "b"]}, 1).empty
    assert prerank(pd.Series({"a": 1.0, "b": 2.0}), {}, 1).empty
