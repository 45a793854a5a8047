"""Expression of genes that have no label, by models of a run that did not learn from them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import h5py
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from foldcast.files import packed_table, read_table
from foldcast.job import log, run
from foldcast.spex.models.feature_blocks import Files, read_features
from foldcast.spex.models.predicted_genes import (
    NONE,
    may_predict,
    names_of_folds,
    nearest_seen,
)
from foldcast.spex.models.saved_models import load_fits, load_folds

NAMES = {"gene": str, "symbol": str, "chrom": str}
COLUMNS = ["gene", "symbol", "chrom", "tss", "strand", "given"]


def main(snakemake) -> None:
    """Write a row for each gene, tissue, feature set and model."""
    paths, params = snakemake.input, snakemake.params
    genes = with_keys(read_table(paths.genes, dtype=NAMES), paths.get("local", []))
    genes["symbol"] = genes["symbol"].fillna("")
    known = with_keys(read_table(paths.known, dtype=NAMES), paths.get("known_local", []))
    files = Files(
        local=dict(zip(params.chromosomes, paths.get("local", []), strict=False)),
        distal=dict(zip(params.chromosomes, paths.get("distal", []), strict=False)),
        promoter=paths.get("promoter"),
    )
    fits = dict(zip(params.fits, paths.models, strict=True))
    brought = iter(paths.get("features", []))
    tables = {name: list(islice(brought, n)) for name, n in params.tables.items()}
    with packed_table(snakemake.output.predictions) as add:
        for feature_set, maps in params.feature_sets.items():
            of = replace(files, features=tables.get(feature_set, []))
            features = read_features(feature_set, genes, maps, of)
            here = genes.set_index("gene").loc[features.genes["gene"]].reset_index()
            for fit, folder in fits.items():
                name, model = fit.split("/")
                if name == feature_set:
                    folds = load_folds(folder)
                    may = may_predict(here, known, folds, params.same_assembly)
                    about = here[COLUMNS].assign(feature_set=feature_set, model=model)
                    about["fold"] = names_of_folds(folds, may)
                    seen = nearest_seen(here, known, folds, may)
                    about["seen_tss"] = seen if params.same_assembly else np.nan
                    say(fit, about["fold"])
                    # One thread: sums of products would depend on how many there are.
                    with threadpool_limits(limits=1):
                        for rows in predictions(folder, features.x, may, about):
                            add(rows)


def with_keys(genes: pd.DataFrame, local: Sequence[str]) -> pd.DataFrame:
    """The genes with the keys of their sequences, empty where nothing says them."""
    keys: dict[str, str] = {}
    for path in local:
        with h5py.File(path) as file:
            keys |= zip(file["genes"].asstr()[:], file["key"].asstr()[:], strict=True)
    return genes.assign(key=genes["gene"].map(keys).fillna(""))


def say(fit: str, folds: pd.Series) -> None:
    none = int((folds == NONE).sum())
    log.info("%s: %d genes", fit, len(folds))
    if none:
        log.warning("%s: each model learnt from %d of the genes: not predicted", fit, none)


def predictions(
    folder: str, x: np.ndarray, may: np.ndarray, about: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    """Rows of each tissue: mean and standard deviation over the models that predict a gene.

    Args:
        folder: of the fitted models.
        x: [genes, features].
        may: of the folds, [folds, genes].
    """
    rows = {fold.name: np.flatnonzero(may[k]) for k, fold in enumerate(load_folds(folder))}
    count, mean, squares = {}, {}, {}
    held, part = "", x[:0]
    for fit in load_fits(folder):
        of, at = rows[fit.fold.name], fit.tissue
        if fit.predictor.width != x.shape[1]:
            raise ValueError(f"{folder}: {fit.predictor.width} features, not {x.shape[1]}")
        if at not in mean:
            count[at], mean[at], squares[at] = (np.zeros(len(x)) for _ in range(3))
        if held != fit.fold.name:
            held, part = fit.fold.name, x if len(of) == len(x) else x[of]
        if not len(of):
            continue
        predicted = fit.predictor.predict(part)
        # Welford's sums, so that no fit's predictions are kept.
        count[at][of] += 1
        away = predicted - mean[at][of]
        mean[at][of] += away / count[at][of]
        squares[at][of] += away * (predicted - mean[at][of])
    for tissue, n in count.items():
        spread = np.sqrt(squares[tissue] / np.where(n > 1, n - 1, np.nan))
        predicted = np.where(n > 0, mean[tissue], np.nan)
        told = {"tissue": tissue, "predicted": predicted, "spread": spread, "fits": n.astype(int)}
        yield about.assign(**told)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
