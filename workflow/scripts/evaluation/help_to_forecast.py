"""Do neighbours' last innovations help to forecast a gene's next?"""

from dataclasses import asdict, fields

import numpy as np
import pandas as pd

from foldcast.evaluation.gene_nodes import gene_nodes
from foldcast.evaluation.gene_pairs import GenePairs
from foldcast.evaluation.neighbour_innovations import NeighbourEffect, help_to_forecast
from foldcast.files import read_table, write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.genes.mirna_hairpins import GUESSED
from foldcast.job import log, run

TEXT = dict.fromkeys(("gene", "gene_id", "symbol", "chrom", "strand", "Gene1", "Gene2"), str)


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    samples = read_table(given.samples, dtype={"sample": str})
    own = samples[samples["copy_of"].isna()]
    report = read_table(given.report, dtype=str)
    nodes = gene_nodes(
        read_table(given.panel, dtype=TEXT).set_index("gene")[list(own["sample"])],
        read_table(given.loci, dtype=TEXT),
        logarithms=None,
        mirnas=params.nodes == "mirna",
        hosts=read_table(given.annotation, dtype=TEXT) if given.annotation else None,
        guessed=report.loc[report["how"] == GUESSED, "gene"],
        leave_out=params.leave_out,
    )
    sampled = own["time"].to_numpy(float)
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
