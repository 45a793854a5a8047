"""The base forecaster: the reference's numbers, causal, fair to every gene, right on gaps."""

import numpy as np
import pytest

from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.protocol import origins
from simulated_panel import PANELS, UNEQUAL, UNEVEN, walks

FORECASTS = ("local_level", "trends", "panel_ridge", "stack")
ARRAYS = (*FORECASTS, "deviations")
SKILLS = {  # local level, stack
    "yeast_cdc28": (0.204, 0.227),
    "yeast_alpha": (0.316, 0.342),
    "yeast_cdc15": (0.218, 0.262),
    "yeast_elutriation": (0.120, 0.116),
    "zebrafish_liver": (0.308, 0.296),
    "worm_adult": (-0.048, -0.003),
}


def assert_alike(one, other, times=slice(None), *, genes=slice(None), within=1e-8):
    """The same forecasts, deviations and weights from these times."""
    for name in ARRAYS:
        ours, theirs = getattr(one, name)[genes, times], getattr(other, name)[:, times]
        assert ours == pytest.approx(theirs, abs=within, nan_ok=True), name
    ours, theirs = one.weights[times], other.weights[times]
    assert ours == pytest.approx(theirs, abs=within, nan_ok=True)


def assert_as_reference(reference, values, sampled):
    (ours,) = forecast_course(ReplicatedCourse.of_samples(values, sampled))
    theirs = reference.forecast_course(reference.course_of(values, sampled))
    for name, their_name, within in [
        ("local_level", "local_level", 1e-8),
        ("deviations", "sd", 1e-8),
        ("panel_ridge", "panel_ridge", 1e-8),
        ("trends", "matern_bank", 1e-5),
        ("stack", "stack", 1e-5),
    ]:
        expected = theirs[their_name]
        assert getattr(ours, name) == pytest.approx(expected, abs=within, nan_ok=True), name
    assert ours.weights[4:-1] == pytest.approx(theirs["weights"][4:-1], abs=1e-5)


@pytest.mark.parametrize("panel", PANELS)
def test_simulated_panels_are_forecast_as_by_the_reference(reference, panel):
    assert_as_reference(reference, *PANELS[panel])


@pytest.mark.parametrize("name", SKILLS)
def test_public_courses_are_forecast_as_by_the_reference(reference, public_samples, name):
    assert_as_reference(reference, *public_samples(name))


@pytest.mark.parametrize("name", SKILLS)
def test_skills_on_public_courses_are_as_measured_before(public_course, name):
    """Skill over persistence: targets from 30 % of the times on, at least five times before."""
    course = public_course(name)
    (forecast,) = forecast_course(course)
    first = max(int(np.ceil(0.3 * course.n_times)), 5)
    target, last = course.means[:, first:], course.means[:, first - 1 : -1]
    for given, skill in zip((forecast.local_level, forecast.stack), SKILLS[name], strict=True):
        missed = ((target - given[:, first - 1 : -1]) ** 2).mean()
        assert 1 - missed / ((target - last) ** 2).mean() == pytest.approx(skill, abs=0.001)


def test_mouse_lung_is_forecast_better_than_by_smoothing(lung):
    """0.277 persistence; smoothing per gene has a skill of 0.271 at the same 30 origins."""
    course = ReplicatedCourse.of_samples(lung.samples, lung.ages)
    (forecast,) = forecast_course(course)
    at = np.array(origins(course.n_times, 0.3))
    target = course.means[:, at + 1]
    persistence = ((target - course.means[:, at]) ** 2).mean()
    skill = 1 - ((target - forecast.stack[:, at]) ** 2).mean() / persistence
    assert persistence == pytest.approx(0.277, abs=0.001)
    assert skill == pytest.approx(0.325, abs=0.005)


CAUSAL = {
    "plain": walks(30, 12, seed=1),
    "three samples": walks(30, 12, 3, seed=2),
    "uneven, unequal": walks(30, UNEVEN, UNEQUAL, seed=3),
}


