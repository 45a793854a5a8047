"""Are the genes of a set at one end of a ranking? Pre-ranked GSEA."""

from collections.abc import Mapping, Sequence

import gseapy
import numpy as np
import pandas as pd

COLUMNS = ["set", "size", "background", "es", "nes", "p", "genes"]
DRAWS = 1000  # random sets by which an enrichment score is normalised
ACCURACY = 1e-50  # p-values are not followed further down


def prerank(values: pd.Series, sets: Mapping[str, Sequence[str]], seed: int) -> pd.DataFrame:
    """Enrichment of every set at the top (nes > 0) or the bottom of a ranking, by gseapy.

    GSEA's weighted running sum (Subramanian et al. 2005) with p-values by fgsea's multilevel
    splitting (Korotkevich et al. 2021): they are never 0, and as fine as they need be. A p-value
    is that of the side on which the score is.

    A gene's weight is its rank, counted from the middle: a few genes that are forecast very badly
    would decide otherwise. Equal values are in random order, since alphabetical order would put
    gene families together.

    Args:
        values: by gene; high is the top.
        sets: genes of each set, some of those of ``values`` but not all.
        seed: of the order of equal values and of the random sets.

    Returns:
        One row per set, in their order: set, size, background (number of genes ranked), es (the
        score), nes (normalised), p, genes (the leading edge: from the end of the ranking up to
        the score, by |). Empty where the values do not rank the genes.
    """
    if not sets or values.nunique() < 2:
        return pd.DataFrame(columns=COLUMNS)
    order = np.random.default_rng(seed).permutation(len(values))
    ranked = values.iloc[order].sort_values(ascending=False, kind="stable")
    ranked = pd.Series(centred_ranks(len(values)), index=ranked.index)
    # As in `overrepresentation`: gseapy is not to look at what genes are called.
    code = {gene: f"g{number}" for number, gene in enumerate(ranked.index)}
    name_of = {text: gene for gene, text in code.items()}
    result = gseapy.prerank(
        ranked.rename(code),
        {name: [code[gene] for gene in genes] for name, genes in sets.items()},
        min_size=1,
        max_size=len(values),
        permutation_num=DRAWS,
        method="multilevel",
        eps=ACCURACY,
        ascending=None,
        threads=1,
        seed=seed,
        outdir=None,
        no_plot=True,
    ).res2d
    by_set = result.set_index("Term").reindex(list(sets))
    leading = [
        "|".join(name_of[text] for text in texts.split(";")) if texts else ""
        for texts in by_set["Lead_genes"]
    ]
    table = {
        "set": list(sets),
        "size": [len(genes) for genes in sets.values()],
        "background": len(values),
        "es": by_set["ES"].to_numpy(dtype=float),
        "nes": by_set["NES"].to_numpy(dtype=float),
        "p": by_set["NOM p-val"].to_numpy(dtype=float),
        "genes": leading,
    }
    return pd.DataFrame(table, columns=COLUMNS)


def centred_ranks(count: int) -> np.ndarray:
    """From the top to the bottom, with the middle at 0; none is 0, as sets need some weight."""
    ranks = (count - 1) / 2 - np.arange(count)
    return np.where(ranks == 0, 0.5, ranks)
