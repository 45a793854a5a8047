"""Random variants: where they lie, and effects against them."""

import numpy as np
import pandas as pd
import pytest

from effects_world import CHR1, PLACE
from foldcast.files import read_table
from foldcast.spex.contacts.distal_features import plan_of
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.background import EDGES, LEAST, bin_of, draw, standardise
from foldcast.variants.vcf import read_vcf_rows
from scripts.variants import draw_background, standardise_effects


def drawn(world, seed=1, per_bin=20):
    job = world.job(contacts=[world.contacts])
    job.params.chromosomes, job.params.per_bin = ["chr1", "chr2"], per_bin
    job.params.seed, job.output.background = seed, world.folder / "background.vcf"
    draw_background.main(job)
    return job.output.background


def test_as_many_lie_in_each_bin_and_in_places_of_contact(world):
    path = drawn(world)
    rows = read_vcf_rows(path)
    position = rows["position"].astype(int)
    first = rows["chrom"] == "chr1"
    letters = [CHR1[k - 1] for k in position]  # chr2 is the beginning of chr1
    assert rows["ref"].tolist() == letters and (rows["ref"] != rows["alt"]).all()
    assert len(rows) >= 6 * 20 - 3  # two draws may be the same variant
    tss = {"chr1": np.array([40_000, 47_000]), "chr2": np.array([60_000])}
    away = np.array(
        [np.abs(tss[c] - (p - 1)).min() for c, p in zip(rows["chrom"], position, strict=True)]
    )
    assert (away < 500).sum() >= 20 and (away < EDGES[-1]).sum() >= 95
    assert (first & position.between(PLACE + 1, PLACE + 1000)).sum() >= 18
    again, other = drawn(world).read_text(), drawn(world, seed=2).read_text()
    assert again != other and drawn(world).read_text() == again


def test_without_maps_there_are_none_in_contact(world):
    genes = read_table(world.genes)
    with Genome(world.fasta, f"{world.fasta}.fai") as genome:
        found = draw(genes, {}, genome, 5, 1)
        plans = {"chr2": plan_of([world.contacts], "chr2", 90_000)}  # nothing touches C
        same = draw(genes, plans, genome, 5, 1)
    assert len(found) == len(same) == 25


def test_bins():
    where = pd.Series(["local", "local+contact", "contact", "local"])
    found = bin_of(pd.Series([-499, 500, 3, 20_500]), where)
    assert found.tolist() == ["0-500", "500-2000", "contact", "10000-20000"]


def table(effects, distance=100, where="local", tissue="liver"):
    return pd.DataFrame(
        {
            "variant": [f"v{k}" for k in range(len(effects))], "id": "", "gene": "A", "symbol": "a",
            "tissue": tissue, "feature_set": "expecto", "model": "linear", "distance": distance,
            "where": where, "effect": effects, "spread": np.nan, "fits": 1,
        }
    )  # fmt: skip


def test_each_effect_is_held_against_its_own_bin(tmp_path):
    rng = np.random.default_rng(1)
    near, far = rng.normal(0.1, 1, 200), rng.normal(0, 0.01, 200)
    background = pd.concat([table(near), table(far, 15_000), table([0.5] * 29, 0, "contact")])
    effects = pd.concat(
        [table([1.0, 0.1]), table([1.0], -12_000), table([1.0], 9, "contact"), table([1], 3_000)]
    )
    found = standardise(effects, background)
    z = (1 - near.mean()) / near.std(ddof=1)
    assert found["z"].iloc[0] == pytest.approx(z) and abs(found["z"].iloc[1]) < 0.2
    assert found["z"].iloc[2] > 80 and found["background_share"].iloc[2] == 1 / 201
    assert found["background_share"].iloc[0] == (1 + (np.abs(near) >= 1).sum()) / 201
    assert found["z"].iloc[3:].isna().all() and found["n_background"].tolist()[3:] == [29, 0]
    assert np.isnan(found["background_share"].iloc[4]) and len(found) == len(effects)
    assert found["variant"].tolist() == effects["variant"].tolist()


@pytest.mark.slow
def test_random_variants_are_as_extreme_as_random_variants(world, models):
    """Scored by the real script: of a background held against itself, z has spread 1."""
    path = drawn(world, per_bin=40)
    rows = [
        (row.chrom, row.position, ".", row.ref, row.alt) for row in read_vcf_rows(path).itertuples()
    ]
    effects = world.effects(*rows, models=models)
    job = world.job(effects=world.folder / "variants.tsv", background=world.folder / "variants.tsv")
    job.output.standardised = world.folder / "variants_z.tsv"
    standardise_effects.main(job)
    found = read_table(job.output.standardised)
    assert len(found) == len(effects)
    scored = found[found["z"].notna()]
    assert "0-500" in {*scored["bin"]}
    # No random base makes an enhancer here: there is nothing to divide by, but there are enough.
    assert found.loc[found["bin"] == "contact", "n_background"].min() >= LEAST
    spread = scored.groupby(["feature_set", "model", "tissue", "bin"])["z"].std()
    np.testing.assert_allclose(spread, 1, atol=1e-6)
