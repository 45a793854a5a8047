"""A table of forecasts that the user brings: taken by gene and time, in any order and with more."""

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.files import write_table
from foldcast.forecast.brought_forecasts import brought_forecasts
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.forecast.time_course import TimeCourse

COURSE = TimeCourse(
    pd.Index(["a", "NA", "7"]), np.array([-4.5, 0, 0.1, 3, 8]), np.arange(15.0).reshape(3, 5)
)
ORIGINS = [1, 2, 3]
VALUES = np.random.default_rng(1).normal(size=(3, 3)).round(6)


def rows() -> pd.DataFrame:
    made = forecast_table(VALUES, COURSE, ORIGINS, "theirs")
    return made[["gene", "target_time", "predicted"]]


def read(table: pd.DataFrame, tmp_path, divider="\t"):
    path = tmp_path / "theirs.txt"
    table.to_csv(path, sep=divider, index=False)
    return brought_forecasts(path, COURSE, ORIGINS)


def test_a_table_of_the_workflow_s_own_kind(tmp_path):
    path = tmp_path / "theirs.tsv"
    write_table(forecast_table(VALUES, COURSE, ORIGINS, "theirs"), path)
    assert np.array_equal(brought_forecasts(path, COURSE, ORIGINS), VALUES)


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_three_columns_in_any_order_are_enough(tmp_path, divider):
    table = rows().sample(frac=1, random_state=1)[["predicted", "gene", "target_time"]]
    assert np.array_equal(read(table, tmp_path, divider), VALUES)


def test_what_is_not_scored_is_left_out(tmp_path):
    """Other genes, times before the first target, and forecasts of more than one step."""
    table = rows().assign(origin_time=lambda t: t["target_time"].map({0.1: 0, 3: 0.1, 8: 3}))
    more = pd.DataFrame(
        {
            "gene": ["other", "a", "a"],
            "target_time": [8, 0, 8],
            "predicted": 99.0,
            "origin_time": [3, -4.5, 0.1],
        }
    )
    assert np.array_equal(read(pd.concat([more, table]), tmp_path), VALUES)


def test_forecasts_from_the_wrong_time_alone_are_missing(tmp_path):
    table = rows().assign(origin_time=-4.5)
    with pytest.raises(InputError, match="9 forecasts missing, the first of gene a at time 0.1"):
        read(table, tmp_path)


def test_a_line_is_named_as_it_stands_in_the_file(tmp_path):
    table = rows().astype({"predicted": str})
    table.loc[4, "predicted"] = "low"
    with pytest.raises(InputError, match="line 6, column predicted\n  found:    'low'"):
        read(table, tmp_path)
