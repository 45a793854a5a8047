"""The stack: weights are earned, further columns honestly, useless ones cost next to nothing."""

import numpy as np
import pytest

from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.forecast_stack import FurtherForecasts, stack
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import walks

N_TIMES = 24


@pytest.fixture(scope="module")
def course():
    return ReplicatedCourse.of_samples(*walks(300, N_TIMES, seed=8))


@pytest.fixture(scope="module")
def base(course):
    return forecast_course(course)[0]


def targets(course):
    """The next value from each time, as a forecaster that knew it would give it."""
    return np.concatenate([course.means[:, 1:], course.means[:, -1:]], axis=1)


def further(base, correction, first=0, horizons=1):
    corrected = np.stack([base.stack] * horizons)
    return FurtherForecasts("other", corrected + correction, corrected, first)


def skill(course, forecast):
    target = course.means[:, 8:]
    missed = ((target - forecast[:, 7:-1]) ** 2).mean()
    return 1 - missed / ((target - course.means[:, 7:-1]) ** 2).mean()


def test_a_member_that_knows_earns_weight_and_the_others_lose_it(course):
    members = [course.means, course.means * 0 + 8, targets(course)]
    forecast, weights = stack(course, members)
    assert weights[-2, 2] > 0.6
    assert (np.diff(weights[4:-1, 2]) > 0).all()
    assert weights[4] == pytest.approx([1 / 3] * 3)
    assert skill(course, forecast) > 0.5


def test_before_the_fifth_time_the_first_member_forecasts(course):
    members = [course.means, course.means + 1, course.means + 2]
    forecast, weights = stack(course, members)
    assert np.array_equal(forecast[:, :4], course.means[:, :4])
    assert weights[3].tolist() == [1, 0, 0] and np.isnan(weights[:3]).all()
    assert np.isnan(weights[-1]).all()


def test_further_columns_are_stacked_as_in_the_reference(reference, course, base):
    noise = np.random.default_rng(0).normal(0, 0.2, course.means.shape)
    correction = noise + 0.2 * (targets(course) - course.means)
    members = [base.local_level, base.trends, base.panel_ridge]
    _, weights = stack(course, members, [correction])
    given = reference.course_of(course.means, course.times)
    theirs = reference.stack(given, [*members, course.means + correction], [1 / 3] * 3 + [0])[1]
    assert weights[4:-1] == pytest.approx(theirs[4:-1], abs=1e-9)


def test_a_useless_column_costs_next_to_nothing(course, base):
    rng = np.random.default_rng(1)
    for size in (0.05, 0.3, 1.0):
        noise = rng.normal(0, size, course.means.shape)
        (with_it,) = forecast_course(course, further=[further(base, noise)])
        assert skill(course, with_it.stack) > skill(course, base.stack) - 0.0005
        assert abs(with_it.weights[-2, 3]) * size < 0.03


def test_a_column_of_nothing_changes_nothing(course, base):
    (with_it,) = forecast_course(course, further=[further(base, 0.0)])
    assert with_it.columns[3] == "other"
    assert with_it.stack == pytest.approx(base.stack, abs=1e-12)
    assert (with_it.weights[4:-1, 3] == 0).all()


def test_a_useful_column_is_used(course, base):
    rng = np.random.default_rng(2)
    known = 0.5 * (targets(course) - base.stack) + rng.normal(0, 0.3, course.means.shape)
    (with_it,) = forecast_course(course, further=[further(base, known)])
    assert skill(course, with_it.stack) > skill(course, base.stack) + 0.1
    assert with_it.weights[-2, 3] > 0.3


def test_fitted_values_earn_no_weight(course, base):
    """Up to origin 12 the column knows its targets; from there on it is noise."""
    known = targets(course) - base.stack
    known[:, 12:] = np.random.default_rng(3).normal(0, 0.5, known[:, 12:].shape)
    (fitted,) = forecast_course(course, further=[further(base, known, first=12)])
    assert (fitted.weights[4:13, 3] == 0).all()
    assert fitted.stack[:, :12] == pytest.approx(base.stack[:, :12], abs=1e-12)
    assert skill(course, fitted.stack) > skill(course, base.stack) - 0.0005


@pytest.mark.parametrize("lucky", [8, 12, 20])
def test_a_column_that_was_silent_for_long_is_not_believed_for_one_origin(course, base, lucky):
    """One origin against a prior of ten: as if the column had never been silent before."""
    known = targets(course) - base.stack
    known[:, :lucky] = 0
    known[:, lucky + 1 :] = known[:, [lucky]]  # as strong from there on, and of no use
    (late,) = forecast_course(course, further=[further(base, known)])
    assert 0 < late.weights[lucky + 1, 3] < 0.2


def test_missing_forecasts_of_a_further_forecaster_add_nothing(course, base):
    noise = np.random.default_rng(4).normal(0, 0.2, course.means.shape)
    missing, zero = noise.copy(), noise.copy()
    missing[::2], zero[::2] = np.nan, 0
    (one,) = forecast_course(course, further=[further(base, missing)])
    (other,) = forecast_course(course, further=[further(base, zero)])
    assert one.stack == pytest.approx(other.stack, abs=1e-12)


def test_weights_further_ahead_are_shrunk_to_those_nearer(course):
    members = [course.means, course.means * 0 + 8, targets(course)]
    nearer = np.tile([0.2, 0.3, 0.5], (N_TIMES, 1))
    _, weights = stack(course, members, horizon=3, nearer=nearer)
    assert weights[6] == pytest.approx([0.2, 0.3, 0.5])  # origin 4 has no target before time 7
    assert not np.allclose(weights[7], [0.2, 0.3, 0.5])
