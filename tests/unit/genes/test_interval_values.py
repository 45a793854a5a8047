"""What intervals say of places."""

import numpy as np
import pandas as pd

from foldcast.genes.interval_values import value_at


def test_a_place_has_the_value_of_the_interval_around_it_and_no_other():
    chrom = pd.Series(["chr1", None, "chr2", "chr1", "chr1"])
    at = pd.Series([5, None, 5, 10, 29], dtype="Int64").astype(float)
    intervals = pd.DataFrame({"chrom": "chr1", "start": [20, 0], "end": [30, 10]})
    found = value_at(chrom, at, intervals, pd.Series([0.2, 0.7]))
    np.testing.assert_array_equal(found, [0.7, np.nan, np.nan, np.nan, 0.2])
