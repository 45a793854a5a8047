"""Loading: planted, and as it is in the mouse-lung tables."""

import numpy as np
import pandas as pd
import pytest

from foldcast.expression.sample_loading import (
    diagnose,
    error_component,
    first_component,
    warnings_of,
)


@pytest.fixture
def samples():
    return pd.DataFrame(
        {"sample": [f"s{i}" for i in range(40)], "time": np.repeat(np.arange(20.0), 2)}
    ).assign(copy_of=pd.NA)


def panel_of(values, samples):
    genes = [f"g{i}" for i in range(len(values))]
    return pd.DataFrame(values, index=genes, columns=samples["sample"])


def nothing(samples):
    columns = ["negative", "positive", "housekeeping"]
    return pd.DataFrame(np.nan, index=samples["sample"], columns=columns)


def report(panel, samples, controls):
    table, each = diagnose(panel, samples, controls, 0.3)
    return table.set_index("metric")["value"].to_dict(), each


def test_planted_loading_is_found_and_warned_of(samples):
    rng = np.random.default_rng(1)
    load = rng.normal(size=40)
    panel = panel_of(5 + load + 0.1 * rng.normal(size=(30, 40)), samples)
    controls = nothing(samples).assign(positive=2 * load)
    values, each = report(panel, samples, controls)
    assert values["pc1_share"] > 0.95 and values["pc1_r_mean"] > 0.999
    assert values["pc1_r_positive"] > 0.99 and np.isnan(values["pc1_r_negative"])
    assert values["error_share"] > 0.9 and values["error_shift"] > 0.9
    assert len(warnings_of(values)) == 2 and "mostly loading" in warnings_of(values)[0]
    assert list(each)[:4] == ["sample", "time", "pc1", "mean"]


@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_a_batch_that_the_positive_controls_show(samples, effect):
    rng = np.random.default_rng(2)
    batch = rng.random(40) < 0.3
    pattern = rng.normal(size=(30, 1))
    panel = panel_of(5 + effect * pattern * batch + 0.3 * rng.normal(size=(30, 40)), samples)
    controls = nothing(samples).assign(positive=12 + 3 * batch + 0.2 * rng.normal(size=40))
    values, each = report(panel, samples, controls)
    assert each["upper"].tolist() == batch.astype(float).tolist()
    assert values["upper_samples"] == batch.sum()
    said = [s for s in warnings_of(values) if "positive controls part the samples in two" in s]
    assert len(said) == 1
    assert ("a batch effect" in said[0]) == (effect > 0) == (abs(values["pc1_r_upper"]) > 0.9)


def test_a_programme_of_age_is_no_loading(samples):
    rng = np.random.default_rng(1)
    effect = rng.permutation(np.repeat([-1.0, 1.0], 15))[:, None]
    panel = panel_of(
        effect * samples["time"].to_numpy() / 5 + 0.5 * rng.normal(size=(30, 40)), samples
    )
    values, _ = report(panel, samples, nothing(samples))
    assert values["pc1_share"] > 0.5 and abs(values["pc1_r_age"]) > 0.99
    assert warnings_of(values) == []


def test_constant_panels_have_no_component():
    assert first_component(np.ones((3, 4)))[0] == 0
    assert error_component(np.ones((3, 10)), 0.3) == (0, 0)


def test_shift_and_component_by_hand():
    time_course = np.zeros((2, 10))
    time_course[:, 5] = [1.0, 1.0]
    assert error_component(time_course, 0.3) == pytest.approx((1, 1))
    time_course[:, 5] = [1.0, -1.0]
    assert error_component(time_course, 0.3) == pytest.approx((1, 0))
