"""Genes in contact change together: what is planted is found, and nothing else."""

import numpy as np
import pytest

from foldcast.evaluation.bin_pairs import BinPairs
from foldcast.evaluation.change_together import change_together, p_of_changes
from foldcast.evaluation.expression_changes import changes_of
from folded_panels import NULLS, panel, world

KINDS = ("contact", "compartment")
PANELS, MAPS = 200, 10


@pytest.fixture(scope="module")
def made():
    return world(0)


def test_contact_is_found_in_means_and_across_replicates_and_distance_is_not(made):
    planted = {"share": 0.3, "replicates": 2, "n_times": 10}
    panels = [
        changes_of(*panel(made, 1, how=of, **planted), how, made.lengths)
        for of in ("contact", "distance")
        for how in ("mean", "cross")
    ]
    found = [effects[0] for effects in change_together(made.pairs, panels, KINDS, 99, planted=0)]
    assert [effect.how for effect in found] == ["mean", "cross"] * 2
    for effect in found[:2]:
        assert effect.p == 0.01
        assert effect.low > 0
    assert found[1].p_changes < 0.05
    assert 0 < found[1].reliability < 1 == found[0].reliability
    assert all(effect.p > 0.05 for effect in found[2:])


def test_more_times_see_smaller_effects_and_none_are_counted_where_none_are_planted():
    small = world(3, n_genes=900, n_arms=4)

    def seen(n_times, planted=16):
        changes = changes_of(*panel(small, 4, n_times=n_times), "mean", small.lengths)
        return change_together(small.pairs, [changes], KINDS[:1], 16, planted=planted)[0][0]

    few, many = seen(8), seen(30)
    assert 0 < many.seen < few.seen
    assert many.seen_low <= many.seen
    assert many.seen_share < few.seen_share
    assert np.isnan(seen(8, planted=0).seen)


def test_a_map_of_each_time_counts_for_the_changes_that_begin_in_it(made):
    values, times = panel(made, 2, how="contact", share=0.3)
    changes = changes_of(values, times, "mean", made.lengths)
    arms = made.pairs.maps[0]
    same = BinPairs([arms, arms], [0.0, 4.0], made.bins, 2, 20)
    assert same.maps_of(changes.begins).tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert same.maps_of(np.array([-1.0])).tolist() == [0]
    one, two = (
        change_together(pairs, [changes], KINDS, shifts=19, planted=0)[0][0]
        for pairs in (made.pairs, same)
    )
    for name in ("value", "error", "p", "p_changes", "low"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=1e-9)
    # With a map that says nothing from time 4 on, only the changes before it are left.
    silent = [type(arm)(arm.chrom, 0, np.full_like(arm.band, np.nan), arm.eigenvector,
                        arm.domains) for arm in arms]  # fmt: skip
    half = BinPairs([arms, silent], [0.0, 4.0], made.bins, 2, 20)
    early = change_together(half, [changes], KINDS, shifts=19, planted=0)[0][0]
    assert early.value != one.value
    assert early.error > one.error


def test_pairs_of_genes_that_are_left_out_do_not_count(made):
    values, times = panel(made, 3)
    changes = changes_of(values, times, "mean", made.lengths)
    one, two = made.pairs.one[0], made.pairs.two[0]
    i, j = (np.flatnonzero(made.bins == each)[0] for each in (one, two))
    less = BinPairs(made.pairs.maps, [0.0], made.bins, 2, 20, np.array([[j, i], [0, 0]]))
    assert less.n_gene_pairs == made.pairs.n_gene_pairs - 1
    z = changes.halves[0]
    gone = made.pairs.products(changes.halves) - less.products(changes.halves)
    assert np.allclose(gone[0], z[i] * z[j])
    assert not gone[1:].any()


def test_what_is_left_of_a_feature_has_no_mean_of_distance_and_hardly_one_of_bins(made):
    pairs = made.pairs
    design = pairs.design(KINDS, [None, pairs.random_shift(np.random.default_rng(0))])
    for one in design:
        weighted = one.columns[0] * one.weights[0]
        assert np.abs(pairs.strata @ weighted.T).max() < 1e-8
        size = np.abs(weighted).sum()
        assert np.abs(weighted @ pairs.between).max() < 0.01 * size
        assert np.abs(pairs.ends @ weighted.T).max() < 0.001 * size
    assert not np.allclose(design[0].columns, design[1].columns)


