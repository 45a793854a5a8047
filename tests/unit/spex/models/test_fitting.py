"""Linear models and trees: planted truths, no leak, the same bits however they are run."""

import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.linear_model import Ridge

from foldcast.errors import InputError
from foldcast.spex.models.feature_blocks import Features
from foldcast.spex.models.fitting import fit_fold, rows_of, save
from foldcast.spex.models.folds import check_labels, divide
from foldcast.spex.models.linear import Linear, fit_gblinear, fit_ridge
from foldcast.spex.models.saved_models import load_fits, save_index
from foldcast.spex.models.trees import Binned, Options, Trees, bin_edges

QUICK = {"rounds": 60, "patience": 10, "reg_lambda": 10.0, "eta": 0.2}
GBLINEAR = {"rounds": 5, "eta": 0.1, "reg_lambda": 1, "reg_alpha": 0, "base_score": 2}
RIDGE = {"kind": "ridge", "penalties": [0.001, 0.01, 0.1, 1, 10]}
CHROMS = ["chr1", "chr2", "chr3", "chr8", "chr9"]


def planted(n=60, p=40, noise=0.1, seed=0, tissues=2, truth="linear"):
    """Genes on five chromosomes; tissue k hangs on features k and k + 1."""
    rng = np.random.default_rng(seed)
    genes = pd.DataFrame(
        {
            "gene": [f"g{k:04d}" for k in range(n * len(CHROMS))],
            "chrom": np.repeat(CHROMS, n),
        }
    )
    x = rng.standard_normal((len(genes), p)).astype(np.float32)
    if truth == "linear":
        y = np.stack([2 * x[:, k] - x[:, k + 1] for k in range(tissues)], axis=1)
    else:
        y = np.stack([np.abs(x[:, k]) + x[:, k + 1] ** 2 for k in range(tissues)], axis=1)
    rows = {chrom: slice(k * n, (k + 1) * n) for k, chrom in enumerate(CHROMS)}
    return Features(genes, rows, x), y + noise * rng.standard_normal(y.shape) + 5


def fixed(features, test="chr8", validation="chr9"):
    counts = {chrom: rows.stop - rows.start for chrom, rows in features.rows.items()}
    (fold,) = divide(counts, "fixed", [test], [validation], "genes.tsv")
    return fold


def fitted(features, y, kind, threads=1, fold=None, seeds=(1,), **changed):
    if kind == "gblinear":
        kind, changed = "linear", changed | {"kind": kind}
    options = RIDGE if kind == "linear" else QUICK
    fold = fold or fixed(features)
    return list(fit_fold(features, y, fold, kind, options | changed, seeds, threads))


def held_out(features, y, kind, **changed):
    test = features.x[rows_of(features, ["chr8"])]
    return np.stack([f.predictor.predict(test) for f in fitted(features, y, kind, **changed)])


def r(features, y, kind, **changed):
    truth = y[rows_of(features, ["chr8"])]
    found = held_out(features, y, kind, **changed)
    return [np.corrcoef(found[k], truth[:, k])[0, 1] for k in range(y.shape[1])]


def test_linear_truth():
    features, y = planted()
    assert min(r(features, y, "linear")) > 0.99
    dual, y = planted(n=100, p=400)
    assert min(r(dual, y, "linear")) > 0.6  # 300 genes, 400 features


def test_truth_that_is_not_linear():
    features, y = planted(n=200, p=10, noise=0.3, truth="even")
    assert max(np.abs(r(features, y, "linear"))) < 0.4
    assert min(r(features, y, "trees", rounds=150)) > 0.8


@pytest.mark.parametrize("p", [20, 300])
def test_ridge_is_sklearns(p):
    features, y = planted(n=40, p=p)
    features.x[:, 3] = 7.1  # does not vary
    features.x[:, 4] *= 1000
    y[:5, 1] = np.nan
    train, validation = rows_of(features, CHROMS[:3]), rows_of(features, ["chr9"])
    models, penalties, _ = fit_ridge(features.x, y, train, validation, [0.01, 0.1, 1])
    for k, (model, penalty) in enumerate(zip(models, penalties, strict=True)):
        rows = train[np.isfinite(y[train, k])]
        x = features.x.astype(float)
        spread = x[rows].std(axis=0)
        z = (x - x[rows].mean(axis=0)) / np.where(spread < 1e-6, np.inf, spread)
        ridge = Ridge(alpha=penalty * (p - 1), solver="cholesky").fit(z[rows], y[rows, k])
        np.testing.assert_allclose(
            model.predict(features.x[validation]), ridge.predict(z[validation])
        )


