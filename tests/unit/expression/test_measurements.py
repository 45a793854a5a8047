"""Rows that are no genes, where the config does not say what rows are."""

import pandas as pd
import pytest

from foldcast.expression.measurements import _by_role


@pytest.mark.parametrize(
    "name", ["ERCC-00002", "gSpikein_ERCC-00171", "POS_A(128)", "NEG_C(0)", "ERCC_00004"]
)
def test_spike_ins_are_left_out_and_named(caplog, name):
    table = pd.DataFrame({"a": [1.0, 2.0]}, index=[name, "Ercc1"])
    assert list(_by_role(table, "t.tsv", None, 1)["endogenous"].index) == ["Ercc1"]
    assert f"t.tsv: 1 rows left out that are spike-ins or controls and no genes: {name};" in (
        caplog.text
    )
