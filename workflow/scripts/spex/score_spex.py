"""Scores of every feature set, and which map helps, held against its control contacts."""

from collections.abc import Sequence

import pandas as pd

from foldcast.files import write_table
from foldcast.job import log, run
from foldcast.spex.comparison.heldout_predictions import (
    label_threshold,
    read_held_out,
    subsets,
    write_predictions,
)
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks
from foldcast.spex.comparison.map_comparison import MapComparison, compare
from foldcast.spex.comparison.map_contrasts import MATCHED, Comparison
from foldcast.spex.comparison.map_verdict import verdicts
from foldcast.spex.comparison.prediction_scores import MIN_GENES, score, score_rows


def main(snakemake) -> None:
    paths, params, output = snakemake.input, snakemake.params, snakemake.output
    held = read_held_out(params.fits, paths.predictions, paths.genes, paths.expression)
    write_predictions(
        output.predictions,
        params.fits,
        paths.predictions,
        held,
        paths.genes,
        paths.expression,
        params.validated,
    )
    for name, n in held.lost.items():
        log.warning("%s lacks %d genes that others have: nothing is scored on them", name, n)
    seed = params.bootstrap_seed
    blocks = LocusBlocks.of(held.genes, params.locus_block, params.draws, seed)
    log.info("%d held-out genes in %d stretches", len(held.genes), blocks.counts.shape[1])
    threshold = label_threshold(**params.table)
    masks = subsets(held, threshold)
    scores = score(held, blocks, masks, seed, snakemake.threads)
    for name in sorted(masks.keys() - scores.masks.keys()):
        log.warning("subset %s has fewer than %d genes and is not scored", name, MIN_GENES)
    for tissue in sorted(params.matched.keys() - {*held.tissues}):
        log.warning("`matched` names tissue %s, which the run does not have", tissue)
    write_table(pd.DataFrame(score_rows(scores)), output.scores)

    map_comparison = compare(scores, params.maps, params.matched, seed, params.base)
    write_table(maps_table(map_comparison), output.maps)
    write_table(contrasts_table(map_comparison), output.contrasts)
    write_table(map_tissue(map_comparison, params.maps), output.map_tissue)
    table = pd.DataFrame(verdicts(map_comparison, params.maps))
    write_table(table, output.verdict)
    for sentence in table["sentence"]:
        log.info(sentence)


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
        for one in map_comparison.over_base
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
        for one in map_comparison.over_base
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
            *(o for o in map_comparison.over_base if o.kind == MATCHED),
        ]
    ]
    names = ["first", "second", "kind", *Comparison.columns("difference"), *_sizes(map_comparison)]
    return pd.DataFrame(rows, columns=names)


def _sizes(map_comparison: MapComparison) -> dict[str, int]:
    return {"n": int(map_comparison.sizes.sum()), "blocks": len(map_comparison.sizes)}


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
