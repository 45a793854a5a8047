"""The scripts of the room, run as Snakemake would, on a small planted panel."""

import json
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from safetensors import safe_open

from foldcast.config.config_schema import fill_defaults, load_schema
from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.time_course import read_time_course, replicated
from foldcast.graph.graph_store import (
    Graph,
    Graphs,
    read_embedding,
    read_graphs,
    write_embedding,
    write_graphs,
)
from scripts.step import forecast_ahead, train_step

GENES, TIMES = 12, 16
SCHEMA = Path(__file__).parents[3] / "workflow/schemas/config.schema.yaml"


def options(model: str, **changed) -> dict:
    """The model's defaults of the schema, made quick."""
    schema = load_schema(SCHEMA)
    settled: dict = {}
    fill_defaults(settled, schema["properties"]["step"])
    asked = {"steps": 3, "interval": None, "level": 0.8}
    quick = {"epochs": 2, "channels": [8], "projection": 4, "future": asked}
    return settled[model] | quick | changed


@pytest.fixture
def files(tmp_path) -> dict[str, str]:
    rng = np.random.default_rng(0)
    genes = [f"g{i}" for i in range(GENES)]
    times = np.arange(TIMES) * 0.5
    time_course = pd.DataFrame(
        8 + np.cumsum(rng.normal(size=(GENES, TIMES)), axis=1), columns=times
    )
    time_course.insert(0, "gene", genes)
    made = ("time_course.tsv", "graph.h5", "embedding.h5", "variance.tsv", "samples.tsv")
    paths = {name: str(tmp_path / name) for name in made}
    write_table(time_course, paths["time_course.tsv"])
    spread = pd.DataFrame(rng.uniform(0.1, 0.3, (GENES, TIMES)), columns=times)
    spread.insert(0, "gene", genes)
    write_table(spread, paths["variance.tsv"])
    samples = pd.DataFrame({"time": np.repeat(times, 2), "copy_of": pd.NA})
    samples.insert(0, "sample", [f"s{k}" for k in samples.index])
    write_table(samples, paths["samples.tsv"])
    edges = np.stack([np.arange(GENES), (np.arange(GENES) + 1) % GENES])
    edges = np.concatenate([edges, edges[::-1]], axis=1)
    graph = Graph(edges, np.ones(2 * GENES, "f4"), np.ones((2 * GENES, 1), "f4"))
    write_graphs(Graphs(genes, times, [graph] * TIMES, ["hic"]), paths["graph.h5"])
    x = rng.normal(size=(TIMES, GENES, 4))
    write_embedding(x, genes, times, paths["embedding.h5"], engine="numba", seed=1)
    return {name.split(".")[0]: path for name, path in paths.items()}


def train(
    files: dict, folder: Path, model: str, block: str = "007-014", alone: bool = True, **changed
):
    output = {
        name: str(folder / block / f"{name}.tsv")
        for name in ("forecasts", "further", "history", "fits", "model")
    }
    train_step.main(
        SimpleNamespace(
            input=SimpleNamespace(**files),
            output=SimpleNamespace(**output),
            wildcards=SimpleNamespace(model=model, graph="ring", block=block),
            params=SimpleNamespace(
                options=options(model, **changed), seeds=[1, 2], alone=alone, horizons=3
            ),
            threads=1,
        )
    )
    return output


def forecast_future(files: dict, folder: Path, model: str, forecasts: list[str], **changed):
    output = {
        name: str(folder / f"{name}.tsv") for name in ("future", "coverage", "history", "model")
    }
    forecast_ahead.main(
        SimpleNamespace(
            input=SimpleNamespace(**files, forecasts=forecasts),
            output=SimpleNamespace(**output),
            wildcards=SimpleNamespace(model=model, graph="ring"),
            params=SimpleNamespace(options=options(model, **changed), seeds=[1, 2]),
            threads=1,
        )
    )
    return output


