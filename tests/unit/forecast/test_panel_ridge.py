"""Shared dynamics: found where planted, the base where there are none or too few times."""

import numpy as np
import pytest

from foldcast.forecast.panel_ridge import panel_ridge
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import walks


def missed(values, forecast, horizon=1):
    return ((values[:, 10 + horizon :] - forecast[:, 10:-horizon]) ** 2).mean()


def cycles(noise):
    rng = np.random.default_rng(0)
    phase, size = rng.uniform(0, 2 * np.pi, (200, 1)), rng.gamma(2, 0.5, (200, 1))
    values = 8 + size * np.sin(2 * np.pi * np.arange(24) / 8 + phase)
    return values + noise * rng.normal(size=values.shape)


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_a_common_cycle_is_learnt(horizon):
    values = cycles(0.3)
    course = ReplicatedCourse.of_means(values, np.arange(24))
    forecast = panel_ridge(course, values, horizon)
    assert missed(values, forecast, horizon) < 0.5 * missed(values, values, horizon)


def test_there_is_nothing_to_learn_in_walks():
    values, times = walks(200, 24, noise=0.0)
    forecast = panel_ridge(ReplicatedCourse.of_means(values, times), values)
    assert missed(values, forecast) < 1.1 * missed(values, values)


@pytest.mark.parametrize(("horizon", "first"), [(1, 5), (2, 6), (4, 8)])
def test_the_base_forecasts_while_errors_are_few(horizon, first):
    values = cycles(0.3)
    forecast = panel_ridge(ReplicatedCourse.of_means(values, np.arange(24)), values, horizon)
    assert np.array_equal(forecast[:, :first], values[:, :first])
    assert not np.array_equal(forecast[:, first], values[:, first])
    assert np.array_equal(forecast[:, 24 - horizon :], values[:, 24 - horizon :])


def test_genes_that_never_change_are_no_crash():
    values = np.full((5, 9), 3.0)
    course = ReplicatedCourse.of_means(values, np.arange(9))
    assert np.array_equal(panel_ridge(course, values), values)
