"""What samples add to real changes is read off replicates, or off steps that are undone."""

import numpy as np
import pytest

from foldcast.power.noise_of_samples import SampleNoise, noise_of_samples


def walks(noise, replicates, n_genes=1500, n_times=12, seed=0):
    """Values of genes whose steps have variance 1, with samples of a noise of that variance."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(8, 2, (n_genes, 1)) + rng.normal(size=(n_genes, n_times)).cumsum(axis=1)
    truth = np.repeat(truth, replicates, axis=1)
    sampled = np.repeat(np.arange(n_times, dtype=float), replicates)
    return truth + np.sqrt(noise) * rng.normal(size=truth.shape), sampled


@pytest.mark.parametrize("noise", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("replicates", [1, 2, 4])
def test_noise_is_found_with_and_without_replicates(noise, replicates):
    values, sampled = walks(noise, replicates)
    found = noise_of_samples(values, sampled, counts=False)
    assert found.variance == pytest.approx(noise, abs=0.06 + 0.25 * noise)
    assert np.isnan(found.counting)


def test_what_counting_adds_is_the_noise_of_counts():
    rng = np.random.default_rng(1)
    truth = 5 + 0.5 * rng.normal(size=(2000, 10)).cumsum(axis=1)
    values = np.log2(rng.poisson(2.0 ** np.repeat(truth, 2, axis=1)) + 1.0)
    sampled = np.repeat(np.arange(10.0), 2)
    found = noise_of_samples(values, sampled, counts=True)
    assert found.counting > 0.7
    # Noise of another source beside it is no noise of counting.
    more = values + rng.normal(0, 1, values.shape)
    assert noise_of_samples(more, sampled, counts=True).counting < 0.4


def test_replicates_and_reads_make_more_of_a_change_real():
    noise = SampleNoise(variance=1.0, counting=0.5)
    assert noise.real_share(1) == pytest.approx(1 / 3)
    assert noise.real_share(4) == pytest.approx(2 / 3)
    assert noise.at(2, depth=2) == pytest.approx(0.375)
    assert SampleNoise(1.0, np.nan).at(2, depth=2) == 0.5
    assert SampleNoise(0.0, np.nan).predictive_variance(5, 1) == 1.0


def test_the_predictive_variance_is_that_of_simulated_forecasts():
    """Of a local level by its steady gain, of steps and noise of known variance."""
    noise, n = 0.7, 400
    values, _ = walks(noise, 1, n_genes=400, n_times=n, seed=2)
    expected = SampleNoise(noise, np.nan).predictive_variance(50, 1)
    before = expected - noise
    level, errors = values[:, 0], []
    for k in range(1, n):
        errors.append(values[:, k] - level)
        level = level + before / expected * errors[-1]
    assert np.mean(np.square(errors[50:])) == pytest.approx(expected, rel=0.03)
    few = SampleNoise(noise, np.nan).predictive_variance(2, 1)
    assert few > expected
    real = SampleNoise(noise, np.nan).real_share_of_innovations(50, 1)
    assert real == pytest.approx(1 / expected)
