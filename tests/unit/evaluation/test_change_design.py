"""Which steps of a time course can be tested, and what a change is a sum of."""

import numpy as np
import pytest

from foldcast.evaluation.change_design import ALONE, CONFOUNDED, NOTHING_LEFT, change_design


def untested(sampled, batches=None):
    return [step.untested for step in change_design(sampled, batches or [""] * len(sampled)).steps]


def test_a_step_needs_two_replicates_at_one_of_its_times():
    assert untested([0, 0, 1, 2, 3, 3]) == ["", ALONE, ""]
    assert untested([0, 1, 2]) == [ALONE, ALONE]


def test_a_change_is_the_difference_of_its_times_beside_what_batches_add():
    rng = np.random.default_rng(1)
    sampled, batches = np.repeat([0.0, 2, 5], 4), list("aabb") * 3
    level, shift = rng.normal(size=3), 7.0
    values = level.repeat(4) + shift * np.array([batch == "b" for batch in batches])
    design = change_design(sampled, batches)
    assert design.matrix.shape == (12, 4) and design.dof == 8
    fitted = np.linalg.lstsq(design.matrix, values, rcond=None)[0]
    changes = [step.contrast @ fitted for step in design.steps]
    np.testing.assert_allclose(changes, np.diff(level), atol=1e-12)
    assert [(step.begin, step.end) for step in design.steps] == [(0, 2), (2, 5)]


def test_batches_that_are_times_cannot_be_told_from_them():
    assert untested([0, 0, 1, 1], list("aabb")) == [CONFOUNDED]
    # A batch that spans two times says what it adds to the second; the third time is alone in its.
    assert untested([0, 0, 1, 1, 2, 2], list("aaabbb")) == ["", ""]
    assert untested([0, 0, 1, 1, 2, 2], list("aaaabb")) == ["", CONFOUNDED]


def test_a_batch_for_each_sample_leaves_nothing_to_tell_chance_by():
    assert untested([0, 0, 1, 1], list("abab")) == [""]
    assert untested([0, 0, 1], list("aba")) == [NOTHING_LEFT]


@pytest.mark.parametrize("order", [[5, 0, 3, 1, 4, 2], [2, 1, 0, 5, 4, 3]])
def test_the_order_of_samples_is_free(order):
    sampled, batches = np.array([0, 0, 1, 1, 2, 2]), np.array(list("ababab"))
    steps = change_design(sampled[order], list(batches[order])).steps
    assert [(step.begin, step.end, step.untested) for step in steps] == [(0, 1, ""), (1, 2, "")]
