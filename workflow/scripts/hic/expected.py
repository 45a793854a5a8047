"""Cis and trans expected: mean balanced contact per distance, and per pair of chromosomes."""

import cooler

from foldcast.files import read_table, write_table
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.expected import expected_cis, expected_trans
from foldcast.job import log, run


def main(snakemake) -> None:
    """Write the tables of chromosomes, of arms, and of pairs of chromosomes."""
    clr, threads, output = cooler.Cooler(snakemake.input.map), snakemake.threads, snakemake.output
    middles = read_table(snakemake.input.middles, dtype={"chrom": str})
    view = arms(clr, middles.set_index("chrom")["middle"])
    write_table(expected_cis(clr, threads=threads), output.expected)
    write_table(expected_cis(clr, view, threads=threads), output.arms)
    trans = expected_trans(clr, threads=threads)
    if trans.empty:
        log.info("no trans expected: the map has no contacts between chromosomes")
    write_table(trans, output.trans)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
