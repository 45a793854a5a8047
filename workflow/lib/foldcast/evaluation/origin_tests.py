"""Tests over origins that keep their word: is one forecast better than another, and by how much?

Diebold and Mariano's test (Journal of Business and Economic Statistics 13, 1995) on differences of
loss, with a variance that counts on neighbouring origins being alike. Their lag-1 correlation is
estimated, corrected for its bias (Kendall 1954: r̂ + (1 + 3 r̂) / n) and never taken as less than
0.3: of few origins it says next to nothing. So the test holds its 5 % for independent origins and
for those that correlate by 0.3, from 6 origins on, and pays for it with power.

A skill and a difference in skill are ratios, and their intervals are made of the values θ that the
test on gain - θ · persistence's error does not reject (Fieller). So is that of every other score
that is the mean of something over the mean of something else.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from foldcast.protocol import MIN_ORIGINS

LEAST_CORRELATION, MOST_CORRELATION = 0.3, 0.9
SIZE = 0.05
POWER = 0.80
ROUNDING = 1e-12
NOTHING = 1e-7  # of what it is divided by: what tables of forecasts round away


@dataclass(frozen=True)
class OriginTest:
    """A ratio of means over origins, such as a difference in skill, held against 0.

    Attributes:
        value: the ratio; of a difference in skill above 0: the forecast is better than the other.
        low, high: 95 % interval; infinite where the data bound it on no side.
        p: two-sided, of no difference.
        seen: about how large a difference would have been seen with 80 % power.
        n_origins: how many it rests on.
    """

    value: float
    low: float
    high: float
    p: float
    seen: float
    n_origins: int

    @property
    def is_decided(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0

    @property
    def is_nothing(self) -> bool:
        """Whether there is no difference from any origin, and so nothing to be decided."""
        return self.value == self.low == self.high == 0


def enough_origins(n_origins: int, horizon: int = 1) -> bool:
    """Whether there are origins enough for a test: 6 for each step ahead."""
    return n_origins >= MIN_ORIGINS * horizon


def skill_test(
    errors: np.ndarray, other: np.ndarray, persistence: np.ndarray, horizon: int = 1
) -> OriginTest | None:
    """Whether a forecast has more skill over persistence than another one.

    Args:
        errors: [origins] or [seeds, origins] mean squared errors of the forecast at each origin.
            Chance in fitting, the variance of seeds over their number, widens the interval.
        other: those of the other forecast; persistence itself asks whether there is any skill.
            Seeds are paired where both have them.
        persistence: [origins] those of persistence.
        horizon: steps ahead.

    Returns:
        None where there are fewer than 6 origins for each step ahead.
    """
    gains = np.asarray(other, float) - np.asarray(errors, float)
    return ratio_test(gains, persistence, horizon)


def ratio_test(above: np.ndarray, below: np.ndarray, horizon: int = 1) -> OriginTest | None:
    """The mean of something over the mean of something else, with its interval.

    Args:
        above: [origins] or [seeds, origins]; may be of either sign.
        below: the same, not negative; or [origins] for all seeds.
        horizon: steps ahead.

    Returns:
        None where there are fewer than 6 origins for each step ahead.
    """
    gains = np.atleast_2d(np.asarray(above, float))
    n_seeds, n_origins = gains.shape
    if not enough_origins(n_origins, horizon):
        return None
    chance = gains.mean(axis=1).var(ddof=1) / n_seeds if n_seeds > 1 else 0.0
    gain, unit = gains.mean(axis=0), np.atleast_2d(np.asarray(below, float)).mean(axis=0)
    value = float(gain.mean() / unit.mean())
    if np.abs(gains).max() <= NOTHING * unit.mean():
        return OriginTest(0.0, 0.0, 0.0, 1.0, 0.0, n_origins)

    dof = n_origins - 1
    error = standard_error(gain - value * unit, chance) / unit.mean()
    return OriginTest(
        value,
        _bound(gain, unit, chance, -1),
        _bound(gain, unit, chance, 1),
        float(2 * stdtr(dof, -abs(statistic(gain, chance)))),
        float((stdtrit(dof, POWER) - stdtrit(dof, SIZE / 2)) * error),
        n_origins,
    )


def statistic(differences: np.ndarray, chance: np.ndarray | float = 0.0) -> np.ndarray:
    """t of differences [..., origins] with origins - 1 degrees of freedom: [...]."""
    mean = differences.mean(axis=-1)
    error = standard_error(differences, chance)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean == 0, 0.0, mean / error)


def standard_error(differences: np.ndarray, chance: np.ndarray | float = 0.0) -> np.ndarray:
    """Of the mean of differences [..., origins] that follow each other in time: [...].

    Args:
        differences: of loss.
        chance: a variance that more origins do not lower.
    """
    n = differences.shape[-1]
    centred = differences - differences.mean(axis=-1, keepdims=True)
    squares = (centred**2).sum(axis=-1)
    lagged = (centred[..., 1:] * centred[..., :-1]).sum(axis=-1)
    seen = np.divide(lagged, squares, out=np.zeros_like(squares), where=squares > 0)
    r = np.clip(seen + (1 + 3 * seen) / n, LEAST_CORRELATION, MOST_CORRELATION)
    return np.sqrt(squares / (n - 1) / n * (1 + r) / (1 - r) + chance)


def _bound(gain: np.ndarray, unit: np.ndarray, chance: float, side: int) -> float:
    """The value farthest to one side that the test does not reject; infinite without end."""
    value = float(gain.mean() / unit.mean())
    critical = -stdtrit(len(gain) - 1, SIZE / 2)
    error = standard_error(gain - value * unit, chance)
    if error <= ROUNDING * np.abs(gain).max():  # a gain in proportion to persistence's error
        return value

    def beyond(steps: np.ndarray | float) -> np.ndarray:
        """How far the test rejects what lies so many standard errors off."""
        tried = value + side * error / unit.mean() * np.asarray(steps)
        return np.abs(statistic(gain - tried[..., None] * unit, chance)) - critical

    steps = np.geomspace(1e-3, 1e4, 400)
    last = np.flatnonzero(beyond(steps) <= 0)[-1]
    if last == len(steps) - 1:
        return side * np.inf
    return value + side * error / unit.mean() * brentq(beyond, steps[last], steps[last + 1])
