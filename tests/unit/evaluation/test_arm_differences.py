"""Two arms: what differs is found at its step, and nothing else; what cannot be asked is said."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.evaluation.arm_differences import (
    Arm,
    arm_differences,
    check_arms,
    difference_panel,
    other_arm_forecasts,
)
from foldcast.evaluation.change_together import change_together
from foldcast.evaluation.expression_changes import changes_of
from foldcast.forecast.time_course import TimeCourse
from folded_panels import panel, world
from scripts.evaluation.judge_arms import verdict_on_changes, verdicts_on_contact

TIMES = np.repeat([0.0, 2, 5, 9, 12, 20], 3)
GENES = pd.Index([f"g{k}" for k in range(300)], name="gene")


def arms(seed: int, n: int = 300, times=TIMES) -> tuple[Arm, Arm]:
    """Genes of several noises that change alike in both arms, at other levels."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 30)).cumsum(axis=1)[:, np.searchsorted(np.unique(times), times)]
    noise = np.sqrt(0.04 * 8 / rng.chisquare(8, (n, 1)))
    made = []
    for name in "tc":
        values = 7 + rng.normal(size=(n, 1)) + common + noise * rng.normal(size=common.shape)
        columns = [f"{name}{k}" for k in range(len(times))]
        table = pd.DataFrame(values, GENES[:n], columns)
        made.append(Arm(table, times, np.full(len(times), "")))
    return made[0], made[1]


def shifted(arm: Arm, by: np.ndarray) -> Arm:
    return replace(arm, values=arm.values + by)


def test_planted_differences_are_found_at_their_step_and_at_no_other():
    treated, control = arms(1)
    planted = np.zeros((300, len(TIMES)))
    planted[:30, TIMES >= 9] = 1.5  # from 5 to 9, for good
    found = arm_differences(shifted(treated, planted), control)
    assert len(found) == 300 * 5
    called = found[found["q"] <= 0.05]
    right = called["gene"].isin(GENES[:30]) & (called["from"] == 5) & (called["to"] == 9)
    assert right.sum() >= 27 and (~right).sum() <= 5
    own = found[(found["from"] == 5) & found["gene"].isin(GENES[:30])]
    assert own["difference"].mean() == pytest.approx(1.5, abs=0.1)
    assert ((own["low"] < 1.5) & (own["high"] > 1.5)).mean() > 0.85
    said = verdict_on_changes(found, "drug", "control")
    assert said["verdict"] == "some differ" and "from 5 to 9" in said["sentence"]


def test_the_difference_is_that_of_four_means():
    treated, control = arms(2, n=5)
    found = arm_differences(treated, control)
    means = [arm.values.T.groupby(arm.times).mean().T.diff(axis=1) for arm in (treated, control)]
    by_hand = (means[0] - means[1]).dropna(axis=1)
    for at, (_, own) in zip(by_hand, found.groupby("to"), strict=True):
        np.testing.assert_allclose(own["difference"], by_hand[at], atol=1e-12)


def test_where_nothing_differs_p_is_even_and_next_to_nothing_is_called():
    every = [arm_differences(*arms(seed)) for seed in range(10, 20)]
    small = np.array([(found["p"] <= 0.05).mean() for found in every])
    assert small.mean() == pytest.approx(0.05, abs=0.01)
    assert sum((found["q"] <= 0.05).any() for found in every) <= 3
    said = verdict_on_changes(every[0].assign(q=1.0), "drug", "control")
    assert said["verdict"] == "none is seen to differ"


def test_a_batch_is_not_called_a_difference():
    """Each time's third sample was made later; and the treated ones' at the end in another room."""
    treated, control = arms(3)
    rng = np.random.default_rng(4)
    third, late = np.arange(len(TIMES)) % 3 == 2, TIMES >= 12
    effect = rng.normal(0, 2, (300, 1))
    spoilt = shifted(treated, effect * (third & late)), shifted(control, effect * (third & ~late))
    named = [
        replace(arm, batches=np.where(third & rows, "b", "a"))
        for arm, rows in zip(spoilt, (late, ~late), strict=True)
    ]
    with_batch, without = arm_differences(*named), arm_differences(*spoilt)
    clean = arm_differences(treated, control)
    assert (with_batch["q"] <= 0.05).sum() <= 3
    assert np.corrcoef(with_batch["difference"], clean["difference"])[0, 1] > 0.9
    assert without["difference"].std() > 1.5 * with_batch["difference"].std()
    # What arm and time tell apart anyway takes nothing away.
    rooms = [
        replace(arm, batches=np.where(TIMES > 5, k, ""))
        for arm, k in zip(arms(3), "xy", strict=True)
    ]
    pd.testing.assert_frame_equal(arm_differences(*rooms), clean)


