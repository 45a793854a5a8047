"""Figures of the temporal half: numbers on them are those of the tables; faults; same bytes."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata, spearmanr

from foldcast.files import write_table
from foldcast.forecast.time_course import TimeCourse
from foldcast.graph.edge_weights import MAP_TIME
from foldcast.graph.graph_store import Graph, Graphs, read_graphs, write_graphs
from foldcast.report.genes_shown import best_middle_worst, labels
from foldcast.report.graph_edges import compartments_of_genes, degrees, edges_at_the_end
from foldcast.report.neighbours_figure import MOST, neighbours, neighbours_of, with_neighbours
from scripts.report import (
    plot_forecast_map,
    plot_graph,
    plot_neighbours,
    plot_predictability,
)
from scripts.report.plot_ahead import beyond_the_data
from scripts.report.plot_courses import time_courses
from scripts.report.plot_forecast_map import by_peak, forecast_map
from scripts.report.plot_graph_times import centred, graph_times
from scripts.report.plot_horizons import horizons
from scripts.report.plot_predictability import LOWEST, drawn_ranks, predictability, spearman
from scripts.report.plot_step_scores import gene_correlation, step_scores

TIMES = np.arange(8.0)
GENES = [f"G{k:02d}" for k in range(24)]


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def texts(axes):
    return [text.get_text() for text in axes.texts]


@pytest.fixture(scope="module")
def time_course():
    """A wave: gene k peaks at time k mod 8."""
    peak = np.arange(len(GENES)) % len(TIMES)
    values = 8 - (TIMES - peak[:, None]) ** 2 / 4
    return pd.DataFrame(values, index=pd.Index(GENES, name="gene"), columns=TIMES)


@pytest.fixture(scope="module")
def ids(time_course):
    """What `time_course` is called where its genes are ids."""
    return pd.Series({gene: f"Symbol{gene[1:]}" for gene in GENES})


@pytest.fixture(scope="module")
def world(tmp_path_factory, time_course):
    """Every input of the scripts, of 24 genes in a ring of neighbours; the last has none."""
    folder = tmp_path_factory.mktemp("temporal")
    files = SimpleNamespace(**{name: folder / f"{name}.tsv" for name in ("scores", "loci")})
    generator = np.random.default_rng(1)
    write_table(time_course.rename(columns="{:g}".format).reset_index(), folder / "course.tsv")
    skill = generator.normal(size=len(GENES))
    scores = pd.DataFrame({"model": "stepmr", "graph": "g", "gene": GENES, "skill": skill})
    scores["skill_over_local_level"] = skill - 0.1
    write_table(pd.concat([scores, scores.assign(graph="-", skill=9)]), files.scores)
    made = [
        {
            "model": "stepmr",
            "graph": "g",
            "seed": seed,
            "origin_time": t - 1,
            "target_time": t,
            "gene": gene,
            "predicted": 7.0 + seed,
        }
        for seed in (1, 2)
        for t in TIMES[4:]
        for gene in GENES
    ]
    write_table(pd.DataFrame(made), folder / "forecasts.tsv")
    ends = np.array([(k, k + 1) for k in range(len(GENES) - 2)]).T
    both = np.concatenate([ends, ends[::-1]], axis=1)
    weight = np.linspace(0.2, 0.9, ends.shape[1]).astype(np.float32)
    one = Graph(both, np.tile(weight, 2), np.ones((both.shape[1], 1), np.float32))
    write_graphs(Graphs(GENES, TIMES, [one] * len(TIMES), ["hic"]), folder / "graph.h5")
    loci = pd.DataFrame(
        {"gene": GENES, "symbol": None, "chrom": "chr1", "tss": np.arange(len(GENES)) * 1e5}
    )
    loci.loc[len(GENES) - 1, ["chrom", "tss"]] = None
    write_table(loci, files.loci)
    pairs = pd.DataFrame({"Gene1": np.array(GENES)[ends[0]], "Gene2": np.array(GENES)[ends[1]]})
    pairs = pairs.assign(Gene1_Compartment="A", Gene2_Compartment="B")
    write_table(pairs, folder / "pairs.csv", sep=",")
    (folder / "sizes").write_text("chr1\t3000000\n")
    files.time_course, files.forecasts = folder / "course.tsv", [folder / "forecasts.tsv"]
    files.graph, files.sizes = folder / "graph.h5", folder / "sizes"
    files.interactions = folder / "pairs.csv"
    return files


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(plot_forecast_map, marks=pytest.mark.slow),
        plot_graph,
        plot_neighbours,
        pytest.param(plot_predictability, marks=pytest.mark.slow),
    ],
    ids=lambda script: script.__name__,
)
def test_scripts_make_the_same_bytes_twice(world, tmp_path, script, tidy_figures):
    made = []
    for name in ("one", "two"):
        output = SimpleNamespace(png=tmp_path / f"{name}.png", svg=tmp_path / f"{name}.svg")
        script.main(
            SimpleNamespace(
                input=world, output=output, wildcards=SimpleNamespace(graph="g", model="stepmr"),
                params=SimpleNamespace(
                    genes=["G01", "elsewhere"], time_unit="day", forecast=("g", "stepmr")
                ),
            )
        )  # fmt: skip
        made.append((output.png.read_bytes(), output.svg.read_bytes()))
    assert made[0] == made[1] and tidy_figures


def test_predictability_says_scipys_correlation_with_an_interval_and_n():
    generator = np.random.default_rng(3)
    level = generator.normal(size=200)
    genes = pd.DataFrame(
        {
            "skill": level + generator.normal(size=200),
            "level": level,
            "variance": generator.exponential(size=200) + 0.1,
            "degree": 3,
        }
    )
    rho, low, high = spearman(genes["level"], genes["skill"])
    assert rho == pytest.approx(spearmanr(genes["level"], genes["skill"]).statistic, abs=1e-12)
    assert low < rho < high and high - low < 0.25
    figure = predictability(genes, "model")
    first, _, third = titles(figure)
    assert first == f"ρ = {rho:+.2f} [{low:+.2f}, {high:+.2f}], n = 200"
    assert third.startswith("no correlation: constant") and "n = 200" in third
    points = sum(
        len(line.get_xdata()) for line in figure.axes[0].lines if line.get_marker() in "ov"
    )
    assert points == 200  # those below the axis are drawn at its end
    assert figure.axes[0].lines[0].get_ydata().min() >= LOWEST


def test_ranks_within_draws_are_scipys_to_the_bit_ties_too():
    generator = np.random.default_rng(4)
    values, drawn = generator.poisson(5, 50), generator.integers(50, size=(20, 50))
    _, places = np.unique(values, return_inverse=True)
    assert np.array_equal(drawn_ranks(places, drawn), rankdata(values[drawn], axis=-1))


def test_an_interval_of_a_correlation_holds_as_often_as_it_says():
    generator, held = np.random.default_rng(5), 0
    for _ in range(200):
        x, y = (pd.Series(values) for values in generator.normal(size=(2, 30)))
        _, low, high = spearman(x, y, draws=400)
        held += low <= 0 <= high
    assert held >= 180  # of 200, 95 % asked for


@pytest.mark.parametrize("n", [1, 2, 5])
def test_predictability_bears_few_genes(n):
    genes = pd.DataFrame({"skill": [-9.0] * n, "level": 1.0, "variance": 0.0, "degree": 0})
    figure = predictability(genes, "model")
    assert all(title.startswith("no correlation") for title in titles(figure))


def test_genes_are_ordered_by_the_time_of_their_peak(time_course):
    assert [int(gene[1:]) % 8 for gene in by_peak(time_course)] == sorted([*range(8)] * 3)


def test_the_forecast_map_shows_the_differences_of_the_tables(time_course):
    forecasts = time_course[TIMES[4:]] + 0.5
    skill = pd.Series(np.linspace(-1, 1, len(GENES)), index=GENES)
    figure = forecast_map(time_course, forecasts, skill, "day")
    observed, predicted, off = (axes.images[0].get_array() for axes in figure.axes[4:7])
    scale = time_course.std(axis=1).loc[by_peak(time_course)].to_numpy()
    assert np.allclose(off[:, 4:], 0.5 / scale[:, None])
    assert off.mask[:, :4].all() and not off.mask[:, 4:].any()
    assert np.allclose(observed.mean(axis=1), 0) and np.allclose(observed.std(axis=1, ddof=1), 1)
    assert np.allclose(predicted[:, 4:] - observed[:, 4:], off[:, 4:])
    rms = np.sqrt(np.mean((0.5 / scale) ** 2))
    assert f"rms {rms:.2f}; persistence" in titles(figure)[2]
    assert "12 below 0" in figure.axes[7].get_xlabel()
    shown = [label.get_text() for label in figure.axes[4].get_yticklabels()]
    assert shown == by_peak(time_course)


@pytest.mark.parametrize("n", [1, 3])
def test_the_forecast_map_bears_constant_genes(time_course, n):
    flat = time_course.iloc[:n] * 0 + 3
    figure = forecast_map(flat, flat[TIMES[4:]], pd.Series(0.0, index=flat.index), "day")
    assert np.allclose(figure.axes[4].images[0].get_array(), 0)
    assert "rms 0.00" in titles(figure)[2]


def test_genes_are_called_by_their_symbols_and_those_that_share_one_by_their_ids_too():
    loci = pd.DataFrame(
        {
            "gene": ["5p", "3p", "ENSG1", "Nov", "ENSG2"],
            "symbol": ["Mir21", "Mir21", "Ada2", None, "Nov"],
        }
    )
    called = labels(loci)
    assert called["5p"] == "Mir21 (5p)" and called["3p"] == "Mir21 (3p)"
    assert called["ENSG1"] == "Ada2" and called["Nov"] == "Nov" and called["ENSG2"] == "Nov (ENSG2)"


def test_time_courses_and_what_comes_next_have_symbols_as_titles(time_course, ids):
    samples = pd.DataFrame({"sample": [f"s{t:g}" for t in TIMES], "time": TIMES})
    panel = time_course.set_axis(samples["sample"], axis=1)
    forecasts = pd.DataFrame(
        {"gene": "G03", "origin_time": 3.0, "target_time": [4.0, 5.0], "predicted": 1.0}
    )
    skill = pd.Series(0.1, index=GENES)
    drawn = time_courses(["G03"], samples, panel, forecasts, forecasts, skill, ids, "day")
    assert titles(drawn)[0] == "Symbol03  (skill +0.10)"
    ahead = forecasts.assign(horizon=[1, 2], low=0.5, high=1.5, level=0.9)
    none = pd.DataFrame(columns=["level", "coverage", "origins"])
    drawn = beyond_the_data(["G03"], time_course, ahead, none, ids, "day")
    assert titles(drawn)[0] == "Symbol03"


@pytest.fixture(scope="module")
def star():
    """One gene with twelve neighbours at both sides, and one without any."""
    names = [f"n{k:02d}" for k in range(12)]
    edges = pd.DataFrame({"gene1": "hub", "gene2": names, "weight": np.linspace(0.1, 0.9, 12)})
    loci = pd.DataFrame(
        {"gene": ["hub", *names, "alone"], "symbol": None, "chrom": "chr1", "tss": 5e6}
    )
    loci.loc[1:12, "tss"] += (np.arange(12) - 6) * 1e5
    loci.loc[13, ["chrom", "tss"]] = None
    return edges, loci, pd.Series({"hub": "A", "n11": "B"}), pd.Series({"hub": 0.1, "alone": -0.2})


def test_neighbours_stand_at_their_distance_and_weight(star):
    edges, loci, kinds, skill = star
    figure = neighbours(["hub", "alone"], edges, loci, kinds, skill)
    hub, alone = figure.axes[:2]
    assert hub.get_xlabel() == "distance from its TSS (kb)"
    (below,) = [line for line in hub.lines if line.get_marker() == "v" and len(line.get_xdata())]
    assert np.allclose(below.get_xydata(), [[500, 0.9]])
    edges_drawn = [line for line in hub.lines if line.get_linestyle() == "-"]
    widths = [line.get_linewidth() for line in edges_drawn]
    assert len(widths) == MOST and widths == sorted(widths, reverse=True)
    assert set(texts(hub)) == {f"n{k:02d}" for k in range(2, 12)}
    assert "no neighbours" in texts(alone)[0]
    assert titles(figure)[:2] == [
        "hub  (skill +0.10)\nchr1:5,000,000, A; 10 of 12 neighbours",
        "alone  (skill -0.20)\nno locus",
    ]


def test_neighbours_are_found_from_either_end(star):
    edges, loci, *_ = star
    places = loci.set_index("gene")
    around_it = neighbours_of("n00", edges, places)
    assert around_it.to_dict("list") == {"gene": ["hub"], "weight": [0.1], "distance": [6e5]}
    assert with_neighbours(pd.Series({"hub": 0.1, "alone": 0.2}), edges).index.tolist() == ["hub"]
    none = edges.iloc[:0]
    assert len(with_neighbours(pd.Series({"hub": 0.1, "alone": 0.2}), none)) == 2


def test_edges_compartments_and_degrees(world, tmp_path):
    edges = edges_at_the_end(read_graphs(world.graph))
    assert len(edges) == 22 and edges["weight"].iloc[-1] == np.float32(0.9)
    assert degrees(edges, GENES).tolist() == [1, *[2] * 21, 1, 0]
    columns = ["Gene1", "Gene2", "Gene1_Compartment", "Gene2_Compartment", MAP_TIME]
    rows = [("NA", "b", "B", "A", 5), ("NA", "b", "A", "", 1), ("b", "c", "B", "B", 1)]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "timed.csv", index=False)
    kinds = compartments_of_genes(tmp_path / "timed.csv")
    assert kinds.to_dict() == {"NA": "B", "b": "A", "c": "B"}


def test_courses_show_best_middle_and_worst():
    skill = pd.Series(np.arange(11.0), index=[f"g{k}" for k in range(11)])
    assert best_middle_worst(skill) == ["g10", "g9", "g8", "g6", "g5", "g4", "g2", "g1", "g0"]
    assert best_middle_worst(skill, each=1) == ["g10", "g5", "g0"]


def test_steps_view_shows_errors_of_the_model_of_persistence_and_of_the_best_baseline(time_course):
    values = time_course.to_numpy()
    given = TimeCourse(time_course.index, TIMES, values)

    def forecasts(made):
        return pd.DataFrame(made, index=time_course.index, columns=[4, 5, 6])

    target, last = values[:, 5:], values[:, 4:7]
    baselines = {
        "persistence": forecasts(last),
        "low_rank_4": forecasts(target + 0.1),
        "running_mean": forecasts(last + 5),
    }
    figure = step_scores(given, forecasts(target + 0.5), baselines, "STEPmr on g", "day")
    by_time = figure.axes[2]
    lines = {line.get_label(): line for line in by_time.lines}
    assert list(lines) == ["persistence", "low rank, 4 components", "STEPmr on g"]
    np.testing.assert_allclose(lines["STEPmr on g"].get_ydata(), 0.5)
    np.testing.assert_allclose(lines["low rank, 4 components"].get_ydata(), 0.1)
    assert lines["persistence"].get_xdata().tolist() == [5, 6, 7]
    said = [text.get_text() for text in figure.axes[0].texts]
    pooled = np.corrcoef(target.ravel(), last.ravel())[0, 1]
    assert said == [f"r over all values: 1.000; the value before: {pooled:.3f}"]


def test_a_gene_that_never_changes_has_no_correlation():
    measured = np.array([[1.0, 2, 3, 4], [5, 5, 5, 5], [1, 2, 1, 2]])
    forecast = np.array([[2.0, 4, 6, 8], [1, 2, 3, 4], [2, 1, 2, 1]])
    np.testing.assert_allclose(gene_correlation(forecast, measured), [1, -1])
    assert len(gene_correlation(forecast[:, :2], measured[:, :2])) == 0


def test_the_graph_at_each_time_shows_each_pair_where_it_is(world):
    ends = np.array([[0, 1, 2, 3], [1, 0, 3, 2]])
    none = np.empty((4, 0), dtype=np.float32)
    weights = ([1, 1, 2, 2], [3, 3, 2, 2])
    made = [Graph(ends, np.array(weight, dtype=np.float32), none) for weight in weights]
    made.append(Graph(ends[:, :2], np.array([2, 2], dtype=np.float32), none[:2]))
    graphs = Graphs(GENES[:5], np.array([0.0, 1, 2]), made, [])
    np.testing.assert_allclose(centred(graphs)[0], [-1, -1, 0, 0])
    np.testing.assert_allclose(centred(graphs)[2], [0, 0])
    loci = pd.DataFrame(
        {"gene": GENES[:5], "chrom": ["2", "2", "1", "1", None], "tss": [9, 5, 1, 2, None]}
    )
    figure = graph_times(graphs, loci, "day")
    first, *_, last = figure.axes[:3]
    points = first.collections[0].get_offsets()
    # Chromosome 1 before 2; there G01 before G00.
    assert sorted(map(tuple, points.tolist())) == [(0, 1), (1, 0), (2, 3), (3, 2)]
    assert [axes.texts[0].get_text() for axes in (first, last)] == ["2 pairs", "1 pairs"]
    assert titles(figure)[:3] == ["0 day", "1 day", "2 day"]


def test_a_graph_without_a_pair_is_drawn(world):
    empty = Graph(
        np.empty((2, 0), dtype=int), np.empty(0, np.float32), np.empty((0, 0), np.float32)
    )
    loci = pd.DataFrame({"gene": GENES[:2], "chrom": "1", "tss": [1, 2]})
    figure = graph_times(Graphs(GENES[:2], np.array([0.0, 1]), [empty] * 2, []), loci, "day")
    assert figure.axes[0].texts[0].get_text() == "no pair"


@pytest.fixture(scope="module")
def horizon_scores():
    """Five horizons, the last two without intervals."""
    models = {
        "stack": ("-", "baseline", "direct"),
        "local_level": ("-", "baseline", "direct"),
        "smoothing": ("-", "baseline", "iterated"),
        "running_mean": ("-", "baseline", "iterated"),
        "stepmr": ("folded", "model", "iterated"),
    }
    rows = []
    for k, (model, (graph, kind, how)) in enumerate(models.items()):
        for horizon in range(1, 6):
            for metric, value in (("skill", 0.3), ("crps", 0.5), ("coverage_90", 0.9)):
                value = value - 0.02 * k - (5 if model == "running_mean" else 0)
                known = horizon < 4
                rows.append(
                    {
                        "model": model, "graph": graph, "kind": kind, "how": how,
                        "horizon": horizon, "metric": metric, "value": value / horizon,
                        "low": value / horizon - 0.1 if known else np.nan,
                        "high": np.inf if model == "smoothing" and horizon == 3 else
                        value / horizon + 0.1 if known else np.nan,
                        "lowest": 0.5, "highest": 1.0, "n_genes": 24, "n_origins": 20 - horizon,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def test_horizons_show_the_forecast_beside_the_level_the_best_baseline_and_the_network(
    horizon_scores,
):
    figure = horizons(horizon_scores, ("-", "stack"))
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == [
        "base forecast (stack), direct", "local level, direct", "exponential smoothing, iterated",
        "STEPmr on folded, iterated",
    ]  # fmt: skip
    skill = figure.axes[0]
    drawn = [line.get_ydata() for line in skill.lines if len(line.get_ydata()) == 5]
    table = horizon_scores[horizon_scores["metric"] == "skill"].set_index("model")["value"]
    for line, filled, model in zip(
        drawn[::2], drawn[1::2], table.index.unique()[[0, 1, 2, 4]], strict=True
    ):
        assert line == pytest.approx(table[model].to_numpy())
        assert filled == pytest.approx(line)
    # Filled where there is an interval that ends; hollow elsewhere.
    marks = [line for line in skill.lines if line.get_linestyle() == "None"]
    assert [int(np.isfinite(mark.get_xdata()).sum()) for mark in marks] == [3, 3, 2, 3]
    bars = [len(bar.get_segments()) for bar in skill.collections]
    assert bars == [3, 3, 2, 3]
    (said,) = figure.texts
    assert "origins by horizon: 19 at 1, 18 at 2" in said.get_text().replace("\n", " ")
