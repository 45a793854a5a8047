"""Pairs of genes in contact with the features of their loci, in the published layout."""

import cooler
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.graph.edge_weights import MAP_TIME
from foldcast.graph.interactions import interactions
from foldcast.graph.published_interactions import FEATURES
from foldcast.job import log, run

NAMES = {"gene": str, "chrom": str, "region1": str, "region2": str}


def main(snakemake):
    params, files = snakemake.params, snakemake.input
    features = ("expected", "insulation", "boundaries", "compartments")
    loci, time_course = (read_table(files[name], dtype=NAMES) for name in ("loci", "time_course"))
    parts = []
    for i, time in enumerate(params.map_times):
        pairs = interactions(
            loci,
            time_course,
            cooler.Cooler(files.map[i]),
            *(read_table(files[name][i], dtype=NAMES) for name in features),
            contact=params.contact,
            max_distance=params.max_distance,
            neighbours=params.neighbours,
            window=params.window,
            compartment_resolution=params.compartment_resolution,
        )
        genes = pd.concat([pairs["Gene1"], pairs["Gene2"]]).nunique()
        log.info("%s: %d pairs in contact among %d genes", files.map[i], len(pairs), genes)
        say_what_is_empty(pairs, files.map[i])
        # The published columns, and no more, where no map has a time.
        parts.append(pairs if params.map_times == [None] else pairs.assign(**{MAP_TIME: time}))
    table = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    write_table(table, snakemake.output.interactions, sep=",")


def say_what_is_empty(pairs: pd.DataFrame, path: str) -> None:
    empty = [name for name in FEATURES if len(pairs) and pairs[f"Gene1_{name}"].isna().all()]
    if empty:
        log.warning("%s: no value of %s at any gene", path, ", ".join(empty))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
