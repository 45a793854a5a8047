"""How well could anyone do? Three bounds that see what a forecast may not.

Measured on the public mouse-lung time course (126 genes, 30 origins), as skill over persistence:
noise floor 0.541, oracle local level 0.350, interpolation 0.442.
"""

import numpy as np

from foldcast.forecast.forecast_tables import Forecasts
from foldcast.job import log

# Process variance per step over observation variance; 0 is a constant level, 100 is persistence.
SIGNAL_TO_NOISE = np.concatenate([[0.0], np.logspace(-4, 2, 61)])
DECAYS = np.arange(1, 100) / 100


def bounds(
    time_course: np.ndarray, origins: list[int], variance: np.ndarray, replicates: np.ndarray
) -> list[Forecasts | tuple[str, np.ndarray]]:
    """All of them, as forecasts; the noise floor only where there are replicates, as its name and
    its squared errors [genes, origins]; the arguments are those of the others."""
    seeing = {"oracle_local_level": oracle_local_level, "interpolation": interpolation}
    found: list[Forecasts | tuple[str, np.ndarray]] = [
        Forecasts(name, "-", bound(time_course, origins)[None]) for name, bound in seeing.items()
    ]
    try:
        floor = noise_floor(variance, replicates)
    except ValueError as error:
        log.warning("No bound noise_floor: %s", error)
        return found
    return [("noise_floor", floor[:, np.asarray(origins) + 1]), *found]


def noise_floor(variance: np.ndarray, replicates: np.ndarray) -> np.ndarray:
    """Squared error of a forecast that knew the true mean: the variance of a mean of replicates.

    It ignores that innovations cannot be forecast, so it is out of reach. Where a time has one
    replicate, the gene's mean variance over the replicated times stands in for its own.

    Args:
        variance: [genes, times] variance among replicates (ddof 1); NaN where there is one.
        replicates: [times] number of replicates.

    Returns:
        [genes, times] variance / n.

    Raises:
        ValueError: a gene without any replicated time.
    """
    known = np.isfinite(variance)
    if not known.any(axis=1).all():
        raise ValueError("without replicates there is no noise floor")
    gene_mean = np.where(known, variance, 0).sum(axis=1) / known.sum(axis=1)
    return np.where(known, variance, gene_mean[:, None]) / replicates


def oracle_local_level(time_course: np.ndarray, origins: list[int]) -> np.ndarray:
    """The local-level model whose parameter was chosen, gene by gene, on the scored origins.

    Kalman filter of a random walk observed with constant noise (Durbin and Koopman, Time Series
    Analysis by State Space Methods, 2): the level starts at the first value with the variance of
    an observation (diffuse start); time points count as evenly spaced. Of `SIGNAL_TO_NOISE`, each
    gene takes the ratio with the least squared error over the origins.

    Returns:
        [genes, origins] forecasts.
    """
    targets = time_course[:, np.asarray(origins) + 1]
    best = np.empty_like(targets)
    least = np.full(len(time_course), np.inf)
    for ratio in SIGNAL_TO_NOISE:
        predicted = _local_level(time_course, ratio)[:, origins]
        error = ((predicted - targets) ** 2).mean(axis=1)
        better = error < least
        best[better], least[better] = predicted[better], error[better]
    return best


def interpolation(time_course: np.ndarray, origins: list[int]) -> np.ndarray:
    """Each target as the weighted mean of every other time, before and after it.

    The weight of a time falls by a factor per step away from the target; one factor for the
    panel, of 0.01, 0.02, …, 0.99 the one with the least squared error over the targets.

    Returns:
        [genes, origins] estimates of the times that follow the origins.
    """
    targets = np.asarray(origins) + 1
    steps = np.abs(np.arange(time_course.shape[1])[:, None] - targets)  # [times, targets]

    def estimate(decay: float) -> np.ndarray:
        weights = np.where(steps > 0, decay ** (steps - 1.0), 0.0)
        return time_course @ (weights / weights.sum(axis=0))

    return min(
        map(estimate, DECAYS), key=lambda p: float(((p - time_course[:, targets]) ** 2).sum())
    )


def _local_level(time_course: np.ndarray, ratio: float) -> np.ndarray:
    """Filtered levels [genes, times]; variances in units of the observation's."""
    levels = time_course.astype(float)
    variance = 1.0
    for time in range(1, time_course.shape[1]):
        gain = (variance + ratio) / (variance + ratio + 1)
        levels[:, time] = levels[:, time - 1] + gain * (time_course[:, time] - levels[:, time - 1])
        variance = gain
    return levels
