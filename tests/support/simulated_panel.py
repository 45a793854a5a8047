"""Panels of genes along time with known dynamics, with and without replicates."""

import numpy as np


def walks(
    n_genes: int = 60,
    times: int | np.ndarray = 12,
    replicates: int | np.ndarray = 1,
    noise: float = 0.6,
    step: float = 0.5,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Random walks seen through noise, genes of several scales: [genes, samples]; their times."""
    rng = np.random.default_rng(seed)
    times = np.arange(times, dtype=float) if np.isscalar(times) else np.asarray(times, float)
    scale = rng.gamma(4, 0.25, (n_genes, 1))
    truth = 8 + scale * step * rng.normal(size=(n_genes, len(times))).cumsum(axis=1)
    replicates = np.broadcast_to(replicates, len(times))
    values = np.repeat(truth, replicates, axis=1)
    values = values + scale * noise * rng.normal(size=values.shape)
    return values, np.repeat(times, replicates)


UNEVEN = np.array([0, 1, 2, 4, 5, 6, 8, 9, 13, 14, 15, 20])
UNEQUAL = np.array([1, 2, 4, 3, 1, 3, 3, 2, 5, 3, 1, 3])
PANELS = {
    "one sample": walks(),
    "three samples": walks(replicates=3, seed=1),
    "unequal samples": walks(replicates=UNEQUAL, seed=2),
    "uneven times": walks(times=UNEVEN, seed=3),
    "uneven times, unequal samples": walks(times=UNEVEN, replicates=UNEQUAL, seed=4),
    "replicates only late": walks(replicates=np.repeat([1, 3], [5, 7]), seed=5),
    "shared trend": (walks(seed=6)[0] + np.arange(12) * 0.5, np.arange(12.0)),
}
