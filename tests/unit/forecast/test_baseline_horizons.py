"""Baselines several steps ahead: iterated as they say, and causal at every horizon."""

import numpy as np
import pytest

from foldcast.forecast.baseline_horizons import NAMES, iterated
from foldcast.forecast.baselines import RECIPES
from foldcast.forecast.mlp_on_lags import NAME, mlp_on_lags

HORIZONS = 4


def panel(n_genes=12, n_times=16):
    return np.random.default_rng(1).normal(8, 1, (n_genes, n_times)).cumsum(axis=1)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_step_is_the_one_step_forecast(name):
    one_step = mlp_on_lags if name == NAME else RECIPES[name]
    assert np.array_equal(iterated(panel(), name, 2)[0], one_step(panel()))


@pytest.mark.parametrize("name", RECIPES)
def test_a_forecast_is_taken_as_the_value_when_the_next_is_made(name):
    found = iterated(panel(), name, HORIZONS)
    for origin in (0, 4, 9, 15):
        values = panel()[:, : origin + 1]
        for horizon in range(HORIZONS):
            values = np.column_stack([values, RECIPES[name](values)[:, -1]])
            assert found[horizon, :, origin] == pytest.approx(values[:, -1], abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_later_values_and_times_change_nothing_before_at_any_horizon(name):
    values, origin = panel(), 9
    before = iterated(values, name, HORIZONS)[:, :, : origin + 1]
    short = iterated(values[:, : origin + 1], name, HORIZONS)
    values[:, origin + 1 :] = -1234.5
    after = iterated(values, name, HORIZONS)[:, :, : origin + 1]
    assert np.array_equal(before, short) and np.array_equal(before, after)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in (NAME, "low_rank_4", "low_rank_8")])
def test_the_order_of_genes_does_not_matter(name):
    order = np.random.default_rng(2).permutation(12)
    one, other = (iterated(v, name, HORIZONS) for v in (panel(), panel()[order]))
    assert other == pytest.approx(one[:, order], abs=1e-9)


def test_the_network_goes_on_from_what_it_forecast():
    first, *_, last = iterated(panel(), NAME, HORIZONS)
    moved = np.abs(last - first)
    assert (moved[:, 6:] > 0).all() and not moved[:, :5].any()