def test_the_penalty_is_the_best_on_the_validation_genes():
    features, y = planted(noise=3)
    train, validation = rows_of(features, CHROMS[:3]), rows_of(features, ["chr9"])
    penalties = [0.001, 0.1, 10]
    _, best, error = fit_ridge(features.x, y, train, validation, penalties)
    errors = [fit_ridge(features.x, y, train, validation, [p])[2] for p in penalties]
    np.testing.assert_array_equal(best, np.array(penalties)[np.argmin(errors, axis=0)])
    np.testing.assert_allclose(error, np.min(errors, axis=0))


def test_gblinear_is_xgboosts():
    features, y = planted()
    y[:7, 1] = np.nan
    train = rows_of(features, CHROMS[:3])
    given = {"eta": 0.01, "reg_lambda": 100, "reg_alpha": 0, "base_score": 2}
    models = list(fit_gblinear(features.x, y, train, given | {"rounds": 20}))
    for k, model in enumerate(models):
        rows = train[np.isfinite(y[train, k])]
        data = xgboost.DMatrix(features.x[rows], y[rows, k])
        settings = {"booster": "gblinear", "updater": "coord_descent", "nthread": 1}
        booster = xgboost.train(settings | given, data, 20)
        expected = booster.predict(xgboost.DMatrix(features.x))
        np.testing.assert_allclose(model.predict(features.x), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("linear", {}),
        ("gblinear", {"gblinear": GBLINEAR}),
        ("trees", {}),
    ],
)
def test_test_labels_do_not_leak(kind, changed):
    features, y = planted()
    other = y.copy()
    test = rows_of(features, ["chr8"])
    other[test] = np.random.default_rng(1).standard_normal((len(test), 2)) * 100
    other[test[:3]] = np.nan
    one, two = (held_out(features, labels, kind, **changed) for labels in (y, other))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_test_features_do_not_leak(kind):
    features, y = planted()
    models = fitted(features, y, kind)
    features.x[rows_of(features, ["chr8"])] *= 1000
    again = fitted(features, y, kind)
    probe = features.x[:50]
    for one, two in zip(models, again, strict=True):
        np.testing.assert_array_equal(one.predictor.predict(probe), two.predictor.predict(probe))


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_validation_labels_do_matter(kind):
    """Else the two tests above would say nothing."""
    features, y = planted(noise=2)
    other = y.copy()
    validation = rows_of(features, ["chr9"])
    other[validation] = np.random.default_rng(1).standard_normal((len(validation), 2))
    assert (held_out(features, y, kind) != held_out(features, other, kind)).any()


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_bits_do_not_depend_on_threads(kind, tmp_path, monkeypatch):
    monkeypatch.setattr("foldcast.spex.models.trees.PER_THREAD", 1)
    monkeypatch.setattr("foldcast.spex.models.cholesky.TILE", 16)
    features, y = planted(n=50, p=120)
    features.x[:9, 5] = np.nan
    fold = fixed(features)
    for threads in (1, 2, 3):
        folder = tmp_path / str(threads)
        save_index(folder, ["a", "b"], [fold])
        save(
            folder,
            0,
            fitted(features, y, kind, threads=threads, rounds=15)
            if kind == "trees"
            else fitted(features, y, kind, threads=threads),
        )
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert len(files) == (4 if kind == "trees" else 3)
    for name in files:
        assert len({(tmp_path / str(t) / name).read_bytes() for t in (1, 2, 3)}) == 1, name


def test_bits_do_not_depend_on_the_order_of_training_genes():
    """Sums of gradients are exact, and edges of bins are quantiles: trees do not see the order."""
    features, y = planted(n=50, p=30)
    train, validation = slice(0, 150), slice(200, 250)
    order = np.random.default_rng(0).permutation(150)
    x, z = features.x.copy(), y.copy()
    x[:150], z[:150] = x[:150][order], z[:150][order]
    options = Options(**QUICK)
    found = [
        Binned(a, [train], [validation], 32, 1).fit(b[train, 0], b[validation, 0], 1, options)[0]
        for a, b in ((features.x, y), (x, z))
    ]
    np.testing.assert_array_equal(found[0].predict(features.x), found[1].predict(features.x))


def test_seeds_of_trees():
    features, y = planted()
    fits = fitted(features, y, "trees", seeds=(1, 2))
    assert [(f.tissue, f.seed) for f in fits] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    one, two = (fits[k].predictor.predict(features.x) for k in (0, 1))
    assert (one != two).any()
    linear = fitted(features, y, "linear", seeds=(7, 8))
    assert [(f.tissue, f.seed) for f in linear] == [(0, 7), (1, 7)]


