"""Imagined designs: as much as is seen of the table itself, and more of what is there more of."""

import numpy as np
import pytest

from foldcast.evaluation.change_together import change_together
from foldcast.evaluation.expression_changes import changes_of
from foldcast.evaluation.gene_pairs import GenePairs
from foldcast.power.imagined_designs import (
    Design,
    _copied,
    imagined,
    more_genes,
    seen_of_neighbours,
    seen_together,
)
from foldcast.power.noise_of_samples import SampleNoise
from folded_panels import panel, world

KINDS = ("contact", "compartment")
NONE = SampleNoise(0.0, np.nan)


def test_more_times_and_replicates_see_smaller_effects():
    here = world(3, n_genes=600, n_arms=3)
    changes = changes_of(*panel(here, 4, n_times=12), "mean", here.lengths).halves[0]
    designs = [Design(12, 1), Design(30, 1), Design(12, 4), Design(12, 1, 2.0)]
    noise = SampleNoise(1.0, 0.5)
    seen = [one.value for one in seen_together(here.pairs, changes, designs, noise, (0, 1), 48, 16)]
    assert np.isfinite(seen[1])
    worse = [np.nan_to_num(one, nan=np.inf) for one in seen]
    assert worse[1] < worse[0]
    assert worse[2] <= worse[0]
    assert worse[3] <= worse[0]


@pytest.mark.slow
def test_the_tables_own_design_sees_what_the_table_is_said_to_see():
    here = world(5)
    changes = changes_of(*panel(here, 4, n_times=12), "mean", here.lengths)
    imagined = seen_together(here.pairs, changes.halves[0], [Design(12, 1)], NONE, (0, 1), 499, 100)
    own = change_together(here.pairs, [changes], KINDS, 499)[0][0]
    assert imagined[0].value == pytest.approx(own.seen, rel=0.5)
    assert imagined[0].low < own.seen_high
    assert own.seen_low < imagined[0].high


def test_imagined_changes_keep_what_neighbours_share_and_lose_what_a_place_has():
    rng = np.random.default_rng(0)
    along = np.convolve(rng.normal(size=5003), np.ones(4) / 2, "valid")
    made = imagined(along[:, None], 400, rng)
    beside = (made[1:] * made[:-1]).mean()
    assert beside == pytest.approx((along[1:] * along[:-1]).mean(), rel=0.1)
    assert abs((made.mean(axis=1) * along).mean()) < 0.1
    # One change is many: they are not the same one over and over.
    assert np.abs(np.corrcoef(made[:, :50].T) - np.eye(50)).mean() < 0.05


@pytest.mark.parametrize("n", [None, 3, 4, 11])
def test_as_many_genes_as_are_asked_for_are_taken_evenly(n):
    bins = np.array([3, -1, 0, 7, 5])
    rows = more_genes(bins, n, np.random.default_rng(0))
    assert len(rows) == (n or 4)
    assert 1 not in rows
    assert (np.diff(bins[rows]) >= 0).all()
    counts = np.bincount(rows, minlength=5)[[0, 2, 3, 4]]
    assert np.ptp(counts) <= 1


def graph(n_genes=60):
    rng = np.random.default_rng(0)
    pairs = np.stack([np.arange(n_genes - 3), np.arange(3, n_genes)], axis=1)
    chroms = np.repeat(["1", "2"], n_genes // 2)
    pairs = pairs[chroms[pairs[:, 0]] == chroms[pairs[:, 1]]]
    positions = np.sort(rng.integers(10_000_000, size=n_genes)).astype(float)
    return GenePairs(pairs, np.ones((len(pairs), 1)), np.zeros(10, int), chroms, positions)


def test_copies_of_a_graph_touch_themselves_only():
    made = graph()
    wide, rows = _copied(made, 2.5, np.random.default_rng(0))
    assert len(rows) == len(wide.chroms) == 150
    assert 2 * len(made.pairs) < len(wide.pairs) <= 2.5 * len(made.pairs)
    assert (wide.chroms[wide.pairs[:, 0]] == wide.chroms[wide.pairs[:, 1]]).all()
    original = {tuple(pair) for pair in made.pairs}
    assert {tuple(rows[pair]) for pair in wide.pairs} == original


def test_neighbours_are_seen_to_help_sooner_with_more_times_and_genes():
    made = graph()
    known = np.random.default_rng(1).normal(size=(60, 12))
    few, many, none = seen_of_neighbours(made, known, [8, 30, 5], 1.0, 60)
    assert np.isnan(none)
    assert many < np.nan_to_num(few, nan=np.inf)
    assert seen_of_neighbours(made, known, [30], 4.0, 60)[0] < many
