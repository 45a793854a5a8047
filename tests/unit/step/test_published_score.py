"""What needs no network to reach the published score: planted truths, and the published split."""

import numpy as np
import pytest

from foldcast.step.published_score import (
    AROUND,
    EXPRESSION,
    PERSISTENCE,
    agreement,
    scored_windows,
    target_and_expression,
    without_network,
)


def test_the_split_is_the_published_one():
    # torch.manual_seed(42); torch.randperm(40), of which the last fifth is scored; window 3.
    assert scored_windows(43, 3, 0.2, 42).tolist() == [4, 8, 23, 29, 31, 33, 34, 39]
    assert len(scored_windows(159, 10, 0.2, 42)) == 30


@pytest.mark.parametrize("times", [3, 4])
def test_too_few_windows_are_refused(times):
    with pytest.raises(ValueError, match=f"{times} times"):
        scored_windows(times, 3, 0.2, 42)


def test_what_changes_slowly_needs_no_network():
    phase = np.random.default_rng(1).uniform(0, 6, 40)
    slow = np.sin(np.arange(43)[:, None] / 4 + phase)
    scores = without_network(slow, scored_windows(43, 3, 0.2, 42), EXPRESSION)
    r = scores.set_index("forecast")["r"]
    assert r[AROUND] > r[PERSISTENCE] > 0.9


def test_noise_is_foretold_by_nothing():
    noise = np.random.default_rng(1).normal(size=(43, 200))
    scores = without_network(noise, scored_windows(43, 3, 0.2, 42), EXPRESSION)
    assert scores["r"].abs().max() < 0.1
    assert scores["r_gene"].abs().max() < 0.15


def test_the_last_time_has_none_after_it():
    values = np.arange(12.0).reshape(6, 2)
    scores = without_network(values, np.array([5]), EXPRESSION).set_index("forecast")
    assert scores["rmse"][AROUND] == scores["rmse"][PERSISTENCE] == 2


def test_agreement_of_a_forecast_with_itself_and_with_the_mean():
    values = np.random.default_rng(1).normal(size=(8, 5))
    assert agreement(values, values) == pytest.approx(
        {"r": 1, "r_gene": 1, "r2": 1, "rmse": 0, "spearman": 1}
    )
    mean = agreement(np.full_like(values, values.mean()), values)
    assert mean["r2"] == pytest.approx(0) and np.isnan(mean["r"])


def test_a_gene_that_never_changes_has_no_correlation_of_its_own():
    values = np.random.default_rng(1).normal(size=(9, 3))
    other = values.copy()
    other[:, 0] = 1
    assert target_and_expression(values, other)["r_gene"] == pytest.approx(1)
