"""Draw a contact map from a simulated folding."""

import numpy as np

from foldcast.demo import simulated_contacts
from foldcast.demo.simulated_folding import read_folding
from foldcast.demo.simulated_genome import write_bed
from foldcast.files import atomic
from foldcast.job import log, run


def main(snakemake) -> None:
    given, out, params = snakemake.input, snakemake.output, snakemake.params
    folding = read_folding(given.compartments, given.boundaries, given.loops)
    rng = np.random.default_rng([params.seed, params.stream])
    bad = simulated_contacts.draw_bad_bins({c.chrom: c.length for c in folding}, rng)
    bins, pixels = simulated_contacts.draw_contacts(
        folding, bad, min(params.resolutions), params.contacts, rng
    )
    with atomic(out.map) as path:
        simulated_contacts.write_mcool(path, bins, pixels, params.resolutions)
    write_bed(bad, out.bad_bins)
    log.info("%d contacts in %d pixels", pixels["count"].sum(), len(pixels))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
