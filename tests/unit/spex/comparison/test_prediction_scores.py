"""Scores of held-out predictions: values, subsets, seeds; tables that are read and refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr, spearmanr

import spex_world as world
from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.spex.comparison.heldout_predictions import (
    Fit,
    HeldOut,
    label_threshold,
    read_held_out,
    subsets,
    write_predictions,
)
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks
from foldcast.spex.comparison.prediction_scores import OVERALL, places, score, score_rows

TISSUES = ("liver", "lung", "blood")


def scored(held, threads=1):
    blocks = LocusBlocks.of(held.genes, 100_000, 200, 1)
    return score(held, blocks, subsets(held, 0.0), 1, threads)


def table_of(held):
    rows = pd.DataFrame(score_rows(scored(held)))
    return rows.set_index(["feature_set", "tissue", "subset", "metric"]).sort_index()


@pytest.fixture(scope="module")
def held():
    return world.run({"hic": 0.7}, tissues=TISSUES, seeds=3)


@pytest.fixture(scope="module")
def table(held):
    return table_of(held)


def test_scores_are_those_of_the_mean_over_seeds(held, table):
    fit, mask = held.fits[1], (held.genes["biotype"] == "lincRNA").to_numpy()
    predicted, observed = fit.predicted.mean(axis=0)[1], held.observed[1]
    value = table["value"].loc["hic", "lung"]
    assert value["all", "spearman"] == pytest.approx(spearmanr(predicted, observed).statistic)
    assert value["all", "pearson"] == pytest.approx(pearsonr(predicted, observed).statistic)
    assert value["all", "rmse"] == pytest.approx(np.sqrt(np.mean((predicted - observed) ** 2)))
    assert value["lincRNA", "spearman"] == pytest.approx(
        spearmanr(predicted[mask], observed[mask]).statistic
    )
    expressed = observed > 0
    assert value["expressed", "pearson"] == pytest.approx(
        pearsonr(predicted[expressed], observed[expressed]).statistic
    )


def test_over_tissues_a_score_is_their_mean(table):
    for metric in ("rmse", "pearson", "spearman"):
        each = [table.loc["hic", tissue, "all", metric]["value"] for tissue in TISSUES]
        assert table.loc["hic", OVERALL, "all", metric]["value"] == pytest.approx(np.mean(each))


def test_deviations_are_from_the_mean_over_tissues(held, table):
    predicted = held.fits[1].predicted.mean(axis=0)
    deviation, seen = predicted - predicted.mean(axis=0), held.observed - held.observed.mean(axis=0)
    value = table["value"].xs(("all", "deviation_pearson"), level=("subset", "metric"))
    assert value["hic", "lung"] == pytest.approx(pearsonr(deviation[1], seen[1]).statistic)
    pooled = pearsonr(deviation.ravel(), seen.ravel()).statistic
    assert value["hic", OVERALL] == pytest.approx(pooled)


def test_a_gene_without_a_label_in_a_tissue_does_not_count_there(held):
    observed = held.observed.copy()
    observed[1, :70] = np.nan
    observed[2, :30] = np.nan
    table = table_of(replace(held, observed=observed))
    predicted = held.fits[1].predicted.mean(axis=0)
    rows = table.xs(("hic", "all"), level=("feature_set", "subset"))
    for t, (tissue, first) in enumerate(zip(TISSUES, (0, 70, 30), strict=True)):
        pair = predicted[t, first:], observed[t, first:]
        assert rows.loc[(tissue, "spearman"), "value"] == pytest.approx(spearmanr(*pair).statistic)
        assert rows.loc[(tissue, "pearson"), "value"] == pytest.approx(pearsonr(*pair).statistic)
        error = np.sqrt(np.mean((pair[0] - pair[1]) ** 2))
        assert rows.loc[(tissue, "rmse"), "value"] == pytest.approx(error)
        assert rows.loc[(tissue, "spearman"), "n"] == len(held.genes) - first
    seen = observed[1, 70:] - observed[:, 70:].mean(axis=0)
    deviation = predicted[1, 70:] - predicted[:, 70:].mean(axis=0)
    value = rows.loc[("lung", "deviation_pearson"), "value"]
    assert value == pytest.approx(pearsonr(deviation, seen).statistic)
    # Genes 30 to 69 have labels in the other two tissues, and deviate from the mean of these.
    two = observed[[0, 2], 30:70] - observed[[0, 2], 30:70].mean(axis=0)
    told = predicted[[0, 2], 30:70] - predicted[[0, 2], 30:70].mean(axis=0)
    whole = observed[2, 70:] - observed[:, 70:].mean(axis=0)
    said = predicted[2, 70:] - predicted[:, 70:].mean(axis=0)
    value = rows.loc[("blood", "deviation_pearson"), "value"]
    pair = np.concatenate([told[1], said]), np.concatenate([two[1], whole])
    assert value == pytest.approx(pearsonr(*pair).statistic)


def test_what_is_called_lncrna_today_counts_as_lincrna(held):
    renamed = held.genes.assign(biotype=held.genes["biotype"].replace("lincRNA", "lncRNA"))
    before, after = (subsets(one, 0.0) for one in (held, replace(held, genes=renamed)))
    assert np.array_equal(before["lincRNA"], after["lincRNA"]) and after["lincRNA"].any()


def test_a_prediction_that_is_the_same_in_every_tissue_says_nothing_of_tissues(held):
    same = Fit("hic", "linear", np.repeat(held.observed.mean(axis=0)[None, None], 3, axis=1))
    table = table_of(HeldOut(held.genes, held.tissues, held.observed, [same], {}))
    assert table.loc["hic", OVERALL, "all", "deviation_pearson"]["value"] == 0
    assert table.loc["hic", OVERALL, "all", "spearman"]["value"] > 0.5


def test_every_row_holds_the_score_between_its_ends_and_counts_genes(held, table):
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    assert len(table) == 2 * 4 * 4 * 4  # feature sets, places, subsets, metrics
    assert set(table.xs("all", level="subset")["n"]) == {len(held.genes)}
    coding = int((held.genes["biotype"] == "protein_coding").sum())
    assert set(table.xs("protein_coding", level="subset")["n"]) == {coding}
    lung = int((held.observed[1] > 0).sum())
    assert table.loc["hic", "lung", "expressed", "rmse"]["n"] == lung
    assert (table["blocks"] > 10).all()


def test_one_tissue_has_no_mean_and_no_deviation():
    held = world.run({"hic": 0.7})
    assert places(held) == ["liver"]
    table = table_of(held).reset_index()
    assert set(table["tissue"]) == {"liver"}
    assert "deviation_pearson" not in set(table["metric"])


def test_subsets_without_genes_are_left_out():
    held = world.run({"hic": 0.7})
    held.genes["biotype"] = "protein_coding"
    assert set(table_of(held).reset_index()["subset"]) == {"all", "protein_coding", "expressed"}


def test_what_seeds_disagree_about_widens_the_interval(held):
    agreed = [
        Fit(fit.feature_set, fit.model, np.repeat(fit.predicted.mean(axis=0)[None], 3, axis=0))
        for fit in held.fits
    ]
    rng = np.random.default_rng(1)
    quality = np.array([0.2, 1.0, 1.8])[:, None, None]  # seeds of uneven luck
    noise = rng.normal(size=held.fits[0].predicted.shape) * quality
    noise -= noise.mean(axis=0)
    apart = [Fit(fit.feature_set, fit.model, fit.predicted + noise) for fit in agreed]
    width = {}
    for name, fits in {"agreed": agreed, "apart": apart}.items():
        table = table_of(HeldOut(held.genes, held.tissues, held.observed, fits, {}))
        row = table.loc["hic", "lung", "all", "spearman"]
        width[name] = row["high"] - row["low"]
        assert row["value"] == pytest.approx(
            spearmanr(agreed[1].predicted[0, 1], held.observed[1]).statistic
        )
    assert width["apart"] > 1.5 * width["agreed"]


def test_threads_change_nothing(held):
    one, two = scored(held), scored(held, threads=2)
    for key, values in one.values.items():
        assert np.array_equal(values, two.values[key]), key


def test_a_gene_is_expressed_above_a_value_in_the_tables_own_units():
    assert label_threshold("linear", 0.1, 0.0001) == pytest.approx(np.log(0.1001))
    assert label_threshold("log", 0.1, 0.0001) == 0.1


# What fits write.


def written(folder, held, feature_set, model, leave_out=()):
    """A table of predictions as rule fit_spex writes it."""
    fit = next(f for f in held.fits if (f.feature_set, f.model) == (feature_set, model))
    rows = [
        (gene, tissue, seed, "fixed", "test", fit.predicted[seed, t, g])
        for seed in range(len(fit.predicted))
        for t, tissue in enumerate(held.tissues)
        for g, gene in enumerate(held.genes["gene"])
        if gene not in leave_out
    ]
    path = folder / f"{feature_set}.{model}.tsv"
    columns = ["gene", "tissue", "seed", "fold", "set", "predicted"]
    # Rows come in any order.
    pd.DataFrame(rows, columns=columns).sample(frac=1, random_state=1).to_csv(
        path, sep="\t", index=False
    )
    return path


@pytest.fixture
def files(tmp_path, held):
    genes = held.genes.assign(symbol="x")
    trained = pd.DataFrame([("t1", "chr9", 5, "lincRNA", "x")], columns=genes.columns)
    pd.concat([trained, genes]).to_csv(tmp_path / "genes.tsv", sep="\t", index=False)
    expression = pd.DataFrame(held.observed.T, columns=held.tissues)
    expression.insert(0, "gene", held.genes["gene"])
    expression.loc[-1] = ["t1", 1.0, 2.0, 3.0]
    expression.to_csv(tmp_path / "expression.tsv", sep="\t", index=False)
    return tmp_path


def read(files, names, paths):
    return read_held_out(names, paths, files / "genes.tsv", files / "expression.tsv")


def test_predictions_come_back_as_they_were_written(files, held):
    names = ["expecto/linear", "hic/linear"]
    paths = [written(files, held, *name.split("/")) for name in names]
    result = read(files, names, paths)
    assert result.tissues == list(TISSUES)
    assert result.genes["gene"].tolist() == held.genes["gene"].tolist()
    assert [(fit.feature_set, fit.model) for fit in result.fits] == [
        ("expecto", "linear"),
        ("hic", "linear"),
    ]
    for fit, expected in zip(result.fits, held.fits, strict=True):
        assert fit.predicted == pytest.approx(expected.predicted, rel=1e-6)
    assert result.observed == pytest.approx(held.observed)
    assert result.lost == {}


def test_feature_sets_are_scored_on_the_genes_that_all_have(files, held):
    names, missing = ["expecto/linear", "hic/linear"], held.genes["gene"][:5].tolist()
    paths = [
        written(files, held, "expecto", "linear"),
        written(files, held, "hic", "linear", missing),
    ]
    result = read(files, names, paths)
    assert result.genes["gene"].tolist() == held.genes["gene"].tolist()[5:]
    assert result.lost == {"hic/linear": 5}
    assert result.observed.shape == result.fits[0].predicted.shape[1:]


def test_what_is_scored_is_written_beside_what_was_measured(files, held):
    names, missing = ["expecto/linear", "hic/linear"], held.genes["gene"][:5].tolist()
    paths = [written(files, held, *names[0].split("/"))]
    paths += [written(files, held, *names[1].split("/"), missing)]
    added = pd.DataFrame([("t1", "lung", seed, "fixed", "validation", 7.0) for seed in range(3)])
    added.to_csv(paths[0], sep="\t", index=False, header=False, mode="a")
    table, once = files / "predictions.tsv.gz", []
    for _ in range(2):
        of = files / "genes.tsv", files / "expression.tsv"
        write_predictions(table, names, paths, read(files, names, paths), *of, ["chr9"])
        once.append(table.read_bytes())
    assert once[0] == once[1]
    rows = read_table(table)
    found = rows.set_index(["feature_set", "gene", "tissue"])
    assert not found.index.has_duplicates
    assert len(rows) == len(TISSUES) * (2 * len(held.genes) - 5) + 1
    for fit in held.fits:
        here = found.loc[fit.feature_set]
        here = here[here["scored"] == "yes"]
        assert (here["model"] == "linear").all() and (here["trained_on"] == "no").all()
        for t, tissue in enumerate(TISSUES):
            one = here.xs(tissue, level="tissue").loc[held.genes["gene"][5:]]
            assert one["predicted"].to_numpy() == pytest.approx(fit.predicted.mean(axis=0)[t, 5:])
            assert one["label"].to_numpy() == pytest.approx(held.observed[t, 5:])
    # What another set lacks is predicted, and not scored; nor is what was validated on.
    assert (found.loc["expecto"].loc[missing, "scored"] == "no").all()
    validated = found.loc[("expecto", "t1", "lung")]
    assert validated[["chrom", "trained_on", "scored"]].tolist() == ["chr9", "validation", "no"]
    assert validated[["label", "predicted"]].tolist() == [2, 7]


def test_feature_sets_without_a_common_gene_are_refused(files, held):
    genes = held.genes["gene"].tolist()
    paths = [
        written(files, held, "expecto", "linear", genes[:100]),
        written(files, held, "hic", "linear", genes[100:]),
    ]
    with pytest.raises(InputError, match=r"no gene that all of .*\n.*\n.*features"):
        read(files, ["expecto/linear", "hic/linear"], paths)


@pytest.mark.parametrize("fault", ["twice", "gap", "nan", "stranger"])
def test_predictions_that_are_not_whole_are_refused(files, held, fault):
    path = written(files, held, "hic", "linear")
    table = pd.read_csv(path, sep="\t")
    if fault == "twice":
        table = pd.concat([table, table.iloc[:1]])
    elif fault == "gap":
        table = table.iloc[1:]
    elif fault == "nan":
        table.loc[0, "predicted"] = np.nan
    else:
        table.loc[0, "gene"] = "nobody"
    table.to_csv(path, sep="\t", index=False)
    with pytest.raises(ValueError, match=path.name):
        read(files, ["hic/linear"], [path])
