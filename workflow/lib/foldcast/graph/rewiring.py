"""Rewired graphs: as many pairs as a map gives, but not the ones that it gives.

What a graph adds to a forecast is the difference to a graph that is like it in all but whom it
joins: the same chromosomes, distances, degrees and weights.
"""

import numpy as np
import pandas as pd

RING = 1_000.0  # bp: shorter distances are one class
CLASSES_PER_OCTAVE = 2
DECADES = (0.0, 1e4, 1e5, 1e6, 1e7, np.inf)  # bp; distances in which pairs are counted
MATCHED, DISTANCE, IDENTITY = "matched", "distance", "identity"
SWEEPS = 20
FEW = 1e-3  # degree that a gene without a pair in a class counts for there


def rewire(table: pd.DataFrame, loci: pd.DataFrame, how: str, seed: int) -> pd.DataFrame:
    """The table with other genes in Gene1 and Gene2; all other columns stay with their row.

    - ``matched``: each pair becomes another pair of the same chromosome and distance class, at
      random, among the genes that have pairs, which keep their degrees as nearly as that allows.
      A pair stays itself only where a class has too few others.
    - ``distance``: the nearest pairs of each chromosome, as many as it had; the n-th nearest
      gets the row that was the n-th nearest.
    - ``identity``: no pairs.

    A pair that several maps have becomes the same new pair in all. Pairs on two chromosomes, or
    with a gene that has no locus, have no distance and stay as they are.

    Args:
        table: in the layout of ``interactions.csv``.
        loci: gene, chrom, tss; empty where a gene has no locus.
        how: as above.
        seed: of the random choices; the same seed gives the same pairs.
    """
    if how == IDENTITY:
        return table.iloc[:0]
    placed = loci.dropna(subset=["chrom", "tss"]).sort_values(["chrom", "tss", "gene"])
    ends = [pd.Index(placed["gene"]).get_indexer(table[side]) for side in ("Gene1", "Gene2")]
    chrom = placed["chrom"].to_numpy(object)
    low, high = np.minimum(*ends), np.maximum(*ends)
    movable = low >= 0
    movable[movable] = chrom[low[movable]] == chrom[high[movable]]
    result = table.copy()
    genes, tss = placed["gene"].to_numpy(object), placed["tss"].to_numpy(float)
    for number, name in enumerate(dict.fromkeys(chrom)):
        here = np.flatnonzero(chrom == name)
        rows = np.flatnonzero(movable & np.isin(low, here))
        if not len(rows):
            continue
        pairs = np.stack([low[rows], high[rows]], axis=1) - here[0]
        old, row_of = np.unique(pairs, axis=0, return_inverse=True)
        position = tss[here]
        if how == DISTANCE:
            new = _nearest(position, old)
        else:
            tied, old = np.unique(old, return_inverse=True)
            rng = np.random.default_rng([seed, number])
            new = tied[_matched(position[tied], old.reshape(-1, 2), rng)]
        names = genes[here[new[row_of.ravel()]]]
        for side, column in enumerate(("Gene1", "Gene2")):
            result.iloc[rows, result.columns.get_loc(column)] = names[:, side]
    return result


def pairs_by_distance(table: pd.DataFrame, loci: pd.DataFrame, of: pd.DataFrame) -> pd.DataFrame:
    """How many pairs of genes there are at which distance.

    Args:
        table: in the layout of ``interactions.csv``.
        loci: gene, chrom, tss.
        of: the table that ``table`` was rewired from, or itself.

    Returns:
        from, to (bp between the TSS; the last row, without them, is of pairs on two chromosomes or
        without a locus), pairs, shared (those that ``of`` has too).
    """
    pairs = table[["Gene1", "Gene2"]].drop_duplicates()
    one, two = (loci.set_index("gene").loc[pairs[side]] for side in pairs)
    apart = np.abs(one["tss"].to_numpy(float) - two["tss"].to_numpy(float))
    apart[one["chrom"].to_numpy(object) != two["chrom"].to_numpy(object)] = np.nan
    kind = np.where(np.isnan(apart), len(DECADES) - 1, np.searchsorted(DECADES, apart, "right") - 1)
    there = distinct_pairs(of)
    shared = [frozenset(pair) in there for pair in pairs.itertuples(index=False, name=None)]
    return pd.DataFrame(
        {
            "from": [*DECADES[:-1], np.nan],
            "to": [*DECADES[1:], np.nan],
            "pairs": np.bincount(kind, minlength=len(DECADES)),
            "shared": np.bincount(kind[shared], minlength=len(DECADES)),
        }
    )


