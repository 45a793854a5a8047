"""Intervals: those of the reference, and their coverage on panels with known dynamics."""

import numpy as np
import pytest

from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.forecast_intervals import stretches
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import PANELS, walks


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_half_widths_are_those_of_the_reference(reference, level):
    given = PANELS["three samples"]
    (forecast,) = forecast_course(ReplicatedCourse.of_samples(*given))
    course = reference.course_of(*given)
    theirs = reference.intervals(course, forecast.stack, forecast.deviations, level)
    assert forecast.half_widths(level) == pytest.approx(theirs, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize("horizon", [1, 3])
def test_intervals_hold_what_they_say(replicates, horizon):
    course = ReplicatedCourse.of_samples(*walks(400, 24, replicates, seed=5))
    forecast = forecast_course(course, horizon)[-1]
    errors = np.abs(course.means[:, horizon:] - forecast.stack[:, :-horizon])[:, 8:]
    for level in (0.5, 0.8, 0.9, 0.95):
        held = (errors <= forecast.half_widths(level)[:, 8:-horizon]).mean()
        assert held == pytest.approx(level, abs=0.06 if level < 0.9 else 0.04)


def test_the_first_interval_is_the_model_s_own():
    course = ReplicatedCourse.of_samples(*walks(40, 8))
    (forecast,) = forecast_course(course)
    widths = forecast.half_widths(0.9)
    assert widths[:, 3] == pytest.approx(1.6449 * forecast.deviations[:, 3], rel=1e-4)
    assert np.isnan(widths[:, :3]).all() and np.isnan(widths[:, -1]).all()


def test_wider_levels_are_wider_and_later_ones_less_wary():
    course = ReplicatedCourse.of_samples(*walks(200, 16, seed=6))
    (forecast,) = forecast_course(course)
    narrow, wide = forecast.half_widths(0.5), forecast.half_widths(0.9)
    assert (narrow < wide)[:, 3:-1].all()
    stretch = (narrow / forecast.deviations)[0]
    assert stretch[4] > 1.2 * stretch[14]  # the quantile of 75 %, then of 54 %


@pytest.mark.parametrize("horizon", [1, 3])
def test_stretches_are_quantiles_of_the_past_alone_and_gaps_count_for_nothing(horizon):
    course = ReplicatedCourse.of_samples(*walks(30, 12, seed=4))
    forecast = forecast_course(course, horizon)[-1]
    values = forecast.stack.copy()
    values[:, 5] = np.nan  # an origin without forecasts
    values[3, 7] = np.nan
    found = stretches(course, values, forecast.deviations, [0.5, 0.9], horizon)
    errors = np.abs(course.means[:, horizon:] - values[:, :-horizon])
    ratios = errors / forecast.deviations[:, :-horizon]
    for origin in range(3 + horizon, 12 - horizon):
        past = ratios[:, 3 : origin - horizon + 1]
        n_past = np.isfinite(past).any(axis=0).sum()
        further = 1 - (1 - np.array([0.5, 0.9])) * n_past / (n_past + 1)
        assert np.array_equal(found[:, origin], np.nanquantile(past, further))


PUBLIC = {  # how far coverage may be off; 12 times are few
    "yeast_cdc28": 0.08,
    "yeast_alpha": 0.08,
    "yeast_cdc15": 0.08,
    "yeast_elutriation": 0.08,
    "zebrafish_liver": 0.08,
    "worm_adult": 0.11,
}


def coverage(forecast, level):
    """Share of scored values that the interval holds, and from how many origins."""
    course, horizon = forecast.course, forecast.horizon
    at = np.arange(max(int(np.ceil(0.3 * course.n_times)), 5) - 1, course.n_times - horizon)
    errors = np.abs(course.means[:, at + horizon] - forecast.stack[:, at])
    return (errors <= forecast.half_widths(level)[:, at]).mean(), len(at)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_intervals_hold_what_they_say_on_public_courses(public_course, lung, level):
    course = ReplicatedCourse.of_samples(lung.samples, lung.ages)
    off = [coverage(forecast_course(course)[0], level)[0] - level]
    assert abs(off[0]) < 0.08
    for name, most in PUBLIC.items():
        off.append(coverage(forecast_course(public_course(name))[0], level)[0] - level)
        assert abs(off[-1]) < most, name
    assert abs(np.mean(off)) < 0.04


@pytest.mark.slow
def test_intervals_hold_what_they_say_further_on_too(public_course, lung):
    """At every horizon with 6 origins for each step."""
    courses = [ReplicatedCourse.of_samples(lung.samples, lung.ages), public_course("yeast_alpha")]
    off = []
    for forecast in (one for course in courses for one in forecast_course(course, 5)):
        for level in (0.8, 0.9, 0.95):
            held, n_origins = coverage(forecast, level)
            if n_origins >= 6 * forecast.horizon:
                off.append(held - level)
    assert len(off) == 3 * (4 + 1)  # four horizons of mouse lung, one of yeast
    assert np.abs(off).max() < 0.08 and abs(np.mean(off)) < 0.04
