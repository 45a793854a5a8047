"""Baselines at every horizon, and beyond the data.

The base forecaster and its members forecast each horizon directly. Recipes are for one step and are
iterated: what is forecast for a time is taken as its value for the next.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from foldcast.forecast.base_forecaster import ROWS, CourseForecasts, forecast_course
from foldcast.forecast.baselines import RECIPES, low_rank_at_last
from foldcast.forecast.beyond_the_data import Beyond
from foldcast.forecast.forecast_intervals import half_widths
from foldcast.forecast.mlp_on_lags import NAME as MLP
from foldcast.forecast.mlp_on_lags import mlp_iterated
from foldcast.forecast.replicated_course import ReplicatedCourse

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


def baseline_ahead(
    course: ReplicatedCourse, found: Sequence[CourseForecasts], name: str
) -> list[np.ndarray]:
    """Forecasts by a baseline from each time, [genes, times] for each horizon, 1 first.

    Args:
        course: means and design.
        found: the base forecaster's forecasts of it.
        name: of the base forecaster or a member of it (direct), or of a recipe (iterated).
    """
    if name in ROWS:
        return [one.by_name()[name] for one in found]
    return list(iterated(course.means, name, len(found)))


def baseline_beyond(course: ReplicatedCourse, name: str, steps: int, level: float) -> Beyond:
    """Forecasts by a baseline.

    Args:
        course: with the design of later times (`with_later`).
        name: of the base forecaster or a member of it, or of a recipe.
        steps: how many times.
        level: share of values that the intervals are to hold.
    """
    found = forecast_course(course, steps)
    own = baseline_ahead(course, found, name)
    widths = [
        half_widths(course, forecasts, one.deviations, level, one.horizon)
        for forecasts, one in zip(own, found, strict=True)
    ]
    predicted, half = (np.stack([one[:, -1] for one in all_]).T for all_ in (own, widths))
    return Beyond(predicted, half, own[0], widths[0], found[0].local_level[:, -1])