def distinct_pairs(table: pd.DataFrame) -> set[frozenset]:
    return {frozenset(pair) for pair in zip(table["Gene1"], table["Gene2"], strict=True)}


def distance_class(distance: np.ndarray) -> np.ndarray:
    """Class of each distance (bp): half octaves from 1 kb on."""
    return np.floor(CLASSES_PER_OCTAVE * np.log2(np.maximum(distance, RING) / RING)).astype(int)


def _nearest(position: np.ndarray, old: np.ndarray) -> np.ndarray:
    """As many of the nearest pairs as ``old`` has, by rank of distance."""
    i, j = np.triu_indices(len(position), k=1)
    nearest = np.argsort(position[j] - position[i], kind="stable")[: len(old)]
    rank = np.argsort(position[old[:, 1]] - position[old[:, 0]], kind="stable")
    new = np.empty_like(old)
    new[rank] = np.stack([i, j], axis=1)[nearest]
    return new


def _matched(position: np.ndarray, old: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another pair of the same distance class for each of ``old`` [pairs, 2], i < j.

    Each class draws its pairs without replacement, in proportion to the product of the genes'
    degrees in it (a Gumbel top-k draw); then pairs move from genes that got too many to genes
    that got too few.
    """
    n = len(position)
    i, j = np.triu_indices(n, k=1)
    classes = distance_class(position[j] - position[i])
    was = np.zeros(n * n, dtype=bool)
    was[old[:, 0] * n + old[:, 1]] = True
    known = was[i * n + j]
    noise = rng.gumbel(size=len(i))
    by_class = np.argsort(classes, kind="stable")
    old_class = distance_class(position[old[:, 1]] - position[old[:, 0]])
    new = np.empty_like(old)
    for each in np.unique(old_class):
        mine = np.flatnonzero(old_class == each)
        begin, end = np.searchsorted(classes[by_class], [each, each + 1])
        candidates = by_class[begin:end]
        degree = np.bincount(old[mine].ravel(), minlength=n) + FEW
        key = np.log(degree[i[candidates]] * degree[j[candidates]]) + noise[candidates]
        # What was a pair before comes last: only where nothing else is left.
        order = np.lexsort((-key, known[candidates]))[: len(mine)]
        chosen = candidates[order]
        new[rng.permutation(mine)] = np.stack([i[chosen], j[chosen]], axis=1)
    return _even_out(position, old, new, was, rng)


def _even_out(
    position: np.ndarray,
    old: np.ndarray,
    new: np.ndarray,
    was: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Move ends of new pairs from genes with too many to genes with too few, within the class."""
    n = len(position)
    missing = np.bincount(old.ravel(), minlength=n) - np.bincount(new.ravel(), minlength=n)
    taken = was.copy()
    taken[new[:, 0] * n + new[:, 1]] = True
    for _ in range(SWEEPS):
        moved = False
        for edge in rng.permutation(np.flatnonzero((missing[new] < 0).any(axis=1))):
            side = int(missing[new[edge, 1]] < missing[new[edge, 0]])
            leaving, staying = new[edge, side], new[edge, 1 - side]
            # From a gene with more than it should have to one with, in the end, still fewer.
            poorer = np.flatnonzero(missing > missing[leaving] + 1)
            away = np.abs(position[poorer] - position[staying])
            distance = np.abs(position[leaving] - position[staying])
            code = np.minimum(poorer, staying) * n + np.maximum(poorer, staying)
            free = (distance_class(away) == distance_class(distance)) & ~taken[code]
            poorer = poorer[free & (poorer != staying)]
            if not len(poorer):
                continue
            arriving = poorer[np.argmax(missing[poorer])]
            before = new[edge, 0] * n + new[edge, 1]
            new[edge] = min(arriving, staying), max(arriving, staying)
            taken[before] = was[before]
            taken[new[edge, 0] * n + new[edge, 1]] = True
            missing[leaving] += 1
            missing[arriving] -= 1
            moved = True
        if not moved:
            break
    return new
