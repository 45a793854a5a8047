"""The comparison of maps: planted gains are found, nothing is found where nothing is."""

from dataclasses import replace

import numpy as np
import pytest

import spex_world as world
from foldcast.spex.comparison.heldout_predictions import Fit, subsets
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks
from foldcast.spex.comparison.map_comparison import compare
from foldcast.spex.comparison.map_contrasts import BETTER, UNDECIDED, WORSE, FeatureSet, Matching
from foldcast.spex.comparison.map_verdict import verdicts
from foldcast.spex.comparison.prediction_scores import score
from scripts.spex.score_spex import contrasts_table, map_tissue, maps_table

MAPS = ("hic", "micro")
OWN = {"liver": "hic", "lung": "micro"}
KNOWS = {
    "promoter": -1.0,
    "hic": {"liver": 0.8},
    "micro": {"lung": 0.8},
    "all": 0.8,
    "hic+shuffled1": 0.0,
    "hic+shuffled2": 0.0,
    "micro+shuffled1": 0.0,
    "hic+depth": {"liver": 0.8},
    "micro+depth": {"lung": 0.8},
    "features+mine": 0.0,
}


@pytest.fixture(scope="module")
def map_comparison():
    """Each map knows what is distal in its own tissue; shuffled ones know nothing."""
    return world.map_comparison_of(world.run(KNOWS, n=600, tissues=("liver", "lung")), MAPS, OWN)


def sentence(map_comparison, comparison, maps=MAPS):
    found = [row for row in verdicts(map_comparison, maps) if row["comparison"] == comparison]
    assert len(found) == 1
    return found[0]["sentence"]


def test_maps_are_held_against_the_base_that_they_are_added_to():
    held = world.run({"features+borzoi": 0.0, "hic": 0.9, "hic+shuffled1": 0.0}, n=600)
    fits = [fit for fit in held.fits if fit.feature_set != "expecto"]
    blocks = LocusBlocks.of(held.genes, 100_000, 300, 1)
    scores = score(replace(held, fits=fits), blocks, {"all": subsets(held, 0.0)["all"]}, 1)
    found = compare(scores, ("hic",), {}, 1, base="features+borzoi")
    assert {one.second for one in found.over_base} == {"features+borzoi"}
    assert "Map hic beats table borzoi with linear models" in sentence(
        found, "hic - features+borzoi", ("hic",)
    )
    assert "ExPecto" not in " ".join(row["sentence"] for row in verdicts(found, ("hic",)))


def test_feature_sets_are_told_by_their_names():
    assert FeatureSet.of("expecto").kind == "expecto"
    assert FeatureSet.of("k562") == ("k562", "map", "k562")
    assert FeatureSet.of("k562+shuffled12") == ("k562+shuffled12", "shuffled", "k562")
    assert FeatureSet.of("k562+degree") == ("k562+degree", "degree", "k562")
    assert FeatureSet.of("features+borzoi2") == ("features+borzoi2", "features", "")
    assert FeatureSet.of("all").kind == "all"


def test_a_map_that_knows_beats_expecto_and_its_shuffled_control_does_not(map_comparison):
    table = maps_table(map_comparison).set_index(["feature_set", "tissue"])
    for feature_set, tissue in (
        ("hic", "(all)"),
        ("hic", "liver"),
        ("micro", "lung"),
        ("all", "lung"),
    ):
        assert table.loc[(feature_set, tissue), "verdict"] == BETTER
        assert (
            0
            < table.loc[(feature_set, tissue), "low_simultaneous"]
            < table.loc[(feature_set, tissue), "low"]
        )
    for feature_set, tissue in (
        ("hic+shuffled1", "(all)"),
        ("hic", "lung"),
        ("features+mine", "(all)"),
    ):
        assert table.loc[(feature_set, tissue), "verdict"] == UNDECIDED
    assert (table.loc["promoter", "verdict"] == WORSE).all()
    assert set(table["n"]) == {600}
    assert len(table) == 10 * 3


def test_differences_are_paired_with_expecto(map_comparison):
    held = world.run(KNOWS, n=600, tissues=("liver", "lung"))
    one = map_comparison.find("hic", "expecto", "linear", "liver")
    own = world.spearman(held, "hic", 0) - world.spearman(held, "expecto", 0)
    assert one.value == pytest.approx(own)
    over_all = map_comparison.find("hic", "expecto", "linear")
    other = map_comparison.find("hic", "expecto", "linear", "lung")
    assert over_all.value == pytest.approx((one.value + other.value) / 2)


