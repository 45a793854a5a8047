"""Whether a table holds what the config says: raw counts, counts on one scale, or logarithms."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few

# No instrument's log2 signal passes 2^30; a few tens of counts do.
LOG2_LIMIT = 30.0
MILLION = 1e6  # to which a sample's TPM and CPM add up
SAME, ALIKE = 0.01, 0.05  # sums that differ by less: of values that were made to agree; perhaps
COUNTED = 0.01  # of the values above 0: tools that estimate counts leave more than this whole
ENOUGH = 20  # rows (or samples' values) from which on a guess is made
# log2: samples 2.8-fold apart in the middle gene; real programmes reach 2.2 (fly, zebrafish).
APART = 1.5


def check_kind(values: pd.DataFrame, kind: str, source: str | Path) -> list[str]:
    """Refuse values that cannot be what the config says; say what looks odd.

    Args:
        values: gene × sample, as they stand in the table.
        kind: ``log2``, ``counts`` or ``normalised``.
        source: the table, for messages.

    Returns:
        what a user should look at, a sentence each.

    Raises:
        InputError: logarithms or negative values said to be counts, TPM said to be counts, or
            values above 30 said to be logarithms.
    """
    if kind == "log2":
        return _check_log2(values, source)
    gene, sample, lowest = _extreme(-values)
    if lowest > 0:
        raise InputError(
            source,
            place=f"gene {gene}, sample {sample}",
            found=f"{-lowest:g}, the lowest value",
            expected=f"counts of 0 or more, since the config says `values: {kind}`",
            remedy="say `values: log2` if these are logarithms; otherwise mend the table",
        )
    numbers = values.to_numpy()
    whole = not (numbers % 1 != 0).any()
    if numbers.max() < LOG2_LIMIT and not whole:
        if kind == "counts":
            raise InputError(
                source,
                found=f"values with fractions, none above {numbers.max():g}, as logarithms have",
                expected="counts of reads, since the config says `values: counts`",
                remedy="say `values: log2` (after log2(x) if they are natural or decimal "
                "logarithms), or `values: normalised` if they are none",
            )
        return [
            f"values said to be {kind} are all below {LOG2_LIMIT:g} and not whole; if they are "
            "logarithms already, say `values: log2`"
        ]
    return _odd_counts(values, source) if kind == "counts" else _odd_normalised(values, whole)


def guess_kind(values: pd.DataFrame) -> tuple[str, str]:
    """What a table seems to hold, as `check_kind` calls it, and what tells that.

    Args:
        values: gene × sample, as they stand in the table.
    """
    numbers = values.to_numpy()
    if numbers.min() < 0:
        return "log2", "some values are below 0"
    if not (numbers % 1 != 0).any():
        return "counts", "all values are whole"
    if numbers.max() < LOG2_LIMIT:
        return "log2", f"values have fractions, and none is above {LOG2_LIMIT:g}"
    if np.allclose(numbers.sum(axis=0), MILLION, rtol=SAME):
        return "normalised", "the values of each sample add up to a million (TPM or CPM)"
    whole = (numbers[numbers > 0] % 1 == 0).mean()
    if whole > COUNTED:
        return "counts", f"{whole:.0%} of the values are whole, as estimated counts are"
    return "normalised", "hardly a value is whole"


def different_scales(panel: pd.DataFrame, past: list[str], remedy: str) -> list[str]:
    """Whether some samples lie far above others in the middle gene, as other units or depths do.

    Args:
        panel: gene × sample, log2, as the models would see it.
        past: the samples up to the first origin, whose mean the samples are held against.
        remedy: what to do about it.

    Returns:
        a sentence, or nothing.
    """
    mean = panel[past].mean(axis=1)
    high = panel[mean >= mean.median()]  # genes that are hardly seen say little of a scale
    if len(high) < ENOUGH:
        return []
    level = high.sub(mean[high.index], axis="index").median()
    low, top = level.idxmin(), level.idxmax()
    if level[top] - level[low] <= APART:
        return []
    return [
        f"samples are on different scales: in the middle gene {top} lies "
        f"{2 ** (level[top] - level[low]):.3g}-fold above {low}; {remedy}"
    ]


def _check_log2(values: pd.DataFrame, source: str | Path) -> list[str]:
    gene, sample, highest = _extreme(values)
    whole = not (values.to_numpy() % 1 != 0).any()
    if highest > LOG2_LIMIT:
        kind = "`values: counts`" if whole else "`values: normalised` (TPM, FPKM, CPM)"
        other = "`normalised` if they were scaled already" if whole else "`counts` if they were not"
        raise InputError(
            source,
            place=f"gene {gene}, sample {sample}",
            found=f"{highest:g}, the highest value",
            expected=f"log2 values, none above {LOG2_LIMIT:g}, since the config says "
            "`values: log2`",
            remedy=f"say {kind}, or {other}",
        )
    if whole and values.size >= ENOUGH and values.to_numpy().any():
        return ["values said to be log2 are all whole; if they are counts, say `values: counts`"]
    return []


def _odd_counts(values: pd.DataFrame, source: str | Path) -> list[str]:
    """Values that some tool has scaled, or not counted."""
    sums = values.sum()
    spread = sums.max() / sums.min() - 1 if sums.min() > 0 else np.inf
    fractions = values.mod(1).ne(0).any()
    several = values.shape[1] > 2
    if fractions.all() and several and (sums / MILLION - 1).abs().max() < SAME:
        raise InputError(
            source,
            found="values with fractions that add up to 1,000,000 in each sample: TPM or CPM",
            expected="counts of reads, since the config says `values: counts`",
            remedy="say `values: normalised`, or bring the table of counts",
        )
    if several and spread < (ALIKE if fractions.all() else SAME):
        return [
            f"the samples' sums differ by {100 * spread:.2g} % only, which libraries hardly do; if "
            "these values were scaled already (TPM, CPM, FPKM), say `values: normalised`"
        ]
    if fractions.any() and not fractions.all():
        few = 2 * fractions.sum() < len(fractions)
        own = first_few(fractions.index[fractions == few])
        said = (
            f"samples {own} have fractions, the others are whole"
            if few
            else f"samples {own} are whole, the others have fractions"
        )
        return [f"{said}: give all samples from one tool and in one unit"]
    above = values.to_numpy()[values.to_numpy() > 0]
    if above.size >= ENOUGH and (above % 1 == 0).mean() < COUNTED:
        return [
            "hardly a value is whole: estimated counts of salmon or tximport are fine, but if "
            "these are TPM, FPKM or scaled counts, say `values: normalised`"
        ]
    return []


def _odd_normalised(values: pd.DataFrame, whole: bool) -> list[str]:
    sums = values.sum()
    if not whole or values.size < ENOUGH or sums.max() <= (1 + ALIKE) * sums.min():
        return []
    return [
        "values said to be normalised are all whole, and the samples' sums differ "
        f"({_number(sums.min())} to {_number(sums.max())}); if they are raw counts, say "
        "`values: counts`, which scales the samples"
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _extreme(values: pd.DataFrame) -> tuple[str, str, float]:
    numbers = values.to_numpy()
    i, j = np.unravel_index(int(numbers.argmax()), numbers.shape)
    return str(values.index[i]), str(values.columns[j]), float(numbers[i, j])
