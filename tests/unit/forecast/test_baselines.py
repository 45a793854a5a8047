"""Baselines: causal, right where the truth is planted, and as measured on mouse lung."""

import numpy as np
import pytest

from foldcast.forecast.baselines import (
    ALPHAS,
    RECIPES,
    causal_forecasts,
    low_rank,
    smoothed_levels,
)
from foldcast.protocol import origins


def skill(time_course, recipe, at):
    target = time_course[:, np.asarray(at) + 1]
    mse = ((causal_forecasts(time_course, recipe)[:, at] - target) ** 2).mean()
    return 1 - mse / ((time_course[:, at] - target) ** 2).mean()


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("origin", [0, 2, 3, 12, 30])
def test_the_future_does_not_change_a_bit(recipe, origin):
    rng = np.random.default_rng(1)
    time_course = rng.normal(8, 2, size=(40, 32))
    before = causal_forecasts(time_course, recipe)
    time_course[:, origin + 1 :] = rng.normal(-50, 900, size=(40, 31 - origin))
    after = causal_forecasts(time_course, recipe)
    assert np.array_equal(before[:, : origin + 1], after[:, : origin + 1])


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_present_counts_and_the_course_is_left_alone(recipe):
    time_course = np.random.default_rng(2).normal(size=(5, 20))
    kept = time_course.copy()
    before = causal_forecasts(time_course, recipe)
    assert np.array_equal(time_course, kept)
    time_course[:, 10] += 100
    assert (causal_forecasts(time_course, recipe)[:, 10] != before[:, 10]).all()


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_constant_course_is_forecast_exactly(recipe):
    time_course = np.full((3, 12), 7.25)
    assert np.array_equal(causal_forecasts(time_course, recipe), time_course)


def test_averages_by_hand():
    time_course = np.array([[1.0, 2.0, 6.0, 3.0, 8.0, 10.0]])
    assert causal_forecasts(time_course, "moving_average_3").tolist() == [
        pytest.approx([1, 1.5, 3, 11 / 3, 17 / 3, 7])
    ]
    assert causal_forecasts(time_course, "moving_average_5")[0, -1] == pytest.approx(29 / 5)
    assert causal_forecasts(time_course, "running_mean").tolist() == [
        pytest.approx([1, 1.5, 3, 3, 4, 5])
    ]


def test_smoothing_is_statsmodels_own():
    holtwinters = pytest.importorskip("statsmodels.tsa.holtwinters")
    time_course = np.random.default_rng(3).normal(size=(1, 25)).cumsum(axis=1)
    theirs = holtwinters.SimpleExpSmoothing(
        time_course[0], initialization_method="known", initial_level=time_course[0, 0]
    ).fit(smoothing_level=0.35, optimized=False)
    assert ALPHAS[6] == pytest.approx(0.35)
    assert smoothed_levels(time_course, ALPHAS)[6, 0] == pytest.approx(theirs.level)


def test_alpha_is_the_best_on_past_errors_from_the_fourth_time_on():
    time_course = np.random.default_rng(4).normal(size=(6, 15)).cumsum(axis=1)
    levels = smoothed_levels(time_course, ALPHAS)
    for origin in (3, 7, 14):
        errors = (time_course[:, 3 : origin + 1] - levels[:, :, 2:origin]) ** 2
        per_gene = levels[errors.sum(axis=2).argmin(axis=0), np.arange(6), origin]
        panel = levels[errors.sum(axis=(1, 2)).argmin(), :, origin]
        assert np.array_equal(
            causal_forecasts(time_course, "smoothing_per_gene")[:, origin], per_gene
        )
        assert np.array_equal(causal_forecasts(time_course, "smoothing")[:, origin], panel)


@pytest.mark.parametrize("recipe", ["smoothing", "smoothing_per_gene"])
def test_without_past_errors_smoothing_is_persistence(recipe):
    time_course = np.random.default_rng(5).normal(size=(6, 15))
    assert causal_forecasts(time_course, recipe)[:, :3] == pytest.approx(time_course[:, :3])


def test_on_random_walks_nothing_beats_persistence():
    time_course = np.random.default_rng(6).normal(size=(400, 60)).cumsum(axis=1)
    at = origins(60, 0.3)
    skills = {recipe: skill(time_course, recipe, at) for recipe in RECIPES}
    assert max(skills, key=skills.get) in ("persistence", "smoothing", "ridge_on_lags")
    assert skills["ridge_on_lags"] == pytest.approx(0, abs=0.005)
    assert skills["smoothing"] == pytest.approx(0, abs=0.005)
    assert skills["smoothing_per_gene"] == pytest.approx(0, abs=0.05)
    assert skills["running_mean"] < -5


