"""Tests over origins: their size, their power, intervals that hold the truth, and when there is
none."""

import numpy as np
import pytest
from scipy.stats import t as student

from foldcast.evaluation.origin_tests import (
    enough_origins,
    skill_test,
    standard_error,
    statistic,
)

SEED = 20_260


def correlated(n_courses, n_origins, correlation, seed=SEED):
    """Differences of loss [courses, origins] without effect, alike from origin to origin."""
    shocks = np.random.default_rng(seed).normal(size=(n_courses, n_origins))
    values = shocks.copy()
    for origin in range(1, n_origins):
        shock = np.sqrt(1 - correlation**2) * shocks[:, origin]
        values[:, origin] = correlation * values[:, origin - 1] + shock
    return values


def size(differences):
    critical = student.isf(0.025, differences.shape[1] - 1)
    return (np.abs(statistic(differences)) > critical).mean()


@pytest.mark.parametrize("correlation", [0.0, 0.3])
@pytest.mark.parametrize("n_origins", [6, 9, 14, 30])
def test_differences_without_effect_are_seldom_called(n_origins, correlation):
    assert size(correlated(2000, n_origins, correlation)) < 0.06


@pytest.mark.full
@pytest.mark.parametrize("correlation", [0.0, 0.3])
@pytest.mark.parametrize("n_origins", [6, 7, 8, 9, 10, 12, 14, 20, 30, 45, 60])
def test_the_size_is_at_most_5_5_percent(n_origins, correlation):
    assert size(correlated(20_000, n_origins, correlation)) <= 0.055


@pytest.mark.full
@pytest.mark.parametrize("n_origins", [6, 9, 14, 30])
def test_sizes_where_the_test_promises_less(n_origins, capsys):
    rng = np.random.default_rng(SEED)
    strong = size(correlated(20_000, n_origins, 0.5))
    skewed = size(rng.exponential(size=(20_000, n_origins)) - 1)
    with capsys.disabled():
        print(f"\n{n_origins} origins: {strong:.3f} at 0.5, {skewed:.3f} with exponential errors")
    assert strong < 0.11 and skewed < 0.07


def test_the_standard_error_by_hand():
    d = np.array([1.0, 3.0, 2.0, 5.0, 4.0, 6.0])
    centred = d - 3.5
    r = (centred[1:] * centred[:-1]).sum() / (centred**2).sum()
    r = min(max(r + (1 + 3 * r) / 6, 0.3), 0.9)
    expected = d.std(ddof=1) / np.sqrt(6) * np.sqrt((1 + r) / (1 - r))
    assert standard_error(d) == pytest.approx(expected)
    assert standard_error(d, 0.5) == pytest.approx(np.hypot(expected, np.sqrt(0.5)))


@pytest.mark.parametrize(
    ("n_origins", "horizon", "enough"),
    [(5, 1, False), (6, 1, True), (11, 2, False), (12, 2, True), (29, 5, False), (30, 5, True)],
)
def test_there_is_no_test_below_six_origins_for_each_step_ahead(n_origins, horizon, enough):
    assert enough_origins(n_origins, horizon) is enough
    errors = np.random.default_rng(0).gamma(3, 1, (3, n_origins))
    assert (skill_test(*errors, horizon=horizon) is not None) is enough


def errors_with_skill(skill, n_origins=16, seed=0):
    """Errors of a forecast, and of persistence, at each origin."""
    rng = np.random.default_rng(seed)
    persistence = rng.gamma(20, 0.05, n_origins)
    return persistence * (1 - skill) + rng.normal(0, 0.05, n_origins), persistence


def test_a_clear_difference_is_decided_and_its_interval_holds_the_truth():
    errors, persistence = errors_with_skill(0.3)
    test = skill_test(errors, persistence, persistence)
    assert test.value == pytest.approx(1 - errors.sum() / persistence.sum())
    assert test.low < 0.3 < test.high and test.low > 0
    assert test.is_decided and test.p < 0.001 and test.n_origins == 16
    turned = skill_test(persistence, errors, persistence)
    assert (turned.value, turned.low, turned.high) == pytest.approx(
        (-test.value, -test.high, -test.low)
    )


def test_the_interval_is_made_of_what_the_test_does_not_reject():
    errors, persistence = errors_with_skill(0.05, n_origins=9, seed=3)
    test = skill_test(errors, persistence, persistence)
    critical = student.isf(0.025, 8)
    for bound in (test.low, test.high):
        t = statistic(persistence - errors - bound * persistence)
        assert abs(t) == pytest.approx(critical, rel=1e-6)
    assert (test.low <= 0 <= test.high) == (test.p >= 0.05) == (not test.is_decided)


def test_intervals_hold_the_truth():
    held = []
    for seed in range(150):
        errors, persistence = errors_with_skill(0.1, seed=seed)
        test = skill_test(errors, persistence, persistence)
        held.append(test.low <= 0.1 <= test.high)
    assert np.mean(held) > 0.95


def test_chance_in_fitting_is_in_the_interval():
    errors, persistence = errors_with_skill(0.3)
    shift = np.array([-0.1, 0.0, 0.1])[:, None]
    one = skill_test(errors, persistence, persistence)
    three = skill_test(errors + shift, persistence, persistence)
    assert three.value == pytest.approx(one.value)
    assert three.high - three.low > 1.5 * (one.high - one.low)


def test_what_could_have_been_seen():
    errors, persistence = errors_with_skill(0.1)
    test = skill_test(errors, persistence, persistence)
    error = standard_error(persistence - errors - test.value * persistence) / persistence.mean()
    assert test.seen == pytest.approx((student.ppf(0.975, 15) + student.ppf(0.8, 15)) * error)


def test_an_effect_as_large_as_could_have_been_seen_is_mostly_seen():
    found, seen = [], np.median([_null(seed).seen for seed in range(50)])
    for seed in range(100, 250):
        errors, persistence = errors_with_skill(seen, seed=seed)
        found.append(skill_test(errors, persistence, persistence).p < 0.05)
    assert 0.65 < np.mean(found) < 0.97


def _null(seed):
    errors, persistence = errors_with_skill(0.0, seed=seed)
    return skill_test(errors, persistence, persistence)


def test_forecasts_that_are_the_same_differ_by_nothing():
    errors, persistence = errors_with_skill(0.1)
    test = skill_test(errors, errors, persistence)
    assert (test.value, test.low, test.high, test.p, test.seen) == (0, 0, 0, 1, 0)
    assert not test.is_decided


def test_a_gain_in_proportion_to_persistence_has_no_width():
    persistence = errors_with_skill(0.1)[1]
    for share in (0.5, 0.3):
        test = skill_test(persistence * (1 - share), persistence, persistence)
        assert (test.value, test.low, test.high) == pytest.approx((share, share, share))


def test_an_interval_without_end_says_so():
    """Persistence's error is nearly all of one origin's: no difference in skill is excluded."""
    persistence = np.array([1e-3, 1e-3, 1e-3, 50.0, 1e-3, 1e-3])
    errors = persistence * [0.1, 2, 1, 0.9, 3, 0.2]
    test = skill_test(errors, persistence, persistence)
    assert (test.low, test.high) == (-np.inf, np.inf)
