"""Pairs of genes in contact with the features of their loci, in the published layout."""

import cooler
import pandas as pd

from foldcast.files import read_table, write_table
from foldcast.graph.edge_weights import MAP_TIME
from foldcast.graph.interactions import interactions, no_interactions
from foldcast.graph.published_interactions import FEATURES
from foldcast.hic.raw_counts import holds_counts
from foldcast.job import log, run

NAMES = {"gene": str, "chrom": str, "region1": str, "region2": str}


def main(snakemake):
    params, files = snakemake.params, snakemake.input
    features = ("expected", "insulation", "boundaries", "compartments")
    loci, time_course = (read_table(files[name], dtype=NAMES) for name in ("loci", "time_course"))
    parts = []
    for i, time in enumerate(params.map_times if files.map else ()):
        clr = cooler.Cooler(files.map[i])
        min_contacts = params.min_contacts
        if min_contacts and not holds_counts(clr):
            min_contacts = 0
            log.warning(
                "%s holds no raw counts: `min_contacts` cannot be asked of it, and how sure a "
                "contact is cannot be told",
                files.map[i],
            )
        pairs = interactions(
            loci,
            time_course,
            clr,
            *(read_table(files[name][i], dtype=NAMES) for name in features),
            contact=params.contact,
            max_distance=params.max_distance,
            min_contacts=min_contacts,
            neighbours=params.neighbours,
            window=params.window,
            compartment_resolution=params.compartment_resolution,
        )
        genes = pd.concat([pairs["Gene1"], pairs["Gene2"]]).nunique()
        log.info("%s: %d pairs in contact among %d genes", files.map[i], len(pairs), genes)
        say_what_is_empty(pairs, files.map[i])
        # The published columns, and no more, where no map has a time.
        parts.append(pairs if params.map_times == [None] else pairs.assign(**{MAP_TIME: time}))
    if not parts:
        log.info("no map: a graph of %d genes without pairs", len(loci))
        parts = [no_interactions(time_course)]
    table = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    write_table(table, snakemake.output.interactions, sep=",")


def say_what_is_empty(pairs: pd.DataFrame, path: str) -> None:
    empty = [name for name in FEATURES if len(pairs) and pairs[f"Gene1_{name}"].isna().all()]
    if empty:
        log.warning("%s: no value of %s at any gene", path, ", ".join(empty))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
