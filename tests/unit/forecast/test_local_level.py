"""Local levels: noise of single values, planted levels, deviations that tell the truth, gaps."""

import numpy as np
import pytest

from foldcast.forecast.local_level import local_level, noise_multipliers
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import PANELS, walks


def error(course, forecasts):
    return ((course.means[:, 6:] - forecasts[:, 5:-1]) ** 2).mean()


@pytest.mark.parametrize("panel", [name for name in PANELS if "late" not in name])
def test_noise_multipliers_are_those_of_the_reference(reference, panel):
    ours = noise_multipliers(ReplicatedCourse.of_samples(*PANELS[panel]))
    theirs = reference.noise_multipliers(reference.course_of(*PANELS[panel]))
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_a_noisy_value_counts_less_than_a_clean_one():
    values, sampled = walks(50, 8, replicates=3)
    values[0, sampled == 5] += [-4, 0, 4]
    multipliers = noise_multipliers(ReplicatedCourse.of_samples(values, sampled))
    assert multipliers[0, 5] > 2
    assert 0.6 < np.median(multipliers[1:, 3:]) < 1.2


def test_pure_walks_are_forecast_by_their_last_value():
    course = ReplicatedCourse.of_samples(*walks(400, 20, noise=0.0))
    (level,) = local_level(course)
    assert error(course, level.means) == pytest.approx(error(course, course.means), rel=0.01)


def test_pure_noise_is_forecast_by_its_mean():
    course = ReplicatedCourse.of_samples(*walks(400, 20, step=0.0))
    (level,) = local_level(course)
    mean = np.cumsum(course.means, axis=1) / np.arange(1, 21)
    assert error(course, level.means) < 1.02 * error(course, mean)


@pytest.mark.parametrize("replicates", [1, 3])
def test_deviations_are_those_of_errors_at_every_horizon(replicates):
    course = ReplicatedCourse.of_samples(*walks(600, 20, replicates, seed=3))
    for horizon, level in enumerate(local_level(course, 4), start=1):
        errors = (course.means[:, horizon:] - level.means[:, :-horizon])[:, 8:]
        ratios = errors / level.deviations[:, 8:-horizon]
        assert (ratios**2).mean() == pytest.approx(1, abs=0.12)


def test_a_gap_leaves_the_level_and_widens_the_deviation():
    values, sampled = walks(60, 12)
    whole = local_level(ReplicatedCourse.of_samples(values, sampled))[0]
    values[:20, 7] = np.nan
    (level,) = local_level(ReplicatedCourse.of_samples(values, sampled))
    assert level.means[:20, 7] == pytest.approx(level.means[:20, 6], abs=0.1)
    assert (level.deviations[:20, 7] > level.deviations[:20, 6]).mean() > 0.9
    assert np.array_equal(level.means[:, :7], whole.means[:, :7])
    assert level.means[20:, 8:] == pytest.approx(whole.means[20:, 8:], abs=0.1)
    assert np.isfinite(level.means).all()
