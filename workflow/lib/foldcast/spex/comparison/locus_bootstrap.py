"""Intervals: a bootstrap over stretches of the genome, and intervals that hold together.

Neighbouring genes share sequence, contacts and errors, so genes are drawn by blocks of the genome:
as many blocks as there are, with replacement. What is drawn are counts, the same for every feature
set, so that differences are paired. Row 0 is not a draw but the sample itself.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from foldcast.resampling import expanded_tail

MIN_BLOCKS = 8  # with fewer, the intervals are too rough for a verdict


@dataclass(frozen=True)
class LocusBlocks:
    """block: [genes], the block of each; counts: [1 + draws, blocks], how often each counts."""

    block: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, genes: pd.DataFrame, length: int, draws: int, seed: int) -> "LocusBlocks":
        """Blocks of ``length`` bp along each chromosome; those without a TSS do not count.

        Args:
            genes: chrom, tss (0-based).
        """
        at = pd.MultiIndex.from_arrays([genes["chrom"], genes["tss"] // length])
        block, seen = pd.factorize(at)
        generator = np.random.default_rng([seed, 0])
        drawn = generator.multinomial(len(seen), np.full(len(seen), 1 / len(seen)), size=draws)
        return cls(block, np.concatenate([np.ones((1, len(seen))), drawn]))

    def sizes(self, mask: np.ndarray) -> np.ndarray:
        """Genes of a subset [genes] in each block that has any."""
        sizes = np.bincount(self.block[mask])
        return sizes[sizes > 0]


def independent_blocks(sizes: np.ndarray) -> float:
    """The number of equally large blocks that would tell as much (Kish 1965)."""
    return float(sizes.sum() ** 2 / (sizes**2).sum()) if sizes.size else 0.0


def simultaneous_intervals(values: np.ndarray, blocks: float) -> tuple[np.ndarray, np.ndarray]:
    """Intervals of which, 95 times in 100, none misses its truth.

    Estimate ± q standard errors, q being the 95 % quantile over draws of the largest deviation
    among all comparisons, each in its own standard errors (Romano and Wolf 2005). Comparisons that
    go along with each other cost less than Bonferroni would charge. q is then expanded for few
    blocks, as in `foldcast.resampling.expanded_tail`.

    Of 500 simulated runs in which 30 feature sets err as ExPecto does, some feature set seemed
    better or worse in 4.6 % (700 genes of chr8 in blocks of 1 Mb, errors correlated over 200 kb),
    2.6 % (errors independent), 0.2 to 4 % (120 to 240 genes in 19 to 37 blocks); in 8 % where
    errors correlate as far as a block is long.

    Args:
        values: [comparisons, 1 + draws].
        blocks: number of independent blocks.

    Returns:
        low and high, [comparisons]; comparisons that no draw changes are points.
    """
    estimate, drawn = values[:, 0], values[:, 1:]
    if blocks <= 1:
        return np.full(len(values), -np.inf), np.full(len(values), np.inf)
    error = drawn.std(axis=1, ddof=1)
    varies = error > 1e-12
    if not varies.any():
        return estimate.copy(), estimate.copy()
    some = drawn[varies]
    deviation = np.abs(some - some.mean(axis=1)[:, None]) / error[varies][:, None]
    quantile = np.quantile(deviation.max(axis=0), 0.95)
    reach = -ndtri(expanded_tail(blocks, ndtr(-quantile)))
    return estimate - reach * error, estimate + reach * error
