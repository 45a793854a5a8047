"""Verdicts: planted better, worse and equal models; seeds; too few origins."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foldcast.evaluation.forecast_scores import Truth
from foldcast.evaluation.forecast_verdict import Score, Scorer, best_in_words
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.baselines import causal_forecasts
from foldcast.forecast.forecast_tables import Forecasts
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.protocol import origins


def judge(make, n_times=40, seeds=1):
    """Verdicts on a model made from (observed, comparator, rng), once per seed."""
    rng = np.random.default_rng(1)
    time_course = rng.normal(scale=0.6, size=(60, n_times)).cumsum(axis=1)
    time_course += rng.normal(size=time_course.shape)
    at = origins(n_times, 0.3)
    scorer = Scorer(Truth.of(time_course, at))
    forecasts = {
        name: causal_forecasts(time_course, name)[:, at]
        for name in ("persistence", "smoothing_per_gene")
    }
    (base,) = forecast_course(ReplicatedCourse.of_means(time_course, range(n_times)))
    forecasts |= {"local_level": base.local_level[:, at], "stack": base.stack[:, at]}
    references = [
        scorer.score(Forecasts(name, "-", values[None]), "baseline")
        for name, values in forecasts.items()
    ]
    observed = scorer.truth.observed
    values = np.stack([make(observed, forecasts["smoothing_per_gene"], rng) for _ in range(seeds)])
    model = scorer.score(Forecasts("stepmr", "mesc", values), "model")
    return model, scorer, scorer.verdicts([model], references)


def test_a_model_that_knows_more_is_better():
    _, _, (primary, persistence, level, stack) = judge(lambda y, base, rng: base + 0.2 * (y - base))
    assert stack["comparison"] == "stepmr on mesc - stack" and stack["verdict"] == "better"
    assert level["comparison"] == "stepmr on mesc - local_level"
    assert level["sentence"].startswith(
        "stepmr on graph mesc forecasts better than the local level"
    )
    assert primary["comparison"] == "stepmr on mesc - smoothing_per_gene"
    assert persistence["comparison"] == "stepmr on mesc - persistence"
    assert primary["verdict"] == persistence["verdict"] == "better"
    assert 0 < primary["low"] < primary["difference"] < primary["high"]
    assert primary["sentence"].startswith(
        "stepmr on graph mesc forecasts better than exponential smoothing per gene: skill"
    )
    for number in ("difference", "low", "high"):
        assert f"{primary[number]:+.3f}" in primary["sentence"]
    assert "60 genes, 28 origins, one seed" in primary["sentence"]
    assert primary["p"] < 0.001


def test_a_model_that_adds_noise_is_worse_than_smoothing_only():
    make = lambda y, base, rng: base + rng.normal(0, 0.4, y.shape)  # noqa: E731
    _, _, (primary, persistence, *_) = judge(make)
    assert primary["verdict"] == "worse"
    assert primary["high"] < 0
    assert persistence["verdict"] == "better"


def test_a_model_that_changes_next_to_nothing_cannot_be_decided():
    # As often a little nearer as a little farther, more than a coin could tell.
    def make(y, base, rng):
        return base + (y - base) * np.where(np.arange(y.shape[1]) % 8 < 4, 0.1, -0.1)

    _, _, (primary, *_) = judge(make)
    assert primary["verdict"] == "cannot be decided"
    assert primary["low"] < 0 < primary["high"]
    assert primary["sentence"].startswith("Whether stepmr on graph mesc forecasts better or worse")


def test_what_is_not_decided_says_what_would_have_been_seen():
    def make(y, base, rng):
        return base + (y - base) * np.where(np.arange(y.shape[1]) % 8 < 4, 0.1, -0.1)

    _, scorer, (primary, *_) = judge(make)
    said = f"a difference of {primary['detectable']:.3f} would have been seen with 80 % power."
    assert primary["sentence"].endswith(said)
    assert primary["detectable"] > (primary["high"] - primary["low"]) / 2


def test_the_comparator_itself_differs_by_nothing_and_that_is_said():
    _, _, (primary, *_) = judge(lambda y, base, rng: base)
    assert (primary["difference"], primary["low"], primary["high"]) == (0, 0, 0)
    assert primary["verdict"] == "the same"
    assert (
        "forecasts what exponential smoothing per gene forecasts: it added nothing"
        in (primary["sentence"])
    )


def test_the_best_baseline_is_named_with_its_skill():
    skills = {"persistence": 0.0, "moving_average_3": 0.2126, "stack": 0.2124}
    scored = [
        Score(name, "-", "baseline", {"skill": skill}, {}, np.zeros((1, 9)))
        for name, skill in skills.items()
    ]
    assert best_in_words(scored) == (
        "Best baseline, as seen afterwards: moving average 3, skill 0.213."
    )


def test_too_few_origins_never_decide_and_have_no_interval():
    model, scorer, verdicts = judge(lambda y, base, rng: y, n_times=8)
    assert scorer.truth.observed.shape[1] == 5
    for row in verdicts:
        assert row["verdict"] == "cannot be decided" and row["difference"] > 0
        assert np.isnan([row[name] for name in ("low", "high", "p", "detectable")]).all()
        assert "no interval from fewer than 6 origins" in row["sentence"]
        assert row["sentence"].endswith("so few origins are too few for a verdict.")
    for row in scorer.rows(model):
        assert np.isfinite(row["value"]) and np.isnan(row["low"]) and np.isnan(row["high"])


def test_six_origins_can_decide():
    _, scorer, (primary, *_) = judge(lambda y, base, rng: y, n_times=9)
    assert scorer.truth.observed.shape[1] == 6
    assert primary["verdict"] == "better"


def test_seeds_are_averaged_and_widen_the_interval():
    offsets = iter([0.0, 0.5, 1.0, 1.5])
    many, scorer, verdicts = judge(lambda y, base, rng: base + next(offsets), seeds=4)
    assert many.n_seeds == 4
    assert "4 seeds" in verdicts[0]["sentence"]
    fixed = judge(lambda y, base, rng: base + 0.75)[0].tests["mse"]
    wide = many.tests["mse"]
    assert wide.high - wide.low > 2 * (fixed.high - fixed.low)


def test_seeds_that_agree_change_nothing():
    one, _, _ = judge(lambda y, base, rng: base)
    three, _, _ = judge(lambda y, base, rng: base, seeds=3)
    assert three.values == pytest.approx(one.values)
    for metric, test in one.tests.items():
        assert (three.tests[metric].low, three.tests[metric].high) == pytest.approx(
            (test.low, test.high)
        ), metric


def test_rows_hold_the_score_between_its_bounds():
    model, scorer, _ = judge(lambda y, base, rng: base)
    rows = scorer.rows(model)
    assert [row["metric"] for row in rows][:3] == ["mse", "skill", "skill_scaled"]
    assert len(rows) == 8
    for row in rows:
        if row["metric"] == "r_gene":
            assert np.isnan(row["low"]) and np.isnan(row["high"])
        else:
            assert row["low"] < row["value"] < row["high"]
        assert (row["n_genes"], row["n_origins"], row["n_seeds"]) == (60, 28, 1)


def made_by(*kinds):
    return {f"mesc_{n}": {"of": "mesc", "how": how} for n, how in enumerate(kinds, 1)}


def test_a_graph_is_held_against_the_mean_of_those_rewired_from_it():
    model, scorer, _ = judge(lambda y, base, rng: base + 0.2 * (y - base))
    observed, rng = scorer.truth.observed, np.random.default_rng(2)
    rewired = [
        scorer.score(
            Forecasts("stepmr", f"mesc_{n}", observed[None] + rng.normal(0, 3, observed.shape)),
            "model",
        )
        for n in (1, 2)
    ]
    made = made_by("matched", "matched")
    counts = {"mesc": (512, 512), "mesc_1": (511, 7), "mesc_2": (512, 5)}
    pairs = {
        name: pd.DataFrame({"pairs": [n - 2, 2], "shared": [k, 0]})
        for name, (n, k) in counts.items()
    }
    (row,) = scorer.contrasts([model], rewired, made, pairs)
    skills = [score.values["skill"] for score in rewired]
    assert row["difference"] == pytest.approx(model.values["skill"] - np.mean(skills))
    assert row["verdict"] == "better"
    assert "2 rewired graphs: mesc_1, mesc_2" in row["sentence"]
    assert "of its 512 pairs the rewired graphs have 7, 5 too" in row["sentence"]
    assert "would have been seen" not in row["sentence"]  # since it was told
    assert scorer.contrasts([model], [], made, pairs) == []


def test_a_graph_that_equals_the_rewired_one_had_no_part():
    model, scorer, _ = judge(lambda y, base, rng: base + 0.2 * (y - base))
    twin = replace(model, graph="mesc_1")
    pairs = dict.fromkeys(("mesc", "mesc_1"), pd.DataFrame({"pairs": [9], "shared": [9]}))
    (row,) = scorer.contrasts([model], [twin], made_by("matched"), pairs)
    assert row["verdict"] == "the same" and row["difference"] == 0
    assert "forecast what other pairs make it forecast" in row["sentence"]
    assert "have 9 too, and so tell little" in row["sentence"]


def test_graphs_that_are_rewired_differently_are_held_against_one_by_one():
    model, scorer, _ = judge(lambda y, base, rng: base + 0.2 * (y - base))
    others = [
        scorer.score(Forecasts("stepmr", f"mesc_{n}", scorer.truth.last[None]), "model")
        for n in (1, 2, 3)
    ]
    pairs = dict.fromkeys(
        ("mesc", "mesc_1", "mesc_2", "mesc_3"), pd.DataFrame({"pairs": [9], "shared": [0]})
    )
    made = made_by("identity", "matched", "distance")
    rows = scorer.contrasts([model], others, made, pairs)
    assert [(row["comparison"].partition(" - ")[2]) for row in rows] == [
        "rewired pairs", "nearest pairs", "no pairs"
    ]  # fmt: skip
    for row, words in zip(
        rows, ("other pairs", "the nearest pairs", "no pairs at all"), strict=True
    ):
        assert f"than {words} would" in row["sentence"] and "one rewired graph" in row["sentence"]
    assert "the rewired graphs have" not in rows[2]["sentence"]  # there are none to share
