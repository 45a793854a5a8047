"""Means, counts and squares of samples; units of the first five times; gaps."""

import numpy as np
import pytest

from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import UNEQUAL, walks


def test_means_and_squares_within_times_are_those_of_the_samples():
    values, sampled = walks(5, replicates=UNEQUAL)
    course = ReplicatedCourse.of_samples(values, sampled)
    assert np.array_equal(course.samples, UNEQUAL)
    for number, time in enumerate(course.times):
        own = values[:, sampled == time]
        assert course.means[:, number] == pytest.approx(own.mean(axis=1))
        assert course.within[:, number] == pytest.approx(own.var(axis=1) * own.shape[1])


def test_the_order_of_samples_does_not_matter():
    values, sampled = walks(5, replicates=UNEQUAL)
    order = np.random.default_rng(0).permutation(len(sampled))
    one = ReplicatedCourse.of_samples(values, sampled)
    other = ReplicatedCourse.of_samples(values[:, order], sampled[order])
    assert one.means == pytest.approx(other.means)
    assert one.within == pytest.approx(other.within)


def test_a_missing_replicate_leaves_the_others_and_a_missing_time_is_a_gap():
    values, sampled = walks(4, 6, replicates=3)
    values[0, :2] = np.nan
    values[1, 3:6] = np.nan
    course = ReplicatedCourse.of_samples(values, sampled)
    assert course.counts[:2, :2].tolist() == [[1, 3], [3, 0]]
    assert course.means[0, 0] == values[0, 2] and course.within[0, 0] == 0
    assert np.isnan(course.means[1, 1]) and not course.seen[1, 1]
    assert course.last_seen()[1, 1] == course.means[1, 0]


def test_later_samples_are_design_only():
    values, sampled = walks(4, 6, replicates=2)
    course = ReplicatedCourse.of_samples(values, sampled, later=[6, 6, 6, 8])
    assert course.n_times == 6
    assert course.times.tolist() == [0, 1, 2, 3, 4, 5, 6, 8]
    assert course.samples.tolist() == [2] * 6 + [3, 1]
    assert list(course.origins(1)) == [3, 4, 5]
    assert list(course.origins(3)) == [3, 4]


def test_units_come_from_the_first_five_times():
    course = ReplicatedCourse.of_samples(*walks(4, 8, replicates=[1, 2, 4, 1, 1, 9, 9, 9]))
    assert course.usual_samples == pytest.approx(8 ** (1 / 5))
    assert course.is_replicated
    late = ReplicatedCourse.of_samples(*walks(4, 8, replicates=[1, 1, 1, 1, 1, 9, 9, 9]))
    assert late.usual_samples == 1 and not late.is_replicated


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"within": np.zeros((3, 4))}, "all alike"),
        ({"times": np.arange(4.0)}, "times and samples"),
        ({"times": np.array([0, 1, 2, 2, 3.0])}, "increase"),
        ({"samples": np.array([1, 1, 0, 1, 1])}, "has samples"),
        ({"means": np.full((3, 5), np.nan), "counts": np.ones((3, 5))}, "has a mean"),
    ],
)
def test_what_does_not_fit_is_refused(changes, message):
    given = {
        "means": np.zeros((3, 5)),
        "times": np.arange(5.0),
        "samples": np.ones(5),
        "within": np.zeros((3, 5)),
    }
    with pytest.raises(ValueError, match=message):
        ReplicatedCourse(**{**given, **changes})
