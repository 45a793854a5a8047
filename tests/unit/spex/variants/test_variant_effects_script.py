"""The script variant_effects, on features of the real scripts and models of the real kinds."""

import logging
from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pytest
import torch
import xgboost

from foldcast.demo.motif_network import OUTPUTS, weights
from foldcast.demo.motifs import MOTIFS
from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.contacts.tss_contacts import Contacts, Options, write_feature_sets
from foldcast.spex.models.folds import Fold
from foldcast.spex.models.linear import Linear
from foldcast.spex.models.saved_models import save_index, save_linear, save_trees
from foldcast.spex.models.trees import Trees
from scripts.spex import distal_features, local_features, variant_effects

LENGTH, F = 130_000, len(OUTPUTS)
PROMOTER, ENHANCER = (list(OUTPUTS).index({name: 1.0}) for name in ("promoter1", "enhancer"))
GENES = [
    ("A", "a", "chr1", 40_000, "+"),
    ("B", "NA", "chr1", 47_000, "-"),
    ("C", "c", "chr2", 60_000, "+"),
]
# 0-based first bases: beside A's TSS, in the place that touches A, where no gene reads, near A.
PLANTED = {40_150: "promoter1", 100_400: "enhancer", 10_000: "promoter1", 43_150: "promoter1"}
PLACE = 100_000
TISSUES = ["liver", "brain, all"]
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\n"
OPTIONS = {"reverse_complement": True, "precision": "fp32", "memory_mb": 500}


def sequence():
    letters = np.random.default_rng(11).choice(list("ACGT"), LENGTH)
    for start, name in PLANTED.items():
        letters[start : start + 12] = list(MOTIFS[name])
    return "".join(letters)


CHR1 = sequence()


class Job(SimpleNamespace):
    """As Snakemake's objects are."""

    def get(self, name, default=None):
        return getattr(self, name, default)


class World:
    """A folder with everything that the rule reads."""

    def __init__(self, folder, chr1=CHR1, strands=True):
        self.folder = folder
        self.options = {**OPTIONS, "reverse_complement": strands}
        self.fasta = self.file("genome.fa", f">chr1\n{chr1}\n>chr2\n{chr1[:90_000]}\n")
        index_sequence(self.fasta, f"{self.fasta}.fai")
        self.sizes = self.file("chrom.sizes", f"chr1\t{len(chr1)}\nchr2\t90000\n")
        columns = ["gene", "symbol", "chrom", "tss", "strand"]
        self.genes = folder / "genes.tsv"
        pd.DataFrame(GENES, columns=columns).to_csv(self.genes, sep="\t", index=False)
        self.weights = folder / "beluga.pth"
        torch.save({k: torch.from_numpy(v) for k, v in weights().items()}, self.weights)
        self.contacts = folder / "contacts.h5"
        self._write_contacts()
        for chrom in ("chr1", "chr2"):
            self._features(local_features, "local", chrom)
            self._features(distal_features, "distal", chrom)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def _write_contacts(self):
        """A touches one place downstream of it."""
        feature_sets, genes = {}, {"chr1": ["A", "B"], "chr2": ["C"]}
        for chrom, ids in genes.items():
            one = [1] if chrom == "chr1" else []
            feature_sets[chrom] = {
                "map": Contacts(
                    indptr=np.array([0, *one, *[len(one)] * (len(ids) - len(one))]),
                    start=np.array([PLACE] * len(one), dtype=np.int64),
                    side=np.array([0] * len(one), dtype=np.int8),
                    weight=np.array([1.5] * len(one), dtype=np.float32),
                    degree=np.zeros((len(ids), 2), int),
                    touched=np.ones(len(ids), bool),
                )
            }
        write_feature_sets(self.contacts, genes, feature_sets, 1000, Options())

    def job(self, **files):
        given = {key: getattr(self, key) for key in ("fasta", "sizes", "genes", "weights")}
        files = {"index": f"{self.fasta}.fai", **given, **files}
        options = self.options
        params = Job(beluga=options, options=options, cache=None, tables=[], code="x")
        return Job(input=Job(**files), params=params, output=Job(), wildcards=Job(), threads=1)

    def path(self, kind, chrom):
        return self.folder / kind / f"{chrom}.h5"

    def _features(self, script, kind, chrom):
        job = self.job(contacts=[self.contacts])
        job.params.chrom = job.wildcards.chrom = chrom
        job.output.features = self.path(kind, chrom)
        script.main(job)

    def x(self, gene, feature_set="map"):
        """Features of a gene of chr1, as the rules make them."""
        row = ["A", "B"].index(gene)
        with (
            h5py.File(self.path("local", "chr1")) as local,
            h5py.File(self.path("distal", "chr1")) as distal,
        ):
            blocks = [local["x"][row], *([distal["map/x"][row]] if feature_set == "map" else [])]
        return np.concatenate(blocks)[None]

    def effects(self, *rows, models=None, memory=500, maps=True, strict=False):
        """The table that the rule makes of variants (1-based position, ref, alt)."""
        text = "".join(
            "\t".join(map(str, row)) + "\n"
            if isinstance(row[0], str)
            else f"chr1\t{row[0]}\t.\t{row[1]}\t{row[2]}\n"
            for row in rows
        )
        vcf = self.file("variants.vcf", f"##fileformat=VCFv4.2\n{COLUMNS}{text}")
        feature_sets = {"expecto": [], **({"map": ["map"]} if maps else {})}
        fits = [
            f"{feature_set}/{model}"
            for feature_set in feature_sets
            for model in ("linear", "trees")
        ]
        job = self.job(
            variants=vcf,
            contacts=[self.contacts] * maps,
            local=[self.path("local", chrom) for chrom in ("chr1", "chr2")],
            distal=[self.path("distal", chrom) for chrom in ("chr1", "chr2")] * maps,
            models=[models / fit for fit in fits],
        )
        job.params.beluga = {**self.options, "memory_mb": memory}
        job.params.chromosomes = ["chr1", "chr2"]
        job.params.strict = strict
        job.params.fits = fits
        job.params.feature_sets = feature_sets
        job.output.variants = self.folder / "variants.tsv"
        job.output.skipped = self.folder / "variants_skipped.tsv"
        variant_effects.main(job)
        return read_table(job.output.variants, dtype={"id": str})


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("world"))


