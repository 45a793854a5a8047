"""Effects of a region's bases as bigWig: their mean size, and their sum with its sign."""

import pandas as pd

from foldcast.job import run
from foldcast.resources.chromosomes import read_sizes
from foldcast.take_away.bigwig import write_bigwig
from foldcast.variants.mutated_bases import by_position, mean_size, read_first, summed


def main(snakemake) -> None:
    table, sizes = read_first(snakemake.input.effects), read_sizes(snakemake.input.sizes)
    for path, of in ((snakemake.output.size, mean_size), (snakemake.output.sum, summed)):
        write_bigwig(path, track(table, of(table)), sizes)


def track(table: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """chrom, start, end, value: of each base the mean over the tissues."""
    mean = by_position(table, values).mean(axis=1)
    start = mean.index.to_numpy() - 1
    return pd.DataFrame(
        {
            "chrom": table["chrom"].iloc[0],
            "start": start,
            "end": start + 1,
            "value": mean.to_numpy(),
        }
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
