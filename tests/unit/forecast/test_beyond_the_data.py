"""Beyond the data: direct and iterated forecasts, their intervals, and how past ones fared."""

import numpy as np
import pandas as pd
import pytest

from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.baseline_horizons import baseline_beyond
from foldcast.forecast.baselines import RECIPES
from foldcast.forecast.beyond_the_data import (
    coverage_table,
    future_table,
    with_intervals,
    with_later,
)
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import walks

COURSE = ReplicatedCourse.of_samples(*walks(60, 20, 2, seed=3))
LATER = with_later(COURSE, 3, None)
ORIGINS = range(8, 19)


def test_later_times_go_on_as_the_last_ones_did():
    assert LATER.times[-3:].tolist() == [20, 21, 22] and LATER.samples[-3:].tolist() == [2, 2, 2]
    assert with_later(COURSE, 2, 0.5).times[-2:].tolist() == [19.5, 20]
    assert LATER.n_times == 20


def test_the_stack_is_forecast_directly_with_its_own_intervals():
    beyond = baseline_beyond(LATER, "stack", 3, 0.9)
    for k, one in enumerate(forecast_course(LATER, 3)):
        assert np.array_equal(beyond.predicted[:, k], one.stack[:, -1])
        assert np.array_equal(beyond.half[:, k], one.half_widths(0.9)[:, -1])
    assert (np.diff(beyond.half.mean(axis=0)) > 0).all()


def test_recipes_are_iterated_and_their_intervals_are_of_their_own_errors():
    smooth, last, far = (
        baseline_beyond(LATER, name, 3, 0.9)
        for name in ("smoothing", "persistence", "running_mean")
    )
    assert np.array_equal(last.predicted, np.repeat(COURSE.means[:, -1:], 3, axis=1))
    assert np.array_equal(smooth.past, RECIPES["smoothing"](COURSE.means))
    assert smooth.half.mean() < last.half.mean() < far.half.mean()


def test_forecasts_that_begin_late_are_calibrated_on_what_there_is():
    found = forecast_course(LATER, 3)
    past = np.full(COURSE.means.shape, np.nan)
    past[:, 9:] = found[0].stack[:, 9:]
    beyond = with_intervals(LATER, found, past, np.zeros((60, 3)), 0.9)
    assert np.isfinite(beyond.half).all() and (np.diff(beyond.half.mean(axis=0)) > 0).all()
    louder = with_intervals(LATER, found, past + 2.0, np.zeros((60, 3)), 0.9)
    assert (louder.half > beyond.half).all()


def test_how_past_intervals_fared_is_told_from_what_was_known_then():
    beyond = baseline_beyond(LATER, "stack", 3, 0.9)
    (row,) = coverage_table(COURSE, beyond, ORIGINS, 0.9).itertuples()
    missed = np.abs(COURSE.means[:, 9:] - beyond.past[:, 8:-1])
    held = (missed <= beyond.past_half[:, 8:-1]).mean(axis=0)
    assert row.coverage == pytest.approx(held.mean()) and row.origins == 11
    assert (row.lowest, row.highest) == pytest.approx((held.min(), held.max()))
    assert 0.8 < row.coverage < 0.98


def test_a_course_too_short_for_intervals_has_forecasts_without():
    short = with_later(ReplicatedCourse.of_means(COURSE.means[:, :3], [0, 1, 2]), 2, None)
    beyond = baseline_beyond(short, "stack", 2, 0.9)
    assert np.array_equal(beyond.predicted, np.repeat(COURSE.means[:, 2:3], 2, axis=1))
    assert np.isnan(beyond.half).all()
    assert coverage_table(short, beyond, [1], 0.9).empty


def test_the_table_has_a_row_for_each_gene_and_horizon():
    beyond = baseline_beyond(LATER, "trends", 3, 0.9)
    genes = pd.Index([f"g{k}" for k in range(60)])
    table = future_table(genes, LATER, beyond)
    assert len(table) == 180 and table["horizon"].tolist()[:4] == [1, 2, 3, 1]
    row = table[(table["gene"] == "g7") & (table["horizon"] == 2)].iloc[0]
    assert row["target_time"] == 21 and row["last"] == COURSE.means[7, -1]
    assert row["predicted"] == beyond.predicted[7, 1]
    assert (row["high"] - row["low"]) == pytest.approx(2 * beyond.half[7, 1])
    assert row["change"] == pytest.approx(row["predicted"] - row["last"])
