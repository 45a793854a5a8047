"""The league as tables: what is written, and read by figures."""

from collections.abc import Sequence

import pandas as pd

from foldcast.spex.comparison.map_comparison import League
from foldcast.spex.comparison.map_contrasts import MATCHED, Comparison


def map_tissue(league: League, maps: Sequence[str]) -> pd.DataFrame:
    """Rows of ``map_tissue.tsv``: each map in each tissue; matched is empty where nothing says."""
    rows = [
        {
            "map": one.first,
            "matched": {None: "", one.first: "yes"}.get(league.matched.get(one.place), "no"),
            **one.row("delta_spearman"),
        }
        for one in league.over_expecto
        if one.first in maps and one.place in league.tissues
    ]
    return pd.DataFrame(rows, columns=["map", "matched", *Comparison.columns("delta_spearman")])


def maps_table(league: League) -> pd.DataFrame:
    """Rows of ``maps.tsv``: the league."""
    rows = [
        {
            "arm": one.first,
            "kind": one.kind,
            "map": league.arms[one.first].map,
            **one.row("delta_spearman"),
            **_sizes(league),
        }
        for one in league.over_expecto
        if one.kind != MATCHED
    ]
    names = ["arm", "kind", "map", *Comparison.columns("delta_spearman"), *_sizes(league)]
    return pd.DataFrame(rows, columns=names)


def contrasts_table(league: League) -> pd.DataFrame:
    """Rows of ``contrasts.tsv``; what matched cells gain over ExPecto is among them."""
    rows = [
        {
            "first": one.first,
            "second": one.second,
            "kind": one.kind,
            **one.row("difference"),
            **_sizes(league),
        }
        for one in [*league.contrasts, *(o for o in league.over_expecto if o.kind == MATCHED)]
    ]
    names = ["first", "second", "kind", *Comparison.columns("difference"), *_sizes(league)]
    return pd.DataFrame(rows, columns=names)


def _sizes(league: League) -> dict[str, int]:
    return {"n": int(league.sizes.sum()), "blocks": len(league.sizes)}
