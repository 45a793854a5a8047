"""Scores of every set of features, and which map helps, held against its controls."""

import pandas as pd

from foldcast.files import write_table
from foldcast.job import log, run
from foldcast.spex.comparison.comparison_tables import contrasts_table, map_tissue, maps_table
from foldcast.spex.comparison.heldout_predictions import label_threshold, read_held_out, subsets
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks
from foldcast.spex.comparison.map_comparison import compare
from foldcast.spex.comparison.map_verdict import verdicts
from foldcast.spex.comparison.prediction_scores import MIN_GENES, score, score_rows


def main(snakemake) -> None:
    paths, params, output = snakemake.input, snakemake.params, snakemake.output
    held = read_held_out(params.fits, paths.predictions, paths.genes, paths.expression)
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

    map_comparison = compare(scores, params.maps, params.matched, seed)
    write_table(maps_table(map_comparison), output.maps)
    write_table(contrasts_table(map_comparison), output.contrasts)
    write_table(map_tissue(map_comparison, params.maps), output.map_tissue)
    table = pd.DataFrame(verdicts(map_comparison, params.maps))
    write_table(table, output.verdict)
    for sentence in table["sentence"]:
        log.info(sentence)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
