"""Baselines several steps ahead: what is forecast for a time is taken as its value for the next.

So they forecast what they would if they were asked again and again: recipes are for one step.
"""

from functools import partial

import numpy as np

from foldcast.forecast.baselines import RECIPES, low_rank_at_last
from foldcast.forecast.mlp_on_lags import NAME as MLP
from foldcast.forecast.mlp_on_lags import mlp_iterated

NAMES = (*RECIPES, MLP)
# A value as it was forecast moves none of these: they forecast all times alike.
FLAT = ("persistence", "running_mean", "smoothing", "smoothing_per_gene")
AT_LAST = {  # the forecast from the last time, quicker than by the recipe
    "low_rank_4": partial(low_rank_at_last, rank=4),
    "low_rank_8": partial(low_rank_at_last, rank=8),
}


def iterated(time_course: np.ndarray, name: str, horizons: int) -> np.ndarray:
    """Forecasts up to some steps ahead, from every time of a time course.

    Args:
        time_course: [genes, times] log2 expression, without gaps.
        name: of the baseline, one of `NAMES`.
        horizons: how many steps ahead, at most.

    Returns:
        [horizons, genes, times]: entry (h, g, k) forecasts time k + 1 + h from times ≤ k.
    """
    time_course = np.asarray(time_course, float)
    if name == MLP:
        return mlp_iterated(time_course, horizons)
    found = np.repeat(RECIPES[name](time_course)[None], horizons, axis=0)
    if name in FLAT:
        return found
    from_last = AT_LAST.get(name) or (lambda values: RECIPES[name](values)[:, -1])
    for origin in range(time_course.shape[1]):
        values = time_course[:, : origin + 1]
        for nearer, further in zip(found[:-1], found[1:], strict=True):
            values = np.concatenate([values, nearer[:, origin, None]], axis=1)
            further[:, origin] = from_last(values)
    return found
