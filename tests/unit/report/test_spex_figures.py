"""Figures of the sequence half: what is on them, and that equal numbers give equal bytes."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import spex_world as world
from foldcast.files import read_table
from foldcast.report.figure_style import save
from foldcast.spex.comparison.heldout_predictions import subsets
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks
from foldcast.spex.comparison.map_comparison import compare
from foldcast.spex.comparison.prediction_scores import score, score_rows
from scripts.report import plot_map_league, plot_map_tissue, plot_spex_scatter
from scripts.report.plot_map_league import map_comparison
from scripts.report.plot_map_tissue import map_tissue as draw_map_tissue
from scripts.report.plot_spex_scatter import CROWDED, best_feature_set, spex_scatter
from scripts.spex import score_spex
from scripts.spex.score_spex import map_tissue, maps_table

MAPS, OWN = ("hic", "micro"), {"liver": "hic", "lung": "micro"}
KNOWS = {
    "promoter": -1.5,
    "hic": {"liver": 0.8},
    "hic+shuffled1": 0.0,
    "hic+degree": 0.2,
    "micro": {"lung": 0.8},
    "all": 0.8,
}
PNG, SVG = b"\x89PNG", b"<?xml"


@pytest.fixture(scope="module")
def run():
    held = world.run(KNOWS, n=400, tissues=("liver", "lung"), models=("linear", "trees"))
    blocks = LocusBlocks.of(held.genes, 100_000, 100, 1)
    scores = score(held, blocks, subsets(held, 0.0), 1)
    return held, pd.DataFrame(score_rows(scores)), compare(scores, MAPS, OWN, 1)


def words(figure):
    """What stands below the panels."""
    return figure.get_supxlabel().replace("\xa0", " ").replace("\n", " ")


def test_the_comparison_shows_every_feature_set_once_and_its_verdict(run):
    table = maps_table(run[2])
    figure = map_comparison(table, "expecto")
    axes = figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["hic", "hic+shuffled1", "hic+degree", "micro", "all", "promoter"]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["linear", "trees"]
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("better") >= 3 and "worse" in texts
    assert any(text.startswith("◂ -0.") for text in texts)  # far off, and said
    left, right = axes.get_xlim()
    assert left < 0 < right
    assert "400 held-out genes in 38 stretches" in words(figure)
    markers = {line.get_marker() for line in axes.lines if line.get_label() in _shown(figure)}
    assert len(markers) == 5  # kinds are told by shape, not by colour alone


def _shown(figure):
    return {text.get_text() for text in figure.legends[0].get_texts()}


def test_the_comparison_bears_intervals_without_end(run, tmp_path):
    table = maps_table(run[2])
    table[["low_simultaneous", "high_simultaneous"]] = -np.inf, np.inf
    figure = map_comparison(table, "expecto")
    assert np.isfinite(figure.axes[0].get_xlim()).all()
    save(figure, [tmp_path / "map_comparison.png"])


def test_cells_hold_their_numbers_and_matched_ones_are_framed(run):
    cells = map_tissue(run[2], MAPS)
    figure = draw_map_tissue(cells)
    axes = figure.axes[0]
    shown = {(int(t.get_position()[0]), int(t.get_position()[1])): t.get_text() for t in axes.texts}
    gain = cells[cells["model"] == "linear"].set_index(["map", "tissue"])["delta_spearman"]
    for column, name in enumerate(MAPS):
        for row, tissue in enumerate(("liver", "lung")):
            assert shown[column, row].startswith(f"{gain[name, tissue]:+.3f}")
    assert shown[0, 0].endswith("▲") and not shown[1, 0].endswith("▲")
    framed = {tuple(np.round(patch.get_center()).astype(int)) for patch in axes.patches}
    assert framed == {(0, 0), (1, 1)}


def test_the_scatter_shows_the_best_feature_set_beside_expecto(run):
    held, scores, _ = run
    assert best_feature_set(scores, "linear", "expecto") == "all"
    figure = spex_scatter(held, scores, {"linear": ["expecto", "all"], "trees": ["expecto", "all"]})
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["expecto, linear", "all, linear", "expecto, trees", "all, trees"]
    row = scores.set_index(["feature_set", "model", "tissue", "subset", "metric"]).loc[
        ("all", "trees", "liver", "all", "spearman")
    ]
    assert f"{row.value:.3f} ({row.low:.3f} to {row.high:.3f}, n = 400)" in words(figure)
    markers = [line.get_marker() for line in figure.axes[0].lines if line.get_marker() != "None"]
    assert markers == ["o", "^"]


def test_controls_and_what_needs_no_network_never_are_the_best_feature_set(run):
    scores = run[1]
    some = scores[scores["feature_set"].isin(["expecto", "promoter", "hic+degree"])]
    assert best_feature_set(some, "linear", "expecto") == "expecto"


def test_many_genes_are_counted_instead_of_drawn():
    held = world.run({"hic": 0.5}, n=CROWDED + 200)
    blocks = LocusBlocks.of(held.genes, 100_000, 20, 1)
    scores = pd.DataFrame(score_rows(score(held, blocks, subsets(held, 0.0), 1)))
    figure = spex_scatter(held, scores, {"linear": ["expecto", "hic"]})
    assert len(figure.axes[0].collections) == 1
    assert not [line for line in figure.axes[0].lines if line.get_marker() != "None"]


# The scripts, one after the other.


def job(folder, inputs, outputs, **params):
    return SimpleNamespace(
        input=SimpleNamespace(**inputs),
        output=SimpleNamespace(**{name: folder / file for name, file in outputs.items()}),
        params=SimpleNamespace(**params),
        threads=1,
    )


def written(folder, held):
    """The tables that scoring reads."""
    held.genes.assign(symbol="x").to_csv(folder / "genes.tsv", sep="\t", index=False)
    expression = pd.DataFrame(held.observed.T, columns=held.tissues)
    expression.insert(0, "gene", held.genes["gene"])
    expression.to_csv(folder / "expression.tsv", sep="\t", index=False)
    paths = []
    for fit in held.fits:
        table = pd.DataFrame(fit.predicted[0].T, columns=held.tissues).assign(
            gene=held.genes["gene"], seed=1, fold="fixed", set="test"
        )
        keys = ["gene", "seed", "fold", "set"]
        paths.append(folder / f"{fit.feature_set}.{fit.model}.tsv")
        table.melt(keys, var_name="tissue", value_name="predicted").to_csv(
            paths[-1], sep="\t", index=False
        )
    return {
        "genes": folder / "genes.tsv",
        "expression": folder / "expression.tsv",
        "predictions": paths,
    }


@pytest.mark.slow
@pytest.mark.parametrize("maps", [MAPS, ()])
def test_scripts_score_and_draw_the_same_bytes_each_time(tmp_path, maps):
    knows = KNOWS if maps else {"promoter": -0.5}
    held = world.run(knows, tissues=("liver", "lung"))
    tables = written(tmp_path, held)
    fits = [f"{fit.feature_set}/{fit.model}" for fit in held.fits]
    names = ("scores", "maps", "contrasts", "map_tissue", "verdict")
    label = {"values": "log", "pseudocount": 0.0001, "expressed": 0.1}
    drawn = []
    for turn in ("one", "two"):
        folder = tmp_path / turn
        results = {name: folder / f"{name}.tsv" for name in names}
        score_spex.main(
            job(
                folder, tables,
                {name: f"{name}.tsv" for name in names} | {"predictions": "predictions.tsv.gz"},
                fits=fits, maps=list(maps), matched=OWN if maps else {}, table=label,
                locus_block=100_000, draws=100, bootstrap_seed=1, base="expecto", validated=[],
            )
        )  # fmt: skip
        figures = {
            plot_spex_scatter: {**tables, "scores": results["scores"]},
            plot_map_league: {"maps": results["maps"]},
        }
        if maps:
            figures[plot_map_tissue] = {"map_tissue": results["map_tissue"]}
        for script, inputs in figures.items():
            name = script.__name__
            outputs = {"png": f"{name}.png", "svg": f"{name}.svg"}
            script.main(job(folder, inputs, outputs, fits=fits, base="expecto"))
        drawn.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == len(names) + 1 + 2 * (3 if maps else 2)
    for name, content in drawn[0].items():
        if not name.endswith((".tsv", ".gz")):
            assert content.startswith(PNG if name.endswith(".png") else SVG)
    verdict = read_table(tmp_path / "one/verdict.tsv")
    assert verdict["sentence"].str.endswith(".").all()
    assert read_table(tmp_path / "one/maps.tsv")["verdict"].notna().all()
