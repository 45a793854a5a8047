"""Genes along the arms of a made map, and panels in which folding does something or nothing."""

from dataclasses import dataclass

import numpy as np

from foldcast.evaluation.bin_pairs import BinPairs
from foldcast.hic.contact_bands import ArmContacts

NEAREST, FARTHEST = 2, 20
BIN = 100_000
# Panels in which genes have something in common that is no folding.
NULLS = {
    "distance": {"how": "distance", "share": 0.3},
    "domains": {"how": "domains", "share": 0.3},
    "depth": {"sample_effect": "depth"},
    "level": {"sample_effect": "level"},
    "gc": {"sample_effect": "gc"},
}


@dataclass(frozen=True)
class World:
    """A map and genes on it.

    Attributes:
        pairs: what the test sees.
        fields: [bins, bins] of each arm: covariance that follows contact.
        scores: [bins] of all arms, compartments.
        bins, places: [genes] bin, and place (bp) along the arm after all before it.
        level, lengths: [genes].
    """

    pairs: BinPairs
    fields: list[np.ndarray]
    scores: np.ndarray
    bins: np.ndarray
    places: np.ndarray
    level: np.ndarray
    lengths: np.ndarray

    @property
    def n_genes(self) -> int:
        return len(self.bins)


def world(seed: int, n_genes: int = 2_000, n_arms: int = 8, n_bins: int = 200) -> World:
    """Contacts follow compartments and, as much, features that a compartment does not know."""
    rng = np.random.default_rng([seed, 0])
    arms, fields, scores = [], [], []
    for number in range(n_arms):
        loops = smooth(rng, n_bins, 40, 1.5)
        loops /= np.sqrt((loops**2).mean())
        score = smooth(rng, n_bins, 1, 6)[:, 0]
        score = (score - score.mean()) / score.std()
        field = loops @ loops.T / loops.shape[1]
        contact = np.clip(2 * (field - field.mean()) + 0.5 * np.outer(score, score), -3, 3)
        contact += np.triu(rng.normal(0, 0.3, contact.shape), 1)
        band = np.full((n_bins, FARTHEST - NEAREST + 1), np.nan)
        for column, apart in enumerate(range(NEAREST, FARTHEST + 1)):
            diagonal = np.diag(contact, apart)
            band[: n_bins - apart, column] = diagonal - diagonal.mean()
        band[rng.choice(n_bins, 4, replace=False)] = np.nan
        arms.append(ArmContacts(f"chr{number}", 0, band, score, np.arange(n_bins) // 10))
        fields.append(field)
        scores.append(score)
    # Genes are dense in some places and sparse in others.
    density = np.exp(smooth(rng, n_arms * n_bins, 1, 4)[:, 0])
    bins = np.sort(rng.choice(n_arms * n_bins, n_genes, p=density / density.sum()))
    places = np.sort(bins * BIN + rng.integers(BIN, size=n_genes))
    return World(
        BinPairs([arms], [0.0], bins, NEAREST, FARTHEST),
        fields,
        np.concatenate(scores),
        bins,
        places,
        rng.normal(6, 2, n_genes),
        np.exp(rng.normal(9, 1, n_genes)),
    )


def smooth(rng: np.random.Generator, n: int, columns: int, width: float) -> np.ndarray:
    """[n, columns] noise, smooth along n, of variance about 1."""
    reach = np.arange(-int(4 * width), int(4 * width) + 1)
    kernel = np.exp(-((reach / width) ** 2) / 2)
    noise = rng.normal(size=(n + len(reach) - 1, columns))
    made = [np.convolve(column, kernel, "valid") for column in noise.T]
    return np.stack(made, axis=1) / np.sqrt((kernel**2).sum())


def common(
    world: World, n_times: int, rng: np.random.Generator, how: str, share: float
) -> np.ndarray:
    """[genes, times] random walks; a share of their steps' variance in common as ``how`` says."""
    own = rng.normal(size=(world.n_genes, n_times))
    if how == "contact":
        blocks = [np.linalg.cholesky(f / np.diag(f).mean() + 1e-6 * np.eye(len(f)))
                  for f in world.fields]  # fmt: skip
        shared = np.concatenate([b @ rng.normal(size=(len(b), n_times)) for b in blocks])
        shared = shared[world.bins]
    elif how == "distance":
        along = smooth(rng, world.pairs.n_bins, n_times, rng.choice([2, 5, 10]))
        shared = along[world.bins]
    elif how == "domains":
        ends = np.cumsum(rng.geometric(1 / 12, world.n_genes))
        shared = rng.normal(size=(world.n_genes, n_times))[
            np.searchsorted(ends, np.arange(world.n_genes))
        ]
    else:
        shared = np.zeros_like(own)
    scale = rng.gamma(4, 0.1, (world.n_genes, 1))
    steps = np.sqrt(1 - share) * own + np.sqrt(share) * shared
    return world.level[:, None] + (scale * steps).cumsum(axis=1)


def panel(
    world: World,
    seed: int,
    *,
    how: str = "nothing",
    share: float = 0.0,
    n_times: int = 8,
    replicates: int = 1,
    sample_effect: str | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Samples [genes, samples] and their times.

    Args:
        how: ``contact``, ``distance``, ``domains`` or ``nothing``.
        share: of the variance of a gene's steps in that.
        sample_effect: what each sample does to its genes: ``depth`` (of counts), ``level`` or
            ``gc`` (with the compartments).
    """
    rng = np.random.default_rng([seed, 1])
    truth = np.repeat(common(world, n_times, rng, how, share), replicates, axis=1)
    values = truth + 0.2 * rng.normal(size=truth.shape)
    effect = rng.normal(size=truth.shape[1])
    if sample_effect == "depth":
        depth = 2.0 ** rng.uniform(-2, 2, truth.shape[1])
        values = np.log2(rng.poisson(depth * 2.0**values) / depth + 1)
    elif sample_effect == "level":
        scaled = (world.level - world.level.mean()) / world.level.std()
        values = values + 0.3 * effect * np.tanh(scaled)[:, None]
    elif sample_effect == "gc":
        gc = world.scores[world.bins] + rng.normal(size=world.n_genes)
        values = values + 0.1 * effect * gc[:, None]
    return values, np.repeat(np.arange(n_times, dtype=float), replicates)