@pytest.mark.parametrize("panel", CAUSAL)
@pytest.mark.parametrize("origin", [3, 4, 6, 9])
def test_later_values_change_nothing_before(panel, origin):
    values, sampled = CAUSAL[panel]
    before = forecast_course(ReplicatedCourse.of_samples(values, sampled), 3)
    later = sampled > np.unique(sampled)[origin]
    changed = values.copy()
    changed[:, later] = np.random.default_rng(0).normal(-50, 900, (30, later.sum()))
    changed[:5, sampled == sampled[-1]] = np.nan
    after = forecast_course(ReplicatedCourse.of_samples(changed, sampled), 3)
    for one, other in zip(before, after, strict=True):
        assert_alike(one, other, slice(origin + 1))
        widths = one.half_widths(0.9)[:, : origin + 1]
        assert widths == pytest.approx(other.half_widths(0.9)[:, : origin + 1], nan_ok=True)


@pytest.mark.parametrize("panel", CAUSAL)
@pytest.mark.parametrize("n_times", [3, 4, 5, 6, 9])
def test_appended_times_change_nothing_before(panel, n_times):
    values, sampled = CAUSAL[panel]
    whole = forecast_course(ReplicatedCourse.of_samples(values, sampled), 3)
    times = np.unique(sampled)
    early = sampled < times[n_times]
    short = forecast_course(ReplicatedCourse.of_samples(values[:, early], sampled[early]), 3)
    for one, other in zip(whole, short, strict=True):
        assert_alike(one, other, slice(n_times - one.horizon))


@pytest.mark.parametrize("panel", CAUSAL)
def test_the_design_of_later_times_is_all_that_a_forecast_beyond_the_data_needs(panel):
    values, sampled = CAUSAL[panel]
    whole = forecast_course(ReplicatedCourse.of_samples(values, sampled), 3)
    early = sampled <= np.unique(sampled)[7]
    course = ReplicatedCourse.of_samples(values[:, early], sampled[early], sampled[~early])
    for one, other in zip(whole, forecast_course(course, 3), strict=True):
        assert other.stack.shape == (30, 8)
        assert_alike(one, other, slice(8))
        assert np.isfinite(other.deviations[:, 7]).all()


@pytest.mark.parametrize("panel", CAUSAL)
def test_the_order_of_genes_does_not_matter(panel):
    values, sampled = CAUSAL[panel]
    order = np.random.default_rng(1).permutation(30)
    (one,) = forecast_course(ReplicatedCourse.of_samples(values, sampled))
    (other,) = forecast_course(ReplicatedCourse.of_samples(values[order], sampled))
    assert_alike(one, other, genes=order, within=1e-6)


@pytest.mark.parametrize("panel", CAUSAL)
def test_forecasts_move_and_scale_with_the_values(panel):
    values, sampled = CAUSAL[panel]
    (one,) = forecast_course(ReplicatedCourse.of_samples(values, sampled))
    moved = ReplicatedCourse.of_samples(7 * values + np.arange(30)[:, None], sampled)
    (other,) = forecast_course(moved)
    for name in FORECASTS:
        expected = 7 * getattr(one, name) + np.arange(30)[:, None]
        assert getattr(other, name) == pytest.approx(expected, abs=1e-4), name
    assert other.deviations == pytest.approx(7 * one.deviations, rel=1e-6, nan_ok=True)
    assert other.weights == pytest.approx(one.weights, abs=1e-5, nan_ok=True)


@pytest.mark.parametrize("unit", [1 / 24, 60.0])
def test_the_unit_of_time_does_not_matter(unit):
    values, sampled = CAUSAL["uneven, unequal"]
    (one,) = forecast_course(ReplicatedCourse.of_samples(values, sampled))
    (other,) = forecast_course(ReplicatedCourse.of_samples(values, sampled * unit + 3))
    assert_alike(one, other, within=1e-5)


def skill(course, forecast, horizon=1):
    target, last = course.means[:, 8 + horizon :], course.means[:, 8:-horizon]
    missed = ((target - forecast.stack[:, 8:-horizon]) ** 2).mean()
    return 1 - missed / ((target - last) ** 2).mean()


def test_of_walks_nothing_is_forecast_and_of_noise_half_of_the_change():
    walk = ReplicatedCourse.of_samples(*walks(300, 20, noise=0.0))
    noise = ReplicatedCourse.of_samples(*walks(300, 20, step=0.0))
    assert skill(walk, forecast_course(walk)[0]) == pytest.approx(0, abs=0.01)
    assert skill(noise, forecast_course(noise)[0]) == pytest.approx(0.46, abs=0.03)


