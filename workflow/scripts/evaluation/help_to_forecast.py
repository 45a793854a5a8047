"""Do neighbours' last innovations help to forecast a gene's next?"""

from dataclasses import asdict, fields

import numpy as np
import pandas as pd

from foldcast.evaluation.asked_genes import nodes_of_table, own_samples
from foldcast.evaluation.gene_pairs import GenePairs
from foldcast.evaluation.neighbour_innovations import NeighbourEffect, help_to_forecast
from foldcast.files import write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.job import log, run

TEXT = {"Gene1": str, "Gene2": str}


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    nodes = nodes_of_table(
        *(given.panel, given.samples, given.loci, given.report, given.annotation),
        values=None,
        nodes=params.nodes,
        leave_out=params.leave_out,
    )
    sampled = own_samples(given.samples)["time"].to_numpy(float)
    contacts = pd.read_csv(given.interactions, dtype=TEXT)
    pairs = GenePairs.of(contacts, nodes, params.map_times, np.unique(sampled))
    found = None
    if len(pairs.pairs):
        course = ReplicatedCourse.of_samples(nodes.values, sampled)
        found = help_to_forecast(forecast_course(course)[0], pairs, params.others, params.seed)
    log.info("%d genes, %d pairs%s", len(nodes.table), len(pairs.pairs),
             "" if found else "; not asked: too few times or no pairs")  # fmt: skip
    columns = [field.name for field in fields(NeighbourEffect)]
    rows = [asdict(found)] if found else []
    write_table(pd.DataFrame(rows, columns=columns), snakemake.output.effect)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