def test_trees_stop_at_the_best_round():
    features, y = planted(noise=3)
    for each in fitted(features, y, "trees", rounds=200):
        validation = rows_of(features, ["chr9"])
        error = each.predictor.predict(features.x[validation]) - y[validation, each.tissue]
        assert each.rounds < 200
        assert each.rmse == pytest.approx(np.sqrt(np.mean(error**2)), abs=1e-5)


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_missing_labels_are_left_out_of_their_tissue_alone(kind):
    features, y = planted()
    gone = y.copy()
    gone[:40, 1] = np.nan
    one, two = (held_out(features, labels, kind) for labels in (y, gone))
    np.testing.assert_allclose(one[0], two[0], rtol=1e-12)
    assert (one[1] != two[1]).any() and np.isfinite(two).all()


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_missing_features(kind):
    features, y = planted()
    features.x[::3, 0] = np.nan
    features.x[:, 6] = np.nan
    found = r(features, y, kind, **({"rounds": 200} if kind == "trees" else {}))
    assert found[0] > 0.6 and found[1] > (0.95 if kind == "linear" else 0.8)


def test_each_chromosome_is_predicted_by_a_model_that_never_saw_it():
    features, y = planted(n=30)
    counts = {chrom: 30 for chrom in CHROMS}
    for fold in divide(counts, "each", [], [], "genes.tsv"):
        other = y.copy()
        test = rows_of(features, fold.test)
        other[test] = -other[test]
        for kind in ("linear", "trees"):
            one, two = (
                fitted(features, labels, kind, fold=fold)[0].predictor.predict(features.x[test])
                for labels in (y, other)
            )
            np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_saved_and_read_again(kind, tmp_path):
    features, y = planted()
    fold = fixed(features)
    fits = fitted(features, y, kind, seeds=(3, 11))
    save_index(tmp_path, ["Liver", "Brain - Cortex (BA9)"], [fold])
    save(tmp_path, 0, fits)
    again = list(load_fits(tmp_path))
    assert len(again) == len(fits)
    for one, two in zip(fits, again, strict=True):
        assert two.fold == fold and two.seed == one.seed
        assert two.tissue == ["Liver", "Brain - Cortex (BA9)"][one.tissue]
        assert two.predictor.linear == (kind == "linear") and two.predictor.width == 40
        np.testing.assert_array_equal(
            one.predictor.predict(features.x), two.predictor.predict(features.x)
        )
    brain = list(load_fits(tmp_path, ["Brain - Cortex (BA9)"]))
    assert {fit.tissue for fit in brain} == {"Brain - Cortex (BA9)"} and brain


def test_the_effect_of_a_linear_model_is_the_difference_of_its_predictions():
    features, y = planted()
    model = fitted(features, y, "linear")[0].predictor
    assert isinstance(model, Linear)
    one, two = features.x[:20].astype(float), features.x[20:40].astype(float)
    effect = model.predict(two) - model.predict(one)
    np.testing.assert_allclose(model.effect(two - one), effect, atol=1e-12)


def test_edges_are_values_at_equal_ranks():
    x = np.stack([np.arange(100.0), np.zeros(100), np.full(100, np.nan)], axis=1).astype("f4")
    x[::2, 1] = np.nan
    edges = bin_edges(x, [slice(0, 40), slice(40, 80)], 4)
    np.testing.assert_array_equal(edges[:, 0], [0, 20, 40, 60])
    np.testing.assert_array_equal(edges[:, 1], 0)
    assert np.isnan(edges[:, 2]).all()


def test_trees_split_between_the_bins():
    features, y = planted()
    trees = fitted(features, y, "trees", max_bin=8)[0].predictor
    assert isinstance(trees, Trees)
    learnt = [features.rows[chrom] for chrom in CHROMS[:3]]
    edges = bin_edges(features.x, learnt, 8)
    table = trees.booster.trees_to_dataframe()
    splits = table[table["Feature"] != "Leaf"]
    assert len(splits)
    for name, at in zip(splits["Feature"], splits["Split"], strict=True):
        assert np.isclose(edges[:, int(name[1:])], at, rtol=1e-6).any()


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_trees_grow_whatever_the_unit_of_the_labels(scale):
    features, y = planted(n=30)
    assert min(r(features, y * scale, "trees", reg_lambda=275.2)) > 0.5


def test_too_few_labels_in_a_tissue():
    features, y = planted(n=30)
    y[rows_of(features, ["chr9"])[3:], 1] = np.nan
    labels = pd.DataFrame(y, columns=["Liver", "Brain"])
    with pytest.raises(InputError) as error:
        check_labels(labels, features.genes["chrom"], fixed(features), "expression.tsv")
    assert "3 genes with a value in Brain to validate on (chr9)" in str(error.value)
    assert "tissue Brain" in str(error.value) and "`tissues`" in error.value.remedy
