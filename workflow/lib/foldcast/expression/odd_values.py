"""What looks odd in a table of measured values: said, and mended in copied replicates alone."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foldcast.job import log

COLUMNS = ["kind", "what", "detail"]
# A gene in this share of the samples at the table's highest or lowest value, or at one value.
SHARE_AT_LIMIT, SHARE_AT_ONE_VALUE = 0.1, 0.5


def find_flags(values: pd.DataFrame, samples: pd.DataFrame) -> pd.DataFrame:
    """Samples and genes that a forecast should not be trusted on without a look.

    identical samples: the same value in every gene, so that a replicate is no replicate;
    identical genes; constant: one value throughout; ceiling, floor: at the table's highest or
    lowest value in at least a tenth of the samples (saturated, or below what can be seen);
    repeated: one value in at least half of the samples, as quantile normalisation gives to a gene
    that always has the same rank. A constant gene is flagged as that alone.

    Args:
        values: gene × sample, as they stand in the table.
        samples: what `sample_sheets.read_samples` gives.

    Returns:
        kind, what (samples or genes, divided by ``|``), detail; in the table's order.
    """
    kinds = (_identical_samples(values, samples), _identical_genes(values), _stuck_genes(values))
    return pd.DataFrame([flag for kind in kinds for flag in kind], columns=COLUMNS)


def copy_of(values: pd.DataFrame, samples: pd.DataFrame) -> pd.Series:
    """For each sample the first of its time with the same value in every gene; else missing.

    A copy is no replicate: counted as one, it would make the variance among replicates, and with it
    the noise floor, look smaller than they are (two samples that stand twice: a third of it).

    Args:
        values, samples: as for `find_flags`.

    Returns:
        sample names, in the sheet's order.
    """
    first = pd.Series(pd.NA, index=samples.index, dtype=object)
    for _, rows in samples.groupby("time"):
        for group in _identical(values[rows["sample"]].T):
            first[rows.index[rows["sample"].isin(group[1:])]] = group[0]
    return first


def log_flags(flags: pd.DataFrame, most: int = 5) -> None:
    """One line per kind: how many, and the first of them."""
    for kind, rows in flags.groupby("kind", sort=False):
        named = "; ".join(f"{row.what} ({row.detail})" for row in rows[:most].itertuples())
        log.warning("%s: %d, %s%s", kind, len(rows), named, " …" if len(rows) > most else "")


Flag = tuple[str, str, str]


def _identical_samples(values: pd.DataFrame, samples: pd.DataFrame) -> Iterator[Flag]:
    sheet = samples.set_index("sample")
    for group in _identical(values.T):
        rows = sheet.loc[group]
        times = ", ".join(f"{time:g}" for time in rows["time"].unique())
        where = f"time {times}"
        if rows["column"].notna().all():
            where += f", columns {', '.join(map(str, rows['column']))} of the table"
        yield "identical samples", "|".join(group), where


def _identical_genes(values: pd.DataFrame) -> Iterator[Flag]:
    varying = values[values.nunique(axis=1) > 1]
    for group in _identical(varying):
        yield "identical genes", "|".join(group), f"in all {values.shape[1]} samples"


def _stuck_genes(values: pd.DataFrame) -> Iterator[Flag]:
    numbers = values.to_numpy()
    lowest, highest = numbers.min(), numbers.max()
    for gene, row in zip(values.index, numbers, strict=True):
        distinct, counts = np.unique(row, return_counts=True)
        if len(distinct) == 1:
            yield "constant", gene, f"{distinct[0]:g} in all {row.size} samples"
            continue
        for kind, limit in (("ceiling", highest), ("floor", lowest)):
            if (count := int((row == limit).sum())) >= SHARE_AT_LIMIT * row.size:
                yield kind, gene, f"{limit:g} in {count} of {row.size} samples"
        if (count := int(counts.max())) >= SHARE_AT_ONE_VALUE * row.size:
            value = distinct[counts.argmax()]
            yield "repeated", gene, f"{value:g} in {count} of {row.size} samples"


def _identical(rows: pd.DataFrame) -> Iterator[list[str]]:
    """Groups of rows with the same values throughout."""
    groups: dict[bytes, list[str]] = {}
    for name, row in zip(rows.index, rows.to_numpy(dtype=float) + 0.0, strict=True):
        groups.setdefault(row.tobytes(), []).append(str(name))
    yield from (group for group in groups.values() if len(group) > 1)
