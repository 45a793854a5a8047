"""Middles of the centromeres, which part the arms of chromosomes."""

import pandas as pd

from foldcast.files import write_table
from foldcast.hic.chromosome_arms import known_centromeres, read_centromeres, said
from foldcast.job import run


def main(snakemake) -> None:
    """Write chrom, middle (bp); without rows where no centromere is known."""
    columns = ["chrom", "length"]
    table = pd.read_csv(snakemake.input.sizes, sep="\t", names=columns, dtype={"chrom": str})
    sizes, assembly = table.set_index("chrom")["length"], snakemake.params.assembly
    if given := snakemake.input.get("centromeres"):
        middles = read_centromeres(given, sizes)
    else:
        middles = known_centromeres(assembly, sizes)
    said(middles, assembly)
    write_table(middles.reset_index(), snakemake.output.middles)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
