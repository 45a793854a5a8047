"""Fits: planted neighbour signal found, the future never used, seeds reproduce."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from foldcast.step import training, windows
from foldcast.step.fitted_networks import WHOLE, base_of, corrections, forecast, outputs
from foldcast.step.losses import LossWeights
from foldcast.step.training import Options, fit
from foldcast.step.windows import Scaling, Series, check_symmetric, make_batch

GENES, TIMES = 40, 36
QUICK = Options(epochs=40, patience=10, network={"channels": (16, 16), "projection": 8})
QUICK_MI = Options(
    model="stepmi",
    epochs=40,
    patience=10,
    window=4,
    network={"channels": (16, 16, 16), "projection": 8, "lstm_hidden": 8, "heads": 2},
)
BOTH = pytest.mark.parametrize("options", [QUICK, QUICK_MI], ids=["stepmr", "stepmi"])
TINY = replace(QUICK, epochs=3, network={"channels": (4,), "projection": 4})


def seeds(n: int):
    """One panel in every run, the others in `make test-all`."""
    others = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, n)]
    return pytest.mark.parametrize("seed", [0, *others])


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


def skill(series: Series, options: Options, origin: int = 29) -> float:
    origins = list(range(origin, TIMES - 1))
    predicted = forecast(fit(series, origin, options, seed=1), series, origins)
    truth = series.values.T[[o + 1 for o in origins]]
    last = series.values.T[origins]
    return 1 - ((predicted - truth) ** 2).mean() / ((last - truth) ** 2).mean()


@pytest.mark.slow
@BOTH
@seeds(3)
def test_a_planted_neighbour_signal_is_found(options, seed):
    """A linear regression that knows the model gets 0.10–0.14 on these panels."""
    assert skill(make_series(driven=True, seed=seed), options) > 0.03


@pytest.mark.slow
@seeds(3)
def test_a_large_panel_is_learnt_with_fewer_epochs(seed, monkeypatch):
    """As many steps of the optimiser; each looks at some windows only."""
    monkeypatch.setattr(training, "ENOUGH", 6 * GENES)
    assert skill(make_series(driven=True, seed=seed), QUICK) > 0.03


def test_steps_are_as_many_as_of_a_small_panel(monkeypatch):
    series, options = make_series(driven=False), replace(TINY, epochs=10, patience=10)
    all_at_once = fit(series, 20, options, 1)  # 15 windows to learn from
    assert len(all_at_once.history) == 10
    for enough, epochs in [(16, 10), (7, 5), (5, 4), (1, 1)]:
        monkeypatch.setattr(training, "ENOUGH", enough * GENES)
        assert len(fit(series, 20, options, 1).history) == epochs
        asked = replace(options, batch=15)  # of the user's: nothing changes
        assert len(fit(series, 20, asked, 1).history) == 10


@BOTH
@seeds(2)
def test_where_nothing_can_be_forecast_the_base_is_kept(options, seed):
    assert skill(make_series(driven=False, seed=seed), options) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("options", [replace(QUICK, epochs=10), replace(QUICK_MI, epochs=10)])
@pytest.mark.parametrize("base", [True, False])
def test_the_future_is_not_used_bit_for_bit(options, base):
    series = make_series(driven=True)
    changed = make_series(driven=True)
    origin = 20
    changed.values[:, origin + 1 :] = -99.0
    changed.base[:, origin + 1 :] = -99.0
    changed.embedding[origin + 1 :] = -99.0
    graphs = list(changed.graphs)
    graphs[origin + 1 :] = [(index, weight * 7) for index, weight in graphs[origin + 1 :]]
    changed = replace(changed, graphs=graphs)
    if not base:
        series, changed = (replace(s, base=None) for s in (series, changed))
    one, other = (forecast(fit(s, origin, options, 1), s, [origin]) for s in (series, changed))
    assert one.tobytes() == other.tobytes()
    if base:
        assert not np.allclose(one, series.base[:, origin])  # the fit has a say


@pytest.mark.parametrize(
    "options", [replace(QUICK, epochs=5), replace(QUICK_MI, epochs=4, batch=4)]
)
def test_a_seed_reproduces_and_another_differs(options):
    series, options = make_series(driven=True), replace(options, shrink=False)
    runs = [forecast(fit(series, 20, options, s), series, [20, 21]).tobytes() for s in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_real_time_steps_are_seen():
    series = make_series(driven=False)
    uneven = np.cumsum(1 + np.arange(TIMES) % 3).astype(float)
    series = replace(series, times=uneven)
    batch = make_batch(series, [10, 11], 3, Scaling.learn(series, 12))
    after = batch.features[:, -1, 0, 3].numpy()
    mean = np.diff(uneven[:13]).mean()
    np.testing.assert_allclose(after, np.log2(np.diff(uneven)[[10, 11]] / mean), rtol=1e-5)


def test_a_window_that_begins_before_the_time_course_repeats_its_first_time():
    series = make_series(driven=False)
    scaling = Scaling.learn(series, 12)
    batch = make_batch(series, [2], 5, scaling)
    whole = make_batch(series, [2], 3, scaling)
    assert torch.equal(batch.features[:, 2:], whole.features)
    assert torch.equal(batch.features[:, 0], batch.features[:, 2])
    assert torch.equal(batch.inputs[:, 0], batch.inputs[:, 2])


def test_a_time_course_that_is_too_short_is_refused():
    series = make_series(driven=False)
    assert fit(series, 5, TINY, 1).history
    with pytest.raises(ValueError, match="at least 6"):
        fit(series, 4, TINY, 1)


def test_windows_in_small_lots_give_the_same_fit(monkeypatch):
    """Memory is bounded by accumulating gradients, which changes rounding only."""
    series = make_series(driven=True)
    options = replace(QUICK, epochs=5, shrink=False)
    options = replace(options, network=dict(options.network, dropout=0.0))
    whole = forecast(fit(series, 20, options, 1), series, [20, 21, 22])
    monkeypatch.setitem(windows.PLACES, "cpu", 2 * options.window * GENES)
    lots = forecast(fit(series, 20, options, 1), series, [20, 21, 22])
    np.testing.assert_allclose(lots, whole, atol=2e-3)
    assert not np.allclose(whole, series.base.T[20:23], atol=2e-2)


def test_without_a_base_the_level_itself_is_forecast():
    """Genes at levels of their own: the mean over the panel is far off, the last value is not."""
    series = make_series(driven=False)
    series = replace(series, values=series.values + np.arange(GENES)[:, None], base=None)
    predicted = forecast(fit(series, 29, replace(QUICK, shrink=False), 1), series, [29, 30, 31])
    truth = series.values.T[[30, 31, 32]]
    assert ((predicted - truth) ** 2).mean() < 0.05 * truth.var()
    untrained = replace(TINY, epochs=1, learning_rate=1e-12, shrink=False)
    np.testing.assert_allclose(
        forecast(fit(series, 29, untrained, 1), series, [29]), series.values[:, :30].mean()
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"window": 5},
        {"optimiser": "adam"},
        {"learning_rate": 0.001},
        {"weight_decay": 0.5},
        {"batch": 4},
        {"epochs": 1},
        {"validation": 0.5},
        {"loss": LossWeights(error_measure="l1")},
        {"network": {"channels": (4,), "projection": 4, "dropout": 0.9}},
        {"network": {"channels": (4,), "projection": 4, "linear_path": False}},
    ],
    ids=str,
)
def test_each_option_changes_the_forecast(changed):
    series, options = make_series(driven=True), replace(TINY, shrink=False, patience=9)
    one, other = (
        forecast(fit(series, 20, o, 1), series, [20])
        for o in (options, replace(options, **changed))
    )
    assert not np.array_equal(one, other)


def test_patience_ends_a_fit_and_shrinking_bounds_it():
    series = make_series(driven=False)
    fits = [fit(series, 20, replace(QUICK, patience=p, epochs=20), 1) for p in (1, 20)]
    assert len(fits[0].history) < len(fits[1].history) == 20
    whole = fit(series, 20, replace(TINY, shrink=False), 1).shares[WHOLE]
    assert 0 <= fits[0].shares[WHOLE] <= 1 == whole


def test_the_share_is_told_from_windows_that_did_not_choose_the_epoch():
    """The last target turned about its base: no epoch's loss changes, but what the share fits."""
    series = make_series(driven=True)
    turned = replace(series, values=series.values.copy())
    turned.values[:, 20] = 2 * series.base[:, 19] - series.values[:, 20]
    one, other = (fit(s, 20, replace(QUICK, epochs=10), 1) for s in (series, turned))
    assert one.history == other.history
    assert one.shares[WHOLE] != other.shares[WHOLE]


