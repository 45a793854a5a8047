"""Fits: planted neighbour signal found, the future never used, seeds reproduce."""

import numpy as np
import pytest

from foldcast.step.training import Options, fit, forecast
from foldcast.step.windows import Scaling, Series, make_batch

GENES, TIMES = 40, 36
QUICK = Options(epochs=100, channels=(16, 16), projection=8)


def ring() -> np.ndarray:
    """Each gene's one neighbour: the gene after it, in rings of ten."""
    genes = np.arange(GENES)
    return np.where(genes % 10 == 9, genes - 9, genes + 1)


def make_series(driven: bool, seed: int = 0) -> Series:
    """A panel in which, if driven, a gene follows what its neighbour did one time before."""
    rng = np.random.default_rng(seed)
    shock = rng.normal(size=(GENES, TIMES))
    change = shock.copy()
    if driven:
        change[:, 1:] = 0.9 * shock[ring(), :-1] + 0.3 * shock[:, 1:]
        change[0::2] = shock[0::2]  # even genes drive, odd genes follow the even ones
    values = 8 + np.cumsum(change, axis=1) * 0.3
    index = np.stack([np.arange(GENES), ring()])
    index = np.concatenate([index, index[::-1]], axis=1)
    graph = (index, np.ones(index.shape[1], dtype=np.float32))
    return Series(
        values=values,
        times=np.arange(TIMES, dtype=float),
        base=values.copy(),  # persistence
        embedding=np.zeros((TIMES, GENES, 1)),
        graphs=[graph] * TIMES,
    )


def skill(series: Series, origin: int = 29) -> float:
    origins = list(range(origin, TIMES - 1))
    ahead = forecast(fit(series, origin, QUICK, seed=1), series, origins)
    truth = series.values.T[[o + 1 for o in origins]]
    last = series.values.T[origins]
    return 1 - ((ahead - truth) ** 2).mean() / ((last - truth) ** 2).mean()


def test_a_planted_neighbour_signal_is_found():
    """A linear regression that knows the model gets 0.10–0.14 on these panels."""
    assert np.mean([skill(make_series(driven=True, seed=seed)) for seed in range(3)]) > 0.03


def test_where_nothing_can_be_forecast_the_base_is_kept():
    skills = [skill(make_series(driven=False, seed=seed)) for seed in range(3)]
    assert np.mean(skills) == pytest.approx(0, abs=0.03)


def test_the_future_is_not_used_bit_for_bit():
    series = make_series(driven=True)
    changed = make_series(driven=True)
    origin = 20
    changed.values[:, origin + 1 :] = -99.0
    changed.base[:, origin + 1 :] = -99.0
    changed.embedding[origin + 1 :] = -99.0
    graphs = list(changed.graphs)
    graphs[origin + 1 :] = [(index, weight * 7) for index, weight in graphs[origin + 1 :]]
    changed = Series(changed.values, changed.times, changed.base, changed.embedding, graphs)
    one, other = (forecast(fit(s, origin, QUICK, 1), s, [origin]) for s in (series, changed))
    assert one.tobytes() == other.tobytes()


def test_a_seed_reproduces_and_another_differs():
    series = make_series(driven=True)
    runs = [forecast(fit(series, 20, QUICK, s), series, [20, 21]).tobytes() for s in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_real_time_steps_are_seen():
    series = make_series(driven=False)
    uneven = np.cumsum(1 + np.arange(TIMES) % 3).astype(float)
    series = Series(series.values, uneven, series.base, series.embedding, series.graphs)
    batch = make_batch(series, [10, 11], 3, Scaling.learn(series, 12))
    after = batch.features[:, -1, 0, 3].numpy()
    mean = np.diff(uneven[:13]).mean()
    np.testing.assert_allclose(after, np.log2(np.diff(uneven)[[10, 11]] / mean), rtol=1e-5)


def test_a_short_course_shortens_the_window_and_a_shorter_one_is_refused():
    series = make_series(driven=False)
    assert fit(series, 6, Options(window=5, epochs=2, channels=(4,), projection=4), 1).window == 2
    with pytest.raises(ValueError, match="at least 6"):
        fit(series, 4, QUICK, 1)
