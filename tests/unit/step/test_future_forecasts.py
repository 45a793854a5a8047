"""Beyond the data: what networks forecast is iterated, on a base that goes on."""

from dataclasses import replace

import numpy as np

from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.baselines import causal_forecasts
from foldcast.forecast.beyond_the_data import with_later
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.step.future_forecasts import base_beyond, iterate
from foldcast.step.windows import Series


def series(n_genes: int = 3, n_times: int = 8) -> Series:
    values = np.random.default_rng(0).normal(size=(n_genes, n_times))
    edges = np.array([[0, 1], [1, 0]])
    return Series(
        values=values,
        times=np.arange(n_times) * 2.0,
        base=causal_forecasts(values, "smoothing_per_gene"),
        embedding=np.random.default_rng(1).normal(size=(n_times, n_genes, 2)),
        graphs=[(edges, np.full(2, 0.1 * t)) for t in range(n_times)],
    )


def test_steps_are_iterated_on_a_series_that_grows():
    seen = []

    def one_step(longer: Series) -> np.ndarray:
        seen.append(longer)
        return longer.values[:, -1] + 1

    base_of = base_beyond("smoothing_per_gene", [])
    future = iterate(series(), base_of, [0.5, 0.5, 0.5], one_step)
    last = series().values[:, -1]
    np.testing.assert_allclose(future, np.stack([last + 1, last + 2, last + 3], axis=1))
    assert [len(s.times) for s in seen] == [8, 9, 10]
    np.testing.assert_allclose(seen[-1].times[-3:], [14, 14.5, 15])
    np.testing.assert_array_equal(seen[-1].values[:, 8:], future[:, :2])
    # The last time's graph and embedding are held; the base goes on from what was forecast.
    np.testing.assert_array_equal(seen[-1].embedding[-1], series().embedding[-1])
    assert seen[-1].graphs[-1] is seen[0].graphs[-1]
    np.testing.assert_array_equal(
        seen[-1].base, causal_forecasts(seen[-1].values, "smoothing_per_gene")
    )
    assert {s.next_interval for s in seen} == {0.5}


def test_a_series_without_a_base_stays_without():
    found = []

    def one_step(longer: Series) -> np.ndarray:
        found.append(longer.base)
        return longer.values[:, -1]

    iterate(replace(series(), base=None), base_beyond("none", []), [1.0, 1.0], one_step)
    assert found == [None, None]


def test_the_base_forecaster_goes_on_from_the_data_alone():
    values = series(20, 12).values
    course = with_later(ReplicatedCourse.of_means(values, np.arange(12.0)), 3, 1.0)
    found = forecast_course(course, 3)
    base_of, seen = base_beyond("stack", found), []

    def one_step(longer):
        seen.append(longer.base)
        return np.full(20, 99.0)

    iterate(replace(series(20, 12), base=found[0].stack), base_of, [1.0] * 3, one_step)
    assert [base.shape for base in seen] == [(20, 12), (20, 13), (20, 14)]
    for base, one in zip(seen, found, strict=True):
        np.testing.assert_array_equal(base[:, -1], one.stack[:, -1])
    assert np.abs(seen[-1]).max() < 10