def test_without_replicates_differences_stand_without_p():
    single = [Arm(arm.values.iloc[:, ::3], arm.times[::3], arm.batches[::3]) for arm in arms(5)]
    found = arm_differences(*single)
    assert found["difference"].notna().all()
    assert found[["low", "high", "t", "p", "q"]].isna().all(axis=None)
    said = verdict_on_changes(found, "drug", "control")
    assert said["verdict"] == "not tested" and "no time has two samples" in said["sentence"]
    # One time with two samples lends its variance to its steps, and to no other.
    kept = [0, 3, 6, 7, 9, 12, 15]
    treated = arms(5)[0]
    some = Arm(treated.values.iloc[:, kept], TIMES[kept], treated.batches[kept])
    found = arm_differences(some, single[1])
    assert found.dropna(subset="p")["from"].unique().tolist() == [2, 5]
    said = verdict_on_changes(found, "drug", "control")
    assert "3 steps without replicates were not tested" in said["sentence"]


def test_genes_in_another_order_and_samples_of_other_times_change_nothing():
    treated, control = arms(6)
    found = arm_differences(treated, control)
    order = np.random.default_rng(1).permutation(300)
    extra = pd.DataFrame(0.0, GENES, ["late"])
    other = Arm(
        pd.concat([control.values.iloc[order], extra], axis=1),
        np.append(TIMES, 99.0),
        np.append(control.batches, ""),
    )
    again = arm_differences(treated, other)
    pd.testing.assert_frame_equal(found, again)


@pytest.mark.parametrize(
    ("genes", "times", "said"),
    [
        (GENES, TIMES + 1, "no common time of drug and control"),
        (GENES, np.append(TIMES[:1], [1.0, 3]), "1 common time of drug and control"),
        (GENES + "x", TIMES, "no common gene of drug and control"),
    ],
)
def test_arms_that_share_too_little_are_refused(genes, times, said):
    with pytest.raises(InputError, match=said) as refused:
        check_arms((GENES, TIMES), (genes, times), "drug", "control")
    assert refused.value.place == "datasets.drug.against"


def test_the_difference_as_a_panel_keeps_the_level_and_pairs_replicates():
    treated, control = arms(7, n=4)
    fewer = Arm(control.values.iloc[:, 1:], TIMES[1:], control.batches[1:])
    made, samples = difference_panel(treated, fewer)
    assert samples["time"].tolist() == TIMES[1:].tolist() and made.columns.is_unique
    both = (treated.values.mean(axis=1) + fewer.values.mean(axis=1)) / 2
    np.testing.assert_allclose(made.mean(axis=1), both)
    at = [*made.columns[:2], made.columns[-1]]
    own = treated.values.to_numpy()[:, [0, 1, -1]] - fewer.values.to_numpy()[:, [0, 1, -1]]
    np.testing.assert_allclose(made[at].diff(axis=1).iloc[:, 1:], np.diff(own, axis=1))


def test_the_other_arm_s_change_is_added_to_the_value_now():
    own = TimeCourse(GENES[:3], np.array([0.0, 1, 3, 4]), np.arange(12.0).reshape(3, 4) ** 2)
    other = TimeCourse(GENES[[1, 0]], np.array([1.0, 3, 5]), np.array([[1.0, 5, 0], [2, 2.5, 0]]))
    forecasts, known = other_arm_forecasts(own, other, [0, 1, 2])
    assert known == 1
    assert np.array_equal(forecasts - own.values[:, :3], [[0, 0.5, 0], [0, 4, 0], [0, 0, 0]])
    # Of its own course nothing after the origin counts.
    later = replace(own, values=np.where(own.times > 1, -9, own.values))
    assert np.array_equal(other_arm_forecasts(later, other, [0, 1, 2])[0][:, :2], forecasts[:, :2])


@pytest.mark.slow
def test_differences_that_follow_contact_are_told_from_what_both_arms_share():
    made = world(0)
    folded, times = panel(made, 1, how="contact", share=0.3, n_times=10, replicates=2)
    quiet, _ = panel(made, 2, n_times=10, replicates=2)
    noise = [np.random.default_rng(k).normal(0, 0.1, folded.shape) for k in (1, 2)]
    pairs = {"differ": (folded + quiet, quiet), "alike": (folded + noise[0], folded + noise[1])}
    said = {}
    for name, both in pairs.items():
        own = [Arm(pd.DataFrame(values), times, np.full(len(times), "")) for values in both]
        difference, samples = difference_panel(*own)
        changes = changes_of(difference.to_numpy(), samples["time"], "mean", made.lengths)
        effects = change_together(
            made.pairs, [changes], ("contact", "compartment"), 199, planted=0
        )[0]
        tables = {"map": pd.DataFrame([vars(effect) for effect in effects])}
        (said[name],) = verdicts_on_contact(tables, "drug", "control")
    assert said["differ"]["verdict"] == "differ together" and said["differ"]["p"] == 0.005
    assert "genes in contact on map map differ together more than" in said["differ"]["sentence"]
    assert said["alike"]["verdict"] != "differ together"


def test_contact_that_could_not_be_asked_is_said():
    (row,) = verdicts_on_contact({"map": pd.DataFrame(columns=["kind", "how"])}, "drug", "control")
    assert row["verdict"] == "cannot tell" and "could not be asked" in row["sentence"]
