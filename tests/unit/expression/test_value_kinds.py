"""Values that are not what the config says: refused, or said."""

import numpy as np
import pytest

from foldcast.errors import InputError
from foldcast.expression.value_kinds import check_kind, different_scales, guess_kind
from simulated_counts import simulate_counts

COUNTS = simulate_counts(genes=200, times=4)[0].astype(float)
TPM = COUNTS / COUNTS.sum() * 1e6
FPKM = TPM * np.linspace(0.2, 0.8, TPM.shape[1])  # sums differ
ESTIMATED = COUNTS + 0.37 * (np.arange(len(COUNTS)) % 3 == 0)[:, None]  # as RSEM's
HALF = COUNTS + 0.5 * (np.arange(COUNTS.shape[1]) > 1)
LOG2 = np.log2(COUNTS + 1)

REFUSED = {
    "logarithms as counts": ("counts", LOG2, r"(?s)^t\n.*as logarithms have.*values: log2"),
    "negative logarithms as counts": ("counts", LOG2 - 9, r"(?s)the lowest.*values: log2"),
    "negative logarithms as normalised": ("normalised", LOG2 - 9, "`values: log2`"),
    "TPM as counts": ("counts", TPM, r"(?s)add up to 1,000,000.*`values: normalised`"),
    "counts as logarithms": ("log2", COUNTS, r"(?s)gene G\d+, sample t.*say `values: counts`"),
    "TPM as logarithms": ("log2", TPM, r"(?s)the highest value.*say `values: normalised`"),
}
DOUBTED = {
    "FPKM as counts": ("counts", FPKM, "hardly a value is whole"),
    "TPM of some genes as counts": ("counts", TPM * 0.97, "sums differ by"),
    "TPM rounded as counts": ("counts", (TPM * 10).round(), "sums differ by"),
    "samples of two tools": ("counts", HALF, "samples t0_r1, t0_r2 are whole, the others have"),
    "samples of two tools, turned": ("counts", HALF[HALF.columns[[0, 1, 2]]], "t1_r1 have fract"),
    "counts as normalised": ("normalised", COUNTS, "`values: counts`, which scales"),
    "logarithms as normalised": ("normalised", LOG2, "say `values: log2`"),
    "small counts as logarithms": ("log2", (COUNTS / 1000).round(), "say `values: counts`"),
}
FINE = {
    "counts": ("counts", COUNTS),
    "estimated counts": ("counts", ESTIMATED),
    "TPM": ("normalised", TPM),
    "FPKM": ("normalised", FPKM),
    "logarithms": ("log2", LOG2),
    "centred logarithms": ("log2", LOG2 - 8),
    "a single sample": ("counts", COUNTS[["t0_r1"]]),
}


@pytest.mark.parametrize(("kind", "values", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused(kind, values, said):
    with pytest.raises(InputError, match=said):
        check_kind(values, kind, "t")


@pytest.mark.parametrize(("kind", "values", "said"), DOUBTED.values(), ids=DOUBTED)
def test_what_looks_odd_is_said(kind, values, said):
    (doubt,) = check_kind(values, kind, "t")
    assert said in doubt


@pytest.mark.parametrize(("kind", "values"), FINE.values(), ids=FINE)
def test_what_is_right_raises_no_doubt(kind, values):
    assert check_kind(values, kind, "t") == []


def test_samples_on_different_scales():
    past = list(LOG2)[:4]
    level = LOG2 - LOG2.median()
    assert different_scales(level, past, "mend it") == []
    apart = level.copy()
    apart["t3_r2"] += 2
    (said,) = different_scales(apart, past, "mend it")
    assert "samples are on different scales" in said and "t3_r2 lies" in said
    assert said.endswith("mend it")
    assert different_scales(apart[:30], past, "mend it") == []  # too few genes for a guess


@pytest.mark.parametrize(
    "values, kind",
    [
        (COUNTS, "counts"),
        (ESTIMATED, "counts"),
        (TPM, "normalised"),
        (FPKM, "normalised"),
        (LOG2, "log2"),
        (LOG2 - 3, "log2"),
    ],
)
def test_what_a_table_seems_to_hold_is_not_refused_as_that(values, kind):
    assert guess_kind(values)[0] == kind
    check_kind(values, kind, "t")
