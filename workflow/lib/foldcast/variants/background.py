"""Random variants that effects are held against: of the run, as far from a TSS, or in contact.

An effect says little by itself: near a TSS most changes have one. So variants are drawn at random
places as far from the TSS of random genes of the run, in bins of distance, and others in places
that touch random genes, and scored as the user's are.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from foldcast.spex.contacts.distal_features import Plan
from foldcast.spex.features.dna_codes import LETTERS, Genome

EDGES = (0, 500, 2000, 5000, 10_000, 20_000)  # bp from the TSS; each begins a bin but the last
CONTACT = "contact"
LEAST = 30  # effects of a bin from which on there is a z
TRIES = 100  # per variant: places off the chromosome and unknown bases are drawn again
KEYS = ["feature_set", "model", "tissue", "bin"]
COLUMNS = ["bin", "n_background", "background_mean", "background_sd", "z", "background_share"]


def bin_of(distance: pd.Series, where: pd.Series) -> pd.Series:
    """The bin of pairs of variant and gene: of distance, or in contact alone."""
    names = np.array([f"{a}-{b}" for a, b in zip(EDGES, EDGES[1:], strict=False)])
    at = np.searchsorted(EDGES, distance.abs().to_numpy(), side="right") - 1
    local = pd.Series(names[np.minimum(at, len(names) - 1)], index=distance.index)
    return local.where(where.ne(CONTACT), CONTACT)


def draw(
    genes: pd.DataFrame,
    plans: Mapping[str, Plan],
    genome: Genome,
    per_bin: int,
    seed: int,
) -> pd.DataFrame:
    """Single bases changed to another, at random.

    Args:
        genes: of the run: chrom, tss (0-based).
        plans: the places that touch genes by chromosome; none where the run has no maps.
        genome: that is read.
        per_bin: so many in each bin of distance, and so many in places of contact.
        seed: of the draws.

    Returns:
        chrom, position (0-based), ref, alt; along the genome.
    """
    rng = np.random.default_rng(seed)
    rows = set()
    for places in [*_near(genes, rng), *([_in_contact(plans, rng)] if plans else [])]:
        found: set[tuple] = set()
        for _ in range(TRIES * per_bin):
            if len(found) == per_bin:
                break
            chrom, position = next(places)
            if not 0 <= position < genome.length(chrom):
                continue
            code = int(genome.fetch(chrom, position, position + 1)[0])
            if code < len(LETTERS):
                alt = LETTERS[(code + int(rng.integers(1, len(LETTERS)))) % len(LETTERS)]
                found.add((chrom, position, LETTERS[code], alt))
        rows |= found
    return pd.DataFrame(sorted(rows), columns=["chrom", "position", "ref", "alt"])


def _near(genes: pd.DataFrame, rng: np.random.Generator) -> Iterator[Iterator[tuple[str, int]]]:
    """Places in each bin of distance from random genes."""

    def places(low: int, high: int) -> Iterator[tuple[str, int]]:
        while True:
            gene = genes.iloc[int(rng.integers(len(genes)))]
            away = int(rng.integers(low, high)) * int(rng.choice([-1, 1]))
            yield str(gene["chrom"]), int(gene["tss"]) + away

    for low, high in zip(EDGES, EDGES[1:], strict=False):
        yield places(low, high)


def _in_contact(plans: Mapping[str, Plan], rng: np.random.Generator) -> Iterator[tuple[str, int]]:
    """Places that touch genes, each as often as it touches one."""
    starts = {
        chrom: np.concatenate(
            [plan.places[each.weights.tocoo().col] for each in plan.feature_sets.values()]
        )
        for chrom, plan in plans.items()
    }
    starts = {chrom: each for chrom, each in starts.items() if len(each)}
    chroms, sizes = list(starts), np.array([len(each) for each in starts.values()], float)
    while chroms:
        chrom = chroms[int(rng.choice(len(chroms), p=sizes / sizes.sum()))]
        start = int(rng.choice(starts[chrom]))
        yield chrom, start + int(rng.integers(plans[chrom].grid.resolution))
    while True:
        yield next(iter(plans)), -1  # nothing touches any gene


def standardise(effects: pd.DataFrame, background: pd.DataFrame) -> pd.DataFrame:
    """Effects with `COLUMNS` behind them: each against the background in its own bin.

    z: effect less the background's mean, over its standard deviation; empty with fewer than
    `LEAST` effects or no spread. background_share: (1 + those that are as large or larger) /
    (1 + all of them), by size.

    Args:
        effects, background: ``variants.tsv``, ``background.tsv``.
    """
    effects, background = (
        each.assign(bin=bin_of(each["distance"], each["where"])) for each in (effects, background)
    )
    of = background.groupby(KEYS)["effect"]
    summary = pd.DataFrame(
        {"n_background": of.size(), "background_mean": of.mean(), "background_sd": of.std()}
    )
    table = effects.merge(summary.reset_index(), on=KEYS, how="left")
    table["n_background"] = table["n_background"].fillna(0).astype(int)
    enough = table["n_background"].ge(LEAST) & table["background_sd"].gt(0)
    z = (table["effect"] - table["background_mean"]) / table["background_sd"]
    table["z"] = z.where(enough)
    table["background_share"] = np.nan
    sizes = {key: np.sort(each.abs().to_numpy()) for key, each in of}
    for key, rows in table.groupby(KEYS).groups.items():
        if key in sizes:
            own = table.loc[rows, "effect"].abs().to_numpy()
            larger = len(sizes[key]) - np.searchsorted(sizes[key], own, side="left")
            table.loc[rows, "background_share"] = (1 + larger) / (1 + len(sizes[key]))
    return table[[*effects.columns.drop("bin"), *COLUMNS]]
