"""What every bootstrap here shares: shares of seeds."""

import numpy as np
import pytest

from foldcast.resampling import seed_shares


def test_the_same_seed_gives_the_same_shares():
    assert np.array_equal(seed_shares(3, 100, 1), seed_shares(3, 100, 1))


def test_seed_shares_carry_the_variance_of_a_mean_of_seeds():
    shares = seed_shares(4, 20000, seed=1)
    assert (shares[0] == 0.25).all()
    assert shares.sum(axis=1) == pytest.approx(1)
    of_seeds = np.array([1.0, 2.0, 4.0, 9.0])
    assert (shares[1:] @ of_seeds).var() == pytest.approx(of_seeds.var(ddof=1) / 4, rel=0.05)
    assert (seed_shares(1, 5, seed=1) == 1).all()
