"""Simulate a genome: sequence, sizes, annotation, and the domains and loops that it folds into."""

import numpy as np
import pandas as pd

from foldcast.demo import genome
from foldcast.files import atomic, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    out, params = snakemake.output, snakemake.params
    rng = np.random.default_rng([params.seed, 1])
    compartments, boundaries, loops = genome.draw_domains(params.chromosomes, rng)
    genes = genome.draw_genes(compartments, params.genes, rng)
    loops = pd.concat([loops, genome.draw_promoter_loops(genes, rng)])

    with atomic(out.fasta) as path:
        genome.write_fasta(path, compartments, rng)
    with atomic(out.annotation) as path:
        genome.write_gtf(path, genes, rng)
    genome.write_bed(pd.DataFrame(list(params.chromosomes.items())), out.sizes)
    genome.write_bed(compartments, out.compartments)
    genome.write_bed(boundaries, out.boundaries)
    genome.write_bed(loops, out.loops)
    write_table(genes, out.genes)
    log.info(
        "%d genes, %d compartments, %d boundaries, %d loops",
        *map(len, (genes, compartments, boundaries, loops)),
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
