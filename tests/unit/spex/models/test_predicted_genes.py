"""Genes without a label: which they are, whose models predict them, and what these say."""

from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pytest
from snakemake.iocontainers import Namedlist

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.spex.models.feature_blocks import Features
from foldcast.spex.models.fitting import fit_fold, rows_of, save
from foldcast.spex.models.folds import divide
from foldcast.spex.models.predicted_genes import (
    genes_to_predict,
    may_predict,
    names_of_folds,
    nearest_seen,
)
from foldcast.spex.models.saved_models import save_index
from scripts.spex import predict_genes

CHROMS = ["chr1", "chr2", "chr3"]
SIZES = pd.Series(dict.fromkeys([*CHROMS, "chrX"], 1_000_000))
PER_CHROM, OUTPUTS = 30, 2


def table(chroms=CHROMS, per_chrom=PER_CHROM):
    """Genes with a TSS every 10 kb."""
    n = per_chrom * len(chroms)
    tss = np.tile(np.arange(per_chrom) * 10_000, len(chroms))
    named = {"gene": [f"ENSG{k:04d}" for k in range(n)], "symbol": [f"S{k}" for k in range(n)]}
    rest = {"tss": tss, "strand": "+", "biotype": "protein_coding", "length": 1000}
    return pd.DataFrame({**named, "chrom": np.repeat(chroms, per_chrom), **rest})


def folds_of(hold_out):
    return divide(dict.fromkeys(CHROMS, PER_CHROM), hold_out, ["chr3"], ["chr2"], "genes")


def chosen(every, labelled, bed=None, chromosomes=CHROMS):
    return genes_to_predict(every, labelled, bed, SIZES, chromosomes, "all", "genes.tsv", "key")


def test_genes_without_a_label_and_tss_are_put_in_order(tmp_path):
    bed = tmp_path / "tss.bed"
    bed.write_text("chr1\t5\t6\tmine\t0\t-\n3\t999999\t1000000\tlast\t0\t+\n")
    every = table()
    genes = chosen(every, {*every["gene"][3:]}, bed)
    assert genes["gene"].tolist() == ["ENSG0000", "mine", "ENSG0001", "ENSG0002", "last"]
    assert genes["given"].tolist() == ["annotation", "bed", "annotation", "annotation", "bed"]
    assert genes["chrom"].tolist() == ["chr1"] * 4 + ["chr3"]
    assert chosen(None, {*every["gene"]}, bed)["gene"].tolist() == ["mine", "last"]
    # A TSS may have the name of a gene that has a label, not of one that is predicted anyway.
    bed.write_text("chr1\t5\t6\tENSG0009\t0\t-\n")
    assert "ENSG0009" in chosen(every, {*every["gene"][3:]}, bed)["gene"].tolist()
    bed.write_text("chr1\t5\t6\tENSG0001\t0\t-\n")
    with pytest.raises(InputError, match="the id of a gene that is predicted anyway"):
        chosen(every, {*every["gene"][3:]}, bed)
    with pytest.raises(InputError, match="no gene without a label"):
        chosen(every, {*every["gene"]})


NEW = pd.DataFrame(
    [
        ("new1", "chr1", 5, "+", "k1"),  # on a chromosome that a fold holds out
        ("new2", "chrX", 5, "+", "k2"),  # on one that nobody read
        ("ENSG0040.7", "chrX", 5, "+", "k3"),  # a gene with a label on chr2, under its id
        ("new4", "chr1", 10_000, "+", "k4"),  # the TSS of ENSG0001
        ("new5", "chrX", 9, "+", "of 61"),  # the sequence of a gene of chr3
    ],
    columns=["gene", "chrom", "tss", "strand", "key"],
)


@pytest.mark.parametrize(
    ("hold_out", "expected"),
    [
        ("each", ["chr1", "mean of 3", "chr2", "chr1", "chr3"]),
        # Learnt from chr1, validated on chr2, tested on chr3.
        ("fixed", ["fixed", "fixed", "none", "none", "fixed"]),
    ],
)
def test_no_model_predicts_a_gene_that_it_learnt_from(hold_out, expected):
    known = table().assign(key=[f"of {k}" for k in range(3 * PER_CHROM)])
    folds = folds_of(hold_out)
    may = may_predict(NEW, known, folds, same_places=True)
    assert names_of_folds(folds, may) == expected
    for k, fold in enumerate(folds):
        seen = known[known["chrom"].isin([*fold.train, *fold.validation])]
        assert not may[k, 2] or "ENSG0040" not in {*seen["gene"]}
        assert not may[k, 4] or "of 61" not in {*seen["key"]}
    # In another assembly a place means nothing; an id and a sequence do.
    elsewhere = may_predict(NEW, known, folds, same_places=False)
    assert elsewhere[:, 3].any()
    assert np.array_equal(elsewhere[:, [0, 1, 2, 4]], may[:, [0, 1, 2, 4]])


