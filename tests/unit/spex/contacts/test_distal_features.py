"""The 3D block against a computation window by window, and what must hold of any block."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from pyfaidx import Faidx

from distal_case import (
    FULL,
    PUBLISHED,
    RES,
    Case,
    default_block,
    gene_table,
    pixels_of,
    published_block,
    small_case,
)


@pytest.mark.slow
def test_published_and_default_with_full_widths(tmp_path):
    """2,002 outputs twice, of a few places: also next to each other, and across an end."""
    genes = gene_table([30_499, 41_000], "+-")
    pairs = [
        (30, 8, 2),
        (30, 55, 3),
        (30, 56, 1),
        (41, 0, 4),
        (41, 80, 1),
        (30, 35, 5),
        (31, 79, 2),
    ]
    pairs = [(min(i, j), max(i, j), n) for i, j, n in pairs]
    case = Case(tmp_path, 81 * RES - 650, FULL, genes, pixels_of(pairs))
    blocks, mask = case.blocks([case.contacts(PUBLISHED)], both=False)
    truth = published_block(case.state, case.sequence, case.counts, genes)
    assert blocks["m"].shape == (2, 2, 2002) and mask["m"].all()
    np.testing.assert_allclose(blocks["m"], truth, rtol=1e-5, atol=1e-5)
    assert (truth.std(axis=2) > 0.05).all()
    blocks, _ = case.blocks([case.contacts({"strongest": 2})])
    truth = default_block(case.state, case.sequence, case.clr, genes, strongest=2)
    np.testing.assert_allclose(blocks["m"], truth, rtol=1e-5, atol=1e-5)


@pytest.fixture
def case(tmp_path):
    return small_case(tmp_path)


def test_published(case):
    truth = published_block(case.state, case.sequence, case.counts, case.genes)
    local = np.zeros((12, 7), np.float32)
    for g in (6, 11):
        local[g] = truth[g, 0]
    with h5py.File(case.folder / "local.h5", "w") as file:
        file["genes"], file["total"] = case.genes["gene"].tolist(), local
    blocks, mask = case.blocks([case.contacts(PUBLISHED)], both=False)
    np.testing.assert_allclose(blocks["m"], truth, rtol=1e-5, atol=1e-5)
    assert np.flatnonzero(~mask["m"]).tolist() == [3, 6, 11]
    assert not blocks["m"][3].any() and np.array_equal(blocks["m"][6, 0], blocks["m"][6, 1])


def test_default(case):
    contacts = case.contacts({"max_distance": 60_000})
    blocks, mask = case.blocks([contacts])
    truth = default_block(case.state, case.sequence, case.clr, case.genes, most=60_000)
    np.testing.assert_allclose(blocks["m"], truth, rtol=1e-5, atol=1e-5)
    assert np.array_equal(mask["m"], truth.any(axis=(1, 2)))


def test_mean(case):
    options = {"max_distance": 60_000, "weighting": "distance"}
    total, mask = case.blocks([case.contacts(options)])
    mean, _ = case.blocks([case.contacts(options | {"aggregate": "mean"})], name="mean.h5")
    assert ((mean["m"] >= 0) & (mean["m"] <= 1)).all()  # of outputs that are shares
    with h5py.File(case.folder / "m.h5") as file:
        group = file["chr1/m"]
        gene = np.repeat(np.arange(12), np.diff(group["indptr"][:]))
        parts = np.where(group["start"][:] == 159 * RES, 4, 5)  # the last bin has 679 bp
        weight = np.zeros((12, 2))
        np.add.at(weight, (gene, group["side"][:]), group["weight"][:] * parts)
    np.testing.assert_allclose(mean["m"] * weight[..., None], total["m"], rtol=1e-4)
    assert np.array_equal(mask["m"], mean["m"].any(axis=(1, 2)))


def test_invariants(case):
    controls = {"kinds": ["shuffled", "expected"], "seeds": [1]}
    straight, _ = case.blocks([case.contacts({}, controls=controls)])
    assert list(straight) == ["m", "m+expected", "m+shuffled1"]
    for one, two in (("m", "m+expected"), ("m", "m+shuffled1")):
        assert not np.allclose(straight[one], straight[two], rtol=0.01)
    # Another map besides does not change a map's block.
    pair = [case.contacts({}, controls=controls), case.contacts({"strongest": 3}, "other")]
    both, _ = case.blocks(pair, name="two.h5")
    for name, block in straight.items():
        np.testing.assert_allclose(both[name], block, rtol=2e-6, atol=1e-6)
    # The other strand: the sides change places.
    genes = case.genes
    case.genes = genes.assign(strand=genes["strand"].map({"+": "-", "-": "+"}))
    case.write()
    flipped, _ = case.blocks([case.contacts({})], name="flipped.h5")
    np.testing.assert_allclose(flipped["m"], straight["m"][:, ::-1], rtol=2e-6, atol=1e-6)
    # Genes in another order.
    order = np.random.default_rng(0).permutation(len(genes))
    case.genes = genes.iloc[order].reset_index(drop=True)
    case.write()
    mixed, _ = case.blocks([case.contacts({})], name="mixed.h5")
    np.testing.assert_allclose(mixed["m"], straight["m"][order], rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("options", [{"value": "raw"}, PUBLISHED | {"without": "zeros"}])
def test_shifted_by_whole_bins(case, options):
    straight, _ = case.blocks([case.contacts(options)])
    case.genes = case.genes.assign(tss=case.genes["tss"] + 37 * RES)
    case.pixels = case.pixels + np.array([37, 37, 0])
    # The windows of the first bin see 37 kb that were not there.
    case.sequence = "N" * 37 * RES + case.sequence
    case.write()
    shifted, _ = case.blocks([case.contacts(options)], name="shifted.h5")
    np.testing.assert_allclose(shifted["m"], straight["m"], rtol=2e-6, atol=1e-6)


def test_nothing_to_do(case):
    """A chromosome without genes, and genes without contacts."""
    contacts = case.contacts({})
    path = case.folder / "genome.fa"
    path.write_text(path.read_text() + f">chr2\n{'ACGT' * 500}\n")
    Path(f"{path}.fai").unlink()
    Faidx(str(path)).close()
    blocks, mask = case.blocks([contacts], chrom="chr2")
    assert blocks["m"].shape == (0, 2, 7) and mask["m"].shape == (0,)
    none = case.contacts({"min_distance": 155_000})
    blocks, mask = case.blocks([none], name="none.h5")
    assert blocks["m"].shape == (12, 2, 7) and not blocks["m"].any() and not mask["m"].any()