def test_shifts_turn_arms_and_leave_out_what_crosses_their_ends(made):
    pairs, arms = made.pairs, made.pairs.maps[0]
    whole = pairs._features(("contact",), [(0, True)] * len(arms), arms)[:, 0]
    place = pairs.one - pairs.starts[pairs.arms]
    apart = pairs.two - pairs.one
    size = pairs.sizes[pairs.arms]
    mirrored = [arms[a].band[s - 1 - p - d, d - 2] for a, p, d, s in
                zip(pairs.arms, place, apart, size, strict=True)]  # fmt: skip
    assert np.array_equal(whole, mirrored, equal_nan=True)
    moved = pairs._features(("contact",), [(50, False)] * len(arms), arms)[:, 0]
    crossing = (place + 50) % size + apart >= size
    assert crossing.any()
    assert np.isnan(moved[crossing]).all()
    assert np.isfinite(moved[~crossing]).mean() > 0.9


def test_fewer_genes_have_classes_of_distance_and_no_effects_of_bins():
    few = world(1, n_genes=300)
    assert not few.pairs.by_bin
    assert few.pairs.n_strata == 6
    changes = changes_of(*panel(few, 0, how="contact", share=0.8, n_times=20), "mean", few.lengths)
    effect = change_together(few.pairs, [changes], KINDS, shifts=99, planted=0)[0][0]
    assert effect.p <= 0.02


def test_slopes_of_one_change_alone_are_no_evidence():
    assert p_of_changes(np.array([3.0, 0.1, -0.1, 0.0, 0.1, -0.1])) > 0.1
    assert p_of_changes(np.array([1.0, 0.9, 1.1, 0.8, 1.2, 1.0])) < 0.001
    assert p_of_changes(np.zeros(4)) == 1.0


def p_values(planted, seed, made_maps=MAPS, panels=PANELS, how="mean"):
    """p of contact in panels of one kind, on several maps: [panels, means or halves]."""
    found = []
    for number in range(made_maps):
        here = world(100 + number)
        each = [
            changes_of(*panel(here, 1000 * seed + 20 * number + k, **planted), how, here.lengths)
            for k in range(panels // made_maps)
        ]
        found += [effects[0] for effects in change_together(here.pairs, each, KINDS, planted=0)]
    return found


@pytest.mark.full
@pytest.mark.parametrize("scenario", NULLS)
def test_without_folding_nothing_is_said_more_often_than_it_may_be(scenario):
    p = np.array([effect.p for effect in p_values(NULLS[scenario], list(NULLS).index(scenario))])
    assert (p <= 0.01).sum() <= 7
    assert (p <= 0.05).sum() <= 20


def planted_as_seen(n_times, made_maps=5, panels=100):
    """How often a field is found whose effect is what null panels print as seen with 80 %.

    The fields are the maps' loops, not those that the library plants; values, not changes, have
    them. The share of variance that gives the effect is read off other panels.
    """
    each = panels // made_maps
    # In few times few genes hardly show an effect of any size.
    genes, arms = (6_000, 24) if n_times <= 5 else (2_000, 8)
    worlds = [world(400 + number, genes, arms) for number in range(made_maps)]

    def effects(first, count, shifts, planted, **how):
        found = []
        for number, here in enumerate(worlds):
            drawn = [
                changes_of(*panel(here, first + 100 * number + k, n_times=n_times, **how), "mean",
                           here.lengths)
                for k in range(count)
            ]  # fmt: skip
            made = change_together(here.pairs, drawn, KINDS, shifts, planted=planted)
            found += [one[0] for one in made]
        return found

    # None of any size is one larger than all.
    printed = [one.seen for one in effects(30_000, 3, 499, 100)]
    seen = np.median(np.nan_to_num(printed, nan=np.inf))
    shares = np.array([0.0, 0.1, 0.3, 0.6, 0.99])
    sizes = [
        np.mean([one.value for one in effects(40_000, 20, 1, 0, how="contact", share=share)])
        for share in shares
    ]
    share = float(np.interp(seen, np.array(sizes) - sizes[0], shares))
    found = effects(50_000, each, 999, 0, how="contact", share=share)
    return seen, share, found


@pytest.mark.full
@pytest.mark.parametrize("n_times", [3, 5, 8, 20])
def test_the_effect_that_is_said_to_be_seen_is_seen(n_times):
    seen, share, found = planted_as_seen(n_times)
    power = np.mean([one.p <= 0.01 for one in found])
    assert 0.7 <= power <= 0.9, (seen, share, power)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", NULLS)
def test_without_folding_little_is_said(scenario):
    here = world(7, n_genes=1_200)
    each = [changes_of(*panel(here, k, **NULLS[scenario]), "mean", here.lengths) for k in range(40)]
    found = change_together(here.pairs, each, KINDS, shifts=199, planted=0)
    assert sum(effects[0].p <= 0.05 for effects in found) <= 7