def test_seeds_of_a_control_count_as_one(map_comparison):
    table = contrasts_table(map_comparison).set_index(["first", "second", "tissue"])
    rho = maps_table(map_comparison).set_index(["feature_set", "tissue"])["delta_spearman"]
    shuffled = (rho["hic+shuffled1", "liver"] + rho["hic+shuffled2", "liver"]) / 2
    row = table.loc[("hic", "hic+shuffled", "liver")]
    assert row["difference"] == pytest.approx(rho["hic", "liver"] - shuffled)
    assert row["verdict"] == BETTER
    assert table.loc[("hic", "hic+shuffled", "lung"), "verdict"] == UNDECIDED


def test_maps_are_compared_at_equal_depth_where_that_can_be_had(map_comparison):
    table = contrasts_table(map_comparison).set_index(["first", "second", "tissue"])
    assert table.loc[("hic+depth", "micro+depth", "liver"), "verdict"] == BETTER
    assert table.loc[("hic+depth", "micro+depth", "lung"), "verdict"] == WORSE
    assert ("hic", "micro", "liver") not in table.index
    plain = world.map_comparison_of(world.run({"hic": 0.8, "micro": 0.0}, n=400), MAPS)
    (row,) = [one for one in plain.contrasts if one.kind == "map"]
    assert (row.first, row.second, row.verdict) == ("hic", "micro", BETTER)


def test_matched_cells_beat_mismatched_ones(map_comparison):
    cells = map_tissue(map_comparison, MAPS).set_index(["map", "tissue"])
    assert cells["matched"].to_dict() == {
        ("hic", "liver"): "yes",
        ("hic", "lung"): "no",
        ("micro", "liver"): "no",
        ("micro", "lung"): "yes",
    }
    row = map_comparison.find("matched", "mismatched", "linear")
    gain = cells["delta_spearman"]
    own, other = gain[cells["matched"] == "yes"].mean(), gain[cells["matched"] == "no"].mean()
    assert row.value == pytest.approx(own - other)
    assert row.verdict == BETTER
    assert sentence(map_comparison, "matched - mismatched").startswith(
        "A tissue's own map helps more"
    )


def test_a_map_that_is_good_everywhere_does_not_look_matched():
    good = np.array([[0.3, 0.1, 0.0], [0.3, 0.1, 0.0], [0.3, 0.1, 0.0]])  # tissues × maps
    tissues, maps = ["a", "b", "c"], ["x", "y", "z"]
    weights = Matching.of(maps, tissues, {"a": "x", "b": "x", "c": "y"})
    assert not weights.confounded
    assert (weights.contrast * good).sum() == pytest.approx(0)
    is_matched = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]])
    assert (weights.contrast * (good + 0.2 * is_matched)).sum() == pytest.approx(0.2)
    assert (weights.mean * good).sum() == pytest.approx((0.3 + 0.3 + 0.1) / 3)


def test_where_one_map_is_matched_to_all_it_is_said():
    weights = Matching.of(["x", "y"], ["a", "b", "c"], {"a": "x", "b": "x"})
    assert weights.confounded
    assert weights.contrast == pytest.approx(np.array([[0.5, -0.5], [0.5, -0.5], [0, 0]]))
    knows = {"hic": 0.8, "micro": 0.0}
    held = world.run(knows, n=400, tissues=("liver", "lung"))
    map_comparison = world.map_comparison_of(held, MAPS, {"liver": "hic", "lung": "hic"})
    assert "cannot be told from being matched" in sentence(map_comparison, "matched - mismatched")
    assert Matching.of(["x"], ["a"], {"a": "x"}) is None
    assert Matching.of(["x", "y"], ["a"], {}) is None


def test_sentences_say_what_a_map_owes_to_whom_it_touches(map_comparison):
    said = sentence(map_comparison, "hic - expecto")
    assert said.startswith("Map hic beats ExPecto with linear models: difference in Spearman's rho")
    assert said.endswith("It beats its shuffled control: what helps is whom it touches.")
    row = map_comparison.find("hic", "expecto", "linear")
    for number in (row.value, row.low, row.high, row.low_all, row.high_all):
        assert f"{number:+.3f}" in said
    assert "600 genes in 40 stretches" in said and "1 of 2 tissues" in said
    assert sentence(map_comparison, "all - expecto").startswith(
        "Using all maps together beats ExPecto"
    )
    assert sentence(map_comparison, "features+mine - expecto").startswith(
        "Whether table mine helps"
    )
    assert sentence(map_comparison, "promoter - expecto").startswith(
        "ExPecto tells more than what needs"
    )
    over, among = len(map_comparison.over_base), len(map_comparison.contrasts)
    counted = f"{over} with ExPecto, {among} among maps"
    assert counted in sentence(map_comparison, "how many comparisons")


