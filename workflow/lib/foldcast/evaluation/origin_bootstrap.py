"""Intervals: a paired moving-block bootstrap over origins.

Errors of neighbouring origins share values, so origins are drawn in blocks (Künsch 1989). What
is drawn are counts, the same for everything that is scored: differences are paired, and every
score of a draw comes from sums that one matrix product gives. Row 0 of what is drawn is not a draw
but the sample itself, so value 0 of a statistic is its estimate and the others are its draws.
"""

from math import ceil

import numpy as np

from foldcast.resampling import expanded_interval


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


def interval(values: np.ndarray, n_origins: int) -> tuple[float, float]:
    """The 95 % interval of a statistic; values: [1 + draws].

    Expanded percentiles (Hesterberg 2015), with the number of blocks as the number of independent
    observations: the plain 2.5 % and 97.5 % of the draws of 30 origins hold the truth 89 times in
    100 where errors are independent (10 origins: 79), these 96 (91) times; 93 (86) where
    neighbours correlate by 0.3.
    """
    return expanded_interval(values, n_origins / block_length(n_origins))
