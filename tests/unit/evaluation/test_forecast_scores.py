"""Scores: by hand, by invariants, by planted forecasts, by scipy."""

import numpy as np
import pytest
from scipy import stats

from foldcast.evaluation.forecast_scores import METRICS, Truth, gene_scores, r_gene, scores
from foldcast.evaluation.origin_tests import ratio_test
from foldcast.protocol import origins


def values(predicted, truth):
    """Every score by itself, without what origins bring to it."""
    found = {name: score.value for name, score in scores(predicted, truth).items()}
    return found | {"r_gene": r_gene(predicted, truth)}


@pytest.fixture
def time_course():
    return np.random.default_rng(1).normal(size=(30, 40)).cumsum(axis=1)


@pytest.fixture
def truth(time_course):
    return Truth.of(time_course, origins(40, 0.3))


def test_by_hand():
    time_course = np.array([[0.0, 1.0, 3.0, 2.0], [0.0, 2.0, 2.0, 6.0]])
    truth = Truth.of(time_course, [1, 2])
    predicted = np.array([[2.0, 4.0], [2.0, 4.0]])
    # errors −1, 2 and 0, −2; changes seen 2, −1 and 0, 4; predicted 1, 1 and 0, 2
    got = values(predicted, truth)
    assert got["mse"] == pytest.approx(9 / 4)
    assert got["mae"] == pytest.approx(5 / 4)
    assert got["skill"] == pytest.approx(1 - 9 / 21)
    assert got["skill_scaled"] == pytest.approx(((1 - 5 / 5) + (1 - 4 / 16)) / 2)
    assert got["mase"] == pytest.approx((1.5 / 1 + 1 / 2) / 2)
    assert got["direction_accuracy"] == pytest.approx(2 / 3)
    assert got["r_gene"] == pytest.approx((-1 + 1) / 2)
    assert got["r_change"] == pytest.approx(np.corrcoef([1, 1, 0, 2], [2, -1, 0, 4])[0, 1])


def test_a_perfect_forecast(truth):
    got = values(truth.observed, truth)
    assert set(got) == set(METRICS)
    for name, value in got.items():
        assert value == pytest.approx(0 if name in ("mse", "mae", "mase") else 1), name


def test_persistence_has_no_skill_and_no_direction(truth):
    got = values(truth.last, truth)
    assert got["skill"] == got["skill_scaled"] == got["r_change"] == 0
    assert got["direction_accuracy"] == 0.5


def test_scores_are_those_of_scipy_and_numpy(truth):
    rng = np.random.default_rng(2)
    predicted = truth.observed + rng.normal(size=truth.observed.shape)
    got = values(predicted, truth)
    x, y, last = predicted, truth.observed, truth.last
    assert got["mse"] == pytest.approx(((x - y) ** 2).mean())
    assert got["skill"] == pytest.approx(1 - ((x - y) ** 2).sum() / ((last - y) ** 2).sum())
    assert got["r_change"] == pytest.approx(
        stats.pearsonr((x - last).ravel(), (y - last).ravel())[0]
    )
    each = [stats.pearsonr(a, b)[0] for a, b in zip(x, y, strict=True)]
    assert got["r_gene"] == pytest.approx(np.mean(each))


def test_every_score_is_in_the_interval_of_what_origins_bring_to_it(truth):
    rng = np.random.default_rng(6)
    predicted = truth.last + 0.3 * (truth.observed - truth.last) + rng.normal(size=(30, 28))
    for name, score in scores(predicted, truth).items():
        test = ratio_test(score.above, score.below)
        assert test.value == pytest.approx(score.value), name
        assert test.low < score.value < test.high, name


def test_the_interval_of_a_pooled_correlation_holds_the_truth():
    rng, held, widths, found = np.random.default_rng(7), [], [], []
    for _ in range(150):
        time_course = rng.normal(size=(12, 26)).cumsum(axis=1)
        truth = Truth.of(time_course, list(range(5, 25)))
        seen = truth.observed - truth.last
        predicted = truth.last + 0.6 * seen + 0.8 * rng.normal(size=seen.shape)
        score = scores(predicted, truth)["r_change"]
        test = ratio_test(score.above, score.below)
        held.append(test.low <= 0.6 <= test.high)
        widths.append(test.high - test.low)
        found.append(score.value)
    assert np.mean(held) > 0.94
    assert np.mean(widths) < 10 * np.std(found)  # 4 for independent origins, did one know that


def test_a_loud_gene_decides_the_skill_but_not_the_scaled_skill(time_course):
    time_course[0] *= 1000
    truth = Truth.of(time_course, origins(40, 0.3))
    predicted = truth.last.copy()
    predicted[0] = truth.observed[0]
    got = values(predicted, truth)
    assert got["skill"] > 0.99
    assert got["skill_scaled"] == pytest.approx(1 / 30)


def test_scores_do_not_depend_on_units_where_they_should_not(time_course):
    at = origins(40, 0.3)
    predicted = time_course[:, at] + np.random.default_rng(3).normal(size=(30, 28))
    one = values(predicted, Truth.of(time_course, at))
    two = values(3 * predicted + 7, Truth.of(3 * time_course + 7, at))
    for name in set(METRICS) - {"mse", "mae"}:
        assert two[name] == pytest.approx(one[name]), name
    assert two["mse"] == pytest.approx(9 * one["mse"])


def test_flat_genes_count_and_nothing_is_nan(time_course):
    time_course[:5] = 3.3
    truth = Truth.of(time_course, origins(40, 0.3))
    for predicted in (truth.last, truth.observed, np.full_like(truth.last, 0.1)):
        found = [*values(predicted, truth).values(), *gene_scores(predicted, truth).values()]
        for one in found:
            assert np.isfinite(one).all()
    assert (gene_scores(truth.last, truth)["skill"] == 0).all()


def test_nothing_moves_is_refused():
    time_course = np.ones((3, 10))
    with pytest.raises(ValueError, match="no gene changes"):
        Truth.of(time_course, [3, 4])
    time_course[:, 9] = 2
    with pytest.raises(ValueError, match="no gene changes up to"):
        Truth.of(time_course, [3, 8])


def test_the_mean_of_the_genes_is_the_panel(truth):
    predicted = truth.observed + np.random.default_rng(4).normal(size=truth.observed.shape)
    panel, genes = values(predicted, truth), gene_scores(predicted, truth)
    assert genes["mse"].mean() == pytest.approx(panel["mse"])
    assert genes["skill"].mean() == pytest.approx(panel["skill_scaled"])
    assert genes["r"].mean() == pytest.approx(panel["r_gene"])