def test_trends_are_forecast_the_better_the_further_ahead():
    rng = np.random.default_rng(0)
    values = 8 + 0.5 * rng.normal(size=(300, 1)) * np.arange(20) + rng.normal(0, 0.3, (300, 20))
    course = ReplicatedCourse.of_means(values, np.arange(20))
    skills = [skill(course, one, one.horizon) for one in forecast_course(course, 5)]
    assert skills[0] > 0.3 and skills[-1] > 0.7
    assert (np.diff(skills) > 0).all()


def test_gaps_cost_little_and_leave_numbers_everywhere():
    values, sampled = walks(200, 16, seed=7)
    whole = forecast_course(ReplicatedCourse.of_samples(values, sampled), 2)
    gaps = np.random.default_rng(0).random((20, 16)) < 0.15
    gaps[:, 0] = False
    given = values.copy()
    given[:20][gaps] = np.nan
    course = ReplicatedCourse.of_samples(given, sampled)
    for one, other in zip(whole, forecast_course(course, 2), strict=True):
        for name in FORECASTS:
            assert np.isfinite(getattr(other, name)).all(), name
        assert np.isfinite(other.deviations[:, 3 : -other.horizon]).all()
        assert other.stack[20:] == pytest.approx(one.stack[20:], abs=0.25)
        target = values[:20, 8 + one.horizon :]
        errors = [((target - f.stack[:20, 8 : -f.horizon]) ** 2).mean() for f in (one, other)]
        assert errors[1] < 1.3 * errors[0]


def test_a_gene_that_starts_late_has_no_forecast_before_and_others_are_safe():
    values, sampled = walks(40, 12)
    values[0, :6], values[1] = np.nan, np.nan
    (forecast,) = forecast_course(ReplicatedCourse.of_samples(values, sampled))
    for name in FORECASTS:
        found = np.isfinite(getattr(forecast, name))
        assert found[2:].all() and found[0, 6:].all(), name
        assert not found[0, :6].any() and not found[1].any(), name


@pytest.mark.parametrize("replicates", [1, 3])
def test_a_panel_of_one_gene_has_fixed_weights(replicates):
    course = ReplicatedCourse.of_samples(*walks(1, 15, replicates))
    (forecast,) = forecast_course(course)
    for name in FORECASTS:
        assert np.isfinite(getattr(forecast, name)).all(), name
    assert forecast.weights[4:-1] == pytest.approx(np.full((10, 3), 1 / 3))
    assert (forecast.deviations[:, 3:-1] > 0).all()
    assert (forecast.half_widths(0.9)[:, 3:-1] > 0).all()


@pytest.mark.parametrize("n_genes", [2, 3])
def test_a_panel_of_few_genes_is_forecast(n_genes):
    (forecast,) = forecast_course(ReplicatedCourse.of_samples(*walks(n_genes, 10)))
    assert np.isfinite(forecast.stack).all()


@pytest.mark.parametrize("n_times", [1, 2, 3, 4])
@pytest.mark.parametrize("replicates", [1, 3])
def test_short_courses_are_forecast_by_persistence(n_times, replicates):
    course = ReplicatedCourse.of_samples(*walks(20, n_times, replicates))
    for forecast in forecast_course(course, 5):
        assert np.array_equal(forecast.stack, course.means)
        assert np.isnan(forecast.half_widths(0.9)).all()


def test_four_times_and_the_design_of_the_fifth_are_enough_for_a_forecast():
    values, sampled = walks(20, 4, 2)
    course = ReplicatedCourse.of_samples(values, sampled, later=[4, 4])
    (forecast,) = forecast_course(course)
    assert np.array_equal(forecast.stack[:, 3], forecast.local_level[:, 3])
    assert (forecast.half_widths(0.9)[:, 3] > 0).all()


def test_genes_that_never_change_stay():
    values = np.tile(np.arange(10.0)[:, None], 12)
    (forecast,) = forecast_course(ReplicatedCourse.of_means(values, np.arange(12)))
    assert forecast.stack == pytest.approx(values)


def test_values_are_left_alone():
    values, sampled = walks(20, 10)
    kept = values.copy()
    forecast_course(ReplicatedCourse.of_samples(values, sampled), 2)
    assert np.array_equal(values, kept)
