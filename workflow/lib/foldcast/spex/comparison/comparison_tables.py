"""The map comparison as tables: what is written, and read by figures."""

from collections.abc import Sequence

import pandas as pd

from foldcast.spex.comparison.map_comparison import MapComparison
from foldcast.spex.comparison.map_contrasts import MATCHED, Comparison


def map_tissue(map_comparison: MapComparison, maps: Sequence[str]) -> pd.DataFrame:
    """Rows of ``map_tissue.tsv``: each map in each tissue; matched is empty where nothing says."""
    rows = [
        {
            "map": one.first,
            "matched": {None: "", one.first: "yes"}.get(
                map_comparison.matched.get(one.place), "no"
            ),
            **one.row("delta_spearman"),
        }
        for one in map_comparison.over_expecto
        if one.first in maps and one.place in map_comparison.tissues
    ]
    return pd.DataFrame(rows, columns=["map", "matched", *Comparison.columns("delta_spearman")])


def maps_table(map_comparison: MapComparison) -> pd.DataFrame:
    """Rows of ``maps.tsv``: the map comparison."""
    rows = [
        {
            "feature_set": one.first,
            "kind": one.kind,
            "map": map_comparison.feature_sets[one.first].map,
            **one.row("delta_spearman"),
            **_sizes(map_comparison),
        }
        for one in map_comparison.over_expecto
        if one.kind != MATCHED
    ]
    names = [
        "feature_set",
        "kind",
        "map",
        *Comparison.columns("delta_spearman"),
        *_sizes(map_comparison),
    ]
    return pd.DataFrame(rows, columns=names)


def contrasts_table(map_comparison: MapComparison) -> pd.DataFrame:
    """Rows of ``contrasts.tsv``; what matched cells gain over ExPecto is among them."""
    rows = [
        {
            "first": one.first,
            "second": one.second,
            "kind": one.kind,
            **one.row("difference"),
            **_sizes(map_comparison),
        }
        for one in [
            *map_comparison.contrasts,
            *(o for o in map_comparison.over_expecto if o.kind == MATCHED),
        ]
    ]
    names = ["first", "second", "kind", *Comparison.columns("difference"), *_sizes(map_comparison)]
    return pd.DataFrame(rows, columns=names)


def _sizes(map_comparison: MapComparison) -> dict[str, int]:
    return {"n": int(map_comparison.sizes.sum()), "blocks": len(map_comparison.sizes)}
