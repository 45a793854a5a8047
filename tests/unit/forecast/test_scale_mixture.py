"""The prior of scales and the shares of models are found where they were planted."""

import numpy as np
import pytest
from scipy.special import polygamma

from foldcast.forecast.scale_mixture import (
    MOST_PRIOR_DOF,
    posterior,
    scale_prior,
    trigamma_inverse,
)


def test_trigamma_is_inverted():
    x = np.geomspace(1e-3, 1e4, 30)
    assert trigamma_inverse(polygamma(1, x)) == pytest.approx(x)


@pytest.mark.parametrize(("dof", "prior_dof", "scale"), [(4, 5, 2.0), (10, 20, 0.3)])
def test_the_prior_of_scales_is_found(dof, prior_dof, scale):
    rng = np.random.default_rng(0)
    variances = prior_dof * scale / rng.chisquare(prior_dof, 20_000)
    squares = variances * rng.chisquare(dof, 20_000)
    found = scale_prior(squares[None], np.full(20_000, dof))
    assert found[0][0] == pytest.approx(prior_dof, rel=0.1)
    assert found[1][0] == pytest.approx(scale, rel=0.03)


def test_genes_of_one_scale_share_it():
    squares = 2.0 * np.random.default_rng(0).chisquare(6, (1, 5000))
    prior_dof, scale = scale_prior(squares, np.array([6.0]))
    assert prior_dof[0] > 100 and scale[0] == pytest.approx(2.0, rel=0.03)
    assert prior_dof[0] <= MOST_PRIOR_DOF


def test_shares_of_models_are_found_and_genes_told_apart():
    """Half of the genes have noise that alternates between two sizes, half have even noise."""
    rng = np.random.default_rng(1)
    sizes = np.array([np.ones(12), np.tile([0.1, 10.0], 6)])
    own = np.repeat([0, 1], [300, 700])
    values = rng.normal(size=(1000, 12)) * np.sqrt(sizes[own])
    squares = (values[None] ** 2 / sizes[:, None]).sum(axis=2)
    found = posterior(squares, np.full(1000, 12.0), np.log(sizes).sum(axis=1)[:, None])
    assert found.weights.sum(axis=0) == pytest.approx(np.ones(1000))
    assert found.weights[0].mean() == pytest.approx(0.3, abs=0.03)
    assert found.weights[own, np.arange(1000)].mean() > 0.95


def test_a_gene_that_was_never_seen_follows_the_panel():
    rng = np.random.default_rng(2)
    squares = rng.chisquare(5, (3, 50))
    dof = np.full(50, 5.0)
    squares[:, 0], dof[0] = 0, 0
    found = posterior(squares, dof, np.zeros((3, 1)))
    others = posterior(squares[:, 1:], dof[1:], np.zeros((3, 1)))
    assert found.scale[:, 1:] == pytest.approx(others.scale, rel=1e-6)
    assert np.isfinite(found.weights).all()
    assert found.weights.sum(axis=0) == pytest.approx(np.ones(50))


def test_nothing_that_varies_is_no_crash():
    found = posterior(np.zeros((3, 20)), np.full(20, 4.0), np.zeros((3, 1)))
    assert found.weights == pytest.approx(np.full((3, 20), 1 / 3))
    assert (found.scale < 1e-100).all()
