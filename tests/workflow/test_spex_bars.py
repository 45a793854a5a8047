"""The bars of the sequence half, on the demo at its usual size.

The demo itself is run by Snakemake. Further draws of its tissues' expression are fitted and
compared by the library on the features of that run, since these do not depend on expression.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from foldcast.config.config_checks import settle
from foldcast.config.config_schema import load_schema, validate
from foldcast.files import read_table
from foldcast.spex.comparison.heldout_predictions import Fit, HeldOut
from foldcast.spex.comparison.locus_bootstrap import LocusBlocks
from foldcast.spex.comparison.map_comparison import compare
from foldcast.spex.comparison.map_contrasts import BETTER, Comparison
from foldcast.spex.comparison.prediction_scores import score
from foldcast.spex.models.feature_blocks import Features, Files, read_features
from foldcast.spex.models.fitting import fit_fold, rows_of
from foldcast.spex.models.folds import Fold, divide
from scripts.demo import demo_tissues

pytestmark = pytest.mark.slow

MAPS = ("expecto", "folded", "other", "all")
FEATURE_SETS = {
    "linear": (*MAPS, "folded+shuffled1", "other+shuffled1"),
    "trees": MAPS,
}  # refitted here
TISSUES = {"alpha": "folded", "beta": "other"}  # and the map of each
DRAWS = 500
TRUTH = ("compartments.bed", "boundaries.bed", "loops.bedpe")


class Demo:
    """The demo's run: its config with all defaults, its tables and features."""

    def __init__(self, folder: Path) -> None:
        self.truth = folder / "resources/demo/truth"
        self.results = folder / "results/demo/spex/demo"
        config = yaml.safe_load((folder / "config/config.yaml").read_text())
        validate(config, load_schema(folder / "workflow/schemas/config.schema.yaml"), "config.yaml")
        settle(config, "config.yaml")
        self.run = config["spex"]["demo"]
        chroms = self.run["chromosomes"]
        table = read_table(self.results / "genes.tsv")
        files = Files(
            *(
                {chrom: str(self.results / part / f"{chrom}.h5") for chrom in chroms}
                for part in ("local", "distal")
            )
        )
        self.features = {
            feature_set: read_features(feature_set, table, self.run["maps"], files)
            for feature_set in FEATURE_SETS["linear"]
        }
        order = self.features["expecto"].genes["gene"]
        self.genes = table.set_index("gene").loc[order].reset_index()
        counts = {chrom: int((self.genes["chrom"] == chrom).sum()) for chrom in chroms}
        self.folds = divide(counts, "each", [], [], "config.yaml")

    def read(self, name: str) -> pd.DataFrame:
        return read_table(self.results / name)

    def labels(self, folder: Path, seed: int, distal: float) -> np.ndarray:
        """Another draw of the tissues' expression: labels [genes, tissues]."""
        other = {f"other_{name}" for name in TRUTH}
        given = {name.split(".")[0]: self.truth / name for name in (*TRUTH, *other, "motifs.bed")}
        demo_tissues.main(
            SimpleNamespace(
                input=SimpleNamespace(genes=self.truth / "all_genes.tsv", **given),
                output=SimpleNamespace(table=folder / "table.tsv", truth=folder / "truth.tsv"),
                params=SimpleNamespace(seed=1000 + seed, distal=distal),
            )
        )
        table = read_table(folder / "table.tsv").set_index("gene").loc[self.genes["gene"]]
        return np.log(table[list(TISSUES)].to_numpy() + self.run["expression"]["pseudocount"])

    def predict(self, labels: np.ndarray, model: str) -> dict[str, np.ndarray]:
        """Held-out predictions [labels, genes] by feature set."""
        found = {}
        for feature_set in FEATURE_SETS[model]:
            features = self.features[feature_set]
            found[feature_set] = np.empty(labels.T.shape)
            for fold in self.folds:
                test = rows_of(features, fold.test)
                for fitted in self.fit(features, labels, fold, model):
                    found[feature_set][fitted.tissue, test] = fitted.predictor.predict(
                        features.x[test]
                    )
        return found

    def fit(self, features: Features, labels: np.ndarray, fold: Fold, model: str):
        return fit_fold(features, labels, fold, model, self.run[model], [1], threads=1)

    def map_comparison(self, labels: np.ndarray, fits: list[Fit]) -> list[Comparison]:
        """Every feature set over ExPecto; labels [genes, tissues]."""
        held = HeldOut(self.genes, list(TISSUES), labels.T, fits, {})
        blocks = LocusBlocks.of(self.genes, self.run["locus_block"], DRAWS, 1)
        scores = score(held, blocks, {"all": np.ones(labels.T.shape, dtype=bool)}, 1)
        return compare(scores, self.run["maps"], self.run["matched"], 1).over_base

    def map_comparisons(
        self, folder: Path, seeds: int, distal: float, models: list[str]
    ) -> list[list[Comparison]]:
        """A map comparison for each draw of expression, of all models."""
        drawn = [self.labels(folder, seed, distal) for seed in range(seeds)]
        # All draws at once, as if they were tissues.
        predicted = {model: self.predict(np.hstack(drawn), model) for model in models}
        width = len(TISSUES)
        return [
            self.map_comparison(
                labels,
                [
                    Fit(feature_set, model, values[None, width * k : width * (k + 1)])
                    for model, feature_sets in predicted.items()
                    for feature_set, values in feature_sets.items()
                ],
            )
            for k, labels in enumerate(drawn)
        ]


