"""Saddle: how much more bins of one compartment touch each other than those of the other."""

import cooler

from foldcast.files import read_table, write_table
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.compartments import EXTENT, saddle, saddle_strength
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write observed/expected by groups of bins."""
    clr, inputs, names = cooler.Cooler(snakemake.input.map), snakemake.input, {"chrom": str}
    middles = read_table(inputs.middles, dtype=names).set_index("chrom")["middle"]
    curve = read_table(inputs.expected, dtype={"region1": str, "region2": str})
    scores = read_table(inputs.compartments, dtype=names)
    table = saddle(clr, curve, scores, arms(clr, middles))
    strength = saddle_strength(table)
    if strength is None:
        log.info("no saddle strength: too few bins have a compartment score")
    else:
        log.info("saddle strength %.2f at %.0f %%", strength, 100 * EXTENT)
    write_table(table, snakemake.output.saddle)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
