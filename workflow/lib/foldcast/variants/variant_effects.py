"""Effects of variants on the predicted expression of the genes that read them.

Linear models, as published for ExPecto: the difference of Beluga's outputs in nine windows around
the variant, weighted by their distance from the TSS, through the model's coefficients. Trees are
not linear, so their features are recomputed: the outputs of those of the gene's own windows that
have the variant in them change, and effect = f(alternative) − f(reference). In a place that touches
the gene both are exact, since the 3D block is a sum of outputs.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from foldcast.spex.contacts.distal_features import SIDES
from foldcast.spex.features.local_features import DECAYS, KERNELS, REACH, kernels
from foldcast.spex.features.window_sharing import STEP
from foldcast.spex.models.linear import Linear
from foldcast.spex.models.saved_models import load_fits
from foldcast.variants.alleles import Windows
from foldcast.variants.nearby_genes import Pair

LINEAR, TREES = "linear", "trees"
COLUMNS = [
    *("variant", "id", "gene", "symbol", "tissue", "feature_set", "model"),
    *("distance", "where", "effect", "spread", "fits"),
]


def published_weights(distances: np.ndarray, *, beyond: bool = False) -> np.ndarray:
    """Weights [10, n] of windows by their distance (bp) from the TSS along its strand.

    As those of the features, with the distance in whole steps of 200 bp; none beyond ±20 kb, where
    a gene has no windows.

    Args:
        beyond: those too, as ExPecto's own script has it.
    """
    curves = np.exp(-np.outer(DECAYS, np.abs(distances) // STEP))
    if not beyond:
        curves *= in_reach(distances)
    return np.concatenate([curves * (distances <= 0), curves * (distances >= 0)])


def in_reach(distances: np.ndarray) -> np.ndarray:
    """Which windows, by their distance from the TSS along its strand, are among a gene's own."""
    return (distances >= -REACH) & (distances < REACH)


@dataclass
class Batch:
    """Pairs of variants and genes of one chromosome, and how each gene's features differ.

    outputs: of Beluga; maps: whose blocks there are; models: `linear`, `trees` or both. Without
    `linear`, linear models are given the recomputed features too, as trees are.
    variants: row of each pair's variant. Of the features, one [width] float32 per pair: `published`
    and `exact` are the local ones for linear models and for trees, `blocks` those of each map.
    """

    outputs: int
    maps: Sequence[str]
    models: Collection[str]
    variants: list[int] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    published: list[np.ndarray] = field(default_factory=list)
    exact: list[np.ndarray] = field(default_factory=list)
    blocks: list[np.ndarray] = field(default_factory=list)

    def around(self, pair: Pair) -> list[Windows]:
        """The windows around the variant that `add` needs; as published, of both strands."""
        return [pair.local.around] if pair.local and LINEAR in self.models else []

    def under(self, pair: Pair) -> list[Windows]:
        """The gene's and its places' windows that `add` needs, read as the features were."""
        local = []
        if pair.local and (TREES in self.models or pair.local.sums):
            local = [pair.local.windows]
        return [*local, *(touch.windows for touch in pair.touches)]

    def add(
        self,
        variant: int,
        pair: Pair,
        around: Mapping[Windows, np.ndarray],
        under: Mapping[Windows, np.ndarray],
    ) -> None:
        """A pair, by the outputs (alternative − reference) of its windows."""
        published, exact = np.zeros((2, KERNELS, self.outputs), np.float32)
        blocks = np.zeros((len(self.maps), SIDES, self.outputs), np.float32)
        if pair.local:
            if LINEAR in self.models:
                weights = published_weights(pair.local.distances)
                published[:] = weights @ around[pair.local.around]
            if TREES in self.models:
                exact[:] = kernels()[:, pair.local.shifts] @ under[pair.local.windows]
            for name, weight in pair.local.sums.items():
                total = under[pair.local.windows].sum(axis=0)
                blocks[self.maps.index(name)] += weight * total
        for touch in pair.touches:
            total = under[touch.windows].sum(axis=0)
            blocks[self.maps.index(touch.map), touch.row] += touch.weight * total
        self.variants.append(variant)
        self.pairs.append(pair)
        self.published.append(published.ravel())
        self.exact.append(exact.ravel())
        self.blocks.append(blocks.reshape(len(self.maps), SIDES * self.outputs))

    def full(self, memory_mb: int) -> bool:
        """Whether what models are given of the pairs takes as much memory as it may."""
        width = self.outputs * (KERNELS + SIDES * len(self.maps))
        # The differences, and the linear model's own copy of them; or both alleles' features.
        return len(self.pairs) * width * 4 * 5 > memory_mb * 10**6

    def difference(self, rows: np.ndarray, maps: Sequence[str], *, exact: bool) -> np.ndarray:
        """Features of a feature set, alternative − reference, of some pairs: [rows, width]."""
        local = self.exact if exact else self.published
        columns = [self.maps.index(name) for name in maps]
        return np.stack([np.concatenate([local[k], *self.blocks[k][columns]]) for k in rows])


