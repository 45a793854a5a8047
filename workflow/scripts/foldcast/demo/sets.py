"""Gene sets of the demo: some that are true of the simulation, and as many again that are not."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

SHARE = 1 / 9  # of the genes in a planted set
FEWEST = 5
RANDOM = 20
SIZES = (6, 25)  # of a random set


def draw_sets(
    course: pd.DataFrame, genes: pd.DataFrame, rng: np.random.Generator
) -> Iterator[tuple[str, str, list[str]]]:
    """Name, description and genes of each set.

    A level reverts to the gene's own mean, so genes far below theirs at the last time will rise.

    Args:
        course: noise-free log2 levels, gene × time.
        genes: symbol, chrom, compartment.
        rng: of the random sets.
    """
    deviation = (course.iloc[:, -1] - course.mean(axis=1)).sort_values(kind="stable")
    size = max(FEWEST, round(SHARE * len(deviation)))
    yield "DEMO_BELOW_OWN_LEVEL_AT_THE_END", "will rise", sorted(deviation.index[:size])
    yield "DEMO_ABOVE_OWN_LEVEL_AT_THE_END", "will fall", sorted(deviation.index[-size:])
    for column in ("compartment", "chrom"):
        for value, of in genes.groupby(column)["symbol"]:
            yield f"DEMO_{column}_{value}".upper(), f"{column} {value}", of.tolist()
    for number in range(1, RANDOM + 1):
        size = int(rng.integers(SIZES[0], SIZES[1] + 1))
        chosen = rng.choice(course.index.to_numpy(), min(size, len(course)), replace=False)
        yield f"DEMO_RANDOM_{number:02d}", "drawn by chance", sorted(chosen)