@pytest.mark.parametrize("model", ["stepmr", "stepmi"])
def test_forecasts_and_the_future(files, tmp_path, model):
    trained = train(files, tmp_path, model)
    table = read_table(trained["forecasts"])
    parts = [f"{model}{part}" for part in ("", "_linear_path", "_network", "_without_base")]
    assert table.groupby("model", sort=False).size().to_dict() == {
        name: 2 * 8 * GENES for name in parts
    }
    np.testing.assert_allclose(table["target_time"], table["origin_time"] + 0.5)
    made = [f"{name}.seed{seed}" for name in (model, f"{model}_without_base") for seed in (1, 2)]
    with safe_open(trained["model"], "pt") as saved:
        assert list(json.loads(saved.metadata()["fits"])) == made
        assert any("attention" in key for key in saved.keys())  # noqa: SIM118

    first = forecast_future(files, tmp_path / "one", model, [trained["forecasts"]])
    table = read_table(first["future"])
    assert list(table.columns) == [
        "gene", "horizon", "target_time", "predicted", "low", "high", "last", "change", "level",
        "forecast_to_change",
    ]  # fmt: skip
    numbers = table.drop(columns=["gene", "forecast_to_change"])
    assert len(table) == 3 * GENES and np.isfinite(numbers).all().all()
    np.testing.assert_allclose(np.sort(table["target_time"].unique()), [8, 8.5, 9])
    time_course = read_table(files["time_course"]).set_index("gene")
    np.testing.assert_allclose(table["last"], time_course.iloc[:, -1].loc[table["gene"]])
    np.testing.assert_allclose(table["change"], table["predicted"] - table["last"], atol=1e-7)
    width = (table["high"] - table["low"]).to_numpy().reshape(GENES, 3)
    assert (np.diff(width, axis=1) > 0).all()
    coverage = read_table(first["coverage"])
    assert list(coverage["origins"]) == [8] and coverage["coverage"].between(0.5, 1).all()

    for _ in range(3):
        again = forecast_future(files, tmp_path / "two", model, [trained["forecasts"]])
        for name in first:
            assert Path(first[name]).read_bytes() == Path(again[name]).read_bytes()


def test_fits_say_what_was_chosen_and_how_large_each_part_is(files, tmp_path):
    made = train(files, tmp_path, "stepmr", shrink=False)
    fits = read_table(made["fits"])
    assert (fits["model"] + fits["seed"].astype(str)).tolist() == [
        "stepmr1", "stepmr2", "stepmr_without_base1", "stepmr_without_base2",
    ]  # fmt: skip
    assert set(fits["graph"]) == {"ring"} and (fits["first_origin"] == 7).all()
    assert fits["best_epoch"].le(fits["epochs"]).all() and fits["share"].between(0, 1).all()
    expected = fits["parameters"] / fits["observations"]
    np.testing.assert_allclose(fits["parameters_per_observation"], expected)
    table = read_table(made["forecasts"])
    wide = table.pivot(index=["seed", "origin", "gene"], columns="model", values="predicted")
    ours, first = fits.iloc[0], wide.loc[1]
    base = forecast_course(replicated_of(files))[0].stack[:, 7:15]
    added = first["stepmr"].unstack("origin").loc[[f"g{k}" for k in range(GENES)]] - base
    size = np.sqrt((added**2).to_numpy().mean())
    assert size == pytest.approx(ours["share"] * ours["rms"], abs=1e-7)
    without = fits.iloc[2]
    assert np.isnan(without["rms_linear_path"]) and without["share"] == 1


def test_further_times_are_forecast_from_each_origin_that_has_them(files, tmp_path):
    """Up to 3 times on, as the script for the future would from there; the last origin has none."""
    made = train(files, tmp_path, "stepmr", block="011-014")
    table = read_table(made["further"])
    counts = table.groupby(["horizon", "origin"]).size()
    origins = {2: [11, 12, 13], 3: [11, 12]}
    assert counts.to_dict() == {(h, k): GENES * 2 * 2 for h, at in origins.items() for k in at}
    np.testing.assert_allclose(table["target_time"] - table["origin_time"], table["horizon"] * 0.5)
    # A course that ends at the origin of the fit: the same forecasts, beyond it.
    short = {name: str(tmp_path / Path(path).name) + ".2" for name, path in files.items()}
    for name in ("time_course", "variance"):
        write_table(read_table(files[name]).iloc[:, : 1 + 12], short[name])
    write_table(read_table(files["samples"]).iloc[: 2 * 12], short["samples"])
    graphs, (x, genes, times) = read_graphs(files["graph"]), read_embedding(files["embedding"])
    cut = Graphs(genes, times[:12], graphs.graphs[:12], graphs.attr_names)
    write_graphs(cut, short["graph"])
    write_embedding(x[:12], genes, times[:12], short["embedding"], engine="numba", seed=1)
    one_step = read_table(made["forecasts"]).query("origin == 11").assign(origin=10)
    write_table(one_step, tmp_path / "one_step.tsv")  # for intervals, which are not looked at
    found = forecast_future(short, tmp_path / "ahead", "stepmr", [str(tmp_path / "one_step.tsv")])
    future = read_table(found["future"])
    ours = table[(table["model"] == "stepmr") & (table["origin"] == 11)]
    for horizon in (2, 3):
        mean = ours[ours["horizon"] == horizon].groupby("gene")["predicted"].mean()
        told = future[future["horizon"] == horizon].set_index("gene")["predicted"]
        np.testing.assert_allclose(mean, told[mean.index], atol=1e-6)
    # A rewired graph is there to be compared with: one step is enough.
    rewired = train(files, tmp_path / "rewired", "stepmr", block="013-014", alone=False)
    assert read_table(rewired["further"]).empty


