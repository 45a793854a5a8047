"""Trends: the covariance, clocks, planted trends, gaps and horizons that say the same."""

import numpy as np
import pytest

from foldcast.forecast.matern_trends import clocks, matern, matern_trends
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import walks


def course_at(times, later=()):
    values, sampled = walks(30, np.asarray(times, float))
    return ReplicatedCourse.of_samples(values, sampled, later)


@pytest.mark.parametrize("length", [1, 4, 16])
def test_a_step_has_an_increment_of_variance_1(length):
    covariance = matern(np.array([0.0, 1.0, 3.5]), length)
    assert covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1] == pytest.approx(1)
    distance = np.sqrt(3) * 2.5 / length
    shape = (1 + distance) * np.exp(-distance)
    assert covariance[1, 2] / covariance[0, 0] == pytest.approx(shape)


def test_even_times_have_one_clock():
    assert [clock.first for clock in clocks(course_at(np.arange(9) * 0.1))] == [0]


def test_real_time_serves_from_the_origin_whose_next_gap_is_uneven():
    rank, real, root = clocks(course_at([0, 2, 4, 6, 8, 10, 14, 16]))
    assert (rank.first, real.first, root.first) == (0, 5, 5)
    assert real.ticks.tolist() == [0, 1, 2, 3, 4, 5, 7, 8]
    assert root.ticks[-2:] == pytest.approx([5 + np.sqrt(2), 6 + np.sqrt(2)])


def test_the_design_of_later_times_is_on_the_clock():
    assert [clock.first for clock in clocks(course_at(np.arange(8), later=[9]))] == [0, 7, 7]


def test_clocks_are_those_of_the_reference(reference):
    times = np.array([0, 1, 2, 4, 5, 9, 9.5])
    theirs = reference.clocks(reference.course_of(*walks(5, times)))
    for ours, (ticks, first) in zip(clocks(course_at(times)), theirs, strict=True):
        assert ours.first == first and ours.ticks == pytest.approx(ticks)


def test_trends_are_carried_on():
    rng = np.random.default_rng(0)
    slopes = rng.normal(size=(100, 1))
    values = 8 + slopes * np.arange(16) + 0.1 * rng.normal(size=(100, 16))
    course = ReplicatedCourse.of_means(values, np.arange(16))
    for horizon, forecast in enumerate(matern_trends(course, 3), start=1):
        missed = values[:, 8 + horizon :] - forecast[:, 8:-horizon]
        still = values[:, 8 + horizon :] - values[:, 8:-horizon]
        assert (missed**2).mean() < 0.3 * (still**2).mean()


def test_on_uneven_times_real_time_tells_how_far_a_trend_goes():
    rng = np.random.default_rng(0)
    times = np.cumsum(np.tile([1.0, 4.0], 10))
    values = 8 + rng.normal(size=(100, 1)) * times + 0.1 * rng.normal(size=(100, 20))
    (forecast,) = matern_trends(ReplicatedCourse.of_means(values, times))
    (by_rank,) = matern_trends(ReplicatedCourse.of_means(values, np.arange(20)))
    missed, blind = (((values[:, 9:] - f[:, 8:-1]) ** 2).mean() for f in (forecast, by_rank))
    assert missed < 0.5 * blind


@pytest.mark.parametrize("replicates", [1, 3])
def test_one_step_after_a_gap_is_two_steps_before_it(replicates):
    values, sampled = walks(40, 12, replicates)
    values[:, sampled == 7] = np.nan
    one, two = matern_trends(ReplicatedCourse.of_samples(values, sampled), 2)
    assert one[:, 7] == pytest.approx(two[:, 6], abs=1e-5)


def test_genes_without_gaps_hardly_notice_those_with():
    values, sampled = walks(60, 12)
    (whole,) = matern_trends(ReplicatedCourse.of_samples(values, sampled))
    values[0, 4], values[1, 0], values[2, 8:] = np.nan, np.nan, np.nan
    (forecast,) = matern_trends(ReplicatedCourse.of_samples(values, sampled))
    assert np.isnan(forecast[1, 0]) and np.isfinite(np.delete(forecast.ravel(), 12)).all()
    assert forecast[3:] == pytest.approx(whole[3:], abs=0.2)
