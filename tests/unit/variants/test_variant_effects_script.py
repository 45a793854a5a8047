"""The script variant_effects, on features of the real scripts and models of the real kinds."""

import logging

import numpy as np
import pandas as pd
import pytest
import xgboost

from effects_world import (
    CHR1,
    LENGTH,
    TISSUES,
    World,
    broken,
    changed,
    coefficients,
    trees_of,
    value,
)
from foldcast.errors import InputError
from foldcast.spex.models.folds import Fold
from foldcast.spex.models.linear import Linear
from foldcast.spex.models.saved_models import save_index, save_linear, save_trees
from foldcast.spex.models.trees import Trees
from foldcast.variants.alleles import differences
from scripts.variants import variant_effects


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


ASKED = {
    "genes": ("a\nC\n", lambda every: every["gene"].isin(["A", "C"])),
    "pairs": (
        f"variant\tgene\nchr1_{broken(40_150)[0]}_{'_'.join(broken(40_150)[1:])}\tB\nfar\tA\n",
        lambda every: (
            every["variant"].str.startswith(f"chr1:{broken(40_150)[0]} ") & every["gene"].eq("B")
            | every["id"].eq("far") & every["gene"].eq("A")
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_of_a_list_only_its_genes_are_computed(kind, world, models, caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    rows = [broken(40_150), ("chr1", broken(100_400)[0], "far", *broken(100_400)[1:]),
            ("chr2", 60_010, "late", CHR1[60_009], "N")]  # fmt: skip
    text, chosen = ASKED[kind]
    every = world.effects(*rows, models=models)
    windows = []
    monkeypatch.setattr(
        variant_effects,
        "differences",
        lambda *args, **how: windows.extend(args[2]) or differences(*args, **how),
    )
    found = world.effects(*rows, models=models, asked=text)
    want = every[chosen(every)].reset_index(drop=True)
    assert 0 < len(want) < len(every)
    pd.testing.assert_frame_equal(found, want, check_dtype=False)
    # What is put through the network is around and under the variants of these pairs alone.
    asked, local = want.drop_duplicates(["variant", "gene"]), want["where"].ne("contact")
    contact = want[want["where"].ne("local")].drop_duplicates(["variant", "gene"])
    assert len(windows) == 2 * len(want[local].drop_duplicates(["variant", "gene"])) + len(contact)
    if kind == "pairs":
        assert "1 variants have no pair" in caplog.text
        assert "2 of 2 pairs are read" in caplog.text
    assert f"{asked['variant'].nunique()} of 3 variants are read by genes that are" in caplog.text
