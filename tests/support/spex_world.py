"""Runs with a planted truth: what each feature set predicts of genes on a small genome."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from foldcast.spex.comparison.heldout_predictions import Fit, HeldOut, subsets
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks
from foldcast.spex.comparison.map_comparison import MapComparison, compare
from foldcast.spex.comparison.prediction_scores import score

LENGTH = 2_000_000


def genes(n: int, rng: np.random.Generator, chromosomes: int = 2) -> pd.DataFrame:
    """Genes in clusters, as genes lie."""
    table = []
    for number, chrom in enumerate(f"chr{k}" for k in range(1, chromosomes + 1)):
        clusters = rng.integers(0, LENGTH, n // 6 + 1)
        at = rng.choice(clusters, n // chromosomes) + rng.normal(0, 20_000, n // chromosomes)
        for k, tss in enumerate(np.sort(at.clip(0, LENGTH - 1)).astype(int)):
            table.append((f"g{number}_{k}", chrom, tss))
    result = pd.DataFrame(table, columns=["gene", "chrom", "tss"])
    result["biotype"] = np.where(rng.random(len(result)) < 0.7, "protein_coding", "lincRNA")
    return result


def along(table: pd.DataFrame, rng: np.random.Generator, reach: float, shape: tuple) -> np.ndarray:
    """Normal noise [*shape, genes]; of neighbours it correlates by exp(−distance / reach)."""
    noise = rng.normal(size=(*shape, len(table)))
    if reach:
        for _, rows in table.groupby("chrom").indices.items():
            near = np.exp(-np.diff(table["tss"].to_numpy()[rows]) / reach)
            for k, r in zip(rows[1:], near, strict=True):
                noise[..., k] = r * noise[..., k - 1] + np.sqrt(1 - r * r) * noise[..., k]
    return noise


def run(
    gains: Mapping[str, float | Mapping[str, float]],
    *,
    seed: int = 1,
    n: int = 240,
    tissues: tuple[str, ...] = ("liver",),
    models: tuple[str, ...] = ("linear",),
    seeds: int = 1,
    reach: float = 30_000,
    error: float = 0.4,
    chromosomes: int = 2,
) -> HeldOut:
    """Feature sets that know a share of what distal contacts do, by name (and by tissue).

    Expression is what is local (known to all) + what is distal + noise; all feature sets err alike.
    """
    rng = np.random.default_rng([seed, 7])
    table = genes(n, rng, chromosomes)
    local, distal, noise = along(table, rng, reach, (3, len(tissues)))
    fits = []
    for model in models:
        for feature_set, gain in {"expecto": 0.0, **gains}.items():
            share = [gain.get(t, 0) if isinstance(gain, Mapping) else gain for t in tissues]
            common = (along(table, rng, reach, (len(tissues),)) + rng.normal(size=local.shape)) / 2
            each = rng.normal(scale=0.1, size=(seeds, *local.shape))
            predicted = local + np.array(share)[:, None] * distal + error * common + each
            fits.append(Fit(feature_set, model, predicted))
    return HeldOut(table, list(tissues), local + distal + noise, fits, {})


def ridge_run(seed: int, distal: float, n: int = 600) -> HeldOut:
    """Fits on half of the chromosomes, scored on the others: what training learns by luck counts.

    The features of `hic` drive a part ``distal`` of expression, those of `micro` and of shuffled
    contacts none.
    """
    rng = np.random.default_rng([seed, 8])
    table = genes(n, rng, chromosomes=4)
    local, hic, micro, shuffled = along(table, rng, 30_000, (4, 8))
    expression = (local.sum(axis=0) + distal * hic.sum(axis=0)) / np.sqrt(8)
    expression += along(table, rng, 30_000, ())
    test = table["chrom"].isin(["chr3", "chr4"]).to_numpy()
    fits = []
    for feature_set, block in {
        "expecto": local[:0], "hic": hic, "micro": micro, "hic+shuffled1": shuffled,
    }.items():  # fmt: skip
        x = np.concatenate([local, block]).T
        gram = x[~test].T @ x[~test] + 30 * np.eye(x.shape[1])
        predicted = x @ np.linalg.solve(gram, x[~test].T @ expression[~test])
        fits.append(Fit(feature_set, "linear", predicted[None, None, test]))
    held_out = table[test].reset_index(drop=True)
    return HeldOut(held_out, ["liver"], expression[None, test], fits, {})


def spearman(held: HeldOut, feature_set: str, tissue: int) -> float:
    """Spearman's rho of a feature set's mean over seeds."""
    fit = next(fit for fit in held.fits if fit.feature_set == feature_set)
    return float(spearmanr(fit.predicted.mean(axis=0)[tissue], held.observed[tissue]).statistic)


def map_comparison_of(
    held: HeldOut,
    maps: tuple[str, ...],
    matched: Mapping[str, str] | None = None,
    draws: int = 300,
    block: int = 100_000,
) -> MapComparison:
    """The map comparison of a run."""
    blocks = LocusBlocks.of(held.genes, block, draws, 1)
    masks = {"all": subsets(held, 0.0)["all"]}
    return compare(score(held, blocks, masks, 1), maps, matched or {}, 1)
