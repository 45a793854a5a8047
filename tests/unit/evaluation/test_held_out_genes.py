"""Genes held out: told from genes in contact where folding does something, and not where not."""

import dataclasses

import numpy as np
import pytest

from foldcast.evaluation.bin_pairs import BinPairs
from foldcast.evaluation.expression_changes import Changes, changes_of
from foldcast.evaluation.folding_verdict import held_out_in_words
from foldcast.evaluation.held_out_genes import held_out_genes
from folded_panels import FARTHEST, NEAREST, panel, world


@pytest.fixture(scope="module")
def made():
    return world(0)


def found_in(made, seed, **how):
    return held_out_genes(made.pairs, changes_of(*panel(made, seed, **how), "mean", made.lengths))


def test_a_field_over_contacts_is_told_from_genes_in_contact(made):
    found = found_in(made, 1, how="contact", share=0.6, n_times=12)
    assert found.low > 0 and found.slope > found.slope_little
    assert found.difference == pytest.approx(found.r2 - found.r2_little)
    assert found.n_chromosomes == 8 and found.n_changes == 11 and found.n_genes > 1_000
    assert "are told better from genes in contact: R² 0.0" in held_out_in_words("a", "b", found)


def test_what_follows_distance_is_told_as_well_from_either_side(made):
    found = found_in(made, 4, how="distance", share=0.3)
    assert found.r2 > 0.003 and found.r2_little > 0.003
    assert found.low < 0 < found.high
    assert "cannot be decided" in held_out_in_words("a", "b", found)


def by_hand(made, values):
    """Gene by gene, from the words of the module: R² of both sides."""
    arm_of = np.repeat(np.arange(len(made.pairs.sizes)), made.pairs.sizes)
    genes_in = [np.flatnonzero(made.bins == b) for b in range(made.pairs.n_bins)]
    band = np.concatenate([arm.band for arm in made.pairs.maps[0]])
    told, asked = np.zeros((2, *values.shape)), np.zeros(len(values), bool)
    for gene, own in enumerate(made.bins):
        for apart in range(NEAREST, FARTHEST + 1):
            sides = own - apart, own + apart
            if sides[0] < 0 or sides[1] >= len(arm_of) or arm_of[sides[0]] != arm_of[sides[1]]:
                continue
            contact = band[sides[0], apart - NEAREST], band[own, apart - NEAREST]
            n = min(len(genes_in[side]) for side in sides)
            if n == 0 or not abs(contact[1] - contact[0]) >= 1:
                continue
            for which, side in enumerate(sides if contact[0] > contact[1] else sides[::-1]):
                told[which, gene] += values[genes_in[side][:n]].sum(axis=0)
            asked[gene] = True
    chrom, scores = arm_of[made.bins], []
    for predictor in told:
        error = 0.0
        for one in range(len(made.pairs.sizes)):
            rest, own = asked & (chrom != one), asked & (chrom == one)
            slope = (predictor[rest] * values[rest]).sum() / (predictor[rest] ** 2).sum()
            error += ((values[own] - slope * predictor[own]) ** 2).sum()
        scores.append(1 - error / (values[asked] ** 2).sum())
    return scores, asked.sum()


def test_it_is_what_its_words_say_gene_by_gene(made):
    changes = changes_of(*panel(made, 2, how="contact", share=0.3), "mean", made.lengths)
    found = held_out_genes(made.pairs, changes)
    scores, n_genes = by_hand(made, changes.halves[0])
    np.testing.assert_allclose([found.r2, found.r2_little], scores, rtol=1e-9)
    assert found.n_genes == n_genes


def test_no_value_of_a_chromosome_is_in_the_slope_by_which_its_genes_are_told(made):
    """With all others silent there is nothing to learn from: told is 0, and R² with it."""
    values = np.random.default_rng(1).normal(size=(made.n_genes, 5))
    values[made.bins >= made.pairs.sizes[0]] = 0.0
    found = held_out_genes(made.pairs, Changes("mean", (values,), np.arange(5.0)))
    assert found.r2 == found.r2_little == 0.0


def test_a_map_of_each_time_counts_for_the_changes_that_begin_in_it(made):
    changes = changes_of(*panel(made, 2, how="contact", share=0.3), "mean", made.lengths)
    arms = made.pairs.maps[0]
    same = BinPairs([arms, arms], [0.0, 4.0], made.bins, NEAREST, FARTHEST)
    one, two = (held_out_genes(pairs, changes) for pairs in (made.pairs, same))
    for name in ("r2", "r2_little", "low", "high"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=1e-9)


def test_one_chromosome_is_not_asked(made):
    arms = [dataclasses.replace(arm, chrom="chr0") for arm in made.pairs.maps[0]]
    pairs = BinPairs([arms], [0.0], made.bins, NEAREST, FARTHEST)
    changes = changes_of(*panel(made, 2), "mean", made.lengths)
    assert held_out_genes(pairs, changes) is None


@pytest.mark.full
@pytest.mark.parametrize(
    "how",
    [{}, {"how": "distance", "share": 0.3}, {"how": "domains", "share": 0.3},
     {"sample_effect": "depth"}, {"sample_effect": "gc"}, {"sample_effect": "level"}],
)  # fmt: skip
def test_without_folding_its_interval_seldom_leaves_nothing_out(made, how):
    panels = [found_in(made, seed, n_times=6, **how) for seed in range(100)]
    assert sum(one.low > 0 for one in panels) <= 7
    assert sum(one.high < 0 for one in panels) <= 7
