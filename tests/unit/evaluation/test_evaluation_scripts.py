"""The two scripts from files to files, on a simulated time course and on mouse lung."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.evaluation.forecast_scores import METRICS
from foldcast.files import read_table, write_table
from foldcast.forecast.base_forecaster import ROWS
from foldcast.forecast.baseline_horizons import iterated
from foldcast.forecast.baselines import RECIPES
from foldcast.forecast.forecast_tables import forecast_table
from foldcast.forecast.mlp_on_lags import NAME
from foldcast.forecast.time_course import read_time_course
from scripts.evaluation import (
    baselines,
    evaluate,
    forecast_next,
    given_forecasts,
    score_course,
    score_horizons,
)

BASELINES = [*RECIPES, NAME, *ROWS]


def write_inputs(folder, time_course, variance, times, replicates, genes):
    for name, values in (("time_course", time_course), ("replicate_variance", variance)):
        table = pd.DataFrame(values, columns=times)
        table.insert(0, "gene", genes)
        write_table(table, folder / f"{name}.tsv")
    samples = pd.DataFrame({"time": np.repeat(times, replicates)})
    samples.insert(0, "sample", [f"s{i}" for i in samples.index])
    samples["copy_of"] = pd.NA
    write_table(samples, folder / "samples.tsv")


def run_baselines(folder):
    baselines.main(
        SimpleNamespace(
            input=SimpleNamespace(
                time_course=str(folder / "time_course.tsv"),
                variance=str(folder / "replicate_variance.tsv"),
                samples=str(folder / "samples.tsv"),
            ),
            output=SimpleNamespace(baselines=str(folder / "baselines.tsv")),
            params=SimpleNamespace(first_origin=0.3),
        )
    )
    return read_table(folder / "baselines.tsv", dtype={"gene": str})


def run_evaluate(folder, forecasts, nodes="gene", given=(), unverified=(), other=()):
    names = ("evaluation", "scores", "verdict")
    made = pd.concat([read_table(path) for path in forecasts])
    fits = made.groupby(["model", "graph", "seed"], as_index=False)["origin"].agg(
        first_origin="min", last_origin="max"
    )
    write_table(fits, folder / "block.fits.tsv")
    evaluate.main(
        SimpleNamespace(
            input=SimpleNamespace(
                time_course=str(folder / "time_course.tsv"),
                variance=str(folder / "replicate_variance.tsv"),
                samples=str(folder / "samples.tsv"),
                baselines=str(folder / "baselines.tsv"),
                forecasts=[str(path) for path in forecasts],
                pairs=[],
                genes=[],
                given=[str(path) for path in given],
                other_arm=[str(path) for path in other],
                fits=[str(folder / "block.fits.tsv")],
            ),
            output=SimpleNamespace(
                **{name: str(folder / f"{name}.tsv") for name in (*names, "fits")}
            ),
            params=SimpleNamespace(
                nodes=nodes,
                forecast="stack",
                network="stepmr",
                base="stack",
                rewired={},
                unverified=list(unverified),
                graphs=[],
                first_origin=0.3,
            ),
        )
    )
    return [read_table(folder / f"{name}.tsv", dtype={"gene": str}) for name in names]


def run_given(folder, name, file, function=None):
    """The forecasts of a forecaster of the user's; the panel has a sample per replicate."""
    output = folder / f"given.{name}.tsv"
    given_forecasts.main(
        SimpleNamespace(
            input=SimpleNamespace(
                time_course=str(folder / "time_course.tsv"),
                panel=str(folder / "panel.tsv"),
                samples=str(folder / "samples.tsv"),
                forecaster=str(file),
            ),
            output=SimpleNamespace(forecasts=str(output)),
            params=SimpleNamespace(first_origin=0.3, function=function),
            wildcards=SimpleNamespace(forecaster=name),
        )
    )
    return output


def as_model(folder, table, model="stepmr", graph="mesc", blocks=2):
    """A baseline's rows as the forecasts of a model, in several tables."""
    table = table.assign(model=model, graph=graph, seed=3)
    paths = []
    for number, part in enumerate(np.array_split(np.unique(table["origin"]), blocks)):
        paths.append(folder / f"{model}.{graph}.{number}.tsv")
        write_table(table[table["origin"].isin(part)], paths[-1])
    return paths


