"""Simulate a genome: sequence, annotation, and the domains, loops and motifs that matter in it."""

import numpy as np
import pandas as pd

from foldcast.demo import genome, motifs
from foldcast.files import atomic, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    out, params = snakemake.output, snakemake.params
    # Streams of their own: what the sequence half draws leaves the temporal half as it is.
    first, further, other = (np.random.default_rng([params.seed, k]) for k in (1, 4, 5))
    compartments, boundaries, loops = genome.draw_domains(params.chromosomes, first)
    genes = genome.draw_genes(compartments, params.genes, first)
    loops = pd.concat([loops, genome.draw_promoter_loops(genes, first)])

    places = motifs.draw_places(pd.Series(params.chromosomes), genes, further)
    more = genome.draw_more_genes(genes, places, compartments, params.sequence_genes, further)
    everything = pd.concat([genes, more], ignore_index=True)
    sites = motifs.draw_motifs(everything, places, further)

    others = genome.draw_domains(params.chromosomes, other)
    # Partners whatever their compartments, which are those of the first folding.
    other_loops = genome.draw_promoter_loops(genes.assign(compartment=""), other)

    with atomic(out.fasta) as path:
        genome.write_fasta(path, compartments, sites, first)
    with atomic(out.annotation) as path:
        genome.write_gtf(path, everything, first)
    genome.write_bed(pd.DataFrame(list(params.chromosomes.items())), out.sizes)
    genome.write_bed(compartments, out.compartments)
    genome.write_bed(boundaries, out.boundaries)
    genome.write_bed(loops, out.loops)
    genome.write_bed(others[0], out.other_compartments)
    genome.write_bed(others[1], out.other_boundaries)
    genome.write_bed(pd.concat([others[2], other_loops]), out.other_loops)
    genome.write_bed(places, out.places)
    genome.write_bed(sites, out.motifs)
    write_table(genes, out.genes)
    write_table(everything, out.all_genes)
    log.info(
        "%d genes, %d compartments, %d boundaries, %d loops, %d motifs",
        *map(len, (everything, compartments, boundaries, loops, sites)),
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
