"""Tables of forecasts: what is refused, and in which words."""

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.files import write_table
from foldcast.forecast.forecast_tables import forecast_table, read_forecasts
from foldcast.forecast.time_course import TimeCourse

GENES = ["Actb", "NA", "7"]
TIMES = [-4.5, 0.5, 1.0, 2.5, 4.0, 8.0]
ORIGINS = [1, 2, 3, 4]


@pytest.fixture
def time_course():
    values = np.random.default_rng(1).normal(size=(3, 6))
    return TimeCourse(pd.Index(GENES), np.array(TIMES), values)


@pytest.fixture
def table(time_course):
    predicted = np.random.default_rng(2).normal(size=(3, 4))
    return forecast_table(predicted, time_course, ORIGINS, "mine").assign(graph="mesc", seed=4)


def read(tmp_path, time_course, *tables):
    paths = []
    for number, part in enumerate(tables):
        paths.append(tmp_path / f"part{number}.tsv")
        write_table(part, paths[-1])
    return read_forecasts(paths, time_course, ORIGINS)


def test_blocks_and_seeds_are_put_together_in_any_order(tmp_path, time_course, table):
    other = table.assign(seed=5, predicted=table["predicted"] + 1)
    both = pd.concat([table, other]).sample(frac=1, random_state=1)
    early, late = both[both["origin"] < 3], both[both["origin"] >= 3]
    (forecasts,) = read(tmp_path, time_course, late, early)
    assert (forecasts.model, forecasts.graph) == ("mine", "mesc")
    assert forecasts.values.shape == (2, 3, 4)
    assert forecasts.values[0].T.ravel() == pytest.approx(table["predicted"].to_numpy())
    assert forecasts.values[1] == pytest.approx(forecasts.values[0] + 1)


def test_graphs_are_kept_apart(tmp_path, time_course, table):
    two = read(tmp_path, time_course, table, table.assign(graph="distance"))
    assert [forecasts.graph for forecasts in two] == ["distance", "mesc"]


def test_a_missing_forecast_is_named(tmp_path, time_course, table):
    gone = (table["origin"] == 3) & (table["gene"] == "NA")
    with pytest.raises(InputError) as error:
        read(tmp_path, time_course, table[~gone])
    for words in ("part0.tsv", "model mine, graph mesc, seed 4", "1 forecasts missing", "origin 3",
                  "gene NA", "all blocks"):  # fmt: skip
        assert words in str(error.value)


def test_a_seed_that_a_block_lacks_is_missing(tmp_path, time_course, table):
    other = table[table["origin"] < 3].assign(seed=5)
    with pytest.raises(InputError, match=r"seed 5[\s\S]*6 forecasts missing"):
        read(tmp_path, time_course, table, other)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("gene", "Gapdh", "a gene that the time course does not have"),
        ("origin", 0, "an origin outside the protocol"),
        ("origin_time", 3.0, "times that are not those of the origin"),
        ("target_time", 3.0, "times that are not those of the origin"),
        ("predicted", np.nan, "no number as forecast"),
        ("predicted", np.inf, "no number as forecast"),
        ("gene", "NA", "a second forecast of the same"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, time_course, table, column, value, words):
    table.loc[0, column] = value
    with pytest.raises(InputError, match=words) as error:
        read(tmp_path, time_course, table)
    assert "part0.tsv, model mine, graph mesc" in str(error.value)
    assert "remedy" in str(error.value)


def test_a_missing_column_is_named(tmp_path, time_course, table):
    with pytest.raises(InputError, match="no column seed"):
        read(tmp_path, time_course, table.drop(columns="seed"))


def test_several_horizons_in_one_table_are_read_one_by_one(tmp_path, time_course):
    def far(horizon):
        at = ORIGINS[: 5 - horizon]
        predicted = np.full((3, len(at)), 10.0 * horizon)
        made = forecast_table(predicted, time_course, at, "mine", "mesc", 4, horizon)
        return made.assign(horizon=horizon)

    path = tmp_path / "further.tsv"
    write_table(pd.concat([far(2), far(3)]), path)
    for horizon in (2, 3):
        at = ORIGINS[: 5 - horizon]
        (found,) = read_forecasts([path], time_course, at, horizon)
        assert found.values.shape == (1, 3, len(at)) and (found.values == 10 * horizon).all()
    write_table(far(2).assign(horizon=3, origin=1), path)
    with pytest.raises(InputError, match="times that are not those of the origin"):
        read_forecasts([path], time_course, ORIGINS[:2], 3)