@pytest.fixture
def simulated(tmp_path):
    rng = np.random.default_rng(1)
    walk = rng.normal(scale=0.5, size=(20, 25)).cumsum(axis=1)
    samples = walk[:, :, None] + rng.normal(size=(20, 25, 3))
    write_inputs(
        tmp_path,
        samples.mean(axis=2),
        samples.var(axis=2, ddof=1),
        np.arange(25) * 1.5 - 4.5,
        np.full(25, 3),
        ["NA", "7", *(f"g{i}" for i in range(18))],
    )
    samples_of = read_table(tmp_path / "samples.tsv")["sample"]
    panel = pd.DataFrame(samples.reshape(20, 75), columns=samples_of)
    panel.insert(0, "gene", read_table(tmp_path / "time_course.tsv", dtype=str)["gene"])
    write_table(panel, tmp_path / "panel.tsv")
    return tmp_path


def test_baselines_are_one_row_per_recipe_origin_and_gene(simulated):
    table = run_baselines(simulated)
    assert len(table) == len(BASELINES) * 20 * 17
    assert list(table["model"].unique()) == BASELINES
    assert (table["target_time"] - table["origin_time"] == 1.5).all()
    assert set(table["gene"]) >= {"NA", "7"}


def test_overwriting_the_future_leaves_earlier_forecasts_as_they_are(simulated):
    before = run_baselines(simulated)
    time_course = read_table(simulated / "time_course.tsv", dtype={"gene": str})
    time_course.iloc[:, 1 + 13 :] = -1234.5
    write_table(time_course, simulated / "time_course.tsv")
    variance = read_table(simulated / "replicate_variance.tsv", dtype={"gene": str})
    variance.iloc[:, 1 + 13 :] = 77.0
    write_table(variance, simulated / "replicate_variance.tsv")
    after = run_baselines(simulated)
    kept = before["origin"] <= 12
    pd.testing.assert_frame_equal(before[kept], after[kept], check_exact=True)
    assert (before["predicted"] != after["predicted"])[~kept].any()


def test_everything_is_scored_and_nothing_is_missing(simulated):
    table = run_baselines(simulated)
    paths = as_model(simulated, table[table["model"] == "moving_average_3"])
    paths += as_model(simulated, table[table["model"] == "running_mean"], graph="distance")
    evaluation, scores, verdict = run_evaluate(simulated, paths)
    # The noise floor is a size of errors, so it has no correlation.
    forecast = scores[scores["model"] != "noise_floor"]
    # And the mean of correlations has no interval that would hold what it says.
    ends = evaluation.set_index("metric")[["low", "high"]]
    assert ends.loc["r_gene"].isna().all(axis=None)
    rest = evaluation[evaluation["metric"] != "r_gene"]
    for table in (rest, forecast, verdict, scores.drop(columns="r")):
        assert not table.isna().any().any()
    kinds = evaluation.drop_duplicates(["model", "graph"])["kind"].value_counts()
    # Each network by itself, and as a column of the stack.
    assert kinds.to_dict() == {"model": 4, "baseline": len(BASELINES), "bound": 3}
    assert set(evaluation["metric"]) == set(METRICS)
    assert list(scores.columns) == [
        "model", "graph", "kind", "gene", "mse", "mse_persistence", "skill",
        "skill_over_local_level", "r", "n",
    ]  # fmt: skip
    assert len(scores) == (4 + len(BASELINES) + 3) * 20
    references = ["smoothing_per_gene", "persistence", "local_level"]
    graphs = ("distance", "mesc")
    assert verdict["comparison"].tolist() == [
        *(f"stack - {other}" for other in references),
        *(f"stack_with_stepmr on {graph} - stack" for graph in graphs),
        *(f"stepmr on {graph} - {other}" for graph in graphs for other in (*references, "stack")),
    ]
    fits = read_table(simulated / "fits.tsv")
    assert fits["graph"].tolist() == ["distance", "mesc"]
    assert np.isfinite(fits["stack_weight"]).all()
    over = scores[scores["model"] == "stack"].set_index("gene")
    level = scores[scores["model"] == "local_level"].set_index("gene")
    assert over["skill_over_local_level"].to_numpy() == pytest.approx(
        1 - (over["mse"] / level["mse"]).to_numpy()
    )
    assert (level["skill_over_local_level"] == 0).all()
    value = evaluation.set_index(["model", "graph", "metric"])["value"]
    assert value["stepmr", "mesc", "skill"] == value["moving_average_3", "-", "skill"]
    still = evaluation[(evaluation["model"] == "persistence") & (evaluation["metric"] == "skill")]
    assert (still[["value", "low", "high"]] == 0).all(axis=None)
    assert value["noise_floor", "-", "skill"] > value["oracle_local_level", "-", "skill"]
    # On noisy walks the local level is right; in every sentence the best baseline is named.
    best = value.loc[BASELINES, "-", "skill"].droplevel([1, 2])
    assert best["local_level"] > best["smoothing_per_gene"]
    said = f"{best.idxmax().replace('_', ' ')}, skill {best.max():.3f}."
    assert verdict["sentence"].str.endswith(said).all()


