"""Motifs that the simulated genome's expression depends on: where they are, and their planting."""

import numpy as np
import pandas as pd

from foldcast.demo.simulated_folding import BED

# Half of their bases are G or C; none is like another, shifted or on the other strand.
MOTIFS = {
    "promoter1": "TGACGCAACGAT",
    "promoter2": "CCGGAAGTGTAA",
    "promoter3": "GATTGGCTACAC",
    "enhancer": "TGTTTACCGCAG",
    "silencer": "CACCTGAGATCT",
    "decoy": "AGGTCAAACTGC",
}
PROMOTER = ("promoter1", "promoter2", "promoter3")
DISTAL = {"enhancer": 0.4, "silencer": 0.4, "decoy": 0.2}  # shares of the distal places
PER_GENE = 1.0  # mean number of each promoter motif around a TSS
SPREAD, FARTHEST = 2_000, 10_000  # bp; distances from the TSS are exponential, and no longer
PLACE = 10_000  # width of a distal place (bp)
PLACES = 0.3  # share of the genome that they are
SITES = (3, 6)  # motifs of a place, least and most
CLEAR = 1_000  # bp between a distal place and any TSS
STRANDS = "+-"
COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")


def draw_places(
    chromosomes: pd.Series, tss: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Places with distal motifs: whole bins of 10 kb without a TSS.

    Args:
        chromosomes: name → length (bp).
        tss: chrom, tss of the genes that are already there.

    Returns:
        chrom, start, end, motif; along the genome. Fewer than asked for where genes are dense.
    """
    bins = []
    for chrom, length in chromosomes.items():
        own = tss.loc[tss["chrom"] == chrom, "tss"].to_numpy()
        start = np.arange(0, length - PLACE + 1, PLACE)
        near = (own >= start[:, None] - CLEAR) & (own < start[:, None] + PLACE + CLEAR)
        bins.append(pd.DataFrame({"chrom": chrom, "start": start[~near.any(axis=1)]}))
    free = pd.concat(bins, ignore_index=True)
    count = min(len(free), round(PLACES * chromosomes.sum() / PLACE))
    places = free.loc[np.sort(rng.choice(len(free), count, replace=False))]
    return places.assign(
        end=places["start"] + PLACE,
        motif=rng.choice(list(DISTAL), count, p=list(DISTAL.values())),
    ).reset_index(drop=True)


def draw_motifs(
    genes: pd.DataFrame, places: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Promoter motifs and decoys around each TSS, distal motifs in their places.

    Args:
        genes: chrom, tss of all genes.
        places: of `draw_places`.

    Returns:
        BED6 (chrom, start, end, name, score 0, strand), sorted, no two overlapping.
    """
    rows: list[tuple[str, int, str]] = []
    for gene in genes.itertuples():
        for name in (*PROMOTER, "decoy"):
            for distance in rng.exponential(SPREAD, rng.poisson(PER_GENE)):
                side = int(rng.choice((-1, 1)))
                rows.append((gene.chrom, gene.tss + side * int(min(distance, FARTHEST)), name))
    for place in places.itertuples():
        count = int(rng.integers(SITES[0], SITES[1] + 1))
        # Far enough apart for each to have windows of its own.
        for slot in rng.choice(PLACE // 1000, count, replace=False):
            start = place.start + 1000 * slot + int(rng.integers(300, 700))
            rows.append((place.chrom, start, place.motif))
    table = pd.DataFrame(rows, columns=["chrom", "start", "name"])
    table["end"] = table["start"] + table["name"].map(MOTIFS).str.len()
    table["score"] = 0
    table["strand"] = rng.choice(list(STRANDS), len(table))
    order = pd.Categorical(table["chrom"], genes["chrom"].unique())
    table = table.assign(order=order).sort_values(["order", "start"], kind="stable")
    kept = _apart(table["chrom"].to_numpy(), table["start"].to_numpy(), table["end"].to_numpy())
    return table.loc[kept, [*BED, "name", "score", "strand"]].reset_index(drop=True)


def _apart(chrom: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Which of sorted intervals to keep, so that each begins after the one before has ended."""
    kept, last = np.zeros(len(start), dtype=bool), ("", 0)
    for k in range(len(start)):
        if chrom[k] != last[0] or start[k] >= last[1]:
            kept[k], last = True, (chrom[k], end[k])
    return kept


def plant(sequence: bytes, motifs: pd.DataFrame) -> bytes:
    """A chromosome's sequence with its motifs (start, name, strand) written over it."""
    letters = bytearray(sequence)
    for row in motifs.itertuples():
        word = MOTIFS[row.name].encode()
        if row.strand == "-":
            word = word.translate(COMPLEMENT)[::-1]
        letters[row.start : row.start + len(word)] = word
    return bytes(letters)