@pytest.fixture(scope="module")
def demo(module_clone) -> Demo:
    config = (module_clone.folder / "config/config.yaml").read_text()
    module_clone.write("config/tiny.yaml", config)  # what it runs
    module_clone.snakemake("results/demo/spex/demo/maps.tsv")
    return Demo(module_clone.folder)


@pytest.mark.parametrize("model", FEATURE_SETS)
def test_a_map_helps_the_tissue_that_it_is_of_and_no_other(demo, model):
    table = demo.read("maps.tsv")
    table = table[table["model"] == model].set_index(["feature_set", "tissue"])["verdict"]
    for tissue, own in TISSUES.items():
        assert table[own, tissue] == BETTER
        (mismatched,) = {*TISSUES.values()} - {own}
        assert table[mismatched, tissue] != BETTER
        assert table["all", tissue] == BETTER
    for feature_set in ("folded+shuffled1", "other+shuffled1"):
        assert (table[feature_set] != BETTER).all(), feature_set


def test_matched_maps_beat_mismatched_ones_and_their_controls(demo):
    table = demo.read("contrasts.tsv")
    table = table[table["model"] == "linear"]
    matched = table[(table["first"] == "matched") & (table["second"] == "mismatched")]
    assert (matched["verdict"] == BETTER).all()
    assert len(matched) == 1
    for tissue, own in TISSUES.items():
        held = table[(table["first"] == own) & (table["tissue"] == tissue)]
        held = held.set_index("second")["verdict"]
        for control in ("shuffled", "degree", "expected"):
            assert held[f"{own}+{control}"] == BETTER


def test_sequence_alone_explains_a_part_and_the_promoter_baseline_nothing(demo):
    table = demo.read("scores.tsv")
    table = table[(table["subset"] == "all") & (table["metric"] == "spearman")]
    table = table[table["tissue"].isin(TISSUES)]
    rho = table.groupby(["feature_set", "model"])["value"]
    assert rho.min()["expecto", "linear"] > 0.45
    assert rho.max()["all", "linear"] < 0.9
    assert rho.max()["promoter", "linear"] < 0.2


def test_maps_help_in_every_draw_of_expression(demo, tmp_path):
    for map_comparison in demo.map_comparisons(tmp_path, 5, 1.0, ["linear"]):
        better = {(one.first, one.place) for one in map_comparison if one.verdict == BETTER}
        assert {("folded", "alpha"), ("other", "beta")} <= better
        assert not {("folded", "beta"), ("other", "alpha")} & better
        assert not [feature_set for feature_set, _ in better if "shuffled" in feature_set]


@pytest.mark.parametrize("seeds", [1, pytest.param(40, marks=pytest.mark.full)])
def test_nothing_helps_without_distal_motifs(demo, tmp_path, seeds):
    map_comparisons = demo.map_comparisons(tmp_path, seeds, 0.0, list(FEATURE_SETS))
    beaten = [
        [(one.first, one.model, one.place) for one in map_comparison if one.verdict == BETTER]
        for map_comparison in map_comparisons
    ]
    assert len(map_comparisons) == seeds
    assert sum(map(bool, beaten)) <= 0.05 * seeds, beaten
