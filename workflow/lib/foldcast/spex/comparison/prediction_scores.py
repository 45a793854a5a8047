"""Scores of held-out predictions with their bootstrap draws.

Predictions are averaged over seeds and the average is scored. What the luck of the seeds adds to
its variance is taken from the scores of the single seeds.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from foldcast.resampling import correlation, expanded_interval, ratio, seed_shares
from foldcast.spex.comparison.heldout_predictions import HeldOut
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks, independent_blocks
from foldcast.spex.comparison.spearman import spearman_draws

OVERALL = "(all)"  # in place of a tissue: over all of them
METRICS = ("rmse", "pearson", "spearman", "deviation_pearson")
MIN_GENES = 3


@dataclass(frozen=True)
class Scores:
    """values: by (subset, metric), [fits, places, 1 + draws]: the score, then its draws.

    places: what a score is of: the overall one first (where there are two tissues or more: the mean
    of the tissues' scores; of deviations, all pairs of gene and tissue pooled), then each tissue.
    """

    held: HeldOut
    blocks: LocusBlocks
    masks: dict[str, np.ndarray]
    values: dict[tuple[str, str], np.ndarray]

    @property
    def places(self) -> list[str]:
        return places(self.held)

    def genes(self, subset: str, place: str) -> np.ndarray:
        """Which genes are scored: [genes]."""
        mask = self.masks[subset]
        chosen = mask if place == OVERALL else mask[[self.held.tissues.index(place)]]
        return np.asarray(chosen.any(axis=0))


def places(held: HeldOut) -> list[str]:
    """Names of what scores are of, the headline first."""
    return [*([OVERALL] if len(held.tissues) > 1 else []), *held.tissues]


def score(
    held: HeldOut, blocks: LocusBlocks, masks: dict[str, np.ndarray], seed: int, threads: int = 1
) -> Scores:
    """Every metric of every fit, in every subset that has genes.

    - rmse: in units of the label.
    - pearson, spearman: over genes, of predicted and observed labels.
    - deviation_pearson: of each label's deviation from the gene's mean over tissues, predicted and
      observed; needs two tissues.

    Args:
        held: predictions and labels of held-out genes.
        blocks: stretches of the genome, and how often each draw has them.
        masks: subset → which genes are in it [tissues, genes].
        seed: of the shares of seeds.
        threads: for Spearman's rho.
    """
    masks = {name: mask for name, mask in masks.items() if (mask.sum(axis=1) >= MIN_GENES).all()}
    averaged = np.stack([fit.predicted.mean(axis=0, dtype=float) for fit in held.fits])
    once = np.ones((1, blocks.counts.shape[1]))
    noise = [seed_shares(len(fit.predicted), len(blocks.counts) - 1, seed) for fit in held.fits]
    values: dict[tuple[str, str], np.ndarray] = {}
    for subset, mask in masks.items():
        scored = _scores(averaged, held, blocks.block, blocks.counts, mask, threads)
        for k, fit in enumerate(held.fits):
            if len(fit.predicted) > 1:
                each = _scores(fit.predicted, held, blocks.block, once, mask, threads)
                for metric, of_seeds in each.items():
                    luck = of_seeds[:, :, 0] - of_seeds[:, :, 0].mean(axis=0)
                    scored[metric][k] += (noise[k] @ luck).T
        values |= {(subset, metric): array for metric, array in scored.items()}
    return Scores(held, blocks, masks, values)


def score_rows(scores: Scores) -> list[dict]:
    """Rows of ``scores.tsv``."""
    rows = []
    for (subset, metric), values in scores.values.items():
        for place, of_fits in zip(scores.places, values.swapaxes(0, 1), strict=True):
            chosen = scores.genes(subset, place)
            sizes = scores.blocks.sizes(chosen)
            for fit, draws in zip(scores.held.fits, of_fits, strict=True):
                low, high = expanded_interval(draws, independent_blocks(sizes))
                rows.append(
                    {
                        "feature_set": fit.feature_set,
                        "model": fit.model,
                        "tissue": place,
                        "subset": subset,
                        "metric": metric,
                        "value": float(draws[0]),
                        "low": low,
                        "high": high,
                        "n": int(chosen.sum()),
                        "blocks": len(sizes),
                    }
                )
    return rows


def _scores(
    predicted: np.ndarray,
    held: HeldOut,
    block: np.ndarray,
    counts: np.ndarray,
    mask: np.ndarray,
    threads: int,
) -> dict[str, np.ndarray]:
    """Scores of predictions [series, tissues, genes]: by metric, [series, places, draws]."""

    def of_tissue(t: int) -> tuple[np.ndarray, np.ndarray]:
        few = mask[t]
        series, truth = predicted[:, t, few].astype(float), held.observed[t, few]
        rho = spearman_draws(series, truth, counts, block[few])
        return rho, counts @ _block_sums(series, truth, block[few], counts.shape[1])

    with ThreadPoolExecutor(threads) as pool:
        rho, sums = zip(*pool.map(of_tissue, range(len(held.tissues))), strict=True)
    moments = np.stack(sums, axis=1)  # [series, tissues, draws, 7]
    nothing = np.where(moments[..., 0] > 0, 0.0, np.nan)  # in draws without a gene
    result = {
        "rmse": _with_mean(np.sqrt(ratio(moments[..., 6], moments[..., 0])) + nothing),
        "pearson": _with_mean(correlation(moments[..., :6]) + nothing),
        "spearman": _with_mean(np.stack(rho, axis=1)),
    }
    if len(held.tissues) > 1:
        result["deviation_pearson"] = _deviation(predicted, held, block, counts, mask)
    return result


def _deviation(
    predicted: np.ndarray,
    held: HeldOut,
    block: np.ndarray,
    counts: np.ndarray,
    mask: np.ndarray,
) -> np.ndarray:
    """Correlation of deviations from a gene's mean over tissues, [series, places, draws].

    The mean is over the tissues in which a gene has a label; one alone does not deviate.
    """
    known = np.isfinite(held.observed)
    labels = np.maximum(known.sum(axis=0), 1)
    deviation = predicted - (predicted * known).sum(axis=1, keepdims=True, dtype=float) / labels
    seen = held.observed - np.where(known, held.observed, 0).sum(axis=0) / labels
    n_blocks = counts.shape[1]
    each, pooled = [], np.zeros((len(predicted), n_blocks, 7))
    for t, few in enumerate(mask & (known.sum(axis=0) > 1)):
        # Pooled sums need one origin in all tissues, and 0 is the mean already.
        sums = _block_sums(deviation[:, t, few], seen[t, few], block[few], n_blocks, centre=False)
        each.append(correlation((counts @ sums)[..., :6]))
        pooled += sums
    return np.stack([correlation((counts @ pooled)[..., :6]), *each], axis=1)


def _block_sums(
    series: np.ndarray, truth: np.ndarray, block: np.ndarray, n_blocks: int, centre: bool = True
) -> np.ndarray:
    """Sums over a block's genes of 1, x, y, x², y², xy, (x − y)²: [series, blocks, 7]."""
    order = np.argsort(block, kind="stable")
    here, starts = np.unique(block[order], return_index=True)
    x, y = series[:, order], np.broadcast_to(truth[order], series.shape)
    error = x - y
    if centre:  # where numbers are far from 0, their squares would swamp their spread
        x, y = x - x.mean(axis=1)[:, None], y - y.mean(axis=1)[:, None]
    terms = (np.ones_like(x), x, y, x * x, y * y, x * y, error * error)
    sums = np.zeros((len(series), n_blocks, len(terms)))
    for k, term in enumerate(terms):
        sums[:, here, k] = np.add.reduceat(term, starts, axis=1)
    return sums


def _with_mean(values: np.ndarray) -> np.ndarray:
    """Put the mean of the tissues before [series, tissues, draws], where there are several."""
    if values.shape[1] == 1:
        return values
    return np.concatenate([values.mean(axis=1, keepdims=True), values], axis=1)
