"""Which of Beluga's outputs the models take from the places that touch a TSS."""

import h5py
import numpy as np
import pandas as pd

from foldcast.enrichment import chromatin_marks
from foldcast.files import write_table
from foldcast.job import log, run
from foldcast.spex.models.saved_models import load_fits


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    fits = dict(zip(params.fits, given.models, strict=True))
    tables, summary = [], []
    spread = {
        feature_set: spreads(given.features, feature_set) for feature_set in params.feature_sets
    }
    names = chromatin_marks.read_output_names(given.names, len(spread[params.map]) // 2)
    for model in params.models:
        found = {
            feature_set: [
                chromatin_marks.importance(fit.predictor, spread[feature_set])
                for fit in load_fits(fits[f"{feature_set}/{model}"])
            ]
            for feature_set in params.feature_sets
        }
        own = found.pop(params.map)
        controls = [one for each in found.values() for one in each]
        table = chromatin_marks.mark_table(model, own, controls, names)
        above = int((table["gain"] > 0).sum())
        said = chromatin_marks.sentence(params.map, table, len(own), len(controls))
        tables.append(table)
        summary.append((model, len(own), len(controls), len(table), above, said))
        log.info(said)
    write_table(pd.concat(tables, ignore_index=True), snakemake.output.marks)
    write_table(pd.DataFrame(summary, columns=chromatin_marks.SUMMARY), snakemake.output.summary)


def spreads(paths: list[str], feature_set: str) -> np.ndarray:
    """Standard deviation over all genes of the features of a feature set's distal block."""
    parts = []
    for path in paths:
        with h5py.File(path) as file:
            parts.append(file[f"{feature_set}/x"][:])
    return np.concatenate(parts).std(axis=0, dtype=float)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
