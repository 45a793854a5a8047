"""What drives an effect: contributions that sum up to it, and the outputs that were planted."""

import numpy as np
import pandas as pd
import pytest

from effects_world import ENHANCER, PROMOTER, F, broken
from foldcast.files import read_table
from foldcast.spex.models.linear import Linear
from foldcast.variants.effect_tables import COLUMNS, contributions, part_rows, strongest
from scripts.variants import explain_effects


def explain(world, models, *rows, most=20):
    effects = world.effects(*rows, models=models)
    job = world.scored(models)
    linear = [fit for fit in job.params.fits if fit.endswith("linear")]
    job.input.models = [models / fit for fit in linear]
    job.params.fits, job.params.strongest = linear, most
    job.input.variants = world.folder / "variants.vcf"
    job.input.effects, job.input.names = world.folder / "variants.tsv", []
    job.output.outputs = world.folder / "variant_outputs.tsv"
    explain_effects.main(job)
    return effects, read_table(job.output.outputs)


def test_planted_outputs_drive_the_effects(world, models):
    effects, table = explain(world, models, broken(43_150), broken(100_400))
    assert table.columns.tolist() == COLUMNS
    keys = ["variant", "gene", "tissue", "feature_set"]
    for variant, planted in zip(effects["variant"].unique(), (PROMOTER, ENHANCER), strict=True):
        own = table[(table["variant"] == variant) & (table["gene"] == "A")]
        # Models use one output alone, so that it is all of the effect; the other tissue's is twice.
        first = own.iloc[0]
        assert first["output"] == planted + 1 and first["contribution_rank"] == 1
        assert first["share"] == pytest.approx(1) and first["tissue"] == "brain, all"
        assert first["contribution"] == pytest.approx(first["effect"], rel=1e-5)
        assert first["difference"] < -0.3
    linear = effects[effects["model"] == "linear"].merge(table[keys].drop_duplicates(), on=keys)
    assert np.isclose(linear["effect"], table.drop_duplicates("rank")["effect"]).sum() >= 2


def test_the_largest_effects_come_first_each_pair_once(world, models):
    effects, table = explain(world, models, broken(43_150), broken(100_400), most=1)
    best = effects[effects["model"] == "linear"]
    assert table["rank"].eq(1).all()
    assert abs(table["effect"].iloc[0]) == best["effect"].abs().max()
    assert len(strongest(effects, 99)) == len(best.drop_duplicates(["variant", "gene"]))
    assert strongest(effects[effects["model"] == "trees"], 5).empty


def test_contributions_sum_up_to_the_effect():
    rng = np.random.default_rng(1)
    models = [Linear(rng.normal(size=12 * F), np.zeros(12 * F), 1.0) for _ in range(3)]
    difference = rng.normal(size=12 * F)
    parts = contributions(models, difference, F)
    effect = np.mean([model.effect(difference[None])[0] for model in models])
    assert parts.shape == (F,) and parts.sum() == pytest.approx(effect)


def test_outputs_are_listed_by_either_rank():
    change, parts = np.zeros(50), np.zeros(50)
    change[:12], parts[38:] = np.arange(12, 0, -1), -np.arange(1, 13)
    names = pd.DataFrame({"name": [f"o{k}" for k in range(50)], "assay": ""})
    about = {key: "" for key in ("variant", "id", "gene", "symbol", "tissue", "feature_set")}
    rows = part_rows({**about, "rank": 1, "effect": 1.0}, change, parts, names)
    assert sorted(rows["output"]) == [*range(1, 11), *range(41, 51)]
    assert rows["output"].iloc[0] == 50 and rows["share"].sum() == pytest.approx(1 - 3 / 78)