def coefficients(feature_set):
    """Expression rises with promoter motifs near the TSS and with enhancers that touch it."""
    local, block = np.zeros((10, F)), np.zeros((2, F))
    local[:, PROMOTER] = 0.5
    block[:, ENHANCER] = 0.2
    return np.concatenate([local.ravel(), *([block.ravel()] if feature_set == "map" else [])])


@pytest.fixture(scope="module")
def models(tmp_path_factory, world):
    """Linear models and trees that learned them, of two tissues; of the trees two seeds."""
    folder = tmp_path_factory.mktemp("fits")
    fold = Fold("fixed", "fixed", ("chr2",), ("chr2",), ("chr1",))
    for feature_set in ("expecto", "map"):
        coef = coefficients(feature_set)
        save_index(folder / feature_set / "linear", TISSUES, [fold])
        centre = np.full(len(coef), 7.0)
        linear = [Linear(coef * sign, centre, 3.0) for sign in (1, -2)]
        save_linear(folder / feature_set / "linear", 0, 1, linear)
        save_index(folder / feature_set / "trees", TISSUES, [fold])
        for tissue, sign in enumerate((1, -2)):
            for seed in (1, 2):
                booster = trees_of(coef * sign, world.x("A", feature_set), seed)
                save_trees(folder / feature_set / "trees", 0, seed, tissue, Trees(booster))
    return folder


def trees_of(coef, x, seed):
    rng = np.random.default_rng(seed)
    near = (x + rng.normal(0, 0.3, (2000, len(coef)))).astype(np.float32)
    data = xgboost.DMatrix(near, near @ coef)
    options = {"eta": 0.3, "max_depth": 4, "seed": seed, "nthread": 1}
    return xgboost.train(options, data, 60)


def broken(start):
    """A base in the middle of a planted motif, as position, ref and alt."""
    at = start + 6
    return at + 1, CHR1[at], {"A": "C", "C": "A", "G": "T", "T": "G"}[CHR1[at]]


def changed(position, ref, alt):
    return CHR1[: position - 1] + alt + CHR1[position - 1 + len(ref) :]


def value(table, **where):
    rows = table
    for column, each in where.items():
        rows = rows[rows[column] == each]
    assert len(rows) == 1, rows
    return rows["effect"].iloc[0]