def test_the_same_input_gives_the_same_bytes(simulated):
    table = run_baselines(simulated)
    paths = as_model(simulated, table[table["model"] == "smoothing"])
    outputs = ("evaluation.tsv", "scores.tsv", "verdict.tsv")
    run_evaluate(simulated, paths)
    first = [(simulated / name).read_bytes() for name in outputs]
    run_evaluate(simulated, paths[::-1])
    assert [(simulated / name).read_bytes() for name in outputs] == first


def test_without_replicates_there_is_no_noise_floor(simulated):
    table = run_baselines(simulated)
    time_course = read_table(simulated / "time_course.tsv", dtype={"gene": str}).set_index("gene")
    write_inputs(
        simulated, time_course.to_numpy(), np.full(time_course.shape, np.nan),
        time_course.columns.astype(float), np.ones(25, dtype=int), time_course.index,
    )  # fmt: skip
    evaluation, _, _ = run_evaluate(
        simulated, as_model(simulated, table[table["model"] == "smoothing"])
    )
    assert "noise_floor" not in set(evaluation["model"])
    assert "interpolation" in set(evaluation["model"])


def test_a_block_that_is_missing_stops_the_evaluation(simulated):
    table = run_baselines(simulated)
    paths = as_model(simulated, table[table["model"] == "smoothing"])
    with pytest.raises(InputError, match="forecasts missing"):
        run_evaluate(simulated, paths[:1])
    assert not (simulated / "evaluation.tsv").exists()


def test_a_time_course_that_never_changes_is_refused(simulated):
    table = run_baselines(simulated)
    paths = as_model(simulated, table[table["model"] == "smoothing"])
    time_course = read_table(simulated / "time_course.tsv", dtype={"gene": str})
    time_course.iloc[:, 1:] = 5.0
    write_table(time_course, simulated / "time_course.tsv")
    with pytest.raises(InputError, match=r"time_course.tsv[\s\S]*no gene changes"):
        run_evaluate(simulated, paths)


AVERAGE = "def average(past, next_time):\n    return past.means[:, -3:].mean(axis=1)\n"


def test_forecasters_of_the_user_s_are_scored_like_ours_and_marked(simulated):
    """A function that is a baseline scores what that baseline scores; a table may be too good."""
    table = run_baselines(simulated)
    (simulated / "own.py").write_text(AVERAGE)
    time_course = read_table(simulated / "time_course.tsv", dtype={"gene": str}).set_index("gene")
    known = time_course.melt(ignore_index=False, var_name="target_time", value_name="predicted")
    known.to_csv(simulated / "known.csv")
    given = [
        run_given(simulated, "own", simulated / "own.py", "average"),
        run_given(simulated, "known", simulated / "known.csv"),
    ]
    paths = as_model(simulated, table[table["model"] == "smoothing"])
    evaluation, scores, verdict = run_evaluate(simulated, paths, given=given, unverified=["known"])
    value = evaluation.set_index(["model", "metric"])["value"]
    for metric in METRICS:
        assert value["own", metric] == pytest.approx(value["moving_average_3", metric], abs=1e-9)
    assert value["known", "skill"] == pytest.approx(1, abs=1e-9)
    assert value["stack_with_known", "skill"] > value["stack", "skill"] + 0.1
    for one in (evaluation, scores):
        kind = one.drop_duplicates("model").set_index("model")["kind"]
        assert kind[["own", "stack_with_own"]].eq("given function").all()
        assert kind[["known", "stack_with_known"]].eq("causality unverified").all()
        assert kind.value_counts()["causality unverified"] == 2
    said = verdict.set_index("comparison")["sentence"]
    others = ("smoothing_per_gene", "persistence", "local_level", "stack")
    assert said[[f"own - {other}" for other in others]].str.contains("own forecasts").all()
    marked = [f"known - {other}" for other in others] + ["stack_with_known - stack"]
    assert said[marked].str.contains("known (causality unverified)", regex=False).all()
    assert said["stack_with_known - stack"].startswith("known (causality unverified) makes the")
    assert "known" not in said.drop(marked).str.cat()
    fits = read_table(simulated / "fits.tsv")
    assert fits["model"].tolist() == ["stepmr"] and np.isfinite(fits["stack_weight"]).all()