def test_how_near_a_model_has_been_is_said():
    known = table().assign(key="")
    genes = NEW.assign(tss=[12_000, 5, 5, 4_000, 9])
    for hold_out, expected in {
        "each": [np.nan] * 5,
        "fixed": [2_000, np.nan, np.nan, 4_000, np.nan],
    }.items():
        folds = folds_of(hold_out)
        may = may_predict(genes, known, folds, same_places=True)
        np.testing.assert_array_equal(nearest_seen(genes, known, folds, may), expected)


def written(folder, genes, x):
    """Local features as rule local_features writes them; a file for each chromosome."""
    paths = []
    for chrom in CHROMS:
        rows = np.flatnonzero(genes["chrom"] == chrom)
        paths.append(str(folder / f"{chrom}.h5"))
        folder.mkdir(exist_ok=True)
        with h5py.File(paths[-1], "w") as file:
            file["genes"] = np.array(genes["gene"].iloc[rows].tolist(), dtype=object)
            file["key"] = np.array([f"{g:>32}".encode() for g in genes["gene"].iloc[rows]], "S32")
            file.attrs["outputs"] = OUTPUTS
            file["x"] = x[rows]
    return paths


@pytest.mark.parametrize(
    ("feature_set", "kind"),
    [("expecto", "linear"), ("expecto", "trees"), ("features+mine", "linear")],
)
def test_genes_taken_off_the_labels_get_their_held_out_prediction(tmp_path, feature_set, kind):
    genes, rng = table(), np.random.default_rng(0)
    x = rng.random((len(genes), 10 * OUTPUTS)).astype("f4")
    labels = np.stack([6 * x[:, 0], 3 * x[:, 1] - x[:, 2]], axis=1)
    labels += 0.1 * rng.standard_normal(labels.shape)
    rows = {c: slice(k * PER_CHROM, (k + 1) * PER_CHROM) for k, c in enumerate(CHROMS)}
    features, folds = Features(genes, rows, x), folds_of("each")
    options = {"kind": "ridge", "penalties": [0.01]} if kind == "linear" else {"rounds": 20}
    folder, held = tmp_path / "models", np.full((2, len(labels), 2), np.nan)
    save_index(folder, ["Liver", "Brain"], folds)
    for number, fold in enumerate(folds):
        fitted = list(fit_fold(features, labels, fold, kind, options, [1, 2], 1))
        if kind == "linear":
            save(folder, number, fitted)
        for seed in {each.seed for each in fitted}:
            save(folder, number, [one for one in fitted if one.seed == seed])
        test = rows_of(features, fold.test)
        for one in fitted:
            held[one.seed - 1, test, one.tissue] = one.predictor.predict(x[test])
    new = genes.iloc[[40, 3, 77]]
    new.assign(given="annotation").to_csv(tmp_path / "new.tsv", sep="\t", index=False)
    genes.drop(new.index).to_csv(tmp_path / "known.tsv", sep="\t", index=False)
    paths = {
        "genes": str(tmp_path / "new.tsv"),
        "known": str(tmp_path / "known.tsv"),
        "local": written(tmp_path / "new", new, x[new.index]),
        "known_local": written(tmp_path / "known", genes.drop(new.index), x),
        "models": [str(folder)],
    }
    if feature_set == "features+mine":
        brought = pd.DataFrame(x, index=pd.Index(genes["gene"])).add_prefix("x")
        brought.to_csv(tmp_path / "mine.tsv", sep="\t")
        paths = {key: path for key, path in paths.items() if "local" not in key}
        paths["features"] = [str(tmp_path / "mine.tsv")]
    params = {"chromosomes": CHROMS, "feature_sets": {feature_set: []}, "same_assembly": True}
    params |= {"tables": {"features+mine": 1} if "features" in paths else {}}
    params |= {"fits": [f"{feature_set}/{kind}"]}
    target = tmp_path / "predictions.tsv.gz"
    predict_genes.main(
        SimpleNamespace(
            input=Namedlist(fromdict=paths),
            output=SimpleNamespace(predictions=str(target)),
            params=SimpleNamespace(**params),
        )
    )
    found = read_table(target)
    assert len(found) == 3 * 2
    assert found["fold"].tolist() == found["chrom"].tolist()
    assert found["seen_tss"].isna().all()
    assert (found["fits"] == (1 if kind == "linear" else 2)).all()
    for row in found.itertuples():
        each = held[
            :, genes.index[genes["gene"] == row.gene][0], ["Liver", "Brain"].index(row.tissue)
        ]
        each = each[np.isfinite(each)]
        assert row.predicted == pytest.approx(each.mean(), rel=1e-6)
        if kind == "trees":
            assert row.spread == pytest.approx(each.std(ddof=1), rel=1e-3, abs=1e-7)
