"""The leaderboard: ranks only where skills are alike and nothing was looked ahead."""

import numpy as np
import pandas as pd

from foldcast.evaluation.forecast_verdict import GIVEN, UNVERIFIED
from scripts.evaluation.leaderboard import in_text, leaderboard


def scored(**skills: tuple[str, float]) -> pd.DataFrame:
    rows = [
        {"model": model, "graph": "-", "kind": kind, "metric": metric, "value": value}
        for model, (kind, skill) in skills.items()
        for metric, value in (("mse", 1 - skill), ("skill", skill))
    ]
    return pd.DataFrame(rows).assign(low=lambda t: t["value"] - 0.1, high=np.nan)


FIRST = scored(
    stack=("baseline", 0.3), persistence=("baseline", 0.0), mine=(GIVEN, 0.2),
    theirs=(UNVERIFIED, 0.9), noise_floor=("bound", 0.95), stepmr=("model", 0.8),
    stepmr_network=("part", 0.7), other=("rewired graph", 0.7),
)  # fmt: skip
SECOND = scored(
    stack=("baseline", 0.1), persistence=("baseline", 0.0), mine=(GIVEN, 0.1),
    theirs=(UNVERIFIED, 0.8),
)  # fmt: skip


def test_the_mean_over_time_courses_ranks_those_that_are_alike():
    table = leaderboard({"first": FIRST, "second": SECOND})
    assert table["model"].tolist() == ["theirs", "stack", "mine", "persistence", "stepmr"]
    by_model = table.set_index("model")
    assert by_model["rank"].dropna().to_dict() == {"stack": 1, "mine": 2, "persistence": 3}
    assert by_model["mean_skill"].round(9).to_dict() == {
        "theirs": 0.85, "stack": 0.2, "mine": 0.15, "persistence": 0, "stepmr": 0.8,
    }  # fmt: skip
    assert by_model["courses"].to_dict()["stepmr"] == 1
    # The one with the best table of all does not take a win away; equals share one.
    assert by_model["won"].dropna().to_dict() == {"stack": 2, "mine": 1, "persistence": 0}
    mine = by_model.loc["mine", ["first", "first_low", "second"]]
    assert mine.astype(float).round(9).tolist() == [0.2, 0.1, 0.1]
    assert by_model["first_high"].isna().all() and pd.isna(by_model.loc["stepmr", "second"])


def test_on_one_time_course_networks_are_ranked_too():
    table = leaderboard({"first": FIRST}).set_index("model")
    ranks = table["rank"].dropna().to_dict()
    assert ranks == {"stepmr": 1, "stack": 2, "mine": 3, "persistence": 4}
    assert table.loc["theirs", "kind"] == UNVERIFIED and table.index[0] == "theirs"


def test_the_text_has_every_row_its_mark_and_no_intervals():
    lines = in_text(leaderboard({"first": FIRST, "second": SECOND})).splitlines()
    heads, first, second, *_, last = map(str.split, lines)
    columns = "rank model graph kind mean_skill courses won first second"
    assert heads == columns.split()
    assert first == f"- theirs - {UNVERIFIED} 0.850 2 - 0.900 0.800".split()
    assert second == ["1", "stack", "-", "baseline", "0.200", "2", "2", "0.300", "0.100"]
    assert last[0] == last[-1] == "-"
