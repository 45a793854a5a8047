"""Changes that lie in one compartment or TAD are seen there; not those that follow the level."""

import numpy as np
import pandas as pd
import pytest

from foldcast.evaluation.changed_places import COMPARTMENTS, TADS, placed_changes

MB = 1_000_000


def genome(genes=2000, seed=1):
    """Genes along a chromosome of 200 Mb: A and B by turns of 10 Mb, TADs of 1 Mb."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.integers(0, 200 * MB - 2000, genes))
    loci = pd.DataFrame(
        {"gene": [f"g{k}" for k in range(genes)], "chrom": "chr1", "start": start,
         "end": start + 1000}
    )  # fmt: skip
    bins = pd.DataFrame({"chrom": "chr1", "start": np.arange(0, 200 * MB, MB)})
    bins = bins.assign(end=bins["start"] + MB)
    score = np.where((bins["start"] // (10 * MB)) % 2 == 0, 1.0, -1.0)
    return loci, bins.assign(score=score), bins, rng


def changes_of(loci, changed):
    q = np.where(changed, 0.001, 0.9)
    return pd.DataFrame({"gene": loci["gene"], "from": 0.0, "to": 1.0, "q": q})


def place(loci, changed, levels, compartments, tads):
    levels = pd.Series(levels, loci["gene"])
    return placed_changes(changes_of(loci, changed), levels, loci, compartments, tads)


def test_changes_of_one_compartment_are_seen_there():
    loci, bins, tads, rng = genome()
    in_a = (loci["start"] // (10 * MB)) % 2 == 0
    changed = rng.random(len(loci)) < np.where(in_a, 0.2, 0.05)
    by_compartment, _ = place(loci, changed, rng.normal(size=len(loci)), bins, tads)
    assert list(by_compartment) == COMPARTMENTS
    a, b = by_compartment.set_index("compartment").loc[["A", "B"]].to_dict("records")
    assert a["low"] > 0 > b["high"] and a["genes"] + b["genes"] == len(loci)
    assert a["share"] == pytest.approx(changed[in_a].mean(), abs=0.01)
    assert a["expected"] == pytest.approx(changed.mean(), abs=0.02)


def test_a_compartment_of_loud_genes_says_nothing_where_the_level_decides():
    loci, bins, tads, rng = genome()
    in_a = ((loci["start"] // (10 * MB)) % 2 == 0).to_numpy()
    level = rng.normal(size=len(loci)) + 2 * in_a
    changed = rng.random(len(loci)) < 0.25 / (1 + np.exp(2 - 2 * level))
    by_compartment, by_tad = place(loci, changed, level, bins, tads)
    a = by_compartment.set_index("compartment").loc["A"]
    assert changed[in_a].mean() > 2 * changed[~in_a].mean()  # which is no effect of its own
    assert a["low"] < 0 < a["high"] or abs(a["difference"]) < 0.01
    assert (by_tad["q"] > 0.05).all() and (by_tad["p"] < 0.05).mean() < 0.1


def test_a_tad_whose_genes_change_is_found_and_is_the_only_one():
    loci, bins, tads, rng = genome()
    changed = rng.random(len(loci)) < 0.05
    own = loci["start"].between(57 * MB, 58 * MB - 1000).to_numpy()
    changed |= own
    _, by_tad = place(loci, changed, rng.normal(size=len(loci)), bins, tads)
    assert list(by_tad) == TADS
    found = by_tad[by_tad["q"] <= 0.05]
    assert found["start"].tolist() == [57 * MB]
    assert found["genes"].item() == found["changed"].item() == own.sum()
    assert found["expected"].item() < own.sum() / 5
    assert (by_tad["genes"] >= 3).all()


def test_nothing_is_said_of_few_changes_or_genes_without_a_place():
    loci, bins, tads, rng = genome(200)
    few = np.arange(200) < 4
    for parts in place(loci, few, np.zeros(200), bins, tads):
        assert parts.empty
    nowhere = loci.assign(chrom=np.nan, start=np.nan, end=np.nan)
    for parts in place(nowhere, np.arange(200) < 50, np.zeros(200), bins, tads):
        assert parts.empty
    blank = bins.assign(score=np.nan)
    by_compartment, by_tad = place(loci, np.arange(200) < 50, np.zeros(200), blank, tads.iloc[:0])
    assert by_compartment.empty and by_tad.empty
