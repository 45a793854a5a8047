"""Words on folding: only after correction, and never more than the data say."""

from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest

from foldcast.evaluation.change_together import ContactEffect, change_together
from foldcast.evaluation.expression_changes import changes_of
from foldcast.evaluation.folding_verdict import holm, judge
from foldcast.evaluation.gene_pairs import GenePairs
from foldcast.evaluation.neighbour_innovations import NeighbourEffect, help_to_forecast
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.replicated_course import ReplicatedCourse
from folded_panels import FARTHEST, NEAREST, NULLS, panel, world

SEEN = ContactEffect(
    kind="contact", how="mean", value=0.02, error=0.004, low=0.011, high=0.029, p=0.001,
    p_changes=0.001, seen=0.013, seen_low=0.011, seen_high=0.016, seen_share=0.06, reliability=1.0,
    n_genes=8000, n_pairs=900_000, n_changes=11,
    n_shifts=999,
)  # fmt: skip
HELPING = NeighbourEffect(
    value=0.3, low=0.12, high=0.48, p=0.004, seen=0.22, gain=0.004, kept=0.1, n_genes=90,
    n_pairs=120, n_origins=25, n_others=999,
)  # fmt: skip
UNSEEN = replace(SEEN, value=0.001, low=-0.02, high=0.022, p=0.4, seen=0.031)


def table(*effects):
    return pd.DataFrame([asdict(effect) for effect in effects])


def judged_all(effects, helps=()):
    """Verdicts of a run; only those on common change where no neighbours are given."""
    rows = judge(effects, {key: dict(helps).get(key, table()) for key in effects})
    return rows if helps else rows[rows["question"] == "change together"]


def judged(*effects):
    return judged_all({("mrna", "mesc"): table(*effects)}).iloc[0]


def test_holm_is_that_of_its_paper():
    assert np.allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    assert np.allclose(holm([0.9, 0.8]), 1.0)
    assert len(holm([])) == 0


def test_an_effect_without_replicates_is_said_with_what_is_not_ruled_out():
    row = judged(SEEN)
    assert row["verdict"] == "change together"
    assert "Genes in contact change together slightly more" in row["sentence"]
    assert "is not ruled out" in row["sentence"]
    assert "does not show that it causes it" in row["sentence"]


def test_replicates_confirm_an_effect_or_take_it_back():
    across = replace(SEEN, how="cross", p=0.02, p_changes=0.03)
    row = judged(SEEN, across)
    assert row["verdict"] == "change together"
    assert "seen across independent replicates" in row["sentence"]
    for other in (replace(across, p=0.06), replace(across, p_changes=0.06)):
        row = judged(SEEN, other)
        assert row["verdict"] == "cannot tell"
        assert "independent replicates do not show" in row["sentence"]


def test_few_times_suggest_at_most():
    row = judged(replace(SEEN, n_changes=3))
    assert row["verdict"] == "suggestive"
    assert "suggestive at most" in row["sentence"]


def test_a_narrow_interval_is_no_effect_and_a_wide_one_says_what_could_be_seen():
    row = judged(replace(UNSEEN, low=-0.004, high=0.006))
    assert row["verdict"] == "no effect"
    assert "no effect above 0.01" in row["sentence"]
    row = judged(UNSEEN)
    assert row["verdict"] == "cannot tell"
    assert "could only have seen effects above 0.031" in row["sentence"]
    row = judged(replace(UNSEEN, seen=np.nan))
    assert "could have seen no effect with 80 % power" in row["sentence"]


def test_an_effect_is_said_only_after_correction_over_the_run():
    one = replace(SEEN, p=0.009)
    maps = {("mrna", f"map{k}"): table(one if k == 0 else UNSEEN) for k in range(5)}
    assert judged_all(maps)["verdict"].iloc[0] == "change together"
    maps[("mrna", "map5")] = table(UNSEEN)
    rows = judged_all(maps)
    assert rows["p_corrected"].iloc[0] == pytest.approx(0.054)
    assert rows["verdict"].iloc[0] == "cannot tell"
    assert set(rows["correction"]) == {"Holm"}


