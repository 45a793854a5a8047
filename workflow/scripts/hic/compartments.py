"""Compartment eigenvectors of each arm, and the one that follows the phasing track best."""

import cooler

from foldcast.files import read_table, write_table
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.compartments import compartments
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write score and E1 to E3 of each bin, and what was chosen; warn where that says little."""
    clr, inputs = cooler.Cooler(snakemake.input.map), snakemake.input
    track = read_table(inputs.track, dtype={"chrom": str, "track": float})
    middles = read_table(inputs.middles, dtype={"chrom": str}).set_index("chrom")["middle"]
    table, choice = compartments(clr, track, arms(clr, middles), snakemake.params.weak)
    write_table(table, snakemake.output.table)
    write_table(choice, snakemake.output.choice)
    for arm in choice.dropna(subset="chosen").itertuples():
        if arm.chosen != "E1":
            log.info("%s: %s follows the track best (r = %.2f)", arm.arm, arm.chosen, arm.r)
        if arm.weak:
            log.warning("%s: hardly follows its track (r = %.2f): A, B are a guess", arm.arm, arm.r)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
