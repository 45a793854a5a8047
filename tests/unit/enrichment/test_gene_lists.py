"""Rankings and lists of genes: forecasts with a planted truth, and what a map adds."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foldcast.enrichment import gene_lists
from foldcast.files import read_table, write_table
from foldcast.forecast.forecast_tables import COLUMNS as FORECAST
from foldcast.spex.comparison.heldout_predictions import Fit, HeldOut
from scripts.enrichment import rank_genes
from scripts.enrichment.rank_spex_genes import gain_table, gains

COMPARATORS = ["persistence", "smoothing_per_gene", "local_level"]


def skill(squared, reference, groups=None):
    groups = groups or [[k] for k in range(len(reference))]
    return gene_lists.gene_skill(np.asarray(squared), np.asarray(reference), groups)


def errors(rng, genes=40, origins=30, seeds=1):
    return rng.chisquare(1, size=(seeds, genes, origins)), rng.chisquare(1, size=(genes, origins))


def test_skill_is_one_minus_the_ratio_of_errors():
    squared, reference = errors(np.random.default_rng(1), seeds=3)
    table = skill(squared, reference)
    expected = 1 - squared.mean(axis=(0, 2)) / reference.mean(axis=1)
    assert table["value"].to_numpy() == pytest.approx(expected)
    assert ((table["low"] < table["value"]) & (table["value"] < table["high"])).all()


def test_rows_that_are_one_gene_share_their_errors():
    squared, reference = errors(np.random.default_rng(2), genes=4)
    table = skill(squared, reference, [[0, 3], [1]])
    both = 1 - squared[0, [0, 3]].mean() / reference[[0, 3]].mean()
    assert table["value"].tolist() == pytest.approx(
        [both, 1 - squared[0, 1].mean() / reference[1].mean()]
    )


def test_few_genes_are_predictable_where_none_is():
    squared, reference = errors(np.random.default_rng(3), genes=600)
    names = gene_lists.skill_lists(skill(squared, reference), "persistence")
    assert (names == "predictable over persistence").mean() <= 0.05


def test_clearly_better_forecasts_make_a_gene_predictable():
    squared, reference = errors(np.random.default_rng(4), genes=30)
    squared[:, :10] *= 0.2
    table = skill(squared, reference)
    names = gene_lists.skill_lists(table, "smoothing_per_gene")
    assert (names[:10] == "predictable over smoothing per gene").sum() >= 8
    worse = names == "unpredictable over smoothing per gene"
    assert (worse == (table["value"] <= 0)).all() and worse.any()


def test_forecasts_that_are_the_comparators_own_put_no_gene_in_a_list():
    _, reference = errors(np.random.default_rng(5))
    table = skill(reference[None], reference)
    assert (table["value"] == 0).all()
    assert (gene_lists.skill_lists(table, "persistence") == "").all()


def test_too_few_origins_make_no_lists():
    squared, reference = errors(np.random.default_rng(6), origins=5)
    table = skill(squared * 0.01, reference)
    assert table["low"].isna().all() and (table["value"] > 0.5).all()
    assert (gene_lists.skill_lists(table, "persistence") == "").all()


@pytest.mark.parametrize(("share", "most"), [(0.1, 2), (0.25, 5), (0.001, 1), (0.5, 10)])
def test_lists_of_changes_are_the_ends_with_the_right_sign(share, most):
    values = pd.Series(np.linspace(-1.0, 3.0, 20), index=[f"g{k}" for k in range(20)])
    names = gene_lists.tail_lists(values, gene_lists.CHANGE, share)
    up, down = (names.index[names == one] for one in ("forecast up", "forecast down"))
    assert list(up) == list(values.index[-most:])
    assert list(down) == list(values.index[:most][values[:most] < 0])


def test_every_ranking_has_two_lists():
    assert gene_lists.lists_of("skill over smoothing per gene") == (
        "predictable over smoothing per gene", "unpredictable over smoothing per gene",
    )  # fmt: skip
    assert gene_lists.lists_of(gene_lists.gain_ranking("rnapii", "trees")) == (
        "better from rnapii, trees", "worse from rnapii, trees",
    )  # fmt: skip


def forecasts(time_course, origins, model, graph="-", seed=0, error=0.0, rng=None):
    rows = []
    for k in origins:
        truth = time_course.to_numpy()[:, k + 1]
        noise = 0 if rng is None else rng.normal(size=len(truth)) * error
        times = time_course.columns.astype(float)
        rows.append(
            pd.DataFrame(
                {
                    "model": model, "graph": graph, "seed": seed, "origin": k,
                    "origin_time": times[k], "target_time": times[k + 1],
                    "gene": time_course.index, "predicted": truth + noise,
                }
            )
        )  # fmt: skip
    return pd.concat(rows)[FORECAST]


@pytest.fixture
def world(tmp_path):
    """A dataset whose first ten genes the model forecasts better than all comparators."""
    rng = np.random.default_rng(1)
    genes = ["NA", "7", *(f"G{k}" for k in range(28))]
    times = [f"{t:g}" for t in np.arange(40) * 0.5]
    time_course = pd.DataFrame(rng.normal(size=(30, 40)), index=pd.Index(genes, name="gene"))
    time_course.columns = times
    write_table(time_course, tmp_path / "course.tsv", index=True)
    symbols = ["Na", "Seven", *(f"Sym{k}" for k in range(26)), None, "Sym0"]
    loci = pd.DataFrame(
        {"gene": genes, "symbol": symbols, "gene_id": [f"id{k}" for k in range(30)]}
    )
    write_table(loci, tmp_path / "loci.tsv")
    origins = range(11, 39)
    error = np.where(np.arange(30) < 10, 0.2, 1.0)
    model = [forecasts(time_course, origins, "stepmr", "g", seed, error, rng) for seed in (1, 2)]
    write_table(pd.concat(model), tmp_path / "forecasts.tsv")
    both = [forecasts(time_course, origins, name, error=1.0, rng=rng) for name in COMPARATORS]
    write_table(pd.concat(both), tmp_path / "baselines.tsv")
    change = np.linspace(-1, 1, 30)
    ahead = pd.DataFrame({"gene": genes, "horizon": 1, "predicted": 5 + change, "level": 5.0})
    ahead = ahead.assign(last=4.0, low=4 + change, high=6 + change)
    write_table(pd.concat([ahead, ahead.assign(horizon=2, predicted=5.0)]), tmp_path / "ahead.tsv")
    return tmp_path


def run_rank(folder, ahead=True):
    rank_genes.main(
        SimpleNamespace(
            input=SimpleNamespace(
                time_course=folder / "course.tsv",
                loci=folder / "loci.tsv",
                baselines=folder / "baselines.tsv",
                forecasts=[folder / "forecasts.tsv"],
                ahead=folder / "ahead.tsv" if ahead else [],
            ),
            output=SimpleNamespace(rankings=folder / "rankings.tsv"),
            params=SimpleNamespace(
                first_origin=0.3,
                forecast=("g", "stepmr"),
                comparators=COMPARATORS,
                share=0.1,
            ),
        )
    )
    return read_table(folder / "rankings.tsv", dtype={"gene": str, "list": str})


def test_the_script_ranks_genes_by_skill_and_change(world):
    table = run_rank(world)
    by = dict(list(table.groupby("ranking", sort=False)))
    assert list(by) == [
        "skill over persistence",
        "skill over smoothing per gene",
        "skill over local level",
        gene_lists.CHANGE,
    ]
    for one in by.values():
        assert len(one) == one["gene"].nunique() == 28  # one has no symbol, two are one gene
    skills = by["skill over persistence"].set_index("gene")
    better = skills.index[skills["list"] == "predictable over persistence"]
    planted = {"Na", "Seven", *(f"Sym{k}" for k in range(8))} - {"Sym0"}
    assert len(planted & set(better)) >= 6 and len(set(better) - planted) <= 1
    assert skills.loc["Sym0", "rows"] == "G0|G27"
    change = by[gene_lists.CHANGE].set_index("gene")
    assert change.index[change["list"] == "forecast down"].tolist() == ["Na", "Seven", "Sym1"]
    assert change.loc["Sym0", "value"] == pytest.approx((np.linspace(-1, 1, 30)[[2, 29]]).mean())
    assert (change["high"] - change["low"]).to_numpy() == pytest.approx(2)


def test_without_forecasts_ahead_there_is_no_ranking_by_change(world):
    table = run_rank(world, ahead=False)
    assert gene_lists.CHANGE not in set(table["ranking"])
    first = (world / "rankings.tsv").read_bytes()
    run_rank(world, ahead=False)
    assert (world / "rankings.tsv").read_bytes() == first


def held_out(rng, n=50, tissues=2, seeds=2):
    genes = pd.DataFrame({"gene": [f"E{k}" for k in range(n)], "chrom": "chr8"})
    observed = rng.normal(size=(tissues, n))
    observed[0, 0] = np.nan
    better = np.where(np.arange(n) < 5, 0.1, 1.0)
    fits = [
        Fit(feature_set, model, observed + error * rng.normal(size=(seeds, tissues, n)))
        for model in ("linear", "trees")
        for feature_set, error in (("expecto", 1.0), ("rnapii", better))
    ]
    return HeldOut(genes, ["a", "b"], observed, fits, {})


def test_a_gain_is_how_much_smaller_the_error_is_with_the_map():
    held = held_out(np.random.default_rng(7))
    with_map, without = (
        np.abs(fit.predicted - held.observed).mean(axis=0) for fit in (held.fits[1], held.fits[0])
    )
    found = gains(held, "expecto", "rnapii", "linear")
    assert found[1:] == pytest.approx((without - with_map).mean(axis=0)[1:])
    assert found[0] == pytest.approx((without - with_map)[1, 0])


def test_genes_that_a_map_helps_are_at_the_top():
    held = held_out(np.random.default_rng(8))
    symbols = [f"Sym{k // 2}" for k in range(50)]
    panel = pd.DataFrame({"gene": symbols, "rows": held.genes["gene"]})
    panel = panel.groupby("gene", sort=False)["rows"].agg("|".join).reset_index()
    panel.loc[len(panel)] = ["Elsewhere", "E999"]
    table = gain_table(panel, held, "expecto", "rnapii", 0.1)
    by = dict(list(table.groupby("ranking", sort=False)))
    assert list(by) == ["gain from rnapii, linear", "gain from rnapii, trees"]
    for ranking, one in by.items():
        assert len(one) == 25
        top = set(one.loc[one["list"] == gene_lists.lists_of(ranking)[0], "gene"])
        assert {"Sym0", "Sym1"} <= top and len(top) == 3
