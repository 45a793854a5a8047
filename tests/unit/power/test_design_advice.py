"""Advice on designs names what lowers each measure most, and says where nothing does."""

import numpy as np
import pandas as pd

from foldcast.power.design_advice import advice_on, design_in_words, next_designs
from foldcast.power.imagined_designs import Design


def designs(**measures):
    """Own, one time more, one replicate more, twice the reads."""
    own = Design(8, 2)
    all_designs = [own, *next_designs(own, [1.0, 2.0])]
    rows = [
        {
            "dataset": "mrna", "graph": "hic", "genes": 9000, "times": one.times,
            "replicates": one.replicates, "depth": one.depth, "own": one == own,
        }
        for one in all_designs
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(**measures)


def test_what_lowers_most_is_named_with_the_others_beside_it():
    table = designs(
        change_together=[0.04, 0.035, 0.03, 0.038],
        help_to_forecast=[np.nan, 0.2, np.nan, np.nan],
        interval_width=[1.0, 1.0, 1.0, 1.0],
    )
    first, second, third = advice_on(table)["sentence"]
    assert "of 0.040 per doubling" in first
    assert "lowered most by one more replicate of each time, to 0.030" in first
    assert "one more time: 0.035" in first
    assert "at no size; lowered most by one more time, to 0.200." in second
    assert third.endswith(
        "one more time nor one more replicate of each time nor 2 times the reads lowers that."
    )
    assert design_in_words(table.iloc[0]) == (
        "mrna, hic: 9,000 expressed genes, 8 times, 2 samples of each."
    )


def test_depth_is_no_advice_where_it_is_not_known():
    assert len(next_designs(Design(8, 2), [1.0])) == 2