def test_the_other_arm_s_change_is_a_row_of_its_own_that_says_what_it_knows(simulated):
    table = run_baselines(simulated)
    other = table[table["model"] == "moving_average_3"].assign(model="other_arm")
    write_table(other, simulated / "other_arm.tsv")
    paths = as_model(simulated, table[table["model"] == "smoothing"])
    evaluation, _, verdict = run_evaluate(simulated, paths, other=[simulated / "other_arm.tsv"])
    kinds = evaluation.drop_duplicates("model").set_index("model")["kind"]
    assert kinds[["other_arm", "stack_with_other_arm"]].eq("from the other arm").all()
    said = verdict.set_index("comparison")["sentence"]
    for comparison in ("other_arm - stack", "stack_with_other_arm - stack"):
        assert "the other arm's change (its next value known)" in said[comparison]


def test_a_further_time_course_is_scored_as_a_dataset_is(simulated):
    table = run_baselines(simulated)
    (simulated / "own.py").write_text(AVERAGE)
    given = [run_given(simulated, "own", simulated / "own.py", "average")]
    paths = as_model(simulated, table[table["model"] == "smoothing"])
    evaluation, *_ = run_evaluate(simulated, paths, given=given)
    panel = read_table(simulated / "panel.tsv", dtype={"gene": str}).set_index("gene")
    times = read_table(simulated / "samples.tsv")["time"].map(str).to_numpy()
    shuffled = np.random.default_rng(1).permutation(75)
    panel.iloc[:, shuffled].to_csv(
        simulated / "course.tsv", sep="\t", header=list(times[shuffled]), float_format="%.17g"
    )
    score_course.main(
        SimpleNamespace(
            input=SimpleNamespace(
                course=str(simulated / "course.tsv"), functions=[str(simulated / "own.py")]
            ),
            output=SimpleNamespace(evaluation=str(simulated / "further.tsv")),
            params=SimpleNamespace(functions={"own": "average"}, first_origin=0.3),
        )
    )
    keys = ["model", "kind", "metric"]
    further = read_table(simulated / "further.tsv").set_index(keys)
    assert {*further.index.levels[0]} == {*BASELINES, "own", "stack_with_own"}
    # Tables of forecasts are rounded, so that a change of nothing may have a direction.
    further = further.drop(index="direction_accuracy", level="metric")
    of_dataset = evaluation.set_index(keys).loc[further.index]
    for column in ("value", "low", "high", "n_genes", "n_origins"):
        np.testing.assert_allclose(further[column], of_dataset[column], atol=1e-6)


@pytest.mark.slow
def test_mouse_lung(lung, tmp_path):
    write_inputs(tmp_path, lung.time_course, lung.variance, lung.times, lung.replicates, lung.names)
    table = run_baselines(tmp_path)
    paths = as_model(tmp_path, table[table["model"] == "moving_average_3"], blocks=6)
    evaluation, scores, verdict = run_evaluate(tmp_path, paths)
    value = evaluation.set_index(["model", "metric"])["value"]
    assert value["persistence", "mse"] == pytest.approx(0.277, abs=0.001)
    for model, skill in {
        "moving_average_3": 0.263,
        "smoothing": 0.261,
        "smoothing_per_gene": 0.271,
        "low_rank_8": 0.277,
        "local_level": 0.321,
        "stack": 0.325,
        "noise_floor": 0.541,
        "oracle_local_level": 0.350,
        "interpolation": 0.44,
    }.items():
        assert value[model, "skill"] == pytest.approx(skill, abs=0.003)
    assert (evaluation["n_origins"] == 30).all()
    assert len(scores) == (2 + len(BASELINES) + 3) * 126
    word = verdict.set_index("comparison")["verdict"]
    assert word[word.index.str.startswith("stepmr")].tolist() == [
        "cannot be decided", "better", "worse", "worse"
    ]  # fmt: skip
    # Better than smoothing, but most of that is seeing through noise.
    gain = verdict.set_index("comparison").loc["stack - smoothing_per_gene"]
    assert gain["difference"] == pytest.approx(0.054, abs=0.002) and gain["low"] > 0
    assert word["stack - smoothing_per_gene"] == "better"
    assert word["stack - local_level"] == "cannot be decided"
    assert verdict["sentence"].str.endswith("stack, skill 0.325.").all()


def test_loads_on_targets_are_no_evidence_on_folding(simulated):
    table = run_baselines(simulated)
    paths = as_model(simulated, table[table["model"] == "moving_average_3"])
    genes, targets = (run_evaluate(simulated, paths, nodes=n)[2] for n in ("gene", "target"))
    assert not genes["sentence"].str.contains("no evidence on folding").any()
    assert targets["sentence"].str.endswith("this is no evidence on folding.").all()


