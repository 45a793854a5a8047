"""Where genes lie on a map: compartment, TAD, boundaries and the first eigenvector along them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from foldcast.genes.interval_values import value_at
from foldcast.report.page.page_tables import Tables


def map_of_genes(
    tables: Tables, name: str, graph: str, loci: pd.DataFrame, chroms: Sequence[str]
) -> dict[str, Any]:
    """What a graph's map says of the genes and the stretches around them.

    Args:
        tables: those of the page.
        name: of the dataset.
        graph: whose last map it is.
        loci: gene, chrom, tss.
        chroms: those with genes; lists by chromosome have their order.

    Returns:
        compartment: [genes] A or B or a blank, as one text. tad: [genes] position in tads, or None.
        tads and boundaries: [chroms], starts (and ends) in turn. e1: [chroms] hundredths, one a
        bin; e1_bin: its size. Nothing where a graph has no map.
    """
    if f"tads.{name}.{graph}" not in tables:
        return {}
    tads = pd.read_csv(
        tables.file(f"tads.{name}.{graph}"), sep="\t", header=None,
        names=["chrom", "start", "end"], dtype={"chrom": str}, usecols=[0, 1, 2],
    )  # fmt: skip
    boundaries = tables.read(f"boundaries.{name}.{graph}")
    bins = tables.read(f"compartments.{name}.{graph}")
    tads = tads[tads["chrom"].isin(chroms)].sort_values(["chrom", "start"], ignore_index=True)
    tss = pd.to_numeric(loci["tss"]).astype(float)
    score = value_at(loci["chrom"], tss, bins, bins["score"])
    tad = value_at(loci["chrom"], tss, tads, pd.Series(np.arange(float(len(tads)))))
    size = int((bins["end"] - bins["start"]).max()) if len(bins) else 0
    return {
        "compartment": "".join(
            "A" if one > 0 else "B" if one < 0 else " " for one in np.nan_to_num(score)
        ),
        "tad": [None if np.isnan(one) else int(one) for one in tad],
        "tads": [[int(row.start), int(row.end)] for row in tads.itertuples()],
        "boundaries": [
            np.unique(boundaries.loc[boundaries["chrom"] == chrom, "start"]).tolist()
            for chrom in chroms
        ],
        "e1": [eigenvector(bins[bins["chrom"] == chrom], size) for chrom in chroms],
        "e1_bin": size,
    }


def eigenvector(bins: pd.DataFrame, size: int) -> list[int | None]:
    """The compartment score of a chromosome, a bin each from its start, in hundredths."""
    if bins.empty:
        return []
    found: list[int | None] = [None] * (int(bins["start"].max()) // size + 1)
    for row in bins.itertuples():
        if np.isfinite(row.score):
            found[row.start // size] = round(100 * row.score)
    return found