def test_on_noise_around_a_mean_the_running_mean_is_best():
    time_course = 5 + np.random.default_rng(7).normal(size=(400, 60))
    at = origins(60, 0.3)
    skills = {recipe: skill(time_course, recipe, at) for recipe in RECIPES}
    assert max(skills, key=skills.get) == "running_mean"
    # Persistence has twice the variance; the mean of k + 1 values has 1 + 1 / (k + 1) times it.
    best = 1 - np.mean([1 + 1 / (k + 1) for k in at]) / 2
    assert skills["running_mean"] == pytest.approx(best, abs=0.01)


def test_on_a_noisy_level_smoothing_finds_the_steady_gain():
    # Random walk (variance q) plus noise (variance 1): the best gain solves α²/(1 − α) = q.
    rng, alpha = np.random.default_rng(8), 0.4
    q = alpha**2 / (1 - alpha)
    walk = rng.normal(scale=q**0.5, size=(500, 80)).cumsum(axis=1)
    time_course = walk + rng.normal(size=walk.shape)
    at = origins(80, 0.3)
    ideal = smoothed_levels(time_course, np.array([alpha]))[0][:, at]
    target = time_course[:, np.asarray(at) + 1]
    attainable = 1 - ((ideal - target) ** 2).mean() / ((time_course[:, at] - target) ** 2).mean()
    assert skill(time_course, "smoothing", at) == pytest.approx(attainable, abs=0.003)


def test_low_rank_is_smoothing_of_the_past_that_few_components_hold():
    time_course = 8 + np.random.default_rng(9).normal(size=(30, 14)).cumsum(axis=1)
    for origin in (0, 5, 13):
        past = time_course[:, : origin + 1]
        mean = past.mean(axis=1, keepdims=True)
        left, size, right = np.linalg.svd(past - mean, full_matrices=False)
        held = mean + (left[:, :4] * size[:4]) @ right[:4]
        expected = smoothed_levels(held, np.array([0.5]))[0][:, -1]
        assert causal_forecasts(time_course, "low_rank_4")[:, origin] == pytest.approx(expected)
    full = smoothed_levels(time_course, np.array([0.5]))[0]
    assert low_rank(time_course, 30) == pytest.approx(full)


def test_low_rank_sees_a_shared_pattern_through_noise():
    rng = np.random.default_rng(10)
    pattern = rng.normal(size=(200, 1)) * np.sin(np.arange(60) / 6)
    time_course = pattern + rng.normal(scale=0.5, size=pattern.shape)
    at = origins(60, 0.3)
    assert skill(time_course, "low_rank_4", at) > skill(time_course, "smoothing", at) + 0.05


def test_ridge_on_lags_learns_what_all_genes_do():
    # An oscillator: x(k + 1) = 2 cos(w) x(k) - x(k - 1), seen with a little noise.
    rng = np.random.default_rng(11)
    phase = rng.uniform(0, 2 * np.pi, size=(300, 1))
    time_course = 5 + np.sin(np.arange(50) * 0.9 + phase) + rng.normal(0, 0.05, (300, 50))
    at = origins(50, 0.3)
    assert skill(time_course, "ridge_on_lags", at) > 0.8
    assert skill(time_course, "smoothing", at) < 0.2


def test_ridge_on_lags_is_persistence_until_it_has_missed_something():
    time_course = np.random.default_rng(12).normal(size=(6, 15))
    forecasts = causal_forecasts(time_course, "ridge_on_lags")
    assert np.array_equal(forecasts[:, :5], time_course[:, :5])
    assert (forecasts[:, 5:] != time_course[:, 5:]).all()


@pytest.mark.parametrize(
    ("recipe", "measured"),
    [
        ("moving_average_3", 0.263),
        ("smoothing", 0.261),
        ("smoothing_per_gene", 0.271),
        ("low_rank_8", 0.277),
    ],
)
def test_mouse_lung(lung, recipe, measured):
    at = origins(43, 0.3)
    assert len(at) == 30
    assert ((np.diff(lung.time_course, axis=1)[:, at]) ** 2).mean() == pytest.approx(
        0.277, abs=0.001
    )
    assert skill(lung.time_course, recipe, at) == pytest.approx(measured, abs=0.001)
