"""Bring a contact map to the genome's chromosome names, with balancing weights."""

import pandas as pd

from foldcast.hic.maps import import_map
from foldcast.hic.weights import Balance
from foldcast.job import run


def main(snakemake) -> None:
    """Import one resolution of one map."""
    params = snakemake.params
    columns = ["chrom", "length"]
    table = pd.read_csv(snakemake.input.sizes, sep="\t", names=columns, dtype={"chrom": str})
    import_map(
        snakemake.input.map,
        int(params.resolution),
        table.set_index("chrom")["length"],
        snakemake.output.map,
        Balance(**params.balance),
        threads=snakemake.threads,
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