def test_a_map_whose_shuffled_control_helps_as_much_helps_otherwise():
    knows = {"hic": 0.8, "hic+shuffled1": 0.8, "hic+degree": 0.8, "hic+random1": 0.0}
    map_comparison = world.map_comparison_of(world.run(knows, n=400), ("hic",))
    said = sentence(map_comparison, "hic - expecto", ("hic",))
    assert said.startswith("Map hic beats ExPecto")
    assert "It beats its random control." in said
    assert "It does not beat its shuffled control" in said
    assert "what helps is not whom it touches" in said
    assert "how many contacts a gene has may be all that helps" in said


def test_the_best_map_is_named_only_where_it_is_beyond_doubt(map_comparison):
    assert "cannot be decided" in sentence(map_comparison, "best map")  # each is best in its tissue
    clear = world.run({"hic": 0.9, "micro": 0.2, "hic+depth": 0.9, "micro+depth": 0.2}, n=400)
    said = sentence(world.map_comparison_of(clear, MAPS), "best map")
    assert said.startswith("Map hic explains expression best with linear models at equal depth")
    none = world.map_comparison_of(world.run({"hic": 0.0, "micro": 0.0}), MAPS)
    assert sentence(none, "best map").startswith("No map is shown to beat ExPecto")


def test_a_map_that_misleads_is_worse():
    map_comparison = world.map_comparison_of(world.run({"hic": -0.6}, n=400), ("hic",))
    assert map_comparison.find("hic", "expecto", "linear").verdict == WORSE
    assert sentence(map_comparison, "hic - expecto", ("hic",)).startswith(
        "Map hic is worse than ExPecto"
    )


def test_feature_sets_that_predict_the_same_differ_by_nothing():
    held = world.run({"hic": 0.0})
    twin = Fit("hic", "linear", held.fits[0].predicted)
    held.fits[1] = twin
    row = world.map_comparison_of(held, ("hic",)).find("hic", "expecto", "linear")
    assert (row.value, row.low, row.high, row.verdict) == (0, 0, 0, UNDECIDED)


def test_few_stretches_decide_nothing():
    map_comparison = world.map_comparison_of(world.run(KNOWS, n=600), MAPS, block=1_000_000)
    assert {one.verdict for one in map_comparison.over_base + map_comparison.contrasts} == {
        UNDECIDED
    }
    for comparison in ("how many comparisons", "hic - expecto"):
        assert "in 4 stretches" in sentence(map_comparison, comparison)
        assert "fewer than 8" in sentence(map_comparison, comparison)


def test_a_run_without_maps_has_a_map_comparison_of_what_there_is():
    map_comparison = world.map_comparison_of(world.run({"promoter": -0.5}), ())
    assert maps_table(map_comparison)["feature_set"].tolist() == ["promoter"]
    assert contrasts_table(map_comparison).empty and map_tissue(map_comparison, ()).empty
    assert [row["comparison"] for row in verdicts(map_comparison, ())] == [
        "how many comparisons",
        "promoter - expecto",
    ]


def test_the_same_seed_gives_the_same_comparison():
    one, two = (
        maps_table(world.map_comparison_of(world.run(KNOWS, seed=2), MAPS)) for _ in range(2)
    )
    assert one.equals(two)


NOTHING = dict.fromkeys(KNOWS, 0.0) | {"hic+degree": 0.0, "micro+expected": 0.0, "hic+random1": 0.0}


@pytest.mark.parametrize("runs", [20, pytest.param(100, marks=pytest.mark.full)])
@pytest.mark.parametrize("reach", [0, 30_000])
def test_where_nothing_helps_nothing_is_claimed_in_95_of_100_runs(reach, runs):
    # All feature sets err alike, and neighbours err together; two models and two tissues.
    claims = 0
    for seed in range(runs):
        held = world.run(
            NOTHING, seed=seed, n=200, reach=reach, tissues=("a", "b"), models=("linear", "trees")
        )
        map_comparison = world.map_comparison_of(held, MAPS, {"a": "hic", "b": "micro"}, draws=200)
        claims += any(
            one.verdict == BETTER for one in map_comparison.over_base + map_comparison.contrasts
        )
    assert claims <= 0.05 * runs


def test_with_noise_for_features_nothing_beats_expecto_in_38_of_40_runs():
    beaten = 0
    for seed in range(40):
        map_comparison = world.map_comparison_of(world.ridge_run(seed, distal=0.0), MAPS, draws=200)
        beaten += any(one.verdict == BETTER for one in map_comparison.over_base)
    assert beaten <= 2


def test_with_what_is_distal_for_features_the_map_that_has_it_beats_expecto():
    words = []
    for seed in range(10):
        map_comparison = world.map_comparison_of(world.ridge_run(seed, distal=1.0), MAPS, draws=200)
        words.append([map_comparison.find(name, "expecto", "linear").verdict for name in MAPS])
    hic, micro = zip(*words, strict=True)
    assert hic.count(BETTER) >= 9
    assert BETTER not in micro
