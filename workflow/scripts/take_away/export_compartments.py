"""The compartment score as bigWig: above 0 A, below B."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.resources.chromosomes import read_sizes
from foldcast.take_away.bigwig import write_bigwig


def main(snakemake) -> None:
    rows = read_table(snakemake.input.compartments, dtype={"chrom": str})
    track = rows[["chrom", "start", "end"]].assign(value=rows["score"].astype(float))
    write_bigwig(snakemake.output.track, track, read_sizes(snakemake.input.sizes))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
