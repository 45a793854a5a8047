"""Genes forecast to change in the past: found where they are planted, by chance where not."""

from dataclasses import astuple

import numpy as np
import pytest

from foldcast.evaluation.past_calls import past_calls, share_interval
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.beyond_the_data import called_changes
from foldcast.forecast.forecast_intervals import half_widths
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import walks

ORIGINS = range(8, 29)


def turning(n_times=30):
    """Genes that rise or fall, and turn at time 20, seen through little noise."""
    rng = np.random.default_rng(0)
    along = np.concatenate([np.arange(20), 20 - np.arange(n_times - 20)])
    values = 8 + rng.choice([-1, 1], (80, 1)) * rng.uniform(0.8, 1.2, (80, 1)) * along
    return values + rng.normal(0, 0.2, values.shape)


def calls(values, horizon=1, n_times=30, origins=ORIGINS, interval=0.9):
    course = ReplicatedCourse.of_means(values[:, :n_times], np.arange(n_times))
    base = forecast_course(course, horizon)[-1]
    return past_calls(base, base.stack, base.half_widths(interval), origins), base


def test_a_change_is_called_where_the_interval_leaves_out_the_level():
    predicted = np.array([[1.0, 3, -3, 2, np.nan, 9]])
    half = np.array([[2.0, 2, 2, 2, 2, np.nan]])
    assert called_changes(predicted, half, np.zeros((1, 1))).tolist() == [[0, 1, -1, 0, 0, 0]]


def test_genes_with_a_trend_are_called_and_go_that_way_until_they_turn():
    before, _ = calls(turning(), origins=range(8, 19), interval=0.7)
    assert before.calls > 100 and before.right == before.direction == 1
    assert before.n_origins == 11 and before.direction_local_level < 0.1
    # Calls are made from what was known: at the turn they are wrong.
    turn, _ = calls(turning(), origins=[20], interval=0.7)
    assert turn.calls > 20 and turn.right == 0


def test_on_walks_few_are_called_and_these_by_chance():
    values, _ = walks(300, 30, seed=2)
    assert calls(values)[0].calls < 60  # 1 % of the forecasts
    found, _ = calls(values, interval=0.02)
    assert found.calls > 1000
    assert found.right == pytest.approx(0.5, abs=0.06)
    # The way back from the last value is foretold by the level alone.
    assert found.direction > 0.55
    assert found.direction == pytest.approx(found.direction_local_level, abs=0.06)


def test_there_is_no_share_without_calls_and_no_interval_of_few_origins():
    still, _ = calls(8 + np.random.default_rng(1).normal(0, 0.3, (40, 30)))
    assert still.calls == 0 and np.isnan([still.right, still.low, still.high]).all()
    few, _ = calls(turning(), horizon=3, origins=range(8, 23), interval=0.7)
    assert few.calls > 100 and np.isnan(few.low)  # 15 origins; 18 are needed


def test_the_interval_of_a_share_allows_for_uneven_origins_and_holds_what_it_says():
    rng, held = np.random.default_rng(5), 0
    for _ in range(400):
        each = rng.poisson(rng.gamma(0.7, 8, 20)) + 1
        right = rng.binomial(each, rng.beta(6, 4, 20))  # 0.6, and origins of their own
        low, high = share_interval(right, each, 1)
        held += low <= 0.6 <= high
    assert held >= 380  # of 400, 95 % asked for
    assert np.isnan(share_interval(np.array([3, 4] * 4), np.array([3, 4] * 4), 1)).all()


def test_later_times_and_the_order_of_genes_change_nothing():
    order = np.random.default_rng(1).permutation(80)
    for horizon in (1, 2, 4):
        some = range(8, 22 - horizon)
        whole, _ = calls(turning(), horizon, origins=some, interval=0.7)
        short, _ = calls(turning(), horizon, n_times=22, origins=some, interval=0.7)
        mixed, _ = calls(turning()[order], horizon, origins=some, interval=0.7)
        assert astuple(whole) == pytest.approx(astuple(short), nan_ok=True)
        assert astuple(whole) == pytest.approx(astuple(mixed), nan_ok=True)


def test_the_local_level_never_leaves_itself():
    _, base = calls(turning())
    half = half_widths(base.course, base.local_level, base.deviations, 0.9)
    assert past_calls(base, base.local_level, half, ORIGINS).calls == 0