@BOTH
def test_the_parts_are_what_the_whole_is_the_sum_of(options):
    series = make_series(driven=True)
    fitted = fit(series, 20, replace(options, epochs=5), 1)
    made, used = outputs(fitted, series, [20, 21]), corrections(fitted, series, [20, 21])
    assert set(made) == {"whole", "linear_path", "network"}
    np.testing.assert_allclose(made[WHOLE], made["linear_path"] + made["network"], atol=1e-6)
    for part, values in made.items():
        np.testing.assert_array_equal(used[part], fitted.shares[part] * values)
    np.testing.assert_array_equal(
        forecast(fitted, series, [20, 21]), base_of(fitted, series, [20, 21]) + used[WHOLE]
    )
    network = {**options.network, "linear_path": False}
    alone = fit(series, 20, replace(options, epochs=2, network=network), 1)
    assert set(alone.shares) == {"whole", "network"}


def test_options_are_the_flat_config():
    config = {
        "window": 4,
        "base": "none",
        "future": {},
        "without_base": True,
        "channels": [8],
        "heads": 2,
        "loss": {},
    }
    options = Options.of("stepmi", config)
    assert options.network == {"channels": [8], "heads": 2}
    assert options == Options("stepmi", options.network, window=4)


def test_a_graph_with_one_way_edges_is_refused():
    check_symmetric(make_series(driven=False).graphs)
    with pytest.raises(ValueError, match="time index 0 is not symmetric"):
        check_symmetric([(np.array([[0], [1]]), np.ones(1))] * TIMES)
