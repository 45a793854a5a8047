"""Beyond the data: iterated forecasts, and intervals that hold what they say."""

from dataclasses import replace

import numpy as np
import pytest

from foldcast.forecast.baselines import causal_forecasts
from foldcast.step.future_forecasts import calibrate, growth, half_width, iterate
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

    future = iterate(series(), "smoothing_per_gene", steps=3, interval=0.5, one_step=one_step)
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

    iterate(replace(series(), base=None), "none", 2, 1.0, one_step)
    assert found == [None, None]


@pytest.mark.parametrize("level", [0.5, 0.9])
@pytest.mark.parametrize("heavy", [False, True])
def test_intervals_hold_what_they_say_of_new_errors(level, heavy):
    """Genes of very different noise; normal or heavy-tailed (t with 4 degrees of freedom)."""
    held, said = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        noise = np.exp(rng.normal(size=60))[:, None]
        draw = rng.standard_t(4, size=(60, 31)) if heavy else rng.normal(size=(60, 31))
        errors = noise * draw
        intervals = calibrate(errors[:, :30], level)
        held.append((np.abs(errors[:, 30]) <= intervals.half_width).mean())
        said.append(intervals.coverage.mean())
    assert np.mean(held) == pytest.approx(level, abs=0.05)
    assert np.mean(said) == pytest.approx(level, abs=0.05)


def test_origins_that_surprise_all_genes_at_once_are_allowed_for():
    held = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        errors = rng.normal(size=(40, 16)) * np.exp(rng.normal(size=16) * 0.5)
        held.append((np.abs(errors[:, 15]) <= calibrate(errors[:, :15], 0.8).half_width).mean())
    assert 0.78 < np.mean(held) < 0.9  # few origins: rather too wide than too narrow


def test_louder_genes_get_wider_intervals_and_silent_ones_some():
    errors = np.random.default_rng(0).normal(size=(30, 20)) * np.arange(30)[:, None]
    width = half_width(errors, 0.9)
    assert np.corrcoef(width, np.arange(30))[0, 1] > 0.9
    assert 0 < width[0] < np.median(width)
    assert (half_width(errors, 0.95) > width).all()
    assert np.isfinite(half_width(np.zeros((3, 6)), 0.9)).all()


def test_past_coverage_looks_back_only():
    errors = np.random.default_rng(0).normal(size=(30, 12))
    changed = errors.copy()
    changed[:, 9:] *= 50
    one, other = (calibrate(e, 0.9).coverage_past for e in (errors, changed))
    assert len(one) == 8
    np.testing.assert_array_equal(one[:5], other[:5])
    assert other[5] < one[5]


def test_too_few_origins_give_no_intervals():
    intervals = calibrate(np.ones((3, 4)), 0.9)
    assert np.isnan(intervals.half_width).all() and not len(intervals.coverage)


def test_intervals_grow_with_the_horizon_and_with_longer_steps():
    horizons = np.arange(1, 5)
    np.testing.assert_allclose(growth(horizons, 1.0, np.ones(9)), np.sqrt(horizons))
    np.testing.assert_allclose(growth(horizons, 4.0, np.ones(9)), 2 * np.sqrt(horizons))
    # Never narrower than what was measured.
    np.testing.assert_allclose(growth(horizons, 0.1, np.ones(9)), np.sqrt(horizons))
