"""Fit a feature set for every tissue, seed and fold; predict the genes that no fit saw."""

from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from foldcast.files import read_table, write_table
from foldcast.job import log, run
from foldcast.spex.models.feature_blocks import Files, read_features
from foldcast.spex.models.fitting import fit_fold, rows_of, save
from foldcast.spex.models.folds import check_labels, divide
from foldcast.spex.models.saved_models import save_index


def main(snakemake) -> None:
    """Write the predictions, what was chosen in each fit, and the models."""
    paths, params, output = snakemake.input, snakemake.params, snakemake.output
    table = read_table(paths.genes, dtype={"gene": str, "chrom": str})
    chroms = params.folds["chromosomes"]
    files = Files(
        local=dict(zip(chroms, paths.get("local", []), strict=False)),
        distal=dict(zip(chroms, paths.get("distal", []), strict=False)),
        promoter=paths.get("promoter"),
        **{part: list(paths.get(part, [])) for part in ("contacts", "features")},
    )
    features = read_features(params.feature_set, table, params.maps, files, params.base)
    log.info("%s: %d genes, %d features", params.feature_set, *features.x.shape)
    labels = read_table(paths.expression, dtype={"gene": str}).set_index("gene")
    labels = labels.loc[features.genes["gene"]]
    tissues = list(labels.columns)
    here = features.genes["chrom"].value_counts()
    counts = {chrom: int(here.get(chrom, 0)) for chrom in chroms}
    hold_out, test, validation = (params.folds[key] for key in ("hold_out", "test", "validation"))
    folds = divide(counts, hold_out, test, validation, str(paths.genes))
    of = features.genes["chrom"], str(paths.expression)
    checked = [check_labels(labels, of[0], fold, of[1]) for fold in folds]

    folder = Path(output.models)
    save_index(folder, tissues, folds)
    values, genes = labels.to_numpy(dtype=float), features.genes["gene"].to_numpy()
    predictions, fits = [], []
    for number, (fold, known) in enumerate(zip(folds, checked, strict=True)):
        places = {part: rows_of(features, of) for part, of in fold.predicted(chroms).items()}
        held = {part: (genes[own], features.x[own]) for part, own in places.items() if len(own)}
        fitted = []
        for each in fit_fold(
            features, values, fold, params.kind, params.options, params.seeds, snakemake.threads
        ):
            fitted.append(each)
            common = {"tissue": tissues[each.tissue], "seed": each.seed, "fold": fold.name}
            for part, (names, x) in held.items():
                # One thread: sums of products would depend on how many there are.
                with threadpool_limits(limits=1):
                    predicted = each.predictor.predict(x)
                rows = {"gene": names, **common, "set": part, "predicted": predicted}
                predictions.append(pd.DataFrame(rows))
            chosen = {"rounds": each.rounds, "penalty": each.penalty, "validation_rmse": each.rmse}
            numbers = {f"n_{part}": int(n.iloc[each.tissue]) for part, n in known.items()}
            fits.append({**common, **chosen, **numbers})
        save(folder, number, fitted)
    write_table(pd.concat(predictions, ignore_index=True), output.predictions)
    fits = pd.DataFrame(fits)
    write_table(fits.astype({"rounds": "Int64"}), output.fit)
    log.info(
        "%d fits; median RMSE on the validation genes %.4g, median %s %g",
        *(len(fits), fits["validation_rmse"].median()),
        *(
            ("rounds", fits["rounds"].median())
            if fits["rounds"].notna().all()
            else ("penalty", np.median(fits["penalty"]))
        ),
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
