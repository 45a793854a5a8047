"""The network without a graph: causal, right where the truth is planted, at rest where nothing
moves."""

import numpy as np
import pytest

from foldcast.forecast import mlp_on_lags as module
from foldcast.forecast.mlp_on_lags import mlp_on_lags


def returning(n_genes=60, n_times=30, pull=0.7, seed=1):
    """Genes drawn back to levels of their own."""
    rng = np.random.default_rng(seed)
    values = np.zeros((n_genes, n_times))
    for time in range(1, n_times):
        values[:, time] = (1 - pull) * values[:, time - 1] + rng.normal(size=n_genes)
    return values + rng.normal(8, 2, size=(n_genes, 1))


@pytest.mark.parametrize("origin", [0, 5, 6, 12])
def test_later_values_change_nothing_and_no_more_than_a_bit(origin):
    time_course = returning(20, 16)
    before = mlp_on_lags(time_course)
    short = mlp_on_lags(time_course[:, : origin + 1])
    time_course[:, origin + 1 :] = np.random.default_rng(2).normal(-50, 900, (20, 15 - origin))
    after = mlp_on_lags(time_course)
    assert np.array_equal(before[:, : origin + 1], after[:, : origin + 1])
    assert np.array_equal(before[:, : origin + 1], short)
    assert not np.array_equal(before, after)


def test_genes_that_are_drawn_back_are_forecast():
    time_course = returning()
    at = np.arange(12, 29)
    target, last = time_course[:, at + 1], time_course[:, at]
    forecasts = mlp_on_lags(time_course)
    skill = 1 - ((forecasts[:, at] - target) ** 2).mean() / ((last - target) ** 2).mean()
    assert 0.25 < skill < 0.40  # who knows the pull gets 0.35


def test_it_is_persistence_before_there_is_a_past_to_learn_from():
    time_course = returning(10, 12)
    forecasts = mlp_on_lags(time_course)
    assert np.array_equal(forecasts[:, : module.LAGS], time_course[:, : module.LAGS])
    assert (forecasts[:, module.LAGS :] != time_course[:, module.LAGS :]).all()
    constant = np.full((3, 12), 7.25)
    assert np.array_equal(mlp_on_lags(constant), constant)


def test_of_many_genes_some_teach_and_all_are_forecast(monkeypatch):
    monkeypatch.setattr(module, "MOST", 100)
    time_course = returning(60, 14)
    assert (mlp_on_lags(time_course)[:, -1] != time_course[:, -1]).all()
