"""Controls, detection and scaling: by a sample's own values, decided on past samples only."""

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.control_probes import (
    background,
    by_role,
    control_table,
    detection,
    two_groups,
    wild,
)
from foldcast.expression.measurements import Measurements
from foldcast.expression.sample_scaling import levels, summary
from foldcast.expression.sample_sheets import past_samples

SAMPLES = ["s1", "s2", "s3", "s4"]
CLASSES = {"endogenous": ["E1", "E2"], "negative": ["N"], "positive": ["P"], "housekeeping": []}


@pytest.fixture
def rows():
    values = {
        "a": [100.0, 90.0, 80.0, 0.0],
        "b": [5.0, 60.0, 1.0, 500.0],
        "n1": [1.0, 10.0, 0.0, 4.0],
        "n2": [3.0, 20.0, 2.0, 4.0],
        "p": [7.0, 7.0, 7.0, 7.0],
        "spike": [9.0, 9.0, 9.0, 9.0],
    }
    return pd.DataFrame(values, index=SAMPLES).T


LABELS = pd.Series({"a": "E1", "b": "E2", "n1": "N", "n2": "N", "p": "P", "spike": "S"})


def test_rows_by_their_class(rows):
    parts = by_role(rows, LABELS, CLASSES, "t")
    assert {role: list(part.index) for role, part in parts.items()} == {
        "endogenous": ["a", "b"], "negative": ["n1", "n2"], "positive": ["p"], "housekeeping": []
    }  # fmt: skip


def test_a_class_that_the_table_does_not_have(rows):
    with pytest.raises(InputError, match=r"(?s)t, classes, negative.*'Neg'.*E1, E2, N, P, S"):
        by_role(rows, LABELS, {**CLASSES, "negative": ["Neg"]}, "t")


def test_a_sample_is_held_against_its_own_controls(rows):
    threshold = background(rows.loc[["n1", "n2"]], 2)
    assert threshold["s1"] == pytest.approx(2 + 2 * np.sqrt(2))
    assert threshold["s4"] == 4
    found = detection(rows.loc[["a", "b"]], threshold, SAMPLES[:3], 0.5)
    assert found["gene"].tolist() == ["a", "b"] and found["past_samples"].tolist() == [3, 3]
    assert found["share"].tolist() == pytest.approx([1, 2 / 3])
    assert found["detected"].tolist() == [1, 1]
    assert detection(rows.loc[["a", "b"]], threshold, SAMPLES[:3], 0.7)["detected"].tolist() == [
        1, 0
    ]  # fmt: skip


def test_later_samples_do_not_decide(rows):
    past = SAMPLES[:3]
    changed = rows.copy()
    changed["s4"] = [1e6, 0.0, 3e5, 1.0, 2.0, 3.0]
    for table in (rows, changed):
        table.attrs["found"] = detection(
            table.loc[["a", "b"]], background(table.loc[["n1", "n2"]], 2), past, 0.7
        )
    pd.testing.assert_frame_equal(rows.attrs["found"], changed.attrs["found"])


def test_without_negative_controls_everything_counts(rows):
    found = detection(rows, None, SAMPLES, 0.5)
    assert found["detected"].eq(1).all() and found["share"].isna().all()


def test_a_negative_control_that_binds_something_is_named():
    negative = pd.DataFrame({"s": [10.0, 12.0, 118.0, 15.0]}, index=list("ABCD"))
    assert wild(np.log2(negative + 1), ["s"]) == ["C"]


@pytest.mark.parametrize("shift", [0.8, 1.5, 3.3])
def test_two_groups_of_controls_are_told_from_one(shift):
    rng = np.random.default_rng(4)
    level = pd.Series(rng.normal(12, 0.25, 60), index=[f"s{i}" for i in range(60)])
    assert two_groups(level) is None and two_groups(level * 0 + 3) is None
    assert two_groups(pd.Series(rng.uniform(10, 14, 2000))) is None
    level.iloc[::5] += shift
    upper = two_groups(level)
    if shift < 1:
        assert upper is None
    else:
        assert list(upper.index[upper]) == list(level.index[::5])
    level.iloc[:2] = 40  # a few odd samples are no group
    assert two_groups(level) is None


