"""The bootstrap: blocks, seeds, coverage."""

import numpy as np
import pytest

from foldcast.evaluation.origin_bootstrap import block_length, interval, origin_counts
from foldcast.resampling import seed_shares


def test_block_length_is_the_cube_root_rounded_up():
    assert [block_length(n) for n in (1, 8, 27, 28, 30, 64, 65)] == [1, 2, 3, 4, 4, 4, 5]


@pytest.mark.parametrize("n_origins", [1, 2, 5, 30, 101])
def test_every_draw_has_as_many_origins_as_the_sample(n_origins):
    counts = origin_counts(n_origins, 50, seed=1)
    assert counts.shape == (51, n_origins)
    assert (counts[0] == 1).all()
    assert (counts.sum(axis=1) == n_origins).all()


def test_the_same_seed_gives_the_same_draws():
    assert np.array_equal(origin_counts(30, 100, 1), origin_counts(30, 100, 1))
    assert not np.array_equal(origin_counts(30, 100, 1), origin_counts(30, 100, 2))
    assert np.array_equal(seed_shares(3, 100, 1), seed_shares(3, 100, 1))


def test_neighbours_are_drawn_together():
    counts = origin_counts(64, 4000, 1)[1:]
    together = np.corrcoef(counts.T)
    assert together[30, 31] > 0.6
    assert abs(together[30, 45]) < 0.1


def test_seed_shares_carry_the_variance_of_a_mean_of_seeds():
    shares = seed_shares(4, 20000, seed=1)
    assert (shares[0] == 0.25).all()
    assert shares.sum(axis=1) == pytest.approx(1)
    of_seeds = np.array([1.0, 2.0, 4.0, 9.0])
    assert (shares[1:] @ of_seeds).var() == pytest.approx(of_seeds.var(ddof=1) / 4, rel=0.05)
    assert (seed_shares(1, 5, seed=1) == 1).all()


@pytest.mark.parametrize(
    ("n_origins", "memory", "least"), [(30, 0, 0.93), (30, 0.3, 0.9), (10, 0, 0.88)]
)
def test_intervals_cover_the_truth_about_as_often_as_they_say(n_origins, memory, least):
    # The mean of an AR(1) around 0. Blocks cannot hold all of the memory.
    rng = np.random.default_rng(1)
    counts = origin_counts(n_origins, 1000, seed=1)
    series = rng.normal(size=(600, n_origins + 30))
    for time in range(1, n_origins + 30):
        series[:, time] += memory * series[:, time - 1]
    draws = counts @ series[:, 30:].T / n_origins
    ends = [interval(draws[:, run], n_origins) for run in range(600)]
    covered = np.mean([low <= 0 <= high for low, high in ends])
    assert least <= covered <= 0.98


def test_one_block_still_has_an_interval():
    assert interval(np.array([2.0, 1.0, 3.0]), 1) == (1, 3)
