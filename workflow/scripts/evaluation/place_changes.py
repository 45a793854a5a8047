"""In which compartments and TADs of a map do genes that change lie?"""

import pandas as pd

from foldcast.evaluation.changed_places import placed_changes
from foldcast.files import read_table, write_table
from foldcast.job import log, run

TEXT = {"gene": str, "chrom": str}


def main(snakemake) -> None:
    given, output = snakemake.input, snakemake.output
    raw = read_table(given.raw, dtype=TEXT).set_index("gene")
    names = ["chrom", "start", "end"]
    by_compartment, by_domain = placed_changes(
        read_table(given.changes, dtype=TEXT),
        raw.mean(axis=1),
        read_table(given.loci, dtype=TEXT),
        read_table(given.compartments, dtype=TEXT),
        pd.read_csv(given.tads, sep="\t", names=names, dtype={"chrom": str}),
        snakemake.params.seed,
    )
    write_table(by_compartment, output.compartments)
    write_table(by_domain, output.tads)
    for sentence in by_compartment["sentence"]:
        log.info(sentence)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