def test_domains_are_exploratory_and_compartments_need_replicates():
    tad = replace(SEEN, kind="tad", p=0.004)
    compartment = replace(SEEN, kind="compartment")
    rows = judged_all({("mrna", "mesc"): table(UNSEEN, tad, compartment)}).set_index("feature")
    assert list(rows.index) == ["contact", "tad"]
    assert rows.loc["tad", "correction"] == "exploratory (BH)"
    assert rows.loc["tad", "p_corrected"] == 0.004
    assert "exploratory" in rows.loc["tad", "sentence"]
    across = replace(compartment, how="cross", p=0.01)
    rows = judged_all({("mrna", "mesc"): table(UNSEEN, tad, compartment, across)})
    assert list(rows["feature"]) == ["contact", "tad", "compartment"]
    assert (rows["p_corrected"][1:] == [0.004, 0.002]).all()


def test_neighbours_help_only_with_a_gain_and_after_correction_with_what_else_is_asked():
    key = ("mrna", "mesc")
    rows = judged_all({key: table(UNSEEN)}, {key: table(HELPING)})
    assert list(rows["question"]) == ["change together", "help to forecast"]
    assert rows["p_corrected"].tolist() == pytest.approx([0.4, 0.008])
    assert rows["verdict"].iloc[1] == "help to forecast"
    assert "neighbours in contact help to forecast" in rows["sentence"].iloc[1]
    for other in (replace(HELPING, gain=-0.001), replace(HELPING, p=0.03)):
        row = judged_all({key: table(UNSEEN)}, {key: table(other)}).iloc[1]
        assert row["verdict"] == "no effect"
        assert "no effect above 0.22" in row["sentence"]


def test_what_could_not_be_asked_is_said_and_costs_nothing():
    key, other = ("mrna", "mesc"), ("mirna", "mesc")
    effects = {key: table(SEEN), other: table()}
    rows = judge(effects, dict.fromkeys(effects, table()))
    assert rows["verdict"].tolist() == ["change together", *["cannot tell"] * 3]
    assert rows["p_corrected"].iloc[0] == 0.001
    assert rows["p_corrected"][1:].isna().all()
    assert "too few genes" in rows["sentence"].iloc[2]
    assert "fewer than six times" in rows["sentence"].iloc[3]
    assert judged_all({}).empty


def asked(here, number, n_times, replicates, **scenario):
    """Both questions of a made dataset as the rules ask them: effects, and what neighbours do."""
    values, sampled = panel(here, number, n_times=n_times, replicates=replicates, **scenario)
    panels = [changes_of(values, sampled, how, here.lengths) for how in ("mean", "cross")]
    panels = [one for one in panels if one is not None]
    kinds = "contact", "compartment"
    effects = change_together(here.pairs, panels, kinds, 499, number, planted=0)
    # The genes that are forecast: some of each arm, each with those that it touches most.
    genes = np.sort(np.random.default_rng(number).choice(here.n_genes, 200, replace=False))
    one, two = np.triu_indices(len(genes), k=1)
    bins = here.bins[genes]
    arm, place = np.divmod(bins, here.pairs.sizes[0])
    apart = bins[two] - bins[one]
    near = (arm[one] == arm[two]) & (apart >= NEAREST) & (apart <= FARTHEST)
    one, two, apart = one[near], two[near], apart[near]
    bands = np.stack([arms.band for arms in here.pairs.maps[0]])
    contact = np.nan_to_num(bands[arm[one], place[one], apart - NEAREST], nan=-9)
    kept = np.argsort(-contact, kind="stable")[:200]
    graph = GenePairs(
        np.stack([one[kept], two[kept]], axis=1), 2.0 ** contact[kept, None],
        np.zeros(n_times, int), arm.astype(str), here.places[genes].astype(float),
    )  # fmt: skip
    course = ReplicatedCourse.of_samples(values[genes], sampled)
    return [one for each in effects for one in each], help_to_forecast(
        forecast_course(course)[0], graph, 499, number
    )


@pytest.mark.full
def test_without_folding_a_report_seldom_says_that_it_matters():
    """100 runs of one dataset each: every scenario, number of times and of replicates."""
    said = []
    for number in range(100):
        here = world(500 + number % 10, n_genes=1_200)
        scenario = [*NULLS.values(), {}][number % (len(NULLS) + 1)]
        effects, helps = asked(
            here, 70_000 + number, (6, 8, 12, 20)[number % 4], 1 + number % 3, **scenario
        )
        helps = {("mrna", "mesc"): table(*([helps] if helps else []))}
        verdicts = judge({("mrna", "mesc"): table(*effects)}, helps)["verdict"]
        said.append(verdicts.isin(["change together", "help to forecast"]).any())
    assert sum(said) <= 9
