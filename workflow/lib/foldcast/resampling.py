"""What every bootstrap here shares: shares of seeds, scores from sums, the ends of an interval.

Row 0 of what is drawn is not a draw but the sample itself, so value 0 of a statistic is its
estimate and the others are its draws.
"""

import numpy as np
from scipy.special import ndtr, stdtrit


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


def expanded_tail(blocks: float, tail: float = 0.025) -> float:
    """The share of draws to leave out at each end where a normal law would leave out ``tail``.

    Hesterberg 2015: Student's t in place of the normal law, and the variance of n observations
    divided by n − 1; n is the number of independent blocks, more than 1.
    """
    return float(ndtr(np.sqrt(blocks / (blocks - 1)) * stdtrit(blocks - 1, tail)))


def expanded_interval(values: np.ndarray, blocks: float) -> tuple[float, float]:
    """The 95 % interval of a statistic by expanded percentiles; values: [1 + draws].

    With one block or less there is no variance to speak of: from the smallest to the largest.
    Draws in which the statistic has no meaning (NaN) do not count.
    """
    if blocks <= 1:
        return float(np.nanmin(values)), float(np.nanmax(values))
    tail = expanded_tail(blocks)
    low, high = np.nanquantile(values[1:], [tail, 1 - tail])
    return float(low), float(high)


def correlation(sums: np.ndarray) -> np.ndarray:
    """Pearson's r from sums […, 6] of 1, x, y, x², y², xy, of x and y with means near 0.

    0 where either side is constant but for rounding.
    """
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    x_spread, y_spread = xx - ratio(x * x, n), yy - ratio(y * y, n)
    varies = (x_spread > 1e-9 * xx) & (y_spread > 1e-9 * yy)
    r = ratio(xy - ratio(x * y, n), np.sqrt(np.where(varies, x_spread * y_spread, 0)))
    return np.clip(r, -1, 1)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above / below, and 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros_like(above, dtype=float), where=below > 0)