def run_horizons(folder, tables, further, horizons=3):
    names = ("horizons", "calls")
    score_horizons.main(
        SimpleNamespace(
            input=SimpleNamespace(
                time_course=str(folder / "time_course.tsv"),
                variance=str(folder / "replicate_variance.tsv"),
                samples=str(folder / "samples.tsv"),
                forecasts=[str(path) for path in tables],
                further=[str(path) for path in further],
            ),
            output=SimpleNamespace(**{name: str(folder / f"{name}.tsv") for name in names}),
            params=SimpleNamespace(
                network="stepmr", horizons=horizons, interval=1.5, level=0.5, first_origin=0.3
            ),
        )
    )
    return [read_table(folder / f"{name}.tsv") for name in names]


def test_horizons_agree_with_the_evaluation_and_with_what_is_forecast_beyond_the_data(simulated):
    made = run_baselines(simulated)
    tables = as_model(simulated, made[made["model"] == "moving_average_3"])
    time_course = read_time_course(simulated / "time_course.tsv")
    iterated_ones = iterated(time_course.values, "moving_average_3", 3)
    further = simulated / "further.tsv"
    parts = []
    for horizon in (2, 3):
        at = list(range(7, 25 - horizon))
        values = iterated_ones[horizon - 1][:, at]
        part = forecast_table(values, time_course, at, "stepmr", "mesc", 3, horizon)
        parts.append(part.assign(horizon=horizon))
    write_table(pd.concat(parts), further)
    horizons, calls = run_horizons(simulated, tables, [further])

    # One step: what rule evaluate says. The network is the baseline that it was made of.
    evaluation, _, _ = run_evaluate(simulated, tables)
    old = evaluation.set_index(["model", "metric"])
    new = horizons[horizons["horizon"] == 1].set_index(["model", "metric"])
    for metric in ("mse", "skill", "direction_accuracy"):
        for model in (*BASELINES, "stepmr"):
            for column in ("value", "low", "high", "n_origins"):
                told = new.at[(model, metric), column]
                assert told == pytest.approx(old.at[(model, metric), column], abs=1e-6)
    alike = horizons.set_index(["model", "horizon", "metric"])["value"]
    for key in (("mse",), ("skill_over_local_level",)):
        for horizon in (1, 2, 3):
            both = (alike[(model, horizon, *key)] for model in ("stepmr", "moving_average_3"))
            assert next(both) == pytest.approx(next(both), abs=1e-6)
    how = horizons.drop_duplicates("model").set_index("model")["how"]
    assert (how[list(ROWS)] == "direct").all() and (how.drop(list(ROWS)) == "iterated").all()
    origins = horizons[horizons["metric"] == "skill"].groupby("horizon")["n_origins"].unique()
    assert [list(one) for one in origins] == [[17], [16], [15]]
    tested = horizons[horizons["metric"] == "skill"].groupby("horizon")["low"].count()
    assert tested.tolist() == [len(BASELINES) + 1] * 2 + [0]  # 15 origins; 18 are needed

    # The genes that are forecast to change are those of the table of the future.
    forecast_next.main(
        SimpleNamespace(
            input=SimpleNamespace(
                time_course=str(simulated / "time_course.tsv"),
                variance=str(simulated / "replicate_variance.tsv"),
                samples=str(simulated / "samples.tsv"),
            ),
            output=SimpleNamespace(
                future=str(simulated / "ahead.tsv"), coverage=str(simulated / "held.tsv")
            ),
            wildcards=SimpleNamespace(model="running_mean"),
            params=SimpleNamespace(
                future={"steps": 3, "interval": 1.5, "level": 0.5}, first_origin=0.3
            ),
        )
    )
    future = read_table(simulated / "ahead.tsv", dtype={"gene": str})
    own = calls[calls["model"] == "running_mean"]
    for way in ("up", "down"):
        counts = future[future["forecast_to_change"] == way].groupby("horizon").size()
        assert own[way].tolist() == counts.reindex([1, 2, 3], fill_value=0).tolist()
    assert own[["up", "down"]].to_numpy().sum() > 5
    low, high, level = future["low"], future["high"], future["level"]
    expected = np.select([low > level, high < level], ["up", "down"], "no")
    assert (future["forecast_to_change"] == expected).all()
    network = calls[calls["model"] == "stepmr"]
    assert network["up"].isna().all() and network["past_calls"].sum() > 0
