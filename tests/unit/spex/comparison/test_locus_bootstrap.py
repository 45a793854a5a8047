"""The bootstrap over stretches of the genome: blocks, coverage, intervals that hold together."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

import spex_world as world
from foldcast.resampling import expanded_interval, expanded_tail
from foldcast.spex.comparison.locus_bootstrap import (
    LocusBlocks,
    independent_blocks,
    simultaneous_intervals,
)
from foldcast.spex.comparison.spearman import spearman_draws


def test_blocks_follow_each_chromosome():
    genes = pd.DataFrame(
        {"chrom": ["chr1", "chr1", "chr1", "chr2"], "tss": [0, 999_999, 1_000_000, 5]}
    )
    blocks = LocusBlocks.of(genes, 1_000_000, 50, seed=1)
    assert blocks.block.tolist() == [0, 0, 1, 2]
    assert blocks.counts.shape == (51, 3)
    assert (blocks.counts[0] == 1).all()
    assert (blocks.counts.sum(axis=1) == 3).all()


def test_the_same_seed_gives_the_same_draws():
    genes = world.genes(200, np.random.default_rng(1))
    one, two, other = (LocusBlocks.of(genes, 100_000, 50, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.counts, two.counts)
    assert not np.array_equal(one.counts, other.counts)


def test_uneven_blocks_tell_as_much_as_fewer_even_ones():
    assert independent_blocks(np.array([5, 5, 5, 5])) == 4
    assert independent_blocks(np.array([100, 1, 1])) == pytest.approx(1.04, abs=0.01)
    assert independent_blocks(np.array([])) == 0


@pytest.mark.parametrize("ties", [False, True])
def test_every_draw_is_spearmans_correlation_of_the_genes_drawn(ties):
    rng = np.random.default_rng(1)
    n, n_blocks = 150, 30
    block = np.sort(rng.integers(0, n_blocks, n))
    observed = rng.normal(size=n)
    predicted = observed + rng.normal(size=(4, n))
    if ties:  # as genes that are not expressed are
        observed, predicted = np.maximum(observed, 0), np.round(predicted)
    counts = rng.multinomial(n_blocks, np.full(n_blocks, 1 / n_blocks), size=70).astype(float)
    rho = spearman_draws(predicted, observed, counts, block)
    assert rho.shape == (4, 70)
    for draw in (0, 31, 32, 69):  # in the first and the last batch
        drawn = np.repeat(np.arange(n), counts[draw, block].astype(int))
        for series in range(4):
            expected = spearmanr(predicted[series, drawn], observed[drawn]).statistic
            assert rho[series, draw] == pytest.approx(expected, abs=1e-12)


def test_what_does_not_vary_correlates_with_nothing():
    block, counts = np.arange(4), np.array([[1.0, 1, 1, 1], [4, 0, 0, 0], [0, 0, 0, 0]])
    rho = spearman_draws(np.array([[1.0, 2, 3, 4], [1, 1, 1, 1]]), np.arange(4.0), counts, block)
    assert rho[0].tolist()[:2] == [1, 0]
    assert rho[1].tolist()[:2] == [0, 0]
    assert np.isnan(rho[:, 2]).all()


@pytest.mark.slow
@pytest.mark.parametrize("reach", [0, 30_000])
def test_intervals_of_a_difference_hold_its_truth_about_as_often_as_they_say(reach):
    # Two predictions that err alike differ by nothing.
    covered = []
    for seed in range(150):
        held = world.run({"hic": 0.0, "micro": 0.0}, seed=seed, reach=reach)
        blocks = LocusBlocks.of(held.genes, 100_000, 300, 1)
        predicted = np.stack([fit.predicted[0, 0] for fit in held.fits])
        rho = spearman_draws(predicted, held.observed[0], blocks.counts, blocks.block)
        sizes = independent_blocks(blocks.sizes(np.ones(len(held.genes), dtype=bool)))
        for feature_set in (1, 2):
            low, high = expanded_interval(rho[feature_set] - rho[0], sizes)
            covered.append(low <= 0 <= high)
    assert 0.92 <= np.mean(covered) <= 0.99


def test_intervals_hold_together_over_many_comparisons():
    rng = np.random.default_rng(1)
    together = alone = 0
    for _ in range(200):
        counts = rng.multinomial(60, np.full(60, 1 / 60), size=300)
        weights = np.concatenate([np.ones((1, 60)), counts]) / 60
        shared = rng.normal(size=(60, 1))
        values = (weights @ (rng.normal(size=(60, 25)) + shared)).T
        low, high = simultaneous_intervals(values, 60)
        together += ((low <= 0) & (high >= 0)).all()
        ends = np.array([expanded_interval(one, 60) for one in values])
        alone += ((ends[:, 0] <= 0) & (ends[:, 1] >= 0)).all()
    assert together / 200 >= 0.93
    assert alone / 200 < 0.85


def test_comparisons_that_go_together_cost_less_than_bonferroni():
    rng = np.random.default_rng(1)
    one = rng.normal(size=(1, 2001))
    apart = simultaneous_intervals(np.concatenate([one, rng.normal(size=(99, 2001))]), 1e6)
    alike = simultaneous_intervals(one + 0.01 * rng.normal(size=(100, 2001)), 1e6)
    single = simultaneous_intervals(one, 1e6)
    width = [float((high - low)[0]) for low, high in (single, alike, apart)]
    assert width[0] <= width[1] < 1.1 * width[0] < 1.5 * width[0] < width[2]
    assert width[0] == pytest.approx(2 * 1.96, rel=0.05)


def test_few_blocks_widen_intervals_and_one_says_nothing():
    values = np.random.default_rng(1).normal(size=(3, 1001))
    widths = [np.ptp(simultaneous_intervals(values, blocks), axis=0)[0] for blocks in (10, 100)]
    assert widths[0] > 1.2 * widths[1]
    low, high = simultaneous_intervals(values, 1)
    assert np.isinf(low).all() and np.isinf(high).all()
    assert expanded_tail(10) < expanded_tail(1000) < 0.0251


def test_a_comparison_that_no_draw_changes_is_a_point():
    values = np.zeros((2, 101))
    values[1, 1:] = np.random.default_rng(1).normal(size=100)
    low, high = simultaneous_intervals(values, 50)
    assert (low[0], high[0]) == (0, 0)
    assert low[1] < 0 < high[1]