class Features:
    """Features of a chromosome's genes, as they were computed for the models.

    Args:
        local, distal: the files of the chromosome; distal None where the run has no maps.

    Raises:
        ValueError: they are of other genes than ``genes``.
    """

    def __init__(self, local: str | Path, distal: str | Path | None, genes: Sequence[str]) -> None:
        self.paths = [Path(path) for path in (local, distal) if path]
        for path in self.paths:
            with h5py.File(path) as file:
                if list(file["genes"].asstr()[:]) != list(genes):
                    raise ValueError(f"{path} is of other genes")

    def rows(self, genes: np.ndarray, maps: Sequence[str]) -> np.ndarray:
        """[genes, width]: the local block, then that of each map; genes may repeat."""
        unique, back = np.unique(genes, return_inverse=True)
        parts = []
        with h5py.File(self.paths[0]) as file:
            parts.append(file["x"][unique])
        for name in maps:
            with h5py.File(self.paths[1]) as file:
                parts.append(file[f"{name}/x"][unique])
        return np.concatenate(parts, axis=1)[back]


def effects(
    batch: Batch,
    chrom: str,
    features: Features,
    feature_sets: Mapping[str, Sequence[str]],
    fits: Mapping[str, str | Path],
) -> pd.DataFrame:
    """Effects of a batch's pairs by every feature set and model.

    Args:
        feature_sets: the maps of each feature set, in the order of its features; none: local
        features only. fits: folder of the fitted models of each "feature set/model".

    Returns:
        pair (row in the batch), where, tissue, feature set, model, effect (mean over the fits, on
        the scale of the labels), spread (standard deviation over them, missing where there is one),
        fits.
    """
    tables = []
    for name, folder in fits.items():
        feature_set, model = name.split("/")
        where = pd.Series([pair.where(feature_sets[feature_set]) for pair in batch.pairs])
        rows = np.flatnonzero(where != "")
        if len(rows):
            found = _effects_of(batch, rows, chrom, features, feature_sets[feature_set], folder)
            found["where"] = found["pair"].map(where)
            tables.append(found.assign(feature_set=feature_set, model=model))
    return pd.concat(tables, ignore_index=True)


def _effects_of(
    batch: Batch,
    rows: np.ndarray,
    chrom: str,
    features: Features,
    maps: Sequence[str],
    folder: str | Path,
) -> pd.DataFrame:
    difference: np.ndarray | None = None
    alleles: tuple[np.ndarray, np.ndarray] | None = None
    by_tissue: dict[str, list[np.ndarray]] = defaultdict(list)
    for fit in load_fits(folder):
        if not fit.fold.serves(chrom):
            continue
        if isinstance(fit.predictor, Linear):
            if difference is None:
                difference = batch.difference(rows, maps, exact=LINEAR not in batch.models)
            effect = fit.predictor.effect(difference)
        else:
            if alleles is None:
                genes = np.array([batch.pairs[k].gene for k in rows])
                reference = features.rows(genes, maps)
                alleles = reference, reference + batch.difference(rows, maps, exact=True)
            old, new = map(fit.predictor.predict, alleles)
            effect = new - old
        by_tissue[fit.tissue].append(effect)
    parts = []
    for tissue, each in by_tissue.items():
        spread = np.std(each, axis=0, ddof=1) if len(each) > 1 else np.nan
        columns = {"effect": np.mean(each, axis=0), "spread": spread, "fits": len(each)}
        parts.append(pd.DataFrame({"pair": rows, "tissue": tissue, **columns}))
    return pd.concat(parts, ignore_index=True)


def tabulate(
    found: pd.DataFrame, batch: Batch, variants: pd.DataFrame, genes: pd.DataFrame
) -> pd.DataFrame:
    """Effects as rows of ``variants.tsv``, in the order of variants and genes.

    Args:
        found: of `effects`; variants: variant, id, sign by label of ``batch.variants``; genes: of
            the chromosome (gene, symbol).
    """
    of = genes[["gene", "symbol"]].iloc[[pair.gene for pair in batch.pairs]]
    pairs = variants.loc[batch.variants, ["variant", "id", "sign"]].reset_index(drop=True)
    pairs[["gene", "symbol"]] = of.to_numpy()
    pairs["distance"] = [pair.distance for pair in batch.pairs]
    table = found.sort_values("pair", kind="stable").join(pairs, on="pair")
    table["effect"] *= table["sign"]
    return table[COLUMNS]
