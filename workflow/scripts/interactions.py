"""Pairs of genes in contact with the features of their loci, in the published layout."""

import cooler
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.graph.interactions import interactions
from foldcast.job import log, run

NAMES = {"gene": str, "chrom": str, "region1": str, "region2": str}


def main(snakemake):
    def table(name: str) -> pd.DataFrame:
        return read_table(snakemake.input[name], dtype=NAMES)

    params = snakemake.params
    pairs = interactions(
        table("loci"),
        table("course"),
        cooler.Cooler(snakemake.input.map),
        table("expected"),
        table("insulation"),
        table("boundaries"),
        table("compartments"),
        contact=params.contact,
        max_distance=params.max_distance,
        window=params.window,
        compartment_resolution=params.compartment_resolution,
    )
    genes = pd.concat([pairs["Gene1"], pairs["Gene2"]]).nunique()
    log.info("%d pairs in contact among %d genes", len(pairs), genes)
    write_table(pairs, snakemake.output.interactions, sep=",")


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
