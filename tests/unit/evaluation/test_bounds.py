"""The three bounds."""

import numpy as np
import pytest

from foldcast.evaluation.bounds import interpolation, noise_floor, oracle_local_level
from foldcast.forecast.baselines import causal_forecasts
from foldcast.protocol import origins


def mse(predicted, time_course, at):
    return ((predicted - time_course[:, np.asarray(at) + 1]) ** 2).mean()


def test_noise_floor_is_the_variance_of_the_mean():
    variance = np.array([[1.0, 4.0], [2.0, 0.0]])
    assert noise_floor(variance, np.array([2, 4])).tolist() == [[0.5, 1.0], [1.0, 0.0]]


def test_one_replicate_takes_the_genes_mean_variance():
    variance = np.array([[1.0, np.nan, 3.0]])
    assert noise_floor(variance, np.array([2, 1, 4])).tolist() == [[0.5, 2.0, 0.75]]


def test_no_replicates_no_floor():
    with pytest.raises(ValueError, match="without replicates"):
        noise_floor(np.full((2, 3), np.nan), np.ones(3))


def test_a_forecast_that_knows_the_mean_reaches_the_floor():
    rng = np.random.default_rng(1)
    mean = rng.normal(size=(300, 40)).cumsum(axis=1)
    samples = mean[:, :, None] + rng.normal(scale=0.7, size=(300, 40, 4))
    floor = noise_floor(samples.var(axis=2, ddof=1), np.full(40, 4))
    assert ((samples.mean(axis=2) - mean) ** 2).mean() == pytest.approx(floor.mean(), rel=0.03)


def test_the_oracle_beats_what_it_generalises():
    rng = np.random.default_rng(2)
    time_course = rng.normal(scale=0.5, size=(50, 40)).cumsum(axis=1) + rng.normal(size=(50, 40))
    at = origins(40, 0.3)
    oracle = oracle_local_level(time_course, at)
    per_gene = ((oracle - time_course[:, np.asarray(at) + 1]) ** 2).mean(axis=1)
    mean = causal_forecasts(time_course, "running_mean")[:, at]
    assert (
        per_gene <= ((mean - time_course[:, np.asarray(at) + 1]) ** 2).mean(axis=1) + 1e-12
    ).all()
    for recipe in ("persistence", "smoothing", "smoothing_per_gene"):
        assert mse(oracle, time_course, at) < mse(
            causal_forecasts(time_course, recipe)[:, at], time_course, at
        )


def test_interpolation_never_uses_the_target_itself():
    time_course = np.zeros((1, 20))
    time_course[0, 10] = 1.0
    assert interpolation(time_course, [9])[0, 0] == 0.0


def test_interpolation_of_noise_is_the_mean_of_the_others():
    time_course = 3 + np.random.default_rng(3).normal(size=(500, 30))
    at = origins(30, 0.3)
    target = np.asarray(at) + 1
    others = (time_course.sum(axis=1, keepdims=True) - time_course[:, target]) / 29
    assert mse(interpolation(time_course, at), time_course, at) == pytest.approx(
        mse(others, time_course, at), rel=0.01
    )


def test_mouse_lung(lung):
    at = origins(43, 0.3)
    time_course = lung.time_course
    persistence = mse(time_course[:, at], time_course, at)
    floor = noise_floor(lung.variance, lung.replicates)[:, np.asarray(at) + 1].mean()
    assert 1 - floor / persistence == pytest.approx(0.541, abs=0.002)
    oracle = mse(oracle_local_level(time_course, at), time_course, at)
    assert 1 - oracle / persistence == pytest.approx(0.350, abs=0.002)
    both = mse(interpolation(time_course, at), time_course, at)
    assert 1 - both / persistence == pytest.approx(0.44, abs=0.005)
