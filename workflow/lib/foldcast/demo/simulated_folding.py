"""How often two loci of the simulated genome meet: the expectation that contacts are drawn from."""

from pathlib import Path

import numpy as np
import pandas as pd

BED = ["chrom", "start", "end"]
BEDPE = ["chrom1", "start1", "end1", "chrom2", "start2", "end2"]

DECAY = -1.0  # exponent of contact against distance
NEAREST = 2_000  # bp; the power law is flat below
SAME_TAD = 2.5
COMPARTMENTS = {True: 1.6, False: 0.6}  # same, different
LOOP = 5.0  # added at the middle of a loop's dot
DOT = 10_000  # standard deviation of a dot (bp)


class Chromosome:
    """The folding of one chromosome, from its planted domains and loops.

    Args:
        compartments, boundaries, loops: the tables of
            `foldcast.demo.simulated_genome.draw_domains`; rows of other chromosomes are left out.
    """

    def __init__(
        self, chrom: str, compartments: pd.DataFrame, boundaries: pd.DataFrame, loops: pd.DataFrame
    ) -> None:
        domains = compartments[compartments["chrom"] == chrom]
        loops = loops[loops["chrom1"] == chrom]
        self.chrom = chrom
        self.length = int(domains["end"].max())
        self._starts = domains["start"].to_numpy()
        self._is_a = (domains["compartment"] == "A").to_numpy()
        self._boundaries = boundaries.loc[boundaries["chrom"] == chrom, "start"].to_numpy()
        self._left = (loops["start1"] + loops["end1"]).to_numpy() / 2
        self._right = (loops["start2"] + loops["end2"]).to_numpy() / 2

    def in_a(self, x: np.ndarray) -> np.ndarray:
        """Whether positions (bp) lie in compartment A."""
        return self._is_a[np.searchsorted(self._starts, x, side="right") - 1]

    def enrichment(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Contact of positions ``x`` ≤ ``y`` (bp, broadcast) relative to the distance decay."""
        tads = [np.searchsorted(self._boundaries, p, side="right") for p in (x, y)]
        dots = np.einsum("...l,...l->...", _bump(x, self._left), _bump(y, self._right))
        return (
            np.where(tads[0] == tads[1], SAME_TAD, 1.0)
            * np.where(self.in_a(x) == self.in_a(y), COMPARTMENTS[True], COMPARTMENTS[False])
            * (1.0 + LOOP * dots)
        )

    def intensity(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Expected contact of positions ``x`` ≤ ``y`` (bp, broadcast), in arbitrary units."""
        return decay(y - x) * self.enrichment(x, y)

    def observed_over_expected(self, x: np.ndarray, y: np.ndarray, step: int) -> np.ndarray:
        """`enrichment` over its mean at that distance, as a map of bin size ``step`` shows it."""
        grid = np.arange(step / 2, self.length, step)
        first, second = np.triu_indices(len(grid))
        distance = second - first
        total = np.bincount(distance, self.enrichment(grid[first], grid[second]))
        mean = total / np.bincount(distance)
        return self.enrichment(x, y) / mean[(y // step - x // step).astype(int)]


def read_folding(compartments: Path, boundaries: Path, loops: Path) -> list[Chromosome]:
    """The chromosomes of a planted truth, in its order (two BED files and a BEDPE, no headers)."""
    tables = [
        pd.read_csv(path, sep="\t", names=names)
        for path, names in (
            (compartments, [*BED, "compartment"]),
            (boundaries, BED),
            (loops, BEDPE),
        )
    ]
    return [Chromosome(chrom, *tables) for chrom in tables[0]["chrom"].unique()]


def decay(distance: np.ndarray) -> np.ndarray:
    """Contact against distance (bp): a power law of exponent −1, capped; 1 at 2 kb."""
    return (np.maximum(distance, NEAREST) / NEAREST) ** DECAY


def _bump(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * ((np.asarray(x)[..., None] - centres) / DOT) ** 2)
