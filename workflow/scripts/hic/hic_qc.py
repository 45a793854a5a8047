"""Quality of a contact map and of its features."""

import cooler
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.hic.map_qc import qc, summary
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write the metrics and say them in one line."""
    inputs, names = snakemake.input, {"chrom": str, "arm": str}
    domains = pd.read_csv(inputs.tads, sep="\t", names=["chrom", "start", "end"], dtype=names)
    metrics = qc(
        cooler.Cooler(inputs.map),
        read_table(inputs.depth),
        read_table(inputs.expected),
        read_table(inputs.insulation, dtype=names),
        read_table(inputs.boundaries, dtype=names),
        domains,
        read_table(inputs.compartments, dtype=names),
        read_table(inputs.choice, dtype=names),
        read_table(inputs.saddle),
    )
    write_table(metrics, snakemake.output.qc)
    log.info("%s", summary(metrics))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