def test_what_each_control_shows():
    samples = list("abcdef")
    controls = pd.DataFrame(
        [[1, 1, 1, 4, 4, 4], [0, 1, 0, 1, 0, 1]], index=["p", "n"], columns=samples, dtype=float
    )
    time = pd.DataFrame({"time": [1.0, 1, 1, 2, 2, 2]}, index=samples)
    role = pd.Series({"p": "positive", "n": "negative"})
    table = control_table(controls, role, two_groups(controls.loc["p"]), time)
    assert list(table) == ["role", "control", "mean", "sd", "r_time", "upper_fold"]
    assert table["mean"].tolist() == [2.5, 0.5] and table["role"].tolist() == list(role)
    assert table.at["p", "r_time"] == pytest.approx(1)
    assert table["upper_fold"].tolist() == pytest.approx([8, 2 ** (1 / 3)])
    assert control_table(controls, role, None, time)["upper_fold"].isna().all()
    assert control_table(controls[:0], role[:0], None, time).empty


def test_past_samples_are_those_up_to_the_first_origin():
    samples = pd.DataFrame({"sample": list("abcdefghijk"), "time": [0, 0, *range(1, 10)]})
    assert past_samples(samples, 0.3, "sheet") == list("abcd")
    few = samples[samples["time"] < 3]
    with pytest.raises(InputError, match=r"sheet(.*\n)*.*first_origin: 0.66"):
        past_samples(few, 0.3, "sheet")
    with pytest.raises(InputError, match=r"sheet(.*\n)*.*first origin"):
        past_samples(samples[:2], 0.3, "sheet")


def test_levels_by_hand(rows):
    genes, controls = rows.loc[["a", "b"]], {"positive": rows.loc[["p"]]}
    for divided in ("none", "median_of_ratios"):
        assert levels(genes, controls, divided, "t").tolist() == [0, 0, 0, 0]
    assert levels(genes, controls, "median", "t").tolist() == [52.5, 75, 40.5, 250]
    assert levels(genes, controls, "upper_quartile", "t")["s1"] == 76.25
    assert levels(genes, controls, "positive", "t").tolist() == [7, 7, 7, 7]
    with pytest.raises(InputError, match=r"(?s)no housekeeping controls.*normalise: median"):
        levels(genes, controls, "housekeeping", "t")


@pytest.mark.parametrize("method", ["none", "median", "upper_quartile", "housekeeping", "positive"])
def test_a_sample_is_scaled_by_itself_alone(rows, method):
    genes = rows.loc[["a", "b"]]
    controls = {"positive": rows.loc[["p"]], "housekeeping": rows.loc[["spike"]]}
    once = levels(genes, controls, method, "t")
    alone = levels(genes[["s2"]], {k: v[["s2"]] for k, v in controls.items()}, method, "t")
    assert alone["s2"] == once["s2"]


def test_summary_has_blanks_for_controls_that_are_not_there(rows):
    genes, nothing = rows.loc[["a", "b"]], pd.Series(np.nan, index=SAMPLES)
    detected = pd.DataFrame()
    controls = {"negative": rows.loc[["n1", "n2"]]}
    of = (genes, genes, genes, genes.sum(), nothing, controls, detected, [], [])
    table = summary(Measurements(*of), genes.median())
    assert list(table) == [
        "sample", "mean", "negative", "positive", "housekeeping", "level", "library_size",
        "size_factor",
    ]  # fmt: skip
    assert table["negative"].tolist() == [2, 15, 1, 4] and table["positive"].isna().all()
    assert table["library_size"].tolist() == [105, 150, 81, 500]
    assert table["size_factor"].isna().all()
