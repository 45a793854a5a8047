"""Intervals: a paired moving-block bootstrap over origins, and over seeds.

Errors of neighbouring origins share values, so origins are drawn in blocks (Künsch 1989). What
is drawn are counts, the same for everything that is scored: differences are paired, and every
score of a draw comes from sums that one matrix product gives. Row 0 of what is drawn is not a draw
but the sample itself, so value 0 of a statistic is its estimate and the others are its draws.
"""

from math import ceil

import numpy as np
from scipy.stats import norm, t


def block_length(n_origins: int) -> int:
    """n^(1/3), rounded up."""
    return ceil(round(n_origins ** (1 / 3), 9))


def origin_counts(n_origins: int, draws: int, seed: int) -> np.ndarray:
    """How often each origin is in each draw: [1 + draws, origins]; rows sum to n_origins."""
    length = block_length(n_origins)
    n_blocks = ceil(n_origins / length)
    generator = np.random.default_rng([seed, 0])
    starts = generator.integers(0, n_origins - length + 1, size=(draws, n_blocks))
    drawn = (starts[:, :, None] + np.arange(length)).reshape(draws, -1)[:, :n_origins]
    counts = np.zeros((draws, n_origins))
    np.add.at(counts, (np.arange(draws)[:, None], drawn), 1)
    return np.concatenate([np.ones((1, n_origins)), counts])


def seed_shares(n_seeds: int, draws: int, seed: int) -> np.ndarray:
    """Weight of each seed's fit in each draw: [1 + draws, seeds]; rows sum to 1.

    n − 1 of n seeds are drawn with replacement, which makes the variance of their mean unbiased
    (Rao and Wu 1988). One seed says nothing about the variance between seeds.
    """
    if n_seeds == 1:
        return np.ones((1 + draws, 1))
    generator = np.random.default_rng([seed, 1])
    shares = generator.multinomial(n_seeds - 1, np.full(n_seeds, 1 / n_seeds), size=draws)
    return np.concatenate([np.full((1, n_seeds), 1 / n_seeds), shares / (n_seeds - 1)])


def interval(values: np.ndarray, n_origins: int) -> tuple[float, float]:
    """The 95 % interval of a statistic; values: [1 + draws].

    Expanded percentiles (Hesterberg 2015), with the number of blocks as the number of independent
    observations: the plain 2.5 % and 97.5 % of the draws of 30 origins hold the truth 89 times in
    100 where errors are independent (10 origins: 79), these 96 (91) times; 93 (86) where
    neighbours correlate by 0.3.
    """
    blocks = n_origins / block_length(n_origins)
    if blocks <= 1:
        return float(values.min()), float(values.max())
    tail = norm.cdf(np.sqrt(blocks / (blocks - 1)) * t.ppf(0.025, blocks - 1))
    low, high = np.quantile(values[1:], [tail, 1 - tail])
    return float(low), float(high)
