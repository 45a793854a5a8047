"""What a forecast has to beat: one-step recipes that look at the past of a time course only.

Each takes a time course [genes, times] and gives [genes, times]: entry (g, k) is the forecast of
gene g at time k + 1, made from times ≤ k. The recipes are fixed in advance:

- persistence: the last value.
- running_mean: the mean of all values so far.
- moving_average_3, moving_average_5: the mean of the last 3 (5) values, of fewer at the start.
- smoothing, smoothing_per_gene: simple exponential smoothing (Brown 1956; Hyndman and
  Athanasopoulos, Forecasting: Principles and Practice, 8.1). The level starts at the first value
  and moves by a share α of each error. At every origin, α is the one of 0.05, 0.10, …, 1.00 with
  the least sum of squared one-step errors over the past times from the 4th on: earlier ones tell
  more about the start than about α. One α for the panel, or one for each gene. Where there is no
  such error yet, α is 1 (persistence).
- low_rank_4, low_rank_8: smoothing with α = 0.5 of what the first 4 (8) principal components of the
  past hold, each gene about its mean.
- ridge_on_lags: a ridge regression of the next change on the last 5 values less the gene's mean so
  far, one set of weights for all genes; the penalty counts as one more past time. Persistence
  before the first past error.

Time points count as evenly spaced.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

ALPHAS = np.arange(1, 21) / 20
FIRST_ERROR = 3  # the 4th time
LOW_RANK_ALPHA = 0.5
LAGS = 5  # as many as the longest moving average

Recipe = Callable[[np.ndarray], np.ndarray]


def persistence(time_course: np.ndarray) -> np.ndarray:
    """The last value."""
    return time_course.copy()


def running_mean(time_course: np.ndarray) -> np.ndarray:
    """The mean of all values so far."""
    return np.cumsum(time_course, axis=1) / np.arange(1, time_course.shape[1] + 1)


def moving_average(time_course: np.ndarray, width: int) -> np.ndarray:
    """The mean of the last ``width`` values, or of as many as there are."""
    total = np.zeros_like(time_course)
    for lag in range(min(width, time_course.shape[1])):
        total[:, lag:] += time_course[:, : time_course.shape[1] - lag]
    return total / np.minimum(np.arange(1, time_course.shape[1] + 1), width)


def smoothing(time_course: np.ndarray) -> np.ndarray:
    """Exponential smoothing with one α for the panel."""
    levels = smoothed_levels(time_course, ALPHAS)
    best = _best_alpha(_squared_errors(time_course, levels).sum(axis=1))
    return np.take_along_axis(levels, best[None, None, :], axis=0)[0]


def smoothing_per_gene(time_course: np.ndarray) -> np.ndarray:
    """Exponential smoothing with one α for each gene: the primary comparator."""
    levels = smoothed_levels(time_course, ALPHAS)
    best = _best_alpha(_squared_errors(time_course, levels))
    return np.take_along_axis(levels, best[None], axis=0)[0]


def smoothed_levels(time_course: np.ndarray, alphas: np.ndarray) -> np.ndarray:
    """The level after each time, for each α: [alphas, genes, times]."""
    levels = np.empty((len(alphas), *time_course.shape))
    levels[:, :, 0] = time_course[:, 0]
    for time in range(1, time_course.shape[1]):
        error = time_course[:, time] - levels[:, :, time - 1]
        levels[:, :, time] = levels[:, :, time - 1] + alphas[:, None] * error
    return levels


def low_rank(time_course: np.ndarray, rank: int) -> np.ndarray:
    """Exponential smoothing of what the first principal components of the past hold."""
    levels = smoothed_levels(time_course, np.array([LOW_RANK_ALPHA]))[0]
    forecasts = np.empty_like(levels)
    for origin in range(time_course.shape[1]):
        forecasts[:, origin] = _kept(time_course[:, : origin + 1], levels[:, origin], rank)
    return forecasts


def low_rank_at_last(past: np.ndarray, rank: int) -> np.ndarray:
    """The same from the last time alone: [genes]."""
    return _kept(past, smoothed_levels(past, np.array([LOW_RANK_ALPHA]))[0, :, -1], rank)


def _kept(past: np.ndarray, level: np.ndarray, rank: int) -> np.ndarray:
    """What the first components of the past keep of a level, each gene about its mean."""
    mean = past.mean(axis=1)
    components = np.linalg.svd(past - mean[:, None], full_matrices=False)[0][:, :rank]
    # Smoothing is linear, so the level's part in the components is the parts' level.
    return mean + components @ (components.T @ (level - mean))


def ridge_on_lags(time_course: np.ndarray) -> np.ndarray:
    """The last value and a change told from the last values, alike for all genes."""
    forecasts, means = time_course.copy(), running_mean(time_course)
    products, towards, n_past = np.zeros((LAGS, LAGS)), np.zeros(LAGS), 0
    before: np.ndarray | None = None  # lags [LAGS, genes] at the time before
    for origin in range(LAGS - 1, time_course.shape[1]):
        if before is not None:
            products += before @ before.T
            towards += before @ (time_course[:, origin] - time_course[:, origin - 1])
            n_past += 1
        recent = time_course[:, origin - LAGS + 1 : origin + 1]
        before = (recent - means[:, origin, None]).T
        if np.trace(products) > 0:
            penalty = np.trace(products) / LAGS / n_past
            weights = np.linalg.solve(products + penalty * np.eye(LAGS), towards)
            forecasts[:, origin] += weights @ before
    return forecasts


RECIPES: dict[str, Recipe] = {
    "persistence": persistence,
    "running_mean": running_mean,
    "moving_average_3": partial(moving_average, width=3),
    "moving_average_5": partial(moving_average, width=5),
    "smoothing": smoothing,
    "smoothing_per_gene": smoothing_per_gene,
    "low_rank_4": partial(low_rank, rank=4),
    "low_rank_8": partial(low_rank, rank=8),
    "ridge_on_lags": ridge_on_lags,
}


def causal_forecasts(time_course: np.ndarray, recipe: str) -> np.ndarray:
    """One-step forecasts by one of `RECIPES`, from every time of a time course.

    Args:
        time_course: [genes, times] log2 expression, without gaps.
        recipe: name of the recipe.

    Returns:
        [genes, times]: entry (g, k) forecasts time k + 1 from times ≤ k.
    """
    return RECIPES[recipe](np.asarray(time_course, dtype=float))


def _squared_errors(time_course: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Squared one-step errors that count, [alphas, genes, times]; 0 where they do not yet."""
    errors = np.zeros_like(levels)
    errors[:, :, FIRST_ERROR:] = (
        time_course[:, FIRST_ERROR:] - levels[:, :, FIRST_ERROR - 1 : -1]
    ) ** 2
    return errors


def _best_alpha(errors: np.ndarray) -> np.ndarray:
    """Index of the α with the least sum of errors up to each time: [alphas, …, times] → […]."""
    best = np.cumsum(errors, axis=-1).argmin(axis=0)
    best[..., :FIRST_ERROR] = len(ALPHAS) - 1
    return best
