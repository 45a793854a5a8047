"""Rank held-out genes by how much better they are predicted with a map's contacts."""

import numpy as np
import pandas as pd

from foldcast.enrichment import gene_lists
from foldcast.enrichment.gene_identifiers import panel_genes
from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.spex.comparison.heldout_predictions import HeldOut, read_held_out


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    held = read_held_out(params.fits, given.predictions, given.genes, given.expression)
    genes = read_table(given.genes, dtype={"gene": str, "symbol": str})
    panel = panel_genes(genes, held.genes["gene"])
    table = gain_table(panel, held, params.base, params.map, params.share)
    write_table(table, snakemake.output.rankings)
    log.info("%d held-out genes are %d with a symbol", len(held.genes), len(panel))


def gains(held: HeldOut, base: str, map: str, model: str) -> np.ndarray:
    """How much smaller a gene's absolute error is with a map than without, [genes].

    The mean over tissues and seeds of |error of the base| − |error of the map|, on the scale of
    the labels; tissues in which a gene has no label do not count.
    """
    errors = {
        fit.feature_set: np.abs(fit.predicted - held.observed).mean(axis=0)
        for fit in held.fits
        if fit.model == model
    }
    return np.nanmean(errors[base] - errors[map], axis=0)


def gain_table(
    panel: pd.DataFrame, held: HeldOut, base: str, map: str, share: float
) -> pd.DataFrame:
    """Rankings of the held-out genes, one for each model, as `gene_lists.COLUMNS`.

    Args:
        panel: gene (symbol), rows (ids of ``held``), of which several are averaged.
        held: predictions of both feature sets.
        base, map: those; map is what is added to the base.
        share: of the genes that count as better, and as worse.
    """
    known = set(held.genes["gene"])
    rows = [[row for row in rows.split("|") if row in known] for rows in panel["rows"]]
    tables = []
    for model in dict.fromkeys(fit.model for fit in held.fits):
        gain = pd.Series(gains(held, base, map, model), index=held.genes["gene"])
        values = [gain[ids].mean() if ids else np.nan for ids in rows]
        table = panel.assign(value=values, low=np.nan, high=np.nan).dropna(subset="value")
        ranking = gene_lists.gain_ranking(map, model)
        table["list"] = gene_lists.tail_lists(table["value"], ranking, share)
        tables.append(table.assign(ranking=ranking))
    return pd.concat(tables, ignore_index=True)[gene_lists.COLUMNS]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
