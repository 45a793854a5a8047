"""In-silico mutagenesis: which bases, and effects equal to those of the variants one by one."""

import logging
import re

import h5py
import numpy as np
import pandas as pd
import pytest

from effects_world import CHR1, LENGTH
from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.variants.mutagenesis import find_region
from foldcast.variants.mutated_bases import read_first
from scripts.variants import mutate_region

GENES = pd.DataFrame(
    [
        ("ENSG1", "ONE", "chr1", 5000, "+"),
        ("ENSG2", "TWO", "chr1", 5000, "-"),
        ("ENSG3", "TWO", "chr2", 50, "+"),
        ("ENSG4", None, "chr2", 60, "-"),
    ],
    columns=["gene", "symbol", "chrom", "tss", "strand"],
)
SIZES = pd.Series({"chr1": 100_000, "chr2": 100})


def find(gene, region=None):
    return find_region(GENES, gene, region, SIZES, "spex.mine.mutagenesis.one")


@pytest.mark.parametrize(
    ("gene", "region", "found"),
    [
        ("ENSG1", None, (4900, 5100)),  # 100 bp upstream, the TSS and 99 behind it
        ("ENSG1.7", None, (4900, 5100)),
        ("ONE", None, (4900, 5100)),
        ("ENSG2", None, (4901, 5101)),
        ("ENSG3", None, (0, 100)),  # a chromosome's ends cut it
        ("ONE", "chr1:1-1", (0, 1)),
        ("ONE", "1:99,801-100,000", (99_800, 100_000)),
        ("TWO", None, "the symbol of 2 genes"),
        ("THREE", None, "no gene of the run"),
        ("ONE", "chr2:1-10", "chr2:1-10"),
        ("ONE", "chr1:0-10", "chr1:0-10"),
        ("ONE", "chr1:10-9", "chr1:10-9"),
        ("ONE", "chr1:99,000-100,001", "100,001"),
        ("ONE", "chr1:1-20,001", "20,001"),
        ("ONE", "chr1:,-5", "chr1:,-5"),
    ],
)
def test_regions(gene, region, found):
    if isinstance(found, tuple):
        one = find(gene, region)
        assert (one.start, one.end) == found
        return
    with pytest.raises(InputError) as error:
        find(gene, region)
    assert found in error.value.found


def test_a_promoter_lies_alike_on_both_strands():
    assert find("ENSG1").distances.tolist() == list(range(-100, 100))
    assert find("ENSG2").distances.tolist() == list(range(99, -101, -1))


def mutate(world, models, gene, region, memory=500):
    job = world.scored(models, memory)
    job.params.gene, job.params.region, job.params.place = gene, region, "spex.tiny.mutagenesis.x"
    job.output.effects = world.folder / "effects.tsv"
    job.output.matrix = world.folder / "effects.h5"
    mutate_region.main(job)
    return read_table(job.output.effects)


def one_by_one(world, models, gene, start, end):
    """The same effects by rule variant_effects: a VCF row for each."""
    rows = [
        (position, CHR1[position - 1], base)
        for position in range(start, end + 1)
        for base in "ACGT"
        if base != CHR1[position - 1]
    ]
    table = world.effects(*rows, models=models)
    table = table[table["gene"] == gene]
    parts = table["variant"].str.extract(r":(?P<position>\d+) .>(?P<base>.)")
    return table.assign(position=parts["position"].astype(int), base=parts["base"])


# In the planted motif by A's TSS, where B reads too, and in the place that touches A.
@pytest.mark.parametrize(("gene", "start", "end"), [("A", 40_155, 40_160), ("B", 40_155, 40_157),
                                                    ("A", 100_405, 100_408)])  # fmt: skip
def test_effects_are_those_of_the_variants_one_by_one(world, models, gene, start, end):
    table = mutate(world, models, gene, f"chr1:{start}-{end}")
    keys = ["feature_set", "model", "tissue", "position"]
    long = table.melt([*keys, "ref"], list("ACGT"), "base", "effect")
    own = long["base"] == long["ref"]
    assert (long.loc[own, "effect"] == 0).all() and "".join(
        table["ref"].iloc[: end - start + 1]
    ) == CHR1[start - 1 : end]
    want = one_by_one(world, models, gene, start, end)
    both = want.merge(long, on=[*keys, "base"])
    assert len(both) == len(want) == (~own).sum()
    np.testing.assert_allclose(both["effect_y"], both["effect_x"], atol=2e-5)
    assert both["effect_y"].abs().max() > 0.1 or gene == "B"


def test_only_windows_that_a_change_is_in_are_computed(world, models, caplog):
    """Of each base ten of the gene's own windows and nine around it, on either strand."""
    caplog.set_level(logging.INFO)
    table = mutate(world, models, "A", None)
    reference, changed, every = map(
        int,
        re.search(r"windows computed: (\d+) .*, (\d+) with .* (\d+)$", caplog.text, re.M).groups(),
    )
    assert "600 changes of 200 bases" in caplog.text
    assert changed == 2 * 600 * (10 + 9) and every == 2 * 600 * 200
    assert reference <= 2 * (11 + 9 * 200)
    assert table["distance"].min() == -100 and table["position"].nunique() == 200
    # All tissues and models, those of the table as an array, and in the smallest of batches.
    with h5py.File(world.folder / "effects.h5") as file:
        cube = file["map/trees/effect"][:]
        assert cube.shape == (200, 4, 2) and file["map/trees/spread"][:].shape == cube.shape
        assert file["position"][0] == 39_901 and file.attrs["gene"] == "A"
        tissues = list(file["map/trees/tissues"].asstr())
    rows = table[(table["feature_set"] == "map") & (table["model"] == "trees")]
    for k, tissue in enumerate(tissues):
        wide = rows.loc[rows["tissue"] == tissue, list("ACGT")]
        np.testing.assert_allclose(wide, cube[:, :, k], rtol=1e-6)
    first = read_first(world.folder / "effects.tsv")
    assert len(first) == 2 * 200 and set(first["feature_set"]) == {"expecto"}


@pytest.mark.slow
def test_the_smallest_of_batches_give_the_same(world, models):
    table, part = (mutate(world, models, "A", "chr1:40,156-40,158", memory=m) for m in (500, 0))
    pd.testing.assert_frame_equal(table, part, atol=1e-6)


def test_a_region_that_the_gene_does_not_read_is_refused(world, models):
    (world.folder / "effects.tsv").unlink(missing_ok=True)
    with pytest.raises(InputError, match="which A does not read"):
        mutate(world, models, "A", f"chr1:{LENGTH - 10}-{LENGTH}")
    assert not (world.folder / "effects.tsv").exists()
