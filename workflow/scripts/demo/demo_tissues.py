"""Simulate the expression of two tissues, from the motifs that each gene sees and touches."""

import numpy as np
import pandas as pd

from foldcast.demo.simulated_folding import BED, read_folding
from foldcast.demo.simulated_tissues import DISTAL, LOCAL, distal_effects, express, local_effects
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    given, out, params = snakemake.input, snakemake.output, snakemake.params
    genes = read_table(given.genes)
    motifs = pd.read_csv(given.motifs, sep="\t", names=[*BED, "name", "score", "strand"])
    foldings = {
        "alpha": read_folding(given.compartments, given.boundaries, given.loops),
        "beta": read_folding(given.other_compartments, given.other_boundaries, given.other_loops),
    }
    rng = np.random.default_rng([params.seed, 7])
    table, truths = pd.DataFrame({"gene": genes["gene_id"]}), []
    for tissue, folding in foldings.items():
        parts = {
            "local": local_effects(genes, motifs, LOCAL[tissue]),
            "distal": distal_effects(genes, motifs, folding, DISTAL),
        }
        expression, truth = express(parts, params.distal, rng)
        table[tissue] = expression.round(4)
        truth.insert(0, "tissue", tissue)
        truth.insert(0, "gene", genes["gene_id"])
        truths.append(truth)
    write_table(table, out.table)
    write_table(pd.concat(truths), out.truth)
    log.info("%d genes × %d tissues", len(table), len(foldings))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
