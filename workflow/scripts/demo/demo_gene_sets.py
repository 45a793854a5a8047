"""Gene sets of the demo: some that are true of the simulation, and as many again that are not."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foldcast.files import atomic, read_table
from foldcast.job import log, run

SHARE = 1 / 9  # of the genes in a planted set
FEWEST = 5
RANDOM = 20
SIZES = (6, 25)  # of a random set


def main(snakemake) -> None:
    time_course = read_table(snakemake.input.time_course).set_index("gene")
    genes, parts = read_table(snakemake.input.genes), read_table(snakemake.input.tissues)
    rng = np.random.default_rng([snakemake.params.seed, 11])
    sets = list(draw_sets(time_course, genes, parts, rng))
    with atomic(snakemake.output.sets) as path:
        path.write_text("".join("\t".join([name, said, *of]) + "\n" for name, said, of in sets))
    log.info("%d gene sets", len(sets))


def draw_sets(
    time_course: pd.DataFrame, genes: pd.DataFrame, parts: pd.DataFrame, rng: np.random.Generator
) -> Iterator[tuple[str, str, list[str]]]:
    """Name, description and genes of each set.

    A level reverts to the gene's own mean, so genes far below theirs at the last time will rise.
    Genes whose expression says much of what touches them gain most from a map that shows it.

    Args:
        time_course: noise-free log2 levels, gene × time.
        genes: gene_id, symbol, chrom, compartment of all genes, those without a time course too.
        parts: gene (id), tissue, distal: what touches a gene says of its expression.
        rng: of the random sets.
    """
    deviation = (time_course.iloc[:, -1] - time_course.mean(axis=1)).sort_values(kind="stable")
    size = max(FEWEST, round(SHARE * len(deviation)))
    yield "DEMO_BELOW_OWN_LEVEL_AT_THE_END", "will rise", sorted(deviation.index[:size])
    yield "DEMO_ABOVE_OWN_LEVEL_AT_THE_END", "will fall", sorted(deviation.index[-size:])
    symbol = genes.set_index("gene_id")["symbol"]
    for tissue, of in parts.groupby("tissue"):
        strongest = of.set_index("gene")["distal"].abs().sort_values(kind="stable")
        chosen = symbol[strongest.index[-round(SHARE * len(strongest)) :]]
        yield f"DEMO_DISTAL_{tissue}".upper(), f"told from afar in {tissue}", sorted(chosen)
    for column in ("compartment", "chrom"):
        for value, of in genes.groupby(column)["symbol"]:
            yield f"DEMO_{column}_{value}".upper(), f"{column} {value}", of.tolist()
    for number in range(1, RANDOM + 1):
        size = int(rng.integers(SIZES[0], SIZES[1] + 1))
        chosen = rng.choice(
            time_course.index.to_numpy(), min(size, len(time_course)), replace=False
        )
        yield f"DEMO_RANDOM_{number:02d}", "drawn by chance", sorted(chosen)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