@pytest.mark.slow
def test_a_broken_promoter_motif_lowers_expression(world, models):
    table = world.effects(broken(40_150), models=models)
    assert table.columns.tolist() == [
        *("variant", "id", "gene", "symbol", "tissue", "feature_set", "model"),
        *("distance", "where", "effect", "spread", "fits"),
    ]
    assert set(table["where"]) == {"local"}
    distance = table.groupby("gene")["distance"].unique().map(list).to_dict()
    assert distance == {"A": [156], "B": [47_000 - 40_156]}
    assert set(table.loc[table["gene"] == "B", "symbol"]) == {"NA"}
    for feature_set in ("expecto", "map"):
        for model in ("linear", "trees"):
            one = {"gene": "A", "feature_set": feature_set, "model": model}
            assert value(table, tissue="liver", **one) < -0.3
            assert value(table, tissue="brain, all", **one) > 0.6
    linear = table["model"] == "linear"
    assert table.loc[linear, "spread"].isna().all() and (table.loc[linear, "fits"] == 1).all()
    assert table.loc[~linear, "spread"].notna().all() and (table.loc[~linear, "fits"] == 2).all()


def test_a_new_motif_raises_it(tmp_path, models):
    position, ref, alt = broken(40_150)
    without = World(tmp_path, changed(position, ref, alt))
    table = without.effects((position, alt, ref), models=models)
    for model in ("linear", "trees"):
        assert value(table, gene="A", feature_set="expecto", model=model, tissue="liver") > 0.3


VARIANTS = {
    "promoter": broken(40_150),
    "enhancer": broken(100_400),
    "beside both": (41_000, CHR1[40_999], "ACGT"["ACGT".index(CHR1[40_999]) - 1]),
}


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("strands", [True, False])
def test_effects_of_trees_are_those_of_features_recomputed_by_the_rules(
    name, strands, tmp_path, models
):
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    old = World(tmp_path / "old", strands=strands)
    new = World(tmp_path / "new", changed(*VARIANTS[name]), strands=strands)
    table = old.effects(VARIANTS[name], models=models)
    for feature_set in ("expecto", "map"):
        before, after = (each.x("A", feature_set) for each in (old, new))
        folder = models / feature_set / "trees"
        boosters = [xgboost.Booster(model_file=folder / f"trees.0.{seed}.0.ubj") for seed in (1, 2)]
        each = [float((b.inplace_predict(after) - b.inplace_predict(before))[0]) for b in boosters]
        if feature_set == "expecto" and name == "enhancer":
            assert not len(table[table["feature_set"] == "expecto"])
            continue
        found = value(table, gene="A", feature_set=feature_set, model="trees", tissue="liver")
        assert found == pytest.approx(np.mean(each), abs=1e-5)
        if name != "enhancer":
            continue
        # In a place that touches the gene, the linear difference is no approximation.
        want = ((after - before) @ coefficients(feature_set))[0]
        assert value(
            table, gene="A", feature_set=feature_set, model="linear", tissue="liver"
        ) == pytest.approx(want, abs=1e-4)


def test_the_published_difference_is_near_the_recomputed_one(world, tmp_path, models):
    """For a linear model: windows around the variant for windows of the gene's grid, and whole
    steps of distance. (Less so at the TSS, whose own window counts as both up- and downstream.)"""
    variant = broken(43_150)
    new = World(tmp_path, changed(*variant))
    want = float(((new.x("A", "x") - world.x("A", "x")) @ coefficients("expecto"))[0])
    found = value(
        world.effects(variant, models=models),
        gene="A",
        feature_set="expecto",
        model="linear",
        tissue="liver",
    )
    assert want < -0.5 and found == pytest.approx(want, rel=0.1)


def test_a_broken_enhancer_acts_through_the_map_only(world, models):
    table = world.effects(broken(100_400), models=models)
    assert set(table["where"]) == {"contact"} and set(table["feature_set"]) == {"map"}
    assert set(table["gene"]) == {"A"} and set(table["distance"]) == {60_406}
    assert value(table, model="linear", tissue="liver") < -0.2
    assert value(table, model="trees", tissue="liver") < -0.05


def test_a_run_without_maps_needs_no_contacts(world, models):
    every = world.effects(broken(40_150), broken(100_400), models=models)
    found = world.effects(broken(40_150), broken(100_400), models=models, maps=False)
    pd.testing.assert_frame_equal(
        found, every[every["feature_set"] == "expecto"].reset_index(drop=True), check_dtype=False
    )


