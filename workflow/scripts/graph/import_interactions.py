"""A user's table of interactions, checked, as the pairs of a graph."""

import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.graph.gene_agreement import of_panel, read_interactions
from foldcast.graph.interactions import strongest
from foldcast.graph.published_interactions import FEATURES, PLACE, SIDES
from foldcast.job import log, run


def main(snakemake):
    path = snakemake.input.table
    given = read_interactions(path, snakemake.params.conflicts)
    for finding in given.findings:
        log.warning("%s: %s", path, finding)
    time_course = read_table(snakemake.input.time_course, dtype={"gene": str}).set_index("gene")
    pairs = of_panel(given.pairs, time_course.index, path)
    if outside := len(given.pairs) - len(pairs):
        log.warning("%s: %d pairs are of genes outside the panel", path, outside)
    one, two = (time_course.index.get_indexer(pairs[side]) for side in SIDES)
    kept = strongest(one, two, pairs["HiC_Interaction"].to_numpy(), snakemake.params.neighbours)
    log.info("%d of %d pairs kept", kept.sum(), len(pairs))
    write_table(with_time_course(pairs[kept], time_course), snakemake.output.interactions, sep=",")


def with_time_course(pairs: pd.DataFrame, time_course: pd.DataFrame) -> pd.DataFrame:
    """The published columns in their order, with the expression of the dataset."""
    columns = {}
    for side in SIDES:
        columns[side] = pairs[side]
        columns |= {f"{side}_{name}": pairs[f"{side}_{name}"] for name in PLACE}
    columns["HiC_Interaction"] = pairs["HiC_Interaction"]
    for time in time_course.columns:
        for side in SIDES:
            values = time_course[time].reindex(pairs[side]).to_numpy()
            columns[f"{side}_Time_{time}"] = pd.Series(values, index=pairs.index)
    for name in FEATURES:
        columns |= {f"{side}_{name}": pairs[f"{side}_{name}"] for side in SIDES}
    return pd.DataFrame(columns)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
