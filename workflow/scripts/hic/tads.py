"""TADs: intervals between successive boundaries."""

from foldcast.files import atomic, read_table
from foldcast.hic.insulation import tads
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write a BED file, without a header; it is empty where there are no boundaries."""
    scores = read_table(snakemake.input.insulation, dtype={"chrom": str})
    borders = read_table(snakemake.input.boundaries, dtype={"chrom": str})
    # A run of bad bins as long as the diamond blinds it.
    gap = int(borders["window"].iloc[0]) if len(borders) else 0
    table = tads(scores, borders, max_gap=gap)
    log.info("%d TADs from %d boundaries", len(table), len(borders))
    with atomic(snakemake.output.tads) as temporary:
        table.to_csv(temporary, sep="\t", index=False, header=False)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
