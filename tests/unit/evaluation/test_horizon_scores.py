"""Scores by horizon: their formulas, planted truths, causal."""

import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from foldcast.evaluation.forecast_scores import Truth, scores
from foldcast.evaluation.horizon_scores import COVERAGE, METRICS, horizon_scores
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.forecast_intervals import half_widths
from foldcast.forecast.replicated_course import ReplicatedCourse
from simulated_panel import walks

ORIGINS = range(8, 29)
HORIZONS = 5


def course_of(values, sampled, n_times=None, genes=slice(None)):
    known = sampled < np.unique(sampled)[:n_times][-1] + 0.5
    return ReplicatedCourse.of_samples(values[genes][:, known], sampled[known])


@pytest.fixture(scope="module")
def found():
    """Walks seen through noise: nothing beats knowing the level."""
    return forecast_course(course_of(*walks(150, 30, 2, seed=3)), HORIZONS)


def score(base, values=None, origins=ORIGINS):
    return horizon_scores(base, (base.stack if values is None else values)[None], origins)


def trends(n_genes=150, n_times=30):
    rng = np.random.default_rng(0)
    slopes = 0.3 * rng.normal(size=(n_genes, 1))
    return 8 + slopes * np.arange(n_times) + rng.normal(0, 0.3, (n_genes, n_times))


@pytest.mark.parametrize("horizon", [1, 4])
def test_crps_is_the_mean_pinball_loss_of_the_quantiles(found, horizon):
    base = found[horizon - 1]
    at = np.arange(8, 30 - horizon)
    observed = base.course.means[:, at + horizon]
    losses = []
    for quantile in np.arange(1, 20) / 20:
        level = abs(2 * quantile - 1)
        half = half_widths(base.course, base.stack, base.deviations, level, horizon)
        end = base.stack + np.sign(quantile - 0.5) * (half if level > 1e-9 else 0)
        losses.append(mean_pinball_loss(observed.ravel(), end[:, at].ravel(), alpha=quantile))
    assert score(base)["crps"].value == pytest.approx(np.mean(losses), rel=1e-9)


def test_one_step_scores_are_those_of_the_evaluation(found):
    base, origins = found[0], list(ORIGINS)
    told = scores(base.stack[:, origins], Truth.of(base.course.means, origins))
    ours = score(base)
    for metric in ("mse", "skill", "direction_accuracy"):
        assert ours[metric].value == pytest.approx(told[metric].value, rel=1e-12)
    assert set(ours) == set(METRICS)


def test_over_the_local_level_is_the_share_of_its_error_that_is_saved(found):
    base = found[2]
    ours, level = (score(base, values)["mse"].value for values in (base.stack, base.local_level))
    assert score(base)["skill_over_local_level"].value == pytest.approx(1 - ours / level)
    itself = score(base, base.local_level)["skill_over_local_level"].test
    assert itself.is_nothing


def test_of_walks_nothing_beats_the_local_level_and_intervals_hold_what_they_say(found):
    for base in found:
        ours = score(base)
        assert abs(ours["skill_over_local_level"].value) < 0.03
        for metric, level in COVERAGE.items():
            assert ours[metric].value == pytest.approx(level, abs=0.06), (base.horizon, metric)
            assert ours[metric].lowest <= ours[metric].value <= ours[metric].highest
    assert score(found[0])["skill"].test.low > 0
    losses = [score(base)["crps"].value for base in found]
    assert (np.diff(losses) > 0).all()


def test_of_trends_skill_grows_with_the_horizon():
    course = ReplicatedCourse.of_means(trends(), np.arange(30))
    each = [score(base) for base in forecast_course(course, HORIZONS)]
    for metric in ("skill", "skill_over_local_level", "direction_accuracy"):
        assert (np.diff([one[metric].value for one in each]) > 0).all()
    assert all(one["skill_over_local_level"].test.low > 0 for one in each[:3])


def test_there_is_no_interval_below_six_origins_for_each_step(found):
    for base in found:
        ours = score(base)["skill"]
        assert ours.n_origins == 21 + 1 - base.horizon
        assert (ours.test is not None) == (ours.n_origins >= 6 * base.horizon)
    assert [score(base)["skill"].test is None for base in found] == [False] * 3 + [True] * 2


def test_times_after_the_last_that_is_scored_change_nothing_at_any_horizon(found):
    values, sampled = walks(150, 30, 2, seed=3)
    for base in forecast_course(course_of(values, sampled, n_times=24), HORIZONS):
        some = range(8, 24 - base.horizon)
        ours, whole = score(base, origins=some), score(found[base.horizon - 1], origins=some)
        for metric, one in ours.items():
            assert one.value == pytest.approx(whole[metric].value, abs=1e-8), metric


def test_the_order_of_genes_does_not_matter(found):
    order = np.random.default_rng(1).permutation(150)
    for base in forecast_course(course_of(*walks(150, 30, 2, seed=3), genes=order), 2):
        for metric, one in score(base).items():
            whole = score(found[base.horizon - 1])[metric]
            assert one.value == pytest.approx(whole.value, abs=1e-5), metric


def test_seeds_are_averaged_and_forecasts_that_begin_late_are_scored(found):
    base = found[1]
    late = np.full_like(base.stack, np.nan)
    late[:, 8:] = base.stack[:, 8:]
    two = horizon_scores(base, np.stack([late, late + 0.2]), ORIGINS)
    each = [score(base, values) for values in (late, late + 0.2)]
    for metric in METRICS:
        assert two[metric].value == pytest.approx(np.mean([one[metric].value for one in each]))
        assert np.isfinite(two[metric].value)


def test_of_so_few_times_there_are_errors_and_no_quantiles():
    course = course_of(*walks(10, 4, seed=1))
    base = forecast_course(course, 2)[0]
    ours = score(base, origins=[1, 2])
    assert set(ours) == {"mse", "skill", "skill_over_local_level", "direction_accuracy"}
    assert ours["skill"].n_origins == 2 and ours["skill"].test is None
