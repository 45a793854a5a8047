"""Size factors: right where many genes change, and fixed by what is past."""

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.expression_tables import to_log2
from foldcast.expression.sample_sheets import past_samples
from foldcast.expression.size_factors import size_factors
from simulated_counts import simulate_counts


def table(rows: int = 60, **samples) -> pd.DataFrame:
    """Rows of 10, 20, 30 … counts in each sample, as often as said."""
    return pd.DataFrame({name: 10.0 * np.arange(1, rows + 1) * by for name, by in samples.items()})


def test_by_hand():
    counts = table(a=1, b=4, late=6)
    counts.loc[60] = [0, 5, 5]  # has no geometric mean
    counts.loc[61] = [1, 1, 10**6]  # one gene alone
    factors = size_factors(counts, ["a", "b"], "t")
    assert factors.to_dict() == pytest.approx({"a": 0.5, "b": 2, "late": 3})


def test_genes_that_rise_move_the_median_of_ratios_little():
    """As measured when it was chosen: an error (rms of log2) of 0.02, against 0.12 by each sample's
    own median and 0.37 by the size of the library.
    """
    counts, sheet, depth = simulate_counts(genes=5000)
    past = past_samples(sheet, 0.3, "sheet")

    def error(level: pd.Series) -> float:
        wrong = level - np.log2(depth)
        return float(np.sqrt(((wrong - wrong.mean()) ** 2).mean()))

    assert error(np.log2(size_factors(counts, past, "t"))) == pytest.approx(0.02, abs=0.01)
    assert error(to_log2(counts, "counts").median()) == pytest.approx(0.12, abs=0.03)
    assert error(np.log2(counts.sum())) == pytest.approx(0.37, abs=0.05)


def test_later_samples_are_scaled_against_the_same_reference():
    counts, sheet, _ = simulate_counts(genes=300)
    past = past_samples(sheet, 0.3, "sheet")
    once = size_factors(counts, past, "t")
    other = counts.copy()
    later = [name for name in counts if name not in past]
    other[later] = np.random.default_rng(2).integers(0, 10**6, other[later].shape)
    again = size_factors(other, past, "t")
    assert again[past].tolist() == once[past].tolist() and (again[later] != once[later]).all()
    few = size_factors(counts[[*past, later[0]]], past, "t")
    assert few.tolist() == once[[*past, later[0]]].tolist()


def test_too_few_rows_are_refused_with_what_to_do():
    assert len(size_factors(table(50, a=1, b=2), ["a", "b"], "t")) == 2
    with pytest.raises(InputError, match=r"(?s)t, normalise.* 49 rows.*50 or more.*all genes"):
        size_factors(table(49, a=1, b=2), ["a", "b"], "t")
    failed = table(80, a=1, b=2, c=3)
    failed.loc[20:, "b"] = 0
    with pytest.raises(InputError, match=r" 20 rows .*all 3 samples.*\(80 without sample b\)"):
        size_factors(failed, ["a", "b", "c"], "t")


def test_a_later_sample_without_counts_is_named():
    counts = table(60, a=1, b=2, late=1)
    counts.loc[10:, "late"] = 0
    with pytest.raises(InputError, match=r"(?s)t, sample late.*no count in most of the 60 rows"):
        size_factors(counts, ["a", "b"], "t")
