"""Simulate a genome: sequence, annotation, and the domains, loops and motifs that matter in it."""

import numpy as np
import pandas as pd

from foldcast.demo import motifs, simulated_genome
from foldcast.files import atomic, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    out, params = snakemake.output, snakemake.params
    # Streams of their own: what the sequence half draws leaves the temporal half as it is.
    first, further, other = (np.random.default_rng([params.seed, k]) for k in (1, 4, 5))
    compartments, boundaries, loops = simulated_genome.draw_domains(params.chromosomes, first)
    genes = simulated_genome.draw_genes(compartments, params.genes, first)
    loops = pd.concat([loops, simulated_genome.draw_promoter_loops(genes, first)])

    places = motifs.draw_places(pd.Series(params.chromosomes), genes, further)
    more = simulated_genome.draw_more_genes(
        genes, places, compartments, params.sequence_genes, further
    )
    everything = pd.concat([genes, more], ignore_index=True)
    sites = motifs.draw_motifs(everything, places, further)

    others = simulated_genome.draw_domains(params.chromosomes, other)
    # Partners whatever their compartments, which are those of the first folding.
    other_loops = simulated_genome.draw_promoter_loops(genes.assign(compartment=""), other)

    with atomic(out.fasta) as path:
        simulated_genome.write_fasta(path, compartments, sites, first)
    with atomic(out.annotation) as path:
        simulated_genome.write_gtf(path, everything, first)
    simulated_genome.write_bed(pd.DataFrame(list(params.chromosomes.items())), out.sizes)
    simulated_genome.write_bed(compartments, out.compartments)
    simulated_genome.write_bed(boundaries, out.boundaries)
    simulated_genome.write_bed(loops, out.loops)
    simulated_genome.write_bed(others[0], out.other_compartments)
    simulated_genome.write_bed(others[1], out.other_boundaries)
    simulated_genome.write_bed(pd.concat([others[2], other_loops]), out.other_loops)
    simulated_genome.write_bed(places, out.places)
    simulated_genome.write_bed(sites, out.motifs)
    write_table(genes, out.genes)
    write_table(everything, out.all_genes)
    log.info(
        "%d genes, %d compartments, %d boundaries, %d loops, %d motifs",
        *map(len, (everything, compartments, boundaries, loops, sites)),
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
