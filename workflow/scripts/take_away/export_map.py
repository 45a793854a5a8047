"""Insulation scores as bigWig, boundaries and TADs as BED."""

import pandas as pd

from foldcast.files import read_table
from foldcast.job import log, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.take_away.bigwig import write_bigwig
from foldcast.take_away.genome_files import write_bed


def main(snakemake) -> None:
    text = {"chrom": str}
    insulation = read_table(snakemake.input.insulation, dtype=text)
    sizes = read_sizes(snakemake.input.sizes)
    size = int(snakemake.wildcards.resolution)
    for path, window in zip(snakemake.output.insulation, snakemake.params.windows, strict=True):
        column = f"log2_insulation_score_{window * size}"
        if column not in insulation:  # bins too coarse for a score
            log.info("no insulation score at %d bp: %s is empty", size, path)
        values = insulation.reindex(columns=["chrom", "start", "end", column])
        write_bigwig(path, values.rename(columns={column: "value"}), sizes)
    write_bed(snakemake.output.boundaries, boundaries(snakemake.input.boundaries))
    tads = pd.read_csv(snakemake.input.tads, sep="\t", names=["chrom", "start", "end"], dtype=text)
    names = [f"TAD_{k}" for k in range(1, len(tads) + 1)]
    write_bed(snakemake.output.tads, tads.assign(name=names))


def boundaries(path: str) -> pd.DataFrame:
    """chrom, start, end, name, score: a thousand times the strength over the largest."""
    rows = read_table(path, dtype={"chrom": str})
    strength = rows["boundary_strength"].astype(float)
    score = (1000 * strength / strength.max()).fillna(0).round().astype(int)
    names = [f"boundary_{k}_strength_{value:.2f}" for k, value in enumerate(strength, 1)]
    return rows[["chrom", "start", "end"]].assign(name=names, score=score)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
