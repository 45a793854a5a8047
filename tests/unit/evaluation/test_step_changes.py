"""Genes that change are found at their step; chance, depth and batches are not called a change."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import digamma, polygamma
from scipy.stats import t as student

from foldcast.evaluation.change_design import ALONE, change_design
from foldcast.evaluation.step_changes import (
    COLUMNS,
    LEVEL,
    moderated_t,
    step_changes,
    worth_testing,
)

PLANTED = 30


def panel(seed, kind, genes=300, times=3, replicates=3, effect=0.0, batch=0.0):
    """Planted genes go up at the second step; batches cross times; libraries differ in depth."""
    rng = np.random.default_rng(seed)
    sampled = np.repeat(np.arange(times, dtype=float), replicates)
    batches = np.tile(np.arange(replicates) % 2, times)
    course = np.repeat(rng.uniform(5, 11, (genes, 1)), len(sampled), axis=1)
    course[:PLANTED, sampled >= 2] += effect
    course += batch * rng.normal(size=(genes, 1)) * batches
    if kind == "counts":
        mean = 2**course * rng.uniform(0.4, 2.5, len(sampled))
        raw = np.log2(rng.poisson(mean * rng.gamma(20, 1 / 20, mean.shape)) + 1)
    else:
        noise = np.sqrt(0.1 / rng.gamma(4, 0.25, (genes, 1)))
        raw = course + noise * rng.normal(size=course.shape) + rng.normal(size=len(sampled))
    names = [f"g{k}" for k in range(genes)]
    table = pd.DataFrame(raw, names, [f"s{k}" for k in range(len(sampled))])
    return table, sampled, [str(one) for one in batches] if batch else [""] * len(sampled)


def called(changes):
    """How many changes are said, step by step, and how many of them at the step of the planted."""
    said = changes[changes["q"] <= 0.05]
    planted = said["gene"].str[1:].astype(int).lt(PLANTED) & said["from"].eq(1)
    return len(said), int(planted.sum())


@pytest.mark.parametrize("kind", ["log2", "counts"])
def test_planted_changes_are_found_at_their_step(kind):
    changes, steps = step_changes(*panel(1, kind, effect=2.0), kind)
    said, planted = called(changes)
    assert planted >= 0.9 * PLANTED and said - planted <= 5
    assert list(changes) == COLUMNS and steps["up"].tolist()[1] >= planted
    at = changes[changes["from"].eq(1) & changes["gene"].str[1:].astype(int).lt(PLANTED)]
    assert at["change"].mean() == pytest.approx(2.0, abs=0.15)
    assert ((at["low"] <= 2) & (at["high"] >= 2)).mean() > 0.75
    step = steps.loc[1]
    assert step["up"] + step["down"] == (changes.loc[changes["from"].eq(1), "q"] <= 0.05).sum()
    assert step["sentence"] == (
        f"From 1 to 2 {step['up'] + step['down']} of {step['genes']} genes change (q ≤ 0.05): "
        f"{step['up']} up, {step['down']} down."
    )


@pytest.mark.parametrize("kind", ["log2", "counts"])
def test_depth_is_no_change_and_a_batch_is_none_either(kind):
    changes, _ = step_changes(*panel(3, kind, genes=150, batch=2.0), kind)
    assert called(changes)[0] <= 3
    table, sampled, batches = panel(3, kind, genes=150, effect=2.0, batch=2.0)
    found, _ = step_changes(table, sampled, batches, kind)
    blind, _ = step_changes(table, sampled, [""] * len(batches), kind)
    assert called(found)[1] > 0.8 * PLANTED > called(blind)[1]


@pytest.mark.full
@pytest.mark.parametrize("kind", ["log2", "counts"])
def test_chance_is_seldom_called_a_change(kind):
    """Null panels: p as often below 0.05 as it should; of what is called a twentieth is wrong, of
    counts a little more."""
    small, false, true = [], 0, 0
    for seed in range(25):
        null, _ = step_changes(*panel(seed, kind), kind)
        small.append((null["p"] < 0.05).mean())
        changes, _ = step_changes(*panel(seed, kind, effect=1.0), kind)
        said, planted = called(changes)
        false, true = false + said - planted, true + planted
    assert 0.03 < np.mean(small) < 0.065
    assert false / (false + true) < (0.09 if kind == "counts" else 0.07)


@pytest.mark.parametrize("kind", ["log2", "counts"])
def test_the_order_of_genes_is_free(kind):
    table, sampled, batches = panel(5, kind, genes=60, effect=1.0)
    changes, _ = step_changes(table, sampled, batches, kind)
    order = np.random.default_rng(1).permutation(len(table))
    other, _ = step_changes(table.iloc[order], sampled, batches, kind)
    both = changes.merge(other, on=["gene", "from", "to"])
    assert len(both) == len(changes)
    np.testing.assert_allclose(both["p_x"], both["p_y"], rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(both["change_x"], both["change_y"], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("kind", ["log2", "counts", "normalised"])
def test_without_replicates_there_are_changes_but_no_p(kind):
    changes, steps = step_changes(*panel(7, kind, genes=40, times=5, replicates=1), kind)
    assert changes["change"].notna().all() and len(changes) > 100
    assert changes[["low", "high", "p", "q"]].isna().all(axis=None)
    assert set(steps["untested"]) == {ALONE} and not steps[["genes", "up", "down"]].any(axis=None)
    assert "not tested: one replicate at both times" in steps["sentence"].iloc[0]


def test_only_steps_with_replicates_are_tested():
    table, sampled, batches = panel(9, "log2", genes=50, times=4)
    kept = [0, 3, 4, 5, 6, 9]  # one, three, one and one replicates
    some = table.iloc[:, kept], sampled[kept], [batches[k] for k in kept]
    changes, steps = step_changes(*some, "log2")
    assert steps["untested"].tolist() == ["", "", ALONE]
    assert changes.groupby("from")["p"].count().tolist() == [50, 50, 0]


@pytest.mark.parametrize("kind", ["log2", "counts", "normalised"])
@pytest.mark.parametrize("genes", [0, 1, 3])
def test_few_genes_are_tested_too(genes, kind):
    changes, steps = step_changes(*panel(11, kind, genes=genes), kind)
    assert len(changes) == 2 * genes and changes["p"].notna().all()
    assert steps["genes"].tolist() == [genes, genes]


def test_silent_and_constant_genes_are_left_out_and_those_that_wake_are_not():
    table, sampled, _ = panel(13, "counts", genes=10)
    table.iloc[0] = 0.0
    table.iloc[1] = np.log2(501)
    table.iloc[2] = [0.0] * 6 + [7.0, 7.5, 7.1]
    table.iloc[3] = [0.0, 7.0, 7.0] * 3
    assert list(worth_testing(table, sampled, "counts")) == ["g2", *(f"g{k}" for k in range(4, 10))]


def test_moderated_t_without_a_trend_is_that_of_its_formulas():
    """Smyth (2004), by its definitions: nine genes, too few for variances along the level."""
    rng = np.random.default_rng(2)
    values = rng.normal(size=(9, 6)) * np.sqrt(1 / rng.gamma(2, 0.5, (9, 1)))
    design = change_design(np.repeat([0.0, 1], 3), [""] * 6)
    found = moderated_t(values, design)
    halves = values[:, :3], values[:, 3:]
    variance = sum(half.var(axis=1, ddof=1) for half in halves) / 2
    log = np.log(variance) - digamma(2) + np.log(2)
    excess = log.var(ddof=1) - polygamma(1, 2)
    dofs = np.linspace(0.5, 400, 200_000)
    prior_dof = dofs[np.argmin(np.abs(polygamma(1, dofs / 2) - excess))]
    prior = np.exp(log.mean() + digamma(prior_dof / 2) - np.log(prior_dof / 2))
    error = np.sqrt((prior_dof * prior + 4 * variance) / (prior_dof + 4) * 2 / 3)
    change = halves[1].mean(axis=1) - halves[0].mean(axis=1)
    dof = min(prior_dof + 4, 36)
    np.testing.assert_allclose(found.change[:, 0], change)
    np.testing.assert_allclose(found.p[:, 0], 2 * student.sf(abs(change) / error, dof), rtol=1e-3)
    half = student.isf((1 - LEVEL) / 2, dof) * error
    np.testing.assert_allclose(found.high[:, 0] - found.low[:, 0], 2 * half, rtol=1e-3)
