"""What more times, replicates or reads would let a table see of folding, and of what comes next."""

from itertools import product

import cooler
import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.evaluation.asked_genes import (
    nodes_of_table,
    own_samples,
    pairs_on_maps,
    read_middles,
)
from foldcast.evaluation.gene_pairs import GenePairs
from foldcast.files import write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.hic.map_sources import is_loops
from foldcast.job import log, run
from foldcast.power.design_advice import advice_on, design_in_words, next_designs
from foldcast.power.imagined_designs import Design, weighed
from foldcast.power.noise_of_samples import noise_of_samples
from foldcast.protocol import LEAST_TIMES

TEXT = {"Gene1": str, "Gene2": str}


def main(snakemake) -> None:
    given, params, of = snakemake.input, snakemake.params, snakemake.wildcards
    how = {"nodes": params.nodes, "leave_out": params.leave_out}
    where = given.samples, given.loci, given.report, given.annotation
    nodes = nodes_of_table(given.raw, *where, values=params.values, **how)
    panel = nodes_of_table(given.panel, *where, values=None, **how)
    sampled = own_samples(given.samples)["time"].to_numpy(float)
    times, numbers = np.unique(sampled, return_counts=True)
    if len(times) < LEAST_TIMES or nodes.table.empty:
        raise InputError(
            given.raw,
            found=f"{len(times)} times, {len(nodes.table)} expressed genes with a locus",
            expected=f"{LEAST_TIMES} times or more, of genes that lie on the genome",
            remedy="plan with a course that has them: the demo's, or a published one",
        )
    noise = noise_of_samples(nodes.values, sampled, counts=params.values == "counts")
    log.info("noise of a sample: %.2f of a real step's variance, of which counting makes %.2f",
             noise.variance, noise.counting)  # fmt: skip
    own = Design(len(times), max(1, round(float(np.median(numbers)))))
    depths = [1.0] if np.isnan(noise.counting) else sorted({1.0, *params.depth})
    grid = {Design(*each) for each in product(params.times, params.replicates, depths)}
    designs = sorted({own, *next_designs(own, depths), *grid})
    maps = [cooler.Cooler(path) for path in given.map]
    pairs = None
    if not any(map(is_loops, maps)):
        pairs = pairs_on_maps(
            nodes, maps, params.map_times, given.tads, read_middles(given.middles)
        )
    contacts = pd.read_csv(given.interactions, dtype=TEXT)
    graph = GenePairs.of(contacts, panel, params.map_times, times)
    base = forecast_course(ReplicatedCourse.of_samples(panel.values, sampled))[0]
    table = weighed(
        *(designs, own, noise, nodes, sampled, pairs, graph, base),
        genes=params.genes,
        shifts=params.shifts,
        planted=params.planted,
        seed=params.seed,
    )
    table.insert(0, "dataset", of.dataset)
    table.insert(1, "graph", of.graph)
    write_table(table, snakemake.output.designs)
    advice = advice_on(table)
    for sentence in [design_in_words(table[table["own"]].iloc[0]), *advice["sentence"]]:
        log.info(sentence)
    write_table(advice, snakemake.output.advice)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
