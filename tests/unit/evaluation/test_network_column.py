"""A network in the stack: earns what it is worth, costs next to nothing, sees no later value."""

import numpy as np
import pandas as pd
import pytest

from foldcast.evaluation.forecast_scores import Truth
from foldcast.evaluation.forecast_verdict import Scorer
from foldcast.evaluation.network_column import added, stack_with, stack_with_each, with_weights
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.forecast_tables import Forecasts
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.protocol import origins
from simulated_panel import walks

COURSE = ReplicatedCourse.of_samples(*walks(60, 30, 2, seed=4))
AT = origins(30, 0.3)
(BASE,) = forecast_course(COURSE)
TRUTH = Truth.of(COURSE.means, AT)
SCORER = Scorer(TRUTH)
STACK = SCORER.score(Forecasts("stack", "-", BASE.stack[None][:, :, AT]), "baseline")


def network(*corrections, graph="mesc"):
    """A network's forecasts from what it adds to the base, once per seed: [genes, origins] each."""
    values = np.stack([BASE.stack[:, AT] + one for one in corrections])
    return Forecasts("stepmr", graph, values)


def noise(seed, size=0.3):
    return size * np.random.default_rng(seed).normal(size=(60, len(AT)))


def knowing(share):
    """A share of what the base misses."""
    return share * (TRUTH.observed - BASE.stack[:, AT])


def row(*corrections, rewired=()):
    one = stack_with(BASE, network(*corrections), BASE.stack, AT)
    others = [
        SCORER.score(
            stack_with(BASE, network(c, graph=f"mesc_{k}"), BASE.stack, AT).forecasts, "rewired"
        )
        for k, c in enumerate(rewired, 1)
    ]
    whole = SCORER.score(one.forecasts, "model")
    return one, added(TRUTH, whole, STACK, one.weights, others)


def test_a_network_that_knows_more_earns_its_place():
    one, said = row(knowing(0.2) + noise(1, 0.05))
    assert said["verdict"] == "better" and said["difference"] > 0.02
    assert one.weights[0, 0] == 0  # nothing is earned before the first error is seen
    assert one.weights[0, -1] > one.weights[0, 3] > 0
    assert said["comparison"] == "stack_with_stepmr on mesc - stack"
    assert said["sentence"].startswith("stepmr on graph mesc makes the base forecast better")


@pytest.mark.parametrize("seed", range(5))
def test_a_useless_network_costs_next_to_nothing(seed):
    """By itself it would lower the skill by far more."""
    one, said = row(noise(seed))
    assert said["difference"] > -0.002
    alone = SCORER.score(network(noise(seed)), "model")
    assert alone.values["skill"] < STACK.values["skill"] - 0.05


def test_a_network_that_adds_nothing_leaves_the_stack_as_it_is_and_that_is_said():
    one, said = row(noise(1, 1e-9))  # as much as tables round away
    np.testing.assert_allclose(one.forecasts.values[0], BASE.stack[:, AT], atol=1e-8)
    assert said["verdict"] == "the same"
    assert said["sentence"].startswith("stepmr on graph mesc added nothing to the base forecast")


def test_the_same_column_from_rewired_graphs_stands_beside():
    _, said = row(knowing(0.2), rewired=(noise(2), np.zeros((60, len(AT)))))
    assert "with the pairs of mesc_1, mesc_2: " in said["sentence"]
    assert said["sentence"].count("+0.0000") == 1


def test_later_values_and_later_forecasts_change_nothing_before():
    correction = knowing(0.1) + noise(3)
    one = stack_with(BASE, network(correction), BASE.stack, AT)
    changed = correction.copy()
    changed[:, 8:] = 50.0
    means = COURSE.means.copy()
    means[:, AT[7] + 1 :] = -9.0
    later = ReplicatedCourse(means, COURSE.times, COURSE.samples, COURSE.within)
    (base,) = forecast_course(later)
    values = base.stack[:, AT] + changed
    other = stack_with(base, Forecasts("stepmr", "mesc", values[None]), base.stack, AT)
    np.testing.assert_allclose(
        one.forecasts.values[:, :, :8], other.forecasts.values[:, :, :8], atol=1e-8
    )
    np.testing.assert_allclose(one.weights[:, :8], other.weights[:, :8], atol=1e-8)


def test_what_a_network_corrects_is_taken_off_its_column():
    shift = np.full((60, len(AT)), 3.0)
    made = Forecasts("stepmr", "mesc", (COURSE.means[:, AT] + noise(4))[None])
    found = stack_with_each(COURSE, [made], "persistence", AT)["stepmr", "mesc"]
    by_hand = stack_with(BASE, made, COURSE.means, AT)
    assert np.array_equal(found.forecasts.values, by_hand.forecasts.values)
    beyond = stack_with_each(COURSE, [network(shift)], "none", AT)["stepmr", "mesc"]
    assert np.array_equal(beyond.weights, stack_with(BASE, network(shift), BASE.stack, AT).weights)


def test_seeds_are_stacked_one_by_one_and_fits_get_their_weights():
    one = stack_with(BASE, network(knowing(0.3), noise(5)), BASE.stack, AT)
    assert one.forecasts.values.shape == (2, 60, len(AT)) and one.weights.shape == (2, len(AT))
    assert one.weights[0, -1] > 5 * abs(one.weights[1, -1])
    fits = pd.DataFrame(
        {
            "model": ["stepmr", "stepmr", "stepmr", "stepmr", "stepmr_without_base"],
            "graph": "mesc",
            "seed": [3, 7, 3, 7, 3],
            "first_origin": [AT[0], AT[0], AT[5], AT[5], AT[0]],
            "last_origin": [AT[4], AT[4], AT[-1], AT[-1], AT[4]],
        }
    )
    weights = with_weights(fits, {("stepmr", "mesc"): one})["stack_weight"].tolist()
    assert weights[:4] == [one.weights[s, k] for k in (4, -1) for s in (0, 1)]
    assert np.isnan(weights[4])