def test_what_changes_nothing_has_no_effect_at_all(world, models):
    same = CHR1[40_149:40_160]
    table = world.effects((40_150, same, same), (41_001, CHR1[41_000], CHR1[41_000]), models=models)
    assert len(table) == 2 * 2 * 8 and (table["effect"] == 0).all() and not table["spread"].any()


def test_several_variants_are_told_along_the_genome(world, models, caplog):
    caplog.set_level(logging.INFO)
    rows = [
        ("chr2", 60_010, "late", CHR1[60_009], "N"),
        ("1", 40_157, "rs1;rs2", *broken(40_150)[1:]),
        ("chr1", 10_007, "unread", *broken(10_000)[1:]),
        ("chr1", 40_100, ".", CHR1[40_099:40_110], CHR1[40_099]),
        ("chr1", 40_100, ".", CHR1[40_099], CHR1[40_099] + "ACGT" * 5),
    ]
    table = world.effects(*rows, models=models)
    names = table["variant"].drop_duplicates().tolist()
    assert names == [
        f"chr1:40100 {CHR1[40_099:40_110]}>{CHR1[40_099]}",
        f"chr1:40100 {CHR1[40_099]}>{CHR1[40_099]}{'ACGT' * 5}",
        f"chr1:40157 {'>'.join(broken(40_150)[1:])}",
        f"chr2:60010 {CHR1[60_009]}>N",
    ]
    ids = table.drop_duplicates("variant")["id"].fillna("").tolist()
    assert ids == ["", "", "rs1;rs2", "late"]
    assert "4 of 5 variants are read by genes of the run" in caplog.text
    # One at a time they have the same effects, and so they have in the smallest of batches.
    for part in (
        world.effects(rows[1], models=models),
        world.effects(*rows, models=models, memory=0),
    ):
        both = table.merge(part, on=["variant", "gene", "tissue", "feature_set", "model"])
        assert len(both) == len(part)
        np.testing.assert_allclose(both["effect_x"], both["effect_y"], atol=1e-6)


def test_same_variants_same_bytes(world, models):
    for _ in range(2):
        world.effects(broken(40_150), broken(100_400), models=models)
        path = world.folder / "variants.tsv"
        first, path = path.read_bytes(), path.rename(world.folder / "before.tsv")
    world.effects(broken(40_150), broken(100_400), models=models)
    assert (world.folder / "variants.tsv").read_bytes() == first == path.read_bytes()


def test_a_chromosome_has_the_model_that_never_saw_it(world, models, tmp_path):
    """Of a fold per chromosome."""
    folds = [
        Fold(name, "each", (other,), (other,), (name,))
        for name, other in (("chr1", "chr2"), ("chr2", "chr1"))
    ]
    for fit in ("expecto/linear", "map/linear"):
        save_index(tmp_path / fit, TISSUES, folds)
        for k in range(2):
            coef = coefficients(fit.split("/")[0]) * (k + 1)
            each = [Linear(coef, 0 * coef, 0.0)] * 2
            save_linear(tmp_path / fit, k, 1, each)
    for fit in ("expecto/trees", "map/trees"):
        save_index(tmp_path / fit, TISSUES, folds)
        for k, sign in enumerate((1, 2)):
            feature_set = fit.split("/")[0]
            booster = trees_of(sign * coefficients(feature_set), world.x("A", feature_set), 1)
            for tissue in range(2):
                save_trees(tmp_path / fit, k, 1, tissue, Trees(booster))
    one = world.effects(broken(40_150), models=tmp_path)
    usual = world.effects(broken(40_150), models=models)
    where = {"gene": "A", "feature_set": "map", "model": "linear", "tissue": "liver"}
    assert value(one, **where) == value(usual, **where)
    assert (one["fits"] == 1).all()


def test_a_wrong_variant_leaves_no_table(world, models):
    (world.folder / "variants.tsv").unlink(missing_ok=True)
    with pytest.raises(InputError, match=r"2 mistakes(.|\n)*line 4(.|\n)*line 3"):
        world.effects((40_157, "N", "A"), (LENGTH + 1, "A", "C"), models=models, strict=True)
    assert not list(world.folder.glob("*variants.tsv*"))
