"""Quality of a contact map and of its features."""

import cooler
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.hic.qc import qc, summary, weakly_phased
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write the metrics and say them in one line; warn where E1 may be the wrong way round."""
    inputs = snakemake.input
    names = {"chrom": str}
    eigenvectors = read_table(inputs.compartments, dtype=names)
    domains = pd.read_csv(inputs.tads, sep="\t", names=["chrom", "start", "end"], dtype=names)
    metrics = qc(
        cooler.Cooler(inputs.map),
        read_table(inputs.expected),
        read_table(inputs.insulation, dtype=names),
        read_table(inputs.boundaries, dtype=names),
        domains,
        eigenvectors,
    )
    write_table(metrics, snakemake.output.qc)
    log.info("%s", summary(metrics))
    for chrom, r in weakly_phased(eigenvectors).items():
        log.warning("%s: E1 hardly follows its track (r = %.2f): A and B may be swapped", chrom, r)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
