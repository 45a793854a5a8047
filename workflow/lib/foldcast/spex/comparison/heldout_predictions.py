"""Predictions of held-out genes: every fit of a run, on the genes that all of them have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import packed_table, read_table
from foldcast.spex.run_settings import TYPES

COLUMNS = {"gene": "category", "tissue": "category", "seed": int, "set": "category"}


@dataclass(frozen=True)
class Fit:
    """One model of one feature set; predicted: [seeds, tissues, genes]."""

    feature_set: str
    model: str
    predicted: np.ndarray


@dataclass(frozen=True)
class HeldOut:
    """What was predicted and what was observed.

    genes: a row per gene (gene, chrom, tss, biotype, …), in the order of ``genes.tsv``.
    observed: [tissues, genes] on the scale of the labels; NaN where a gene has none in a tissue.
    lost: for each "feature set/model" that lacks genes which others have, how many.
    """

    genes: pd.DataFrame
    tissues: list[str]
    observed: np.ndarray
    fits: list[Fit]
    lost: dict[str, int]


def read_held_out(
    names: Sequence[str],
    paths: Sequence[str | Path],
    genes: str | Path,
    expression: str | Path,
) -> HeldOut:
    """Read the predictions of every fit.

    Args:
        names: "feature set/model" of each path.
        paths: tables of gene, tissue, seed, set, predicted; rows of the set ``test`` count.
        genes: table of gene, chrom, tss, biotype.
        expression: table gene × tissue.

    Raises:
        InputError: no gene that all feature sets have.
        ValueError: predictions given twice, or not for every tissue and seed of a gene.
    """
    table = read_table(genes, dtype={"gene": str, "chrom": str})
    observed = read_table(expression, dtype={"gene": str}).set_index("gene").loc[table["gene"]]
    tissues = [str(tissue) for tissue in observed.columns]
    index = pd.Index(table["gene"])
    predicted = [_read(path, index, tissues) for path in paths]
    has = np.array([np.isfinite(values).all(axis=(0, 1)) for values in predicted])
    kept = has.all(axis=0)
    if not kept.any():
        fewest = int(has.sum(axis=1).argmin())
        raise InputError(
            paths[fewest],
            found=f"no gene that all of {', '.join(sorted({*names}))} have",
            expected="held-out genes in common, on which they are compared",
            remedy="check the gene ids of the tables under `features`",
        )
    lost = has.any(axis=0).sum() - has.sum(axis=1)
    return HeldOut(
        genes=table[kept].reset_index(drop=True),
        tissues=tissues,
        observed=observed.to_numpy(dtype=float).T[:, kept],
        fits=[
            Fit(*_feature_set_and_model(name), values[:, :, kept])
            for name, values in zip(names, predicted, strict=True)
        ],
        lost={name: int(n) for name, n in zip(names, lost, strict=True) if n},
    )


def subsets(held: HeldOut, threshold: float) -> dict[str, np.ndarray]:
    """Which genes count in which tissue, by name of the subset: [tissues, genes] each.

    A gene without a label in a tissue does not count there.

    Args:
        threshold: a gene is expressed in a tissue where its label is above it.
    """
    known = np.isfinite(held.observed)
    biotype = held.genes["biotype"]
    return {
        "all": known,
        **{name: known & biotype.isin(TYPES[name]).to_numpy() for name in TYPES},
        "expressed": held.observed > threshold,
    }


def label_threshold(values: str, expressed: float, pseudocount: float) -> float:
    """The threshold ``expressed``, in the table's own units, on the scale of the labels.

    Labels of linear values are ln(x + pseudocount); logarithms are labels as they are.
    """
    return float(np.log(expressed + pseudocount)) if values == "linear" else expressed


def write_predictions(
    target: str | Path,
    names: Sequence[str],
    paths: Sequence[str | Path],
    held: HeldOut,
    genes: str | Path,
    expression: str | Path,
    validated: Collection[str],
) -> None:
    """Write what every fit predicts of genes that it did not learn from, beside what was measured.

    A row for each gene, tissue, feature set and model, fit by fit: gene, chrom, tissue,
    feature_set, model, fold (whose model predicts), trained_on (``no``, or ``validation`` where a
    penalty or a number of rounds was chosen on the gene), scored (``yes`` or ``no``), label (on
    the scale of the fits; empty where not measured), predicted (mean over seeds, as is scored).

    Args:
        target: gzipped TSV; the same rows give the same bytes.
        names, paths, genes, expression: as of `read_held_out`.
        held: what that read, for which genes are scored.
        validated: chromosomes that every fold is validated on; none with a fold for each.
    """
    chrom = read_table(genes, dtype={"gene": str, "chrom": str}).set_index("gene")["chrom"]
    labels = read_table(expression, dtype={"gene": str}).set_index("gene")
    values, scored = labels.to_numpy(dtype=float), {*held.genes["gene"]}
    types = COLUMNS | {"fold": "category"}
    keys = ["gene", "tissue", "fold", "set"]
    with packed_table(target) as add:
        for name, path in zip(names, paths, strict=True):
            table = read_table(path, dtype=types).groupby(keys, sort=False, observed=True)
            table = table["predicted"].mean().reset_index()
            row, column = (
                index.get_indexer(table[part].cat.categories)[table[part].cat.codes]
                for part, index in (("gene", labels.index), ("tissue", labels.columns))
            )
            here = table["gene"].map(chrom)
            counted = (table["set"] == "test") & table["gene"].isin(scored)
            feature_set, model = _feature_set_and_model(name)
            rows = {
                **{"gene": table["gene"], "chrom": here, "tissue": table["tissue"]},
                **{"feature_set": feature_set, "model": model, "fold": table["fold"]},
                "trained_on": np.where(here.isin(validated), "validation", "no"),
                "scored": np.where(counted, "yes", "no"),
                "label": values[row, column],
                "predicted": table["predicted"],
            }
            add(pd.DataFrame(rows))


def _feature_set_and_model(name: str) -> tuple[str, str]:
    feature_set, model = name.split("/")
    return feature_set, model


def _read(path: str | Path, genes: pd.Index, tissues: list[str]) -> np.ndarray:
    """[seeds, tissues, genes]; NaN where a gene is not held out or not predicted."""
    table = read_table(path, usecols=[*COLUMNS, "predicted"], dtype=COLUMNS)
    table = table[table["set"] == "test"]
    seeds, seed = np.unique(table["seed"], return_inverse=True)
    # Names are looked up once each, not once per row.
    gene = genes.get_indexer(table["gene"].cat.categories)[table["gene"].cat.codes]
    known = pd.Index(tissues).get_indexer(table["tissue"].cat.categories)
    tissue = known[table["tissue"].cat.codes]
    if (gene < 0).any() or (tissue < 0).any():
        raise ValueError(f"{path}: a gene or tissue that is not in the run's expression")
    # Single precision, in which the models predict: all fits of a run are held at once.
    values = np.full((len(seeds), len(tissues), len(genes)), np.nan, dtype=np.float32)
    values[seed, tissue, gene] = table["predicted"]
    given = np.isfinite(values)
    if given.sum() != len(table):
        raise ValueError(f"{path}: predictions that are no numbers, or given twice")
    if (given.any(axis=(0, 1)) != given.all(axis=(0, 1))).any():
        raise ValueError(f"{path}: genes that are predicted in some tissues or seeds only")
    return values