def read_forecasts_of(made):
    return read_table(made["forecasts"]).set_index(["model", "seed", "origin", "gene"])["predicted"]


def test_nothing_after_an_origin_is_in_a_forecast_values_or_times(files, tmp_path):
    """Values overwritten, then times cut off: of courses, replicates, graphs and embeddings."""
    whole = read_forecasts_of(train(files, tmp_path / "whole", "stepmr", block="007-009"))
    other = {name: str(tmp_path / Path(path).name) + ".2" for name, path in files.items()}
    tables = {name: read_table(files[name]) for name in ("time_course", "variance", "samples")}
    graphs, (x, genes, times) = read_graphs(files["graph"]), read_embedding(files["embedding"])
    for name, scale in (("time_course", -50.0), ("variance", 9.0)):
        changed = tables[name].copy()
        changed.iloc[:, 1 + 10 :] *= scale
        write_table(changed, other[name])
    write_table(tables["samples"], other["samples"])
    write_graphs(graphs, other["graph"])
    changed = x.copy()
    changed[10:] += 3
    write_embedding(changed, genes, times, other["embedding"], engine="numba", seed=1)
    made = read_forecasts_of(train(other, tmp_path / "changed", "stepmr", block="007-009"))
    pd.testing.assert_series_equal(made, whole, check_exact=True)

    for name in ("time_course", "variance"):
        write_table(tables[name].iloc[:, : 1 + 11], other[name])
    write_table(tables["samples"].iloc[: 2 * 11], other["samples"])
    write_graphs(Graphs(genes, times[:11], graphs.graphs[:11], ["hic"]), other["graph"])
    write_embedding(x[:11], genes, times[:11], other["embedding"], engine="numba", seed=1)
    made = read_forecasts_of(train(other, tmp_path / "cut", "stepmr", block="007-009"))
    pd.testing.assert_series_equal(made, whole, rtol=0, atol=1e-6)


def test_on_a_rewired_graph_there_is_the_whole_alone(files, tmp_path):
    made = train(files, tmp_path, "stepmr", alone=False)
    assert set(read_table(made["forecasts"])["model"]) == {"stepmr"}
    assert set(read_table(made["fits"])["model"]) == {"stepmr"}


def replicated_of(files):
    time_course = read_time_course(files["time_course"])
    return replicated(time_course, files["variance"], files["samples"])


def test_the_interval_of_the_config_sets_when_and_how_wide(files, tmp_path):
    trained = train(files, tmp_path, "stepmr")["forecasts"]
    asked = {"steps": 1, "interval": 2.0, "level": 0.8}
    tables = [
        read_table(
            forecast_future(files, tmp_path / str(k), "stepmr", [trained], future=a)["future"]
        )
        for k, a in enumerate((asked, asked | {"interval": None}, asked | {"level": 0.5}))
    ]
    assert set(tables[0]["target_time"]) == {9.5}
    widths = [(t["high"] - t["low"]).mean() for t in tables]
    assert widths[2] < widths[0]


def test_few_origins_give_wary_intervals(files, tmp_path):
    few, many = (
        read_table(
            forecast_future(
                files, tmp_path / block, "stepmr",
                [train(files, tmp_path / block, "stepmr", block=block)["forecasts"]],
            )["future"]
        )
        for block in ("013-014", "006-014")
    )  # fmt: skip
    assert np.isfinite(few[["predicted", "low", "high"]]).all(axis=None)
    assert (few["high"] - few["low"]).mean() > (many["high"] - many["low"]).mean()


def test_the_base_of_the_config_is_used(files, tmp_path):
    found = [
        read_table(train(files, tmp_path / base, "stepmr", alone=False, base=base)["forecasts"])[
            "predicted"
        ]
        for base in ("stack", "smoothing_per_gene", "persistence", "none")
    ]
    for one, other in pairwise(found):
        assert not np.allclose(one, other)


def test_mistakes_are_said(files, tmp_path):
    with pytest.raises(InputError, match=r"4 past times; at least 6(.|\n)*first_origin"):
        train(files, tmp_path, "stepmr", block="003-014")
    with pytest.raises(InputError, match=r"step\.stepmi(.|\n)*3 heads cannot share 8"):
        train(files, tmp_path, "stepmi", heads=3)
    off = {"error": 0, "direction": 0, "trend": 0, "consistency": 0}
    with pytest.raises(InputError, match=r"step\.stepmr\.loss(.|\n)*every part at weight 0"):
        train(files, tmp_path, "stepmr", loss=off)
    write_embedding(
        np.zeros((TIMES, 2, 4)), ["g0", "g1"], np.arange(TIMES) * 0.5, files["embedding"],
        engine="numba", seed=1,
    )  # fmt: skip
    with pytest.raises(InputError, match=r"embedding\.h5(.|\n)*2 genes at 16 times"):
        train(files, tmp_path, "stepmr")
