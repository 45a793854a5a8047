"""Are the genes of a set over-represented in a list? Against the genes that were measured."""

from collections.abc import Collection, Mapping, Sequence

import gseapy
import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom

COLUMNS = ["set", "size", "overlap", "background", "odds_ratio", "p", "genes"]


def overrepresentation(
    chosen: Collection[str], sets: Mapping[str, Sequence[str]], background: Sequence[str]
) -> pd.DataFrame:
    """One-sided Fisher tests (hypergeometric upper tail) of every set, by gseapy.

    Sets without a gene in the list are tested as well: they have p = 1 and count where p-values
    are adjusted. Odds ratios are gseapy's, with 1/2 added to every cell of the table; they are 0
    where nothing overlaps, since 1/2 of a gene in a short list looks like a lot.

    Args:
        chosen: the list; genes outside the background do not count.
        sets: genes of each set; those outside the background do not count.
        background: the genes that could have been in the list.

    Returns:
        One row per set, in their order: set, size and overlap (in the background), background
        (its size), odds_ratio, p, genes (those of the overlap, in the background's order, by |).
    """
    # gseapy reads digits as Entrez ids and capitals as another species; codes it leaves alone.
    code = {gene: f"g{number}" for number, gene in enumerate(background)}
    members = {name: set(genes) for name, genes in sets.items()}
    inside = {name: [gene for gene in code if gene in genes] for name, genes in members.items()}
    listed = code.keys() & set(chosen)
    p = dict.fromkeys(inside, 1.0)
    if any(listed & members[name] for name in inside):
        coded = {name: [code[gene] for gene in genes] for name, genes in inside.items() if genes}
        tested = gseapy.enrich(
            sorted(code[gene] for gene in listed),
            coded,
            background=list(code.values()),
            outdir=None,
            no_plot=True,
        ).results
        p |= dict(zip(tested["Term"], tested["P-value"], strict=True))
    rows = []
    for name, genes in inside.items():
        hits = [gene for gene in genes if gene in listed]
        odds = odds_ratio(len(hits), len(genes), len(listed), len(code))
        rows.append((name, len(genes), len(hits), len(code), odds, p[name], "|".join(hits)))
    return pd.DataFrame(rows, columns=COLUMNS)


def odds_ratio(overlap: int, size: int, listed: int, background: int) -> float:
    """Of being in the list, for genes of a set against others, as in `overrepresentation`."""
    if not overlap:
        return 0.0
    both, neither = overlap + 0.5, background - size - listed + overlap + 0.5
    return both * neither / ((size - overlap + 0.5) * (listed - overlap + 0.5))


def smallest_p(sizes: Sequence[int], listed: int, background: int) -> np.ndarray:
    """The smallest p that sets of these sizes can reach: all of a set, or of the list, in both."""
    return hypergeom.sf(np.minimum(sizes, listed) - 1, background, np.asarray(sizes), listed)


def adjust(p: np.ndarray) -> np.ndarray:
    """q-values by Benjamini and Hochberg (1995), over everything that is given."""
    # 1 + 2e-16 comes of sums over the tail.
    return false_discovery_control(np.clip(p, 0, 1)) if len(p) else np.empty(0)
