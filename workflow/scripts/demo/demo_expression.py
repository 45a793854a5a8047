"""Simulate an expression time course that the folding drives, or does not."""

import numpy as np

from foldcast.demo import simulated_expression
from foldcast.demo.simulated_folding import read_folding
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    given, out, params = snakemake.input, snakemake.output, snakemake.params
    folding = read_folding(given.compartments, given.boundaries, given.loops)
    genes, samples = read_table(given.genes), simulated_expression.read_samples(given.samples)
    rng = np.random.default_rng([params.seed, 3])
    drivers = simulated_expression.draw_drivers(genes, folding, params.regime)
    time_course = simulated_expression.simulate_time_course(
        genes,
        drivers,
        np.unique(samples["time"]),
        strength=params.strength,
        lag=2 if params.regime == "lag" else 1,
        rng=rng,
        together=params.together,
        shared=simulated_expression.share_innovations(genes, folding, params.regime),
    )
    table = simulated_expression.measure(time_course, samples, params.noise, rng)
    write_table(table, out.table, index=True)
    write_table(drivers, out.drivers)
    write_table(time_course, out.time_course, index=True)
    log.info("%d genes × %d samples, %d drivers", *table.shape, len(drivers))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
